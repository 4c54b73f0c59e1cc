import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../../metrics/compare/comparison.ts";
import { renderComparison } from "../../../reports/comparison/terminal.ts";
import {
  cannotTellComparison,
  forcedComparison,
  hostileComparison,
  makeComparison,
  makeMetric,
  noWorseComparison,
} from "./fixture-comparison.ts";

const plain = { color: false, columns: 80 };
const golden = (name: string) => `../golden/comparison-${name}.txt`;

describe("whole comparisons, kept as text", () => {
  test("with regressions and a waiver of every fate, 80 columns wide", async () => {
    await expect(renderComparison(makeComparison(), plain)).toMatchFileSnapshot(golden("regressed-80"));
  });

  test("the same, 160 columns wide", async () => {
    const wide = renderComparison(makeComparison(), { color: false, columns: 160 });
    await expect(wide).toMatchFileSnapshot(golden("regressed-160"));
  });

  test("of one run each, cut short", async () => {
    await expect(renderComparison(cannotTellComparison, plain)).toMatchFileSnapshot(golden("cannot-tell"));
  });

  test("that should not have been made", async () => {
    await expect(renderComparison(forcedComparison, plain)).toMatchFileSnapshot(golden("forced"));
  });
});

test("no line is wider than the terminal, but for a command to repeat", () => {
  for (const columns of [80, 100, 132]) {
    const lines = renderComparison(makeComparison(), { color: false, columns }).split("\n");
    expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
  }
});

test("verdict and effect of each metric stand side by side on 80 columns", () => {
  expect(renderComparison(makeComparison(), plain)).toContain(
    "getItem, 4 KiB, mean (µs)              ✗ regressed    +10.4 % (+7.45 to +13.4)",
  );
});

describe("a comparison on the terminal", () => {
  test("says first who stands against whom, and how it came out", () => {
    const [first] = renderComparison(noWorseComparison, { color: false, columns: 200 }).split("\n");
    expect(first).toBe(
      "✓ no worse  the working tree (2222222bbbbb) against HEAD~1 (1111111aaaaa), 14 blocks of four runs in turns",
    );
  });

  test("says in its head what to do next, unless all is well", () => {
    const head = (comparison: Comparison) =>
      renderComparison(comparison, { color: false, columns: 200 }).split("\n\n")[0]!;
    expect(head(makeComparison())).toContain(
      "Next: see git log 1111111aaaaa..2222222bbbbb, then mend it, or take it on",
    );
    expect(head(cannotTellComparison)).toContain("Next: 36 more runs a side would settle 2 of these 4.");
    expect(head({ ...cannotTellComparison, design: "interleaved" })).toContain("these 4; raise --budget-minutes.");
    expect(head(noWorseComparison)).not.toContain("Next");
  });

  test("of unlike numbers of runs counts the candidate's first, as it is named first", () => {
    const unlike = { ...forcedComparison, base: { ...forcedComparison.base, runs: 1 } };
    expect(renderComparison(unlike, { color: false, columns: 200 })).toContain("against old.json, 5 runs against 1");
  });

  test("that was forced says what speaks against it before anything else", () => {
    const text = renderComparison(forcedComparison, plain);
    expect(text.indexOf("! These should not have been compared")).toBe(0);
    expect(text.indexOf("The machines are not the same")).toBeLessThan(text.indexOf("✗ regressed"));
  });

  test("names metrics by the few that are worse, and folds away many that are not", () => {
    const quiet = Array.from({ length: 30 }, (_, index) =>
      makeMetric({ key: `quiet${index}`, label: `Quiet ${index}` }),
    );
    const comparison = makeComparison({ metrics: [...makeComparison().metrics, ...quiet] });
    const folded = renderComparison(comparison, plain);
    expect(folded).toContain("✓ no worse, 33 more (--all shows them): Response time, p50;");
    expect(folded).not.toMatch(/^Quiet/m);
    const all = renderComparison(comparison, { ...plain, all: true });
    expect(all.match(/^Quiet \d+ \(ms\) +✓ no worse/gm)).toHaveLength(30);
    expect(all).not.toContain("--all");
  });

  test("names every metric that is worse, and counts those that cannot be told for one reason", () => {
    const many = (verdict: "regressed" | "cannot tell") =>
      Array.from({ length: 9 }, (_, index) => makeMetric({ key: `${verdict[0]}${index}`, label: "M", verdict }));
    const metrics = [...many("regressed"), ...many("cannot tell")];
    const text = renderComparison(makeComparison({ metrics }), { color: false, columns: 200 });
    expect(text).toMatch(/^✗ M \[r0\](; M \[r[1-8]\]){8}$/m);
    expect(text).toMatch(/^\? M \[c0\]; M \[c1\]; M \[c2\]; and 6 more$/m);
  });

  test("puts colour on signs and their words alone, and loses nothing without it", () => {
    const colored = renderComparison(makeComparison(), { color: true, columns: 80 });
    expect(stripVTControlCharacters(colored)).toBe(renderComparison(makeComparison(), plain));
    const painted = colored.split("\u001b[").flatMap((part) => (/^3[123]m/.test(part) ? [part.slice(3)] : []));
    expect(painted.length).toBeGreaterThan(12);
    expect(painted.every((text) => /^[✗!?✓]( |$)/.test(text))).toBe(true);
  });

  test("lets no name break a line, start a command or carry an escape code", () => {
    const workflowCommand = "x\n::error::owned\u001b[31m\r";
    const text = renderComparison(makeComparison({ scenario: workflowCommand, findings: [workflowCommand] }), plain);
    expect(text).not.toMatch(/^::/m);
    const written = text + renderComparison(hostileComparison, plain);
    expect([...written].filter((letter) => (letter < " " && letter !== "\n") || letter === "\u2028")).toEqual([]);
  });

  test("of no metrics at all still has its verdict", () => {
    const text = renderComparison(makeComparison({ verdict: "cannot tell", metrics: [], waivers: [] }), plain);
    expect(text).toMatch(/^\? cannot tell /);
    expect(text).toContain("  no metric; ycsb-a");
  });
});
