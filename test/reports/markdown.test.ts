import { describe, expect, test } from "vitest";
import { renderMarkdown } from "../../reports/markdown.ts";
import { makeResult } from "./fixture-result.ts";
import { hostileResult } from "./hostile.ts";

/** Cells of a table row as GitHub splits them: a pipe parts cells unless a backslash stands before it. */
function cells(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function tables(markdown: string): string[][] {
  return markdown
    .split("\n\n")
    .map((block) => block.split("\n"))
    .filter((lines) => lines[0]!.startsWith("|"));
}

describe("Markdown for a pull request", () => {
  const results = [makeResult(), makeResult({ kind: "measured" }), makeResult({ mode: "SQLServer", samples: 50 })];
  const markdown = renderMarkdown(results);

  test("shows the audit, the targets and the figures that decide, side by side, before anything is unfolded", () => {
    const [table] = tables(markdown.slice(0, markdown.indexOf("<details>")));
    const rows = table!.map(cells);
    expect(rows[0]).toEqual(["", "InProc, simulated", "InProc, measured", "SQLServer, simulated"]);
    expect(rows[1]).toEqual(["---", "---:", "---:", "---:"]);
    expect(rows.slice(2).map(([head]) => head)).toEqual([
      "Audit",
      "Targets",
      "New sessions refused at most 1 %",
      "Response time, p99 at most 100 ms",
      "Stored sessions, mean",
      "Memory, mean (MiB)",
      "Requests (/s)",
    ]);
    expect(rows[2]!.slice(1)).toEqual(["✓ valid", "✓ valid", "✓ valid"]);
    expect(rows[5]!.slice(1)).toEqual(["✓ met: 46.33 ms", "✓ met: 45.81 ms", "? unknown: —"].map(expectAnyNumber));
  });

  test("folds away the other figures, the percentiles and how to repeat the runs", () => {
    const folded = markdown.slice(markdown.indexOf("<details>"));
    expect(folded).toContain("| Web cores busy (%) |");
    expect(folded).toContain("**Response time, from the moment the request was due**");
    expect(folded).toContain("sessionlab bench lunch-hour.yaml --seed 7");
    expect(folded.trimEnd().endsWith("</details>")).toBe(true);
    // GitHub reads Markdown inside HTML only after an empty line.
    expect(folded).toMatch(/<\/summary>\n\n/);
    expect(folded).toMatch(/\n\n<\/details>\n$/);
  });

  test("has every finding, and says where a run was cut short", () => {
    const cut = renderMarkdown([makeResult({ completeTo: 600_000 })]);
    expect(cut).toContain("| Audit | ! doubtful, cut short at 10 min of 2 h |");
    expect(cut).toContain("- **InProc, simulated**: The run was interrupted; the figures cover what was seen.");
  });

  test("shows all figures where none of those that decide is known", () => {
    const other = {
      ...makeResult(),
      targets: [],
      figures: [{ key: "x", label: "Bytes a session", unit: "bytes", value: 9 }],
    };
    expect(renderMarkdown([other]).split("<details>")[0]).toContain("| Bytes a session (bytes) | 9 |");
  });

  test("keeps its tables and its fold whole whatever things are called", () => {
    const hostile = renderMarkdown([hostileResult(), makeResult()]);
    const all = tables(hostile);
    expect(all.length).toBeGreaterThan(3);
    for (const table of all) for (const line of table) expect(cells(line)).toHaveLength(3);
    const fenced = /\n(`{4,})\n[\s\S]*\n\1\n/.exec(hostile);
    expect(fenced, "the command, which has three backticks, is fenced by more").not.toBeNull();
    const outside = hostile.replace(fenced![0], "\n");
    expect(outside.match(/(?<!\\)<\/?[a-z]+/g)).toEqual(["<details", "<summary", "</summary", "</details"]);
    expect(outside).not.toMatch(/@m/);
  });
});

/** The value itself is another test's business. */
function expectAnyNumber(text: string): unknown {
  return expect.stringMatching(new RegExp(`^${text.replace("?", "\\?").replace(/[\d.]+/, "[\\d.]+")}$`));
}
