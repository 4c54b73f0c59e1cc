// The pages of comparisons and of histories as a reader meets them: in a real browser, wide and narrow, in light and in dark.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseComparison } from "../../reports/comparison/comparison-file.ts";
import { renderComparisonHtml } from "../../reports/comparison/html-page.ts";
import { renderHistoryHtml } from "../../reports/history/html-page.ts";
import { launchBrowser, openPage, skipped } from "./browser.ts";
import { BROKEN_PICTURES, CUT_TEXTS, LOW_CONTRAST, OVERLAPPING_TEXTS } from "./browser-checks.ts";
import { forcedComparison, hostileComparison, makeComparison, makeMetric } from "./comparison/fixture-comparison.ts";
import { makeTrend, trends } from "./history/fixture-history.ts";

const about = { title: "History of a store", source: "history/, 5,000 runs", method: "E-divisive means." };

/** Of metrics that all differ in scenario and machine, with changes as close to one another and to the edges as can be. */
const crowded = [1, 2, 3, 4].map((place) => {
  const steps = Array.from({ length: 10 * place }, (_, step) => ({
    index: 1 + (step * 118) / (10 * place),
    factor: step % 2 === 0 ? 1.3 : 0.75,
  })).map(({ index, factor }) => ({ index: Math.round(index), factor }));
  const trend = makeTrend({ steps, label: `Response time of the ${place}th of several places, p99.9` });
  return { ...trend, series: { ...trend.series, scenario: `scenario-${place}`, machine: `Machine ${place}` } };
});

/** As other tools name and count things. */
const foreign = [0.9, 9.1, 9_100, 990_000_000].map((value) =>
  makeTrend({ label: `run-q1/${value}`, unit: "ns/iter", value: value * 1e5, steps: [{ index: 60, factor: 1.1 }] }),
);

/** Every call of a provider in every size is measured in three ways. */
const longNamed = ["p50", "processor", "allocated"].map((measure, place) =>
  makeMetric({
    key: `micro.setAndReleaseItemExclusive.65536.${measure}`,
    label: `setAndReleaseItemExclusive, 65536 bytes, ${measure}`,
    candidate: 4 * 3 ** place,
  }),
);

const pages = {
  comparison: () => renderComparisonHtml(makeComparison()),
  forced: () => renderComparisonHtml({ ...forcedComparison, metrics: [...forcedComparison.metrics, ...longNamed] }),
  hostile: () => renderComparisonHtml(hostileComparison),
  history: () => renderHistoryHtml(trends, about),
  crowded: () => renderHistoryHtml([...crowded, ...foreign], about),
};
const names = Object.keys(pages) as (keyof typeof pages)[];

describe.skipIf(skipped !== "")(`pages of comparisons and histories in a browser${skipped}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sessionlab-pages-"));
    for (const name of names) await writeFile(path.join(folder, `${name}.html`), await pages[name]());
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const open = (name: string) => openPage(browser, path.join(folder, `${name}.html`), { width: 1280 });

  test.each(names)(
    "%s: nothing complains, sticks out, covers text, cuts it, or is too pale to be read, wide and narrow, light and dark",
    async (name) => {
      const { page, complaints } = await open(name);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        // What is folded away takes part as well.
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        expect(await page.evaluate(OVERLAPPING_TEXTS), `${width} px`).toEqual([]);
        expect(await page.evaluate(CUT_TEXTS), `${width} px`).toEqual([]);
        // Dark once narrow and light once wide: colours do not hang on the width.
        await page.emulateMedia({ colorScheme: width === 1280 ? "light" : "dark" });
        expect(await page.evaluate(LOW_CONTRAST), `${width} px`).toEqual([]);
      }
      expect(await page.evaluate(BROKEN_PICTURES)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("a click saves the comparison, its effects, runs and picture, and the changes of a history", async () => {
    const saved = async (page: Page, name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(`a[download="${name}"]`)]);
      return readFile(await download.path(), "utf8");
    };
    const { page } = await open("comparison");
    expect(parseComparison(await saved(page, "comparison.json"), "comparison.json").metrics).toHaveLength(12);
    expect(await saved(page, "effects.csv")).toMatch(/^key,label,unit,.*\r\nmicro\.getItem\.4096\.meanMs,/);
    expect((await saved(page, "runs.csv")).split("\r\n")).toHaveLength(
      2 + makeComparison().metrics.flatMap(({ runs }) => [...runs.base, ...runs.candidate]).length,
    );
    await page.close();
    const history = await open("history");
    expect((await saved(history.page, "change-points.csv")).split("\r\n")).toHaveLength(2 + 19);
    await history.page.close();
  });

  test.each(["history", "comparison"])(
    "%s on paper: the ground is white, nothing stays folded, and nothing is cut off an A4 page",
    async (name) => {
      const { page } = await open(name);
      // 210 mm without the margins, at 96 dots an inch.
      const widthPx = 688;
      await page.setViewportSize({ width: widthPx, height: 1000 });
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      const hidden =
        "[...document.querySelectorAll('details table, details svg')].filter((one) => one.getBoundingClientRect().height === 0).length";
      expect(await page.evaluate(hidden)).toBe(0);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(widthPx);
      await page.close();
    },
  );
});
