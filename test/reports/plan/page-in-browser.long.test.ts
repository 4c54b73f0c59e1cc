// The page of a plan as a reader meets it: in a real browser, wide and narrow, in light and in dark, and on paper.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planPage } from "../../../reports/plan/html.ts";
import { parsePlan } from "../../../reports/plan/plan-file.ts";
import { launchBrowser, openPage, skipped } from "../browser.ts";
import { CUT_TEXTS, LOW_CONTRAST, OVERLAPPING_TEXTS } from "../browser-checks.ts";
import { hopeless, plan } from "./fixture-plan.ts";

/** Names as long as they come, and a load that breaks at once. */
const crowded = {
  ...plan,
  sensitivities: plan.sensitivities.map((one) => ({
    ...one,
    assumption: `${one.assumption}, as the calibration of the provider has it`,
  })),
  breaking: { ...plan.breaking!, metAt: 0.98, missedAt: 1.02 },
};
const far = { ...plan, breaking: { metAt: 9, missedAt: 12, target: null, why: "" } };
const pages = { plan, hopeless, crowded, far };
const names = Object.keys(pages) as (keyof typeof pages)[];

describe.skipIf(skipped !== "")(`the page of a plan in a browser${skipped}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sessionlab-plan-"));
    for (const name of names) await writeFile(path.join(folder, `${name}.html`), await planPage(pages[name]));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const open = (name: string) => openPage(browser, path.join(folder, `${name}.html`), { width: 1280 });

  test.each(names)(
    "%s: nothing complains, sticks out, covers text, cuts it, or is too pale to be read",
    async (name) => {
      const { page, complaints } = await open(name);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        expect(await page.evaluate(OVERLAPPING_TEXTS), `${width} px`).toEqual([]);
        expect(await page.evaluate(CUT_TEXTS), `${width} px`).toEqual([]);
        await page.emulateMedia({ colorScheme: width === 1280 ? "light" : "dark" });
        expect(await page.evaluate(LOW_CONTRAST), `${width} px`).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test("the answer, down to what was assumed, fits on one sheet of A4", async () => {
    const { page } = await open("plan");
    // 210 × 297 mm without the margins of the page, at 96 dots an inch.
    const [widthPx, heightPx] = [718, 1062];
    await page.setViewportSize({ width: widthPx, height: heightPx });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("document.querySelector('#apply').getBoundingClientRect().top")).toBeLessThanOrEqual(
      heightPx,
    );
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(widthPx);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.close();
  });

  test("a click saves the plan whole, and a click on a block selects it whole", async () => {
    const { page } = await open("plan");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('a[download="plan.json"]')]);
    expect(parsePlan(await readFile(await download.path(), "utf8"), "plan.json").points).toEqual(plan.points);
    await page.click("section[aria-labelledby=apply] pre");
    expect(await page.evaluate("getSelection().toString().trim()")).toBe(plan.apply[0]!.text.trim());
    await page.close();
  });
});
