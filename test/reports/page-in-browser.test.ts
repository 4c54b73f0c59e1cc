// The page as a reader meets it: opened in a real browser at the widths of a desk and of a phone, in light and in dark.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../reports/html/page.ts";
import { makeResult } from "./fixture-result.ts";

const CHROMIUM = "/usr/bin/chromium";
const skipped = existsSync(CHROMIUM) ? "" : `, skipped: ${CHROMIUM} is not installed`;

const four = [
  makeResult(),
  makeResult({ mode: "StateServer", latencyMs: 15 }),
  makeResult({ mode: "SQLServer", latencyMs: 21, sessionsMax: 4_294_967_295 }),
  makeResult({ kind: "measured", samples: 4000, completeTo: 5_400_000 }),
];
const pages = {
  one: four.slice(0, 1),
  four,
  stores: ["PostgreSQL 18.4", "MariaDB 10.11.19", "connect-pg-simple 10.0.0 on PostgreSQL 18.4"].map((store) => {
    const result = makeResult({ kind: "measured", mode: "SQLServer" });
    return { ...result, store, label: `${result.scenario.site.mode} on ${store}, measured` };
  }),
  eight: [...four, ...four].map((result, index) => ({ ...result, label: `${result.label}, week ${index}` })),
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
    "$name at $width px, $scheme: nothing complains, nothing sticks out, no text covers another",
    async (view) => {
      const { page, complaints } = await open(view.name, view.width, view.scheme);
      expect(complaints).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
      expect(await page.evaluate(OVERLAPPING_TEXTS)).toEqual([]);
      expect(await page.evaluate(TEXTS_OUTSIDE)).toEqual([]);
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

/** Pairs of texts of one chart whose boxes share more than a hair. A turned text has the box of its turned shape. */
const OVERLAPPING_TEXTS = `[...document.querySelectorAll("svg.chart")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")].map((text) => ({ said: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ said, box }) => said.trim() !== "" && box.width > 0);
  return texts.flatMap((a, index) => texts.slice(index + 1).filter((b) =>
    Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
    Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 3
  ).map((b) => a.said + " / " + b.said + " in " + svg.getAttribute("aria-label").slice(0, 60)));
})`;

const TEXTS_OUTSIDE = `[...document.querySelectorAll("svg.chart text")].filter((text) => {
  const box = text.getBoundingClientRect();
  return box.width > 0 && (box.left < 0 || box.right > innerWidth);
}).map((text) => text.textContent)`;

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
