import { describe, expect, test } from "vitest";
import { COMMENT_MARKER, renderComparisonMarkdown } from "../../../reports/comparison/markdown.ts";
import {
  cannotTellComparison,
  forcedComparison,
  hostileComparison,
  makeComparison,
  makeMetric,
  noWorseComparison,
} from "./fixture-comparison.ts";

/** Cells of a table row as GitHub splits them: a pipe parts cells unless a backslash stands before it. */
const cells = (line: string) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
const tableLines = (markdown: string) => markdown.split("\n").filter((line) => line.startsWith("|"));
const aboveFold = (markdown: string) => markdown.slice(0, markdown.indexOf("<details>"));

describe("a comment for a pull request", () => {
  const markdown = renderComparisonMarkdown(makeComparison());

  test("is kept whole, as text", async () => {
    await expect(markdown).toMatchFileSnapshot("../golden/comparison-regressed.md");
  });

  test("begins with a line that no reader sees and every later comment has, then with the verdict", () => {
    for (const comparison of [makeComparison(), noWorseComparison, cannotTellComparison, forcedComparison]) {
      const [marker, verdict] = renderComparisonMarkdown(comparison).split("\n");
      expect(marker).toBe(COMMENT_MARKER);
      expect(verdict).toMatch(new RegExp(`^### . ${comparison.verdict}: `));
    }
  });

  test("shows above the fold what is not simply well, and the rest below", () => {
    const shown = tableLines(aboveFold(markdown)).slice(2).map(cells);
    expect(shown.map(([, verdict]) => verdict)).toEqual([
      "✗ regressed",
      "✗ regressed",
      "! waived",
      ...Array(5).fill("? cannot tell"),
      "✓ improved",
    ]);
    expect(markdown.slice(markdown.indexOf("<details>"))).toContain("| Response time, p50 (ms) | ✓ no worse |");
  });

  test("of metrics that are all well shows them", () => {
    const [settled] = noWorseComparison.metrics;
    const text = aboveFold(renderComparisonMarkdown({ ...noWorseComparison, metrics: [settled!] }));
    expect(text).toContain("| Response time, p50 (ms) | ✓ no worse |");
  });

  test("that was forced says so in a box before any figure", () => {
    const text = renderComparisonMarkdown(forcedComparison);
    expect(text.indexOf("> [!CAUTION]")).toBeGreaterThan(0);
    expect(text.indexOf("> [!CAUTION]")).toBeLessThan(text.indexOf("| Metric |"));
  });

  test("stays one page and one comment, however many metrics there are", () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      makeMetric({ key: `m${index}`, label: `Metric ${index}`, verdict: index < 100 ? "cannot tell" : "no worse" }),
    );
    const text = renderComparisonMarkdown(makeComparison({ metrics: many }));
    expect(text.length).toBeLessThan(65_536);
    expect(tableLines(aboveFold(text))).toHaveLength(10);
    expect(text).toContain("842 more stand in comparison.json.");
  });

  test("lets no name become markup, call anybody, or break a table", () => {
    const text = renderComparisonMarkdown(hostileComparison);
    expect(new Set(tableLines(aboveFold(text)).map((line) => cells(line).length))).toEqual(new Set([7]));
    // The command stands in a fence of its own, longer than any in it.
    const outside = text.replace(/^(`{4,})\n[\s\S]*?\n\1$/m, "");
    expect(outside).not.toMatch(/(?<!\\)<(?!!--|\/?details>|\/?summary>)/);
    expect(outside).not.toMatch(/@m/);
    expect(outside.match(/<\/details>/g)).toHaveLength(1);
  });
});
