import { describe, expect, test } from "vitest";
import type { PointFigure } from "../../../metrics/sweep/point.ts";
import { SWEEP_SCHEMA, type Sweep, type SweepAxis, type SweepPoint } from "../../../metrics/sweep/sweep.ts";
import { pointTarget } from "../../../metrics/sweep/target-standing.ts";
import type { Turn } from "../../../metrics/sweep/turn.ts";
import { renderSweepHtml } from "../../../reports/sweep/html-page.ts";
import { sweepCsv } from "../../../reports/sweep/sweep-csv.ts";
import { findingsTold } from "../../../reports/sweep/sweep-words.ts";
import { renderSweepTerminal } from "../../../reports/sweep/terminal.ts";
import { leadingSentences, turnSentences } from "../../../reports/sweep/turn-words.ts";
import { scenarioOf } from "../../scenario-of.ts";

const caps: SweepAxis = { key: "site.sessionsMax", values: [100, 200, 300] };
const modes: SweepAxis = { key: "site.mode", values: ["InProc", "SQLServer"] };
const timeouts: SweepAxis = { key: "site.timeoutMinutes", values: [10, 20] };

const target = { figure: "refusedShare", atMost: 0.1 };

function figure(value: number | null, half = 0.01): PointFigure {
  return {
    value,
    interval: value === null ? null : { low: value - half, high: value + half, method: "95 %" },
    byReplication: null,
    ...(value === null ? {} : { closedForm: value * 1.01 }),
  };
}

/** Refusals fall with the first axis and nothing else. */
function sweepOf(axes: readonly SweepAxis[], more: Partial<Sweep> = {}): Sweep {
  const grid = axes.reduce<readonly (readonly SweepAxis["values"][number][])[]>(
    (points, { values }) => points.flatMap((point) => values.map((value) => [...point, value])),
    [[]],
  );
  const points = grid.map((at): SweepPoint => {
    const refusedShare = figure(0.3 - 0.1 * axes[0]!.values.indexOf(at[0]!));
    return {
      at,
      replications: 10,
      figures: { refusedShare, storedSessionsMean: figure(90.5, 2), responseP99Ms: figure(null) },
      targets: [pointTarget(target, refusedShare)],
      findings: [],
    };
  });
  return {
    schema: SWEEP_SCHEMA,
    scenario: scenarioOf("site: { sessionsMax: 100 }\nworkload: { arrivals: 1 }"),
    seed: 7,
    command: "sessionlab sweep shop.yaml",
    complete: true,
    axes,
    figures: [
      { key: "storedSessionsMean", label: "Stored sessions, mean", unit: "" },
      { key: "refusedShare", label: "New sessions refused", unit: "share" },
    ],
    points,
    pointsAsked: grid.length,
    turns: [],
    environment: {
      startedAt: "2026-01-02T03:04:05.000Z",
      wallSeconds: 3,
      sessionlab: "0.1.0",
      commit: null,
      node: "v24",
      platform: "linux",
      cpu: "one",
      cores: 2,
      memoryBytes: 8e9,
    },
    ...more,
  };
}

const plain = { color: false, columns: 120 };
const along = { figure: "refusedShare", axis: "site.sessionsMax", where: {} };
const step = { from: 100, to: 200, valueFrom: 0.12, valueTo: 0.001 };

describe("a target of a point", () => {
  test("is met or missed where the whole interval says so, and undecided where it holds the limit", () => {
    const standing = (value: number | null, half?: number) => pointTarget(target, figure(value, half)).standing;
    expect([standing(0.05), standing(0.2), standing(0.095), standing(0.105), standing(null)]).toEqual([
      "met",
      "missed",
      "undecided",
      "undecided",
      "unknown",
    ]);
    expect(pointTarget(target, undefined).standing).toBe("unknown");
    expect(pointTarget({ figure: "f", atLeast: 0.1 }, figure(0.05)).standing).toBe("missed");
  });
});

describe("turns in words", () => {
  const said = (turns: readonly Turn[]) => turnSentences(sweepOf([caps], { turns })).map(({ text }) => text);

  test("tell values in the units of their figures, with what is busy", () => {
    expect(
      said([
        { ...along, kind: "cliff", step, share: 0.934, because: { figure: "storeUtilisation", at: 200, share: 0.971 } },
        {
          ...along,
          kind: "knee",
          at: 200,
          valueAt: 0.05,
          slopeBefore: -4,
          slopeAfter: -0.5,
          bend: "flattens",
          because: null,
        },
        {
          ...along,
          kind: "target",
          step,
          limit: { atMost: 0.1 },
          change: "first met",
          undecided: [150],
          because: null,
        },
      ]),
    ).toEqual([
      "New sessions refused: at most 10 % is first met at site.sessionsMax = 200 (12 % at 100, 0.1000 % at 200; at 150 it cannot be told).",
      "between 100 and 200 site.sessionsMax, New sessions refused falls from 12 % to 0.1000 %, 93 % of its whole range: store 97 % busy at 200.",
      "at site.sessionsMax = 200, where New sessions refused is 5 %: up to there it falls, beyond it falls 8 times more slowly.",
    ]);
  });

  test("put lines that turn at the same place into one sentence, and what does not turn into one as well", () => {
    const turns = ["InProc", "SQLServer"].flatMap((mode): Turn[] => [
      { ...along, where: { "site.mode": mode }, kind: "cliff", step, share: 0.9, because: null },
      {
        ...along,
        figure: "storedSessionsMean",
        where: { "site.mode": mode },
        kind: "flat",
        step: { ...step, valueFrom: 90, valueTo: 91 },
      },
    ]);
    const [cliff, flat, ...others] = turnSentences(sweepOf([caps, modes], { turns }));
    expect(cliff!.text).toMatch(/With site\.mode = InProc; at the same place with site\.mode = SQLServer\.$/);
    expect(flat!.text).toBe("No change along site.sessionsMax by more than chance: Stored sessions, mean (90 to 91).");
    expect(others).toEqual([]);
  });

  test("of a large grid lead with the first of each kind", () => {
    const turns = Array.from(
      { length: 20 },
      (_, i): Turn => ({
        ...along,
        kind: i < 10 ? "target" : "cliff",
        step: { ...step, to: 200 + i },
        limit: { atMost: 0.1 },
        change: "first met",
        undecided: [],
        share: 1,
        because: null,
      }),
    );
    const { leading, rest } = leadingSentences(turnSentences(sweepOf([caps], { turns })));
    expect(leading.filter(({ kind }) => kind === "cliff")).toHaveLength(5);
    expect(leading.length + rest.length).toBe(20);
  });
});

describe("on the terminal", () => {
  test("one axis is a table of figures, two are a matrix a figure, three a row a point", () => {
    const [one, two, three] = [[caps], [caps, modes], [caps, modes, timeouts]].map((axes) =>
      renderSweepTerminal(sweepOf(axes), plain),
    );
    expect(one).toMatch(/^300 +90\.50 ± 2 +10 ± 1 ≈$/m);
    expect(two).toContain("New sessions refused (%): site.sessionsMax down, site.mode across");
    expect(two).toMatch(/^300 +10 ± 1 ≈ +10 ± 1 ≈$/m);
    expect(three).toMatch(/^300 · SQLServer · 20 /m);
  });

  test("a sweep that was cut short leaves cells unknown and says so", () => {
    const whole = sweepOf([caps, modes]);
    const text = renderSweepTerminal({ ...whole, complete: false, points: whole.points.slice(0, 4) }, plain);
    expect(text).toContain("! cut short");
    expect(text).toContain("4 of 6 points");
    expect(text).toMatch(/^300 +— +—$/m);
  });

  test("what makes points doubtful is told once a kind, with the first point", () => {
    const whole = sweepOf([caps]);
    const points = whole.points.map((point, i) => ({
      ...point,
      findings: [`The web cores are overloaded (9${i}.1 % busy).`],
    }));
    expect(findingsTold({ ...whole, points })).toEqual([
      "At 3 of 3 points, first at site.sessionsMax = 100: The web cores are overloaded (90.1 % busy).",
    ]);
  });
});

test("CSV quotes what needs it and leaves unknown values empty", () => {
  const sweep = sweepOf([{ key: "site.mode", values: ['a,"b"'] }], {
    figures: [{ key: "responseP99Ms", label: "p99", unit: "ms" }],
  });
  expect(sweepCsv(sweep).split("\r\n")[1]).toBe('"a,""b""",10,,,,missed');
});

describe("as a page", () => {
  test("pictures have a name for those who cannot see them, and tables under them; nothing comes from elsewhere", async () => {
    for (const axes of [[caps], [modes], [caps, modes], [caps, modes, timeouts]]) {
      const sweep = sweepOf(axes);
      const page = await renderSweepHtml(sweep);
      expect(page).toMatch(/<svg class="chart" role="img" aria-label="New sessions refused in %/);
      expect(page).toContain("<caption>");
      expect(page).not.toMatch(/<script|NaN|undefined|(src|href)="https?:/);
      expect(await renderSweepHtml(sweep)).toBe(page);
      // The same at all points: no picture of a flat line.
      expect(page).toContain(`90.50 at each of the ${sweep.points.length} points.`);
    }
  });

  test("three axes are small maps beside one another", async () => {
    const page = await renderSweepHtml(sweepOf([caps, modes, timeouts]));
    // Of refusals, for each value of the axis with the fewest and last: the other figure is the same everywhere.
    expect(page.match(/<figcaption>/g)).toHaveLength(2);
  });

  test("a name that is markup stays a name", async () => {
    const page = await renderSweepHtml(sweepOf([{ key: "site.mode", values: ["<b>x</b>", "y"] }]));
    expect(page).not.toContain("<b>x");
  });
});
