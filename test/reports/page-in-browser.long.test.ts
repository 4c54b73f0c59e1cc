// The page as a reader meets it: opened in a real browser at the widths of a desk and of a phone, in light and in dark.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeProviders } from "../../config/scenario.ts";
import type { Study } from "../../metrics/study.ts";
import { renderHtml } from "../../reports/html/page.ts";
import { parseResults } from "../../reports/result-file.ts";
import { launchBrowser, openPage, skipped } from "./browser.ts";
import { BROKEN_PICTURES, CUT_TEXTS, LOW_CONTRAST, OVERLAPPING_TEXTS } from "./browser-checks.ts";
import { makeResult } from "./fixture-result.ts";
import { eightStores, makeFaultResult, makeStudyResult } from "./fixture-study.ts";

const four = [
  makeResult(),
  makeResult({ mode: "StateServer", latencyMs: 15 }),
  makeResult({ mode: "SQLServer", latencyMs: 21, sessionsMax: 4_294_967_295 }),
  makeResult({ kind: "measured", samples: 4000, completeTo: 5_400_000 }),
];
const kinds: readonly Study["kind"][] = ["saturation", "slo", "micro", "memory", "locks"];
const providers = storeProviders.filter((provider) => provider !== "sealed-cookie");
const pages = {
  one: four.slice(0, 1),
  four,
  faults: [makeFaultResult(), makeResult({ kind: "measured", mode: "StateServer", seed: 8 })],
  eight: eightStores.map((store, index) => {
    const options = {
      mode: "SQLServer",
      latencyMs: 10 + 4 * index,
      seed: index,
      samples: 60_000,
      seriesPoints: 360,
    } as const;
    const result = makeResult({ kind: "measured", ...options });
    const scenario = { ...result.scenario, store: { ...result.scenario.store, provider: providers[index]! } };
    return { ...result, scenario, store, label: `SQLServer on ${store}, measured` };
  }),
  experiments: kinds.map((kind) => makeStudyResult(kind)),
  eightEach: kinds.flatMap((kind) =>
    eightStores.map((store, index) => makeStudyResult(kind, { store, factor: 1 + 0.15 * index })),
  ),
};
const names = Object.keys(pages) as (keyof typeof pages)[];
const views = names.flatMap((name) =>
  [1280, 800, 390].map((width) => ({ name, width, scheme: width === 800 ? ("dark" as const) : ("light" as const) })),
);

describe.skipIf(skipped !== "")(`the page in a browser${skipped}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sessionlab-page-"));
    for (const name of names) await writeFile(path.join(folder, `${name}.html`), await renderHtml(pages[name]));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const open = (name: string, width: number, colorScheme: "light" | "dark") =>
    openPage(browser, path.join(folder, `${name}.html`), { width, colorScheme });

  test.each(views)(
    "$name at $width px, $scheme: nothing complains, nothing sticks out, no text covers another or is cut",
    async (view) => {
      const { page, complaints } = await open(view.name, view.width, view.scheme);
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
      // What is folded away takes part as well.
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      expect(await page.evaluate(OVERLAPPING_TEXTS)).toEqual([]);
      expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
      await page.close();
    },
  );

  test("text can be read on its ground, in light and in dark (contrast of at least 4.5)", async () => {
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await open("eight", 1280, scheme);
      expect(await page.evaluate(LOW_CONTRAST), scheme).toEqual([]);
      await page.close();
    }
  });

  test("a click saves data, pictures and packed files under their names, without a network", async () => {
    const { page, complaints } = await open("faults", 1280, "light");
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`a[download="${name}"]`)]);
      expect(download.suggestedFilename()).toBe(name);
      return readFile(await download.path());
    };
    expect((await saved("figures.csv")).toString()).toMatch(/^run,verdict,key,label,unit,value,/);
    expect((await saved("latency-over-time-stateserver-measured.svg")).toString()).toMatch(/^<svg xmlns=.*<\/svg>$/s);
    expect(await page.evaluate(BROKEN_PICTURES)).toEqual([]);
    const results = gunzipSync(await saved("results.json.gz")).toString();
    expect(parseResults(results, "results.json")).toHaveLength(2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("folded tables are printed unfolded, on a white ground", async () => {
    const { page } = await open("one", 1280, "dark");
    await page.emulateMedia({ media: "print" });
    const hidden =
      "[...document.querySelectorAll('details table')].filter((table) => table.getBoundingClientRect().height === 0).length";
    expect(await page.evaluate(hidden)).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.close();
  });
});
