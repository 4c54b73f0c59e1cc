import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import type { Arrivals, Law, Run, Scenario, Site, Workload } from "../../../config/scenario.ts";
import { assertConserved } from "../../../metrics/summarise.ts";
import { expectedVisits, mostVisitsWithin } from "../../../sim/predict/expected-visits.ts";
import { predictReplication } from "../../../sim/predict/predict-replication.ts";
import { predictRun, refuseOversized } from "../../../sim/predict/predict-run.ts";
import { runReplication, simulate } from "../../../sim/simulate.ts";
import { createArrivals } from "../../../workload/arrivals.ts";
import { scenarioOf } from "../../scenario-of.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe("expected visits", () => {
  const laws: readonly [string, Arrivals][] = [
    ["poisson", { kind: "poisson", perSecond: 20 }],
    ["constant", { kind: "constant", perSecond: 20 }],
    ["ramp", { kind: "ramp", fromPerSecond: 2, toPerSecond: 30, overMs: 20 * MINUTE_MS }],
    ["step", { kind: "step", fromPerSecond: 5, byPerSecond: 4, everyMs: 7 * MINUTE_MS, toPerSecond: 20 }],
    ["profile", { kind: "profile", perHour: [9_000, 50_000, 20_000], startHour: 2.5 }],
    ["burst", { kind: "burst", perSecond: 5, burstPerSecond: 60, burstAtMs: 11 * MINUTE_MS, burstMs: 5 * MINUTE_MS }],
    ["trace", { kind: "trace", atMs: Array.from({ length: 20_000 }, (_, n) => n * 150) }],
  ];
  test.each(laws)("of a %s are those that come, within the luck of it", (_, arrivals) => {
    for (const untilMs of [5 * MINUTE_MS, 13 * MINUTE_MS, HOUR_MS]) {
      const source = createArrivals(arrivals, 1);
      let came = 0;
      while (source.nextAtMs() < untilMs) came++;
      const expected = expectedVisits(arrivals, untilMs);
      expect(Math.abs(came - expected)).toBeLessThan(1 + 4 * Math.sqrt(expected));
    }
  });

  test("are most in the window that holds the whole burst", () => {
    const burst = {
      kind: "burst",
      perSecond: 1,
      burstPerSecond: 11,
      burstAtMs: HOUR_MS / 2,
      burstMs: MINUTE_MS,
    } as const;
    expect(mostVisitsWithin(burst, 10 * MINUTE_MS, HOUR_MS)).toBeCloseTo(600 + 600, 6);
  });
});

describe("the events predicted", () => {
  const cases: readonly [string, string][] = [
    ["population", "workload: { arrivals: 5 }\nrun: { fidelity: population, durationMinutes: 240 }"],
    [
      "a cap that refuses a fifth",
      "site: { sessionsMax: 6000 }\nworkload: { arrivals: 5 }\nrun: { fidelity: population, durationMinutes: 240 }",
    ],
    [
      "clients without cookies",
      "workload: { arrivals: 5, withoutCookiesShare: 0.3 }\nrun: { fidelity: population, durationMinutes: 120 }",
    ],
    ["requests in process", "site: { coresPerWorker: 4 }\nworkload: { arrivals: 5 }\nrun: { durationMinutes: 60 }"],
    ["requests to SQL Server", "site: { mode: SQLServer }\nworkload: { arrivals: 3 }\nrun: { durationMinutes: 60 }"],
    [
      "pages that send several requests",
      "site: { coresPerWorker: 40 }\nworkload: { arrivals: 1, parallel: { share: 0.3, requests: 5 } }\nrun: { durationMinutes: 60 }",
    ],
    [
      "refused visitors who try again",
      "site: { sessionsMax: 0 }\nworkload: { arrivals: 5, whenRefused: { kind: retry, afterSeconds: 5, attemptsMax: 9 } }\nrun: { durationMinutes: 60 }",
    ],
  ];
  test.each(cases)("are within a tenth of those that happen: %s", (_, text) => {
    const scenario = scenarioOf(text);
    const { requests, expired, abandoned, lost, lockPolls } = runReplication(scenario, 3).counters;
    const happened = requests + expired + abandoned + lost + lockPolls;
    expect(predictReplication(scenario).events / happened).toBeGreaterThan(0.9);
    expect(predictReplication(scenario).events / happened).toBeLessThan(1.1);
  });

  test("threads divide the time and share the memory of replications that run side by side", () => {
    const scenario = scenarioOf("workload: { arrivals: 50 }\nrun: { replications: 4 }");
    const [one, two] = [predictRun(scenario, 1), predictRun(scenario, 2)];
    expect(two.seconds).toBe(one.seconds / 2);
    expect(two.bytes).toBeGreaterThan(one.bytes);
    expect(predictRun(scenario, 9)).toEqual(predictRun(scenario, 4));
  });
});

const YEAR_MS = 8766 * HOUR_MS;
const limits = { bytesMax: 4e9, secondsMax: 24 * 3600 };
const hour = scenarioOf(
  "workload: { arrivals: 0.2 }\nrun: { durationMinutes: 60, warmupMinutes: 10, replications: 2 }",
);

interface Changes {
  readonly site?: Partial<Site>;
  readonly workload?: Partial<Workload>;
  readonly run?: Partial<Run>;
}

function changed({ site, workload, run }: Changes): Scenario {
  return {
    ...hour,
    site: { ...hour.site, ...site },
    workload: { ...hour.workload, ...workload },
    run: { ...hour.run, ...run },
  };
}

const constant = (value: number): Law => ({ kind: "constant", value });
const poisson = (perSecond: number): Arrivals => ({ kind: "poisson", perSecond });
const retry = (attemptsMax: number) => ({ kind: "retry", afterMs: constant(0), attemptsMax }) as const;
const parallel = { share: 1, requests: 63, spacingMs: 0 };
const bothFidelities = ["population", "requests"] as const;

describe.each(bothFidelities)("an absurd scenario at fidelity %s", (fidelity) => {
  const asked = (changes: Changes) => changed({ ...changes, run: { ...changes.run, fidelity } });

  const refused: readonly [string, Changes][] = [
    ["a billion visits a second", { workload: { arrivals: poisson(1e9) } }],
    ["a century of a busy site, sampled every minute", { run: { durationMs: 100 * YEAR_MS, sampleMs: MINUTE_MS } }],
    ["a sample a millisecond for a year", { run: { durationMs: YEAR_MS, sampleMs: 1 } }],
    ["a billion replications", { run: { replications: 1e9 } }],
    ["a trillion tries of everybody refused", { site: { sessionsMax: 0 }, workload: { whenRefused: retry(1e12) } }],
    ["a recycle a microsecond", { site: { recycleEveryMs: 1e-3 } }],
    [
      "a rate that climbs a billion times an hour",
      { workload: { arrivals: { kind: "step", fromPerSecond: 0, byPerSecond: 1e-9, everyMs: 1e-3, toPerSecond: 9 } } },
    ],
  ];
  test.each(refused)("%s: is refused at once, with the memory and time it would take", (_, changes) => {
    const startedAtMs = performance.now();
    expect(() => refuseOversized(asked(changes), 1, limits)).toThrow(InputError);
    expect(() => refuseOversized(asked(changes), 1, limits)).toThrow(/about .* events|changes [0-9]/);
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  const feasible: readonly [string, Changes][] = [
    ["no think time", { workload: { thinkMs: constant(0) } }],
    ["think times of a picosecond", { workload: { thinkMs: { kind: "exponential", mean: 1e-9 } } }],
    ["think times of ages", { workload: { thinkMs: { kind: "exponential", mean: 1e300 } } }],
    ["think times without a mean", { workload: { thinkMs: { kind: "pareto", min: 1, shape: 0.1 } } }],
    ["a timeout of nothing", { site: { timeoutMs: 0 } }],
    ["a timeout shorter than a sweep", { site: { timeoutMs: 1 } }],
    ["no timeout", { site: { timeoutMs: null } }],
    ["a cap of 0", { site: { sessionsMax: 0 } }],
    ["a cap of 0 and visitors who insist", { site: { sessionsMax: 0 }, workload: { whenRefused: retry(100) } }],
    ["a trillion requests a visit", { workload: { requestsPerVisit: { kind: "fixed", value: 1e12 } } }],
    ["no arrivals in a trace", { workload: { arrivals: { kind: "trace", atMs: [] } } }],
    ["all visits at the very start", { workload: { arrivals: { kind: "trace", atMs: [0, 0, 0] } } }],
    [
      "a burst of a moment",
      {
        workload: { arrivals: { kind: "burst", perSecond: 0, burstPerSecond: 1e5, burstAtMs: 1000, burstMs: 10 } },
      },
    ],
    ["63 requests a page at once", { workload: { arrivals: poisson(0.005), parallel } }],
    [
      "a century with a visit a year",
      {
        workload: { arrivals: poisson(1 / 31_557_600) },
        run: { durationMs: 100 * YEAR_MS, warmupMs: YEAR_MS, sampleMs: YEAR_MS },
        site: { expirySweepMs: HOUR_MS },
      },
    ],
    ["a hundred thousand times faster", { run: { timeScale: 100_000 } }],
    ["sessions that never fit a number", { workload: { stateBytes: constant(1e15) } }],
    [
      "pages that take an age of a core",
      {
        workload: { pages: hour.workload.pages.map((page) => ({ ...page, cpuMs: constant(1e12) })) },
      },
    ],
    ["nobody with cookies", { workload: { withoutCookiesShare: 1 } }],
  ];
  test.each(feasible)("%s: runs, its sums add up and its figures are numbers", (_, changes) => {
    const scenario = asked(changes);
    refuseOversized(scenario, 1, limits);
    const { counters, measured, figures, series } = simulate(scenario);
    assertConserved(counters);
    const numbers = [
      ...Object.values(counters),
      ...Object.values(measured),
      ...figures.map(({ value }) => value),
      ...Object.values(series.columns).flat(),
    ].filter((value) => typeof value === "number");
    expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
    expect(series.atMs.length).toBeGreaterThan(10);
  });
});

test("a visit of a trillion requests goes on to the end of the run in both fidelities", () => {
  const endless = { workload: { requestsPerVisit: { kind: "fixed", value: 1e12 } as const } };
  const [walked, lived] = bothFidelities.map(
    (fidelity) => runReplication(changed({ ...endless, run: { fidelity } }), 1).counters.requests,
  );
  expect(Math.abs(lived / walked - 1)).toBeLessThan(0.02);
});
