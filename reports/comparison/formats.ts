// Every format a comparison is written in, by name.

import type { Comparison } from "../../metrics/compare/comparison.ts";
import type { ReportFile } from "../report-file.ts";
import { renderAnnotations } from "./annotations.ts";
import { stringifyComparison } from "./comparison-file.ts";
import { renderComparisonJunit } from "./junit.ts";
import { renderComparisonMarkdown } from "./markdown.ts";

/** For programs; the terminal, which knows its width, and HTML, which needs a page put together first, are made elsewhere. */
export const comparisonTextFormats = ["markdown", "junit", "github", "json"] as const;
export type ComparisonTextFormat = (typeof comparisonTextFormats)[number];

const renderers: Readonly<Record<ComparisonTextFormat, (comparison: Comparison) => string>> = {
  markdown: renderComparisonMarkdown,
  junit: renderComparisonJunit,
  github: renderAnnotations,
  json: stringifyComparison,
};

export function renderComparisonText(format: ComparisonTextFormat, comparison: Comparison): string {
  return renderers[format](comparison);
}

/** What a folder holds of a comparison, apart from its page. */
export function comparisonFiles(comparison: Comparison): readonly ReportFile[] {
  return [
    { name: "comparison.json", text: stringifyComparison(comparison) },
    { name: "comparison.md", text: renderComparisonMarkdown(comparison) },
    { name: "junit.xml", text: renderComparisonJunit(comparison) },
  ];
}
