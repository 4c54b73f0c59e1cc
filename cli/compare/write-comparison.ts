// A comparison as files in one folder, for people, bots and build servers at once.

import path from "node:path";
import type { Comparison } from "../../metrics/compare/comparison.ts";
import { comparisonFiles } from "../../reports/comparison/formats.ts";
import { writeFiles } from "../write-report.ts";

/**
 * Writes comparison.json, comparison.html, comparison.md and junit.xml.
 * @param outDir made where it does not exist.
 * @returns the paths, that of the page last.
 * @throws InputError when the folder cannot be written to.
 */
export async function writeComparison(comparison: Comparison, outDir: string): Promise<readonly string[]> {
  const page = { name: "comparison.html", text: await comparisonPage(comparison) };
  return writeFiles([...comparisonFiles(comparison), page], path.join(outDir, path.sep));
}

/** As HTML. Charts are loaded only for a page: they take half of the time that a command needs to start. */
export async function comparisonPage(comparison: Comparison): Promise<string> {
  const { renderComparisonHtml } = await import("../../reports/comparison/html-page.ts");
  return renderComparisonHtml(comparison);
}
