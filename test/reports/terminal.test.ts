import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { renderTerminal } from "../../reports/terminal.ts";
import { makeResult } from "./fixture-result.ts";

const plain = { color: false, columns: 140 };
const lines = (text: string) => text.split("\n");

describe("whole reports, kept as text", () => {
  test("one simulated run", async () => {
    await expect(renderTerminal([makeResult()], plain)).toMatchFileSnapshot("golden/one-simulated.txt");
  });

  test("three modes simulated, one of them measured and cut short", async () => {
    const results = [
      makeResult(),
      makeResult({ mode: "StateServer", latencyMs: 15 }),
      makeResult({ mode: "SQLServer", latencyMs: 21 }),
      makeResult({ kind: "measured", samples: 4000, completeTo: 5_400_000 }),
    ];
    await expect(renderTerminal(results, plain)).toMatchFileSnapshot("golden/three-modes-and-a-bench.txt");
  });
});

describe("the first lines", () => {
  test("say of each run whether it is valid, and where it was cut short", () => {
    const results = [makeResult(), makeResult({ kind: "measured", completeTo: 750_000 })];
    const [first, second] = lines(renderTerminal(results, plain));
    expect(first).toMatch(/^✓ valid {2,}InProc, simulated/);
    expect(second).toMatch(/^! doubtful {2,}InProc, measured .*cut short at 12 min 30 s of 2 h/);
  });

  test("give every finding of an invalid run", () => {
    const valid = makeResult();
    const audit = {
      ...valid.audit,
      verdict: "invalid",
      findings: ["The generator was late.", "It saturated."],
    } as const;
    const text = renderTerminal([{ ...valid, audit }], plain);
    expect(lines(text)[0]).toMatch(/^✗ invalid/);
    expect(text).toContain("  · The generator was late.\n  · It saturated.");
  });

  test("say that costs are assumed, for a simulation only", () => {
    const said = "Costs are assumed.";
    expect(renderTerminal([makeResult({ mode: "SQLServer" })], plain)).toContain(said);
    expect(renderTerminal([makeResult({ mode: "SQLServer", kind: "measured" })], plain)).not.toContain(said);
    expect(renderTerminal([makeResult({ mode: "InProc" })], plain)).not.toContain(said);
  });
});

describe("the table of figures", () => {
  test("has a difference column only where a mode has exactly one simulated and one measured run", () => {
    const [simulated, measured] = [makeResult(), makeResult({ kind: "measured" })];
    const head = "measured − simulated";
    expect(renderTerminal([simulated, measured], plain)).toContain(head);
    expect(renderTerminal([simulated, makeResult({ kind: "measured", mode: "StateServer" })], plain)).not.toContain(
      head,
    );
    expect(renderTerminal([simulated, measured, measured], plain)).not.toContain(head);
  });

  test("shows each difference relative to the simulated figure", () => {
    const [simulated, measured] = [makeResult(), makeResult({ kind: "measured" })];
    const figure = { key: "k", label: "Thing", unit: "" };
    const text = renderTerminal(
      [
        { ...simulated, figures: [{ ...figure, value: 80 }] },
        { ...measured, figures: [{ ...figure, value: 100 }] },
      ],
      plain,
    );
    expect(text).toMatch(/Thing +80 +100 +\+25\.0 %/);
  });

  test("goes on below, with its row heads again, where the terminal is narrow, and keeps within it", () => {
    const results = ["Off", "InProc", "StateServer", "SQLServer"] as const;
    const text = renderTerminal(
      results.map((mode) => makeResult({ mode })),
      { color: false, columns: 80 },
    );
    expect(lines(text).filter((line) => line.startsWith("Memory, mean (MiB)")).length).toBeGreaterThan(1);
    const command = /^ {2}sessionlab/;
    for (const line of lines(text)) if (!command.test(line)) expect([...line].length, line).toBeLessThanOrEqual(80);
  });
});

test("a percentile is not told when fewer than ten samples lie beyond it", () => {
  const text = renderTerminal([makeResult({ samples: 9_999 })], plain);
  expect(text).not.toMatch(/^p99\.9 \(ms\)/m);
  expect(text).toContain("p99.9 needs 10,000 samples: InProc, simulated has 9,999.");
  expect(renderTerminal([makeResult({ samples: 10_000 })], plain)).toMatch(/^p99\.9 \(ms\) +\d/m);
});

test("without a cap no share of it is told", () => {
  const text = renderTerminal([makeResult({ sessionsMax: 4_294_967_295 })], plain);
  expect(text).toContain("no cap");
  expect(text).not.toContain("of the cap");
});

test("colour adds nothing but colour", () => {
  const results = [makeResult(), makeResult({ kind: "measured", completeTo: 750_000 })];
  const coloured = renderTerminal(results, { color: true, columns: 140 });
  expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(results, plain));
});

test("a result without series, histograms, figures or targets still has a verdict and a command", () => {
  const bare = { ...makeResult(), figures: [], targets: [], histograms: {}, series: { atMs: [], columns: {} } };
  const text = renderTerminal([bare], plain);
  expect(text).toBe(
    "✓ valid     InProc, simulated  no targets set\n\nTo repeat (seed 7)\n  sessionlab simulate lunch-hour.yaml --seed 7\n",
  );
});

test("a limit is written as it was asked for, without digits that nobody wrote", () => {
  const limits: Record<string, string> = {
    refusedShare: "at most 0.001",
    responseP99Ms: "at most 1000",
    requestsPerSecond: "at most 20 and at least 0.25",
  };
  const targets = Object.entries(limits).map(([figure, limit]) => ({ figure, limit, value: 1, met: true }));
  const text = renderTerminal([{ ...makeResult(), targets }], plain);
  expect(text).toContain("New sessions refused at most 0.1 % ");
  expect(text).toContain("Response time, p99 at most 1,000 ms ");
  expect(text).toContain("Requests at most 20/s and at least 0.25/s ");
});

test("a figure without an interval is not said to lie outside one", () => {
  const [simulated, measured] = [makeResult(), makeResult({ kind: "measured" })];
  const figure = { key: "k", label: "Thing", unit: "" };
  const interval = { low: 79, high: 81, method: "" };
  const run = (value: number, own?: typeof interval) => [{ ...figure, value, ...(own ? { interval: own } : {}) }];
  const text = (figures: ReturnType<typeof run>) =>
    renderTerminal(
      [
        { ...simulated, figures: run(80, interval) },
        { ...measured, figures },
      ],
      plain,
    );
  expect(text(run(100))).toMatch(/Thing.*\+25\.0 %$/m);
  expect(text(run(100, { low: 99, high: 101, method: "" }))).toMatch(/Thing.*\+25\.0 % \*$/m);
  expect(text(run(81, { low: 80.5, high: 81.5, method: "" }))).toMatch(/Thing.*\+1\.25 %$/m);
});
