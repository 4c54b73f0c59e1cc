// The page as a reader meets it: opened in a real browser at the widths of a desk and of a phone, in light and in dark.

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storeProviders } from "../../config/scenario.ts";
import type { Study } from "../../metrics/study.ts";
import { renderHtml } from "../../reports/html/page.ts";
import { parseResults } from "../../reports/result-file.ts";
import { makeResult } from "./fixture-result.ts";
import { eightStores, makeFaultResult, makeStudyResult } from "./fixture-study.ts";

const CHROMIUM = "/usr/bin/chromium";
const skipped = existsSync(CHROMIUM) ? "" : `, skipped: ${CHROMIUM} is not installed`;

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
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function open(
    name: string,
    width: number,
    scheme: "light" | "dark",
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(path.join(folder, `${name}.html`)).href);
    return { page, complaints };
  }

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
      await page.screenshot({ path: path.join(folder, `${view.name}-${view.width}.png`), fullPage: true });
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

/**
 * Pairs of texts that share more than a hair, in charts and around them. A turned text has the box of its turned shape; of a table
 * that scrolls, only what is seen counts.
 */
const OVERLAPPING_TEXTS = `(() => {
  const boxes = [];
  const add = (said, element, box) => {
    const frame = element.closest(".scroll")?.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, frame?.left ?? -1e6), Math.min(box.right, frame?.right ?? 1e6)];
    if (said.trim() !== "" && right > left && box.height > 0) boxes.push({ said, left, right, top: box.top, bottom: box.bottom });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement.closest("svg") !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) add(node.textContent, node.parentElement, box);
  }
  for (const text of document.querySelectorAll("svg.chart text")) add(text.textContent, text, text.getBoundingClientRect());
  boxes.sort((a, b) => a.top - b.top);
  return boxes.flatMap((a, index) => {
    const found = [];
    for (let next = index + 1; next < boxes.length && boxes[next].top < a.bottom; next++) {
      const b = boxes[next];
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - b.top > 3) {
        found.push(a.said.slice(0, 60) + " / " + b.said.slice(0, 60));
      }
    }
    return found;
  });
})()`;

/** Texts that reach out of their chart, where a saved picture would cut them, and boxes that hide a part of what is in them. */
const CUT_TEXTS = `[
  ...[...document.querySelectorAll("svg.chart")].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
    }).map((text) => text.textContent + " in " + svg.getAttribute("aria-label").slice(0, 60));
  }),
  ...[...document.querySelectorAll("body *:not(.scroll)")].filter((element) =>
    element.closest("svg") === null && getComputedStyle(element).display !== "inline" && element.clientWidth > 0 &&
    element.closest("details:not([open])") === null && element.scrollWidth > element.clientWidth + 1 && !element.querySelector(".scroll")
  ).map((element) => element.tagName + " " + element.textContent.trim().slice(0, 60)),
]`;

/** Pictures that are no well-formed XML, or need a namespace that they do not name. */
const BROKEN_PICTURES = `[...document.querySelectorAll('a[download$=".svg"]')].flatMap((link) => {
  const text = decodeURIComponent(link.getAttribute("href").replace(/^[^,]*,/, ""));
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const broken = root.querySelector("parsererror")?.textContent ?? (root.namespaceURI === "http://www.w3.org/2000/svg" ? null : "no svg");
  return broken === null ? [] : [link.getAttribute("download") + ": " + broken.slice(0, 120)];
})`;

/** Texts whose colour has too little contrast with the nearest painted ground behind them (WCAG 2.2, 1.4.3). */
const LOW_CONTRAST = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const groundOf = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = numbers(getComputedStyle(one).backgroundColor);
      if ((color[3] ?? 1) > 0.99) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || element.getBoundingClientRect().width === 0) continue;
    const style = getComputedStyle(element);
    const color = element.closest("svg") === null ? style.color : style.fill;
    const [a, b] = [light(numbers(color)), light(groundOf(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push(contrast.toFixed(2) + " " + element.textContent.trim().slice(0, 40));
  }
  return found;
})()`;
