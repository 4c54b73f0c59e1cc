// The page of a validation as a reader meets it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderValidationHtml } from "../../../reports/validation/html-page.ts";
import { launchBrowser, openPage, skipped } from "../browser.ts";
import { CUT_TEXTS, LOW_CONTRAST, OVERLAPPING_TEXTS } from "../browser-checks.ts";
import { makeValidation } from "./fixture-validation.ts";

describe.skipIf(skipped !== "")(`the page of a validation in a browser${skipped}`, () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sessionlab-validation-"));
    await writeFile(path.join(folder, "validation.html"), await renderValidationHtml(makeValidation()));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  test.each([
    { width: 1280, colorScheme: "light" },
    { width: 800, colorScheme: "dark" },
    { width: 390, colorScheme: "light" },
  ] as const)("at $width px, $colorScheme: nothing complains, sticks out, covers another or is cut", async (view) => {
    const { page, complaints } = await openPage(browser, path.join(folder, "validation.html"), view);
    expect(complaints).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(view.width);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    expect(await page.evaluate(OVERLAPPING_TEXTS)).toEqual([]);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    await page.close();
  });
});
