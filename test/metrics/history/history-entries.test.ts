import { describe, expect, test } from "vitest";
import { entryOf } from "../../../metrics/history/entry-of.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry, type HistoryTrend } from "../../../metrics/history/history.ts";
import { identityOf, seriesOf } from "../../../metrics/history/series-of.ts";
import { ofNewestSetups, setupOf } from "../../../metrics/history/setup-of.ts";
import { changeOverall, standingRegressions, surePValue } from "../../../metrics/history/standing-changes.ts";
import { directionOfUnit } from "../../../metrics/history/unit-direction.ts";
import { makeResult } from "../../reports/fixture-result.ts";

function entry(day: number, value: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    schema: HISTORY_ENTRY_SCHEMA,
    at: new Date(Date.UTC(2026, 0, day)).toISOString(),
    commit: `c${day}`,
    scenario: "shop",
    driver: null,
    label: "InProc",
    machine: "AMD",
    metrics: [{ key: "p50", label: "p50", unit: "ms", better: "low", value }],
    ...more,
  };
}

describe("an entry", () => {
  test("has the figures a run knows, with their intervals and which way is good, and nothing of its histograms", () => {
    const result = makeResult({ kind: "measured", samples: 500 });
    const made = entryOf(result);
    expect(made).toMatchObject({
      at: "2024-05-06T12:00:00.000Z",
      commit: result.environment.commit,
      scenario: "Lunch hour at a bookshop",
      driver: "journeys",
      label: "InProc, measured",
      machine: "Example CPU, 2 cores, linux x64",
    });
    const known = result.figures.filter(({ value }) => value !== null);
    expect(made.metrics.map(({ key }) => key)).toEqual([...known.map(({ key }) => key), "cpuMsPerRequest"]);
    const better = Object.fromEntries(made.metrics.map((metric) => [metric.key, metric.better]));
    expect(better).toMatchObject({
      responseMeanMs: "low",
      requestsPerSecond: "high",
      refusedShare: "low",
      coreUtilisation: "low",
      storedSessionsMean: null,
    });
    const mean = made.metrics.find(({ key }) => key === "responseMeanMs")!;
    expect(mean.low).toBeLessThan(mean.value);
    expect(JSON.stringify(made).length).toBeLessThan(4096);
  });

  test("of a simulation names no machine: its figures are the same on any", () => {
    expect(entryOf(makeResult({ samples: 500 })).machine).toBeNull();
  });
});

describe("versions of a scenario", () => {
  const result = makeResult({ samples: 500 });
  const { workload, run } = result.scenario;
  const edited = (scenario: Partial<typeof result.scenario>) =>
    setupOf({ ...result, scenario: { ...result.scenario, ...scenario } });

  test("differ in visitors, length or faults, and not in site, store, seed or the order of keys", () => {
    const setup = setupOf(result);
    expect(setup).toMatch(/^[0-9a-f]{16}$/);
    expect(edited({ workload: { ...workload, logoutShare: 0.2 } })).not.toBe(setup);
    expect(edited({ run: { ...run, durationMs: run.durationMs + 1 } })).not.toBe(setup);
    expect(edited({ run: { ...run, seed: 99 } })).toBe(setup);
    expect(edited({ site: { ...result.scenario.site, timeoutMs: 1 } })).toBe(setup);
    expect(edited({ workload: Object.fromEntries(Object.entries(workload).reverse()) as typeof workload })).toBe(setup);
  });

  test("before the newest are left out and told; entries that do not say stay", () => {
    const runs = [entry(1, 1), entry(2, 1, { setup: "a" }), entry(3, 1, { setup: "b" }), entry(4, 1, { setup: "b" })];
    const other = entry(5, 1, { setup: "a", label: "Redis" });
    const { entries, leftOut } = ofNewestSetups([...runs, other]);
    expect(entries).toEqual([runs[0], runs[2], runs[3], other]);
    expect(leftOut).toEqual([{ scenario: "shop", runs: 1, lastAt: runs[1]!.at }]);
  });
});

describe("series", () => {
  test("are put in order of time, and skip runs that lack the metric", () => {
    const [series] = seriesOf([entry(3, 30), entry(1, 10), entry(2, 0, { metrics: [] })]);
    expect(series!.points.map(({ value, commit }) => [value, commit])).toEqual([
      [10, "c1"],
      [30, "c3"],
    ]);
  });

  test("of another machine, label, scenario or unit are others", () => {
    const others = [
      entry(2, 1, { machine: "Intel" }),
      entry(2, 1, { machine: null }),
      entry(2, 1, { label: "Redis" }),
      entry(2, 1, { scenario: "bank" }),
      entry(2, 1, { metrics: [{ key: "p50", label: "p50", unit: "s", better: "low", value: 1 }] }),
    ];
    expect(seriesOf([entry(1, 1), ...others])).toHaveLength(1 + others.length);
  });

  test("a run is known by its time, commit and kind, whatever it measured", () => {
    expect(identityOf(entry(1, 1))).toBe(identityOf(entry(1, 2)));
    expect(identityOf(entry(1, 1))).not.toBe(identityOf(entry(1, 1, { label: "Redis" })));
  });
});

describe("a change for the worse", () => {
  function trend(levels: readonly number[], better: "low" | "high" = "low"): HistoryTrend {
    const changePoints = levels.slice(1).map((after, index) => {
      const before = levels[index]!;
      const worse = after > before === (better === "low");
      return {
        index: index + 1,
        afterCommit: null,
        byCommit: null,
        at: "",
        before,
        after,
        relative: after / before - 1,
        direction: worse ? ("worse" as const) : ("better" as const),
        pValue: 0.001,
      };
    });
    return { series: { ...seriesOf([entry(1, 1)])[0]!, better }, changePoints, outliers: [] };
  }

  test("stands until half of it is taken back", () => {
    const standing = (levels: readonly number[]) => standingRegressions(trend(levels)).map(({ index }) => index);
    expect(standing([10, 12])).toEqual([1]);
    expect(standing([10, 12, 11.5])).toEqual([1]);
    expect(standing([10, 12, 10.9])).toEqual([]);
    expect(standing([10, 12, 8])).toEqual([]);
    expect(standing([10, 12, 8, 9])).toEqual([3]);
    expect(standing([10, 12, 15])).toEqual([1, 2]);
    expect(standing([10, 12, 11.5, 13])).toEqual([1, 3]);
    expect(standing([10, 8])).toEqual([]);
  });

  test("that was taken back stands no more when the metric gets worse again", () => {
    const standing = (levels: readonly number[]) =>
      standingRegressions(trend(levels, "high")).map(({ index }) => index);
    expect(standing([100, 60, 99, 61, 98, 60])).toEqual([5]);
    expect(standing([100, 60, 99, 61, 98])).toEqual([]);
    expect(standing([100, 60, 70, 50])).toEqual([1, 3]);
  });

  test("of a metric that is good when high is one downwards", () => {
    expect(standingRegressions(trend([100, 80], "high"))).toHaveLength(1);
    expect(standingRegressions(trend([100, 120], "high"))).toHaveLength(0);
  });

  test("is told as a share of the level at the beginning", () => {
    expect(changeOverall(trend([10, 12, 11]))).toBeCloseTo(0.1);
    expect(changeOverall(trend([10]))).toBeNull();
  });

  test("must be the clearer the more metrics are looked at", () => {
    expect(surePValue([0.009], 1)).toBe(0.009);
    expect(surePValue([0.009], 2)).toBe(0);
    // Two that are clear carry a third: 3 × 0.01 / 10.
    expect(surePValue([0.0001, 0.0029, 0.0015, 0.5], 10)).toBe(0.0029);
    expect(surePValue([], 10)).toBe(0);
  });
});

test.each([
  ["ns/iter", "low"],
  ["µs", "low"],
  ["ms/op", "low"],
  ["seconds", "low"],
  ["bytes", "low"],
  ["B/op", "low"],
  ["MiB", "low"],
  ["allocs/op", "low"],
  ["ops/sec", "high"],
  ["iter/sec", "high"],
  ["MB/s", "high"],
  ["/s", "high"],
  ["ops/ms", "high"],
  ["items per second", "high"],
  ["rps", "high"],
  ["", null],
  ["share", null],
  ["%", null],
  ["points", null],
])("a metric in %o is good when %s", (unit, better) => {
  expect(directionOfUnit(unit)).toBe(better);
});
