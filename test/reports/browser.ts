// A real browser for pages that are files, and what they complain of in it.

import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
/** Why tests in it are skipped, to stand behind their name; empty where it is installed. */
export const skipped = existsSync(CHROMIUM) ? "" : `, skipped: ${CHROMIUM} is not installed`;

export function launchBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** @returns the page, and what it has said, failed at or asked of others since it was opened. */
export async function openPage(
  browser: Browser,
  file: string,
  { width, ...options }: { readonly width: number } & Pick<BrowserContextOptions, "colorScheme">,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...options });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:")) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, complaints };
}
