// A comparison as files in one folder, for people, bots and build servers at once.

import path from "node:path";
import type { Comparison } from "../metrics/compare/comparison.ts";
import { comparisonFiles } from "../reports/comparison/formats.ts";
import { renderComparisonHtml } from "../reports/comparison/html-page.ts";
import { writeFiles } from "./write-report.ts";

/**
 * Writes comparison.json, comparison.html, comparison.md and junit.xml.
 * @param outDir made where it does not exist.
 * @returns the paths, that of the page last.
 * @throws InputError when the folder cannot be written to.
 */
export async function writeComparison(comparison: Comparison, outDir: string): Promise<readonly string[]> {
  const page = { name: "comparison.html", text: await renderComparisonHtml(comparison) };
  return writeFiles([...comparisonFiles(comparison), page], path.join(outDir, path.sep));
}
