import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { erlangB, erlangBPlaces } from "../../../sim/analytic/erlang.ts";
import { createRareStudy, estimateRareRefusals } from "../../../sim/rare/rare-refusals.ts";
import { withRareRefusals } from "../../../sim/rare/with-rare-refusals.ts";
import { runReplication } from "../../../sim/run-replication.ts";
import { simulate } from "../../../sim/simulate.ts";
import { replicationSeed } from "../../../workload/random-stream.ts";
import { scenarioOf } from "../../scenario-of.ts";

/** A site with a timeout of 20 minutes whose visitors browse for 4.5: 1470 s a visit. */
const STAY_SECONDS = 1470;

interface Choice {
  readonly erlangs: number;
  readonly cap: number;
  readonly seed?: number;
  readonly site?: string;
  readonly run?: string;
}

function erlangScenario({ erlangs, cap, seed = 1, site = "expirySweepSeconds: 0", run = "" }: Choice): Scenario {
  return scenarioOf(`
site: { mode: StateServer, timeoutMinutes: 20, sessionsMax: ${cap}, ${site} }
workload:
  arrivals: { kind: poisson, perSecond: ${erlangs / STAY_SECONDS} }
  requestsPerVisit: { kind: geometric, mean: 10 }
  thinkSeconds: { kind: exponential, mean: 30 }
run: { fidelity: population, durationMinutes: 480, warmupMinutes: 360, seed: ${seed}${run} }
`);
}

/** Refused share of many plain runs, and its standard error. */
function plainShare(scenario: Scenario, replications: number) {
  const each = Array.from(
    { length: replications },
    (_, i) => runReplication(scenario, replicationSeed(99, i)).measured,
  );
  const attempts = each.reduce((sum, { arrivals }) => sum + arrivals, 0);
  const share = each.reduce((sum, { refused }) => sum + refused, 0) / attempts;
  const squares = each.reduce((sum, { refused, arrivals }) => sum + (refused - share * arrivals) ** 2, 0);
  return { share, error: Math.sqrt(squares) / attempts };
}

describe("the estimate of rare refusals", () => {
  test.each([
    { erlangs: 10, share: 1e-6 },
    { erlangs: 50, share: 1e-9 },
    { erlangs: 100, share: 1e-4 },
    { erlangs: 500, share: 1e-6 },
  ])("holds what Erlang B says of $erlangs erlangs refused to $share", ({ erlangs, share }) => {
    const cap = erlangBPlaces(erlangs, share);
    const truth = erlangB(cap, erlangs);
    const { value, interval } = estimateRareRefusals(erlangScenario({ erlangs, cap }), {
      relativeHalfWidth: 0.2,
    }).share;
    expect(interval?.low).toBeLessThan(truth);
    expect(interval?.high).toBeGreaterThan(truth);
    expect(interval?.low).toBeLessThan(value);
    expect(interval?.high).toBeGreaterThan(value);
  });

  test("finds more refused where places are given back by a sweep: just before it the store is fuller", () => {
    const cap = erlangBPlaces(50, 1e-6);
    const scenario = erlangScenario({ erlangs: 50, cap, site: "expirySweepSeconds: 300" });
    const { share } = estimateRareRefusals(scenario, { relativeHalfWidth: 0.2 });
    // Kept for half a sweep longer on the average.
    const longer = erlangB(cap, (50 * (STAY_SECONDS + 150)) / STAY_SECONDS);
    expect(share.interval?.low).toBeGreaterThan(longer);
  });

  test.each([
    [
      "late returns to a job's store",
      "mode: SQLServer, timeoutMinutes: 3, sessionsMax: 40",
      "lognormal, mean: 100, sigma: 1",
      "",
    ],
    [
      "retries",
      "mode: StateServer, timeoutMinutes: 3, sessionsMax: 31",
      "exponential, mean: 30",
      "whenRefused: { kind: retry, afterSeconds: { kind: constant, value: 20 }, attemptsMax: 3 }",
    ],
    [
      "two worker processes without affinity",
      "mode: InProc, timeoutMinutes: 3, sessionsMax: 26, workersPerServer: 2, affinity: false",
      "exponential, mean: 30",
      "",
    ],
    ["logouts", "mode: StateServer, timeoutMinutes: 3, sessionsMax: 27", "exponential, mean: 30", "logoutShare: 0.5"],
    [
      "a site that fills up, more visitors all the time",
      "mode: StateServer, timeoutMinutes: 3, sessionsMax: 30",
      "exponential, mean: 30",
      "arrivals: { kind: ramp, fromPerSecond: 0.02, toPerSecond: 0.13, overMinutes: 60 }",
    ],
  ])("agrees with plain runs under %s", (_, site, think, more) => {
    const scenario = scenarioOf(`
site: { ${site} }
workload: { ${more.includes("arrivals") ? "" : "arrivals: { kind: poisson, perSecond: 0.08 }, "}requestsPerVisit: { kind: geometric, mean: 5 }, thinkSeconds: { kind: ${think} }${more === "" ? "" : `, ${more}`} }
run: { fidelity: population, durationMinutes: 60, warmupMinutes: 20, seed: 3 }
`);
    const rare = estimateRareRefusals(scenario, { relativeHalfWidth: 0.1, visitsMax: 6e5 });
    const plain = plainShare(scenario, 800);
    const { value, interval } = rare.share;
    const error = ((interval?.high ?? Number.NaN) - (interval?.low ?? Number.NaN)) / 4;
    expect(Math.abs(value - plain.share)).toBeLessThan(3 * Math.hypot(error, plain.error));
    expect(plain.error).toBeLessThan(plain.share / 4);
  });

  test("is that of plain runs where the cap is below what is stored, and nothing is rare", () => {
    const { share } = estimateRareRefusals(erlangScenario({ erlangs: 20, cap: 15 }), { relativeHalfWidth: 0.05 });
    expect(share.value).toBeGreaterThan(0.9 * erlangB(15, 20));
    expect(share.value).toBeLessThan(1.1 * erlangB(15, 20));
  });

  test("is known the better the more runs there are", () => {
    const study = createRareStudy(erlangScenario({ erlangs: 20, cap: 48 }), { relativeHalfWidth: 0.001 });
    study.step();
    const first = study.estimate();
    for (let step = 0; step < 3; step++) study.step();
    const last = study.estimate();
    expect(last.runs).toBeGreaterThan(2 * first.runs);
    expect(last.relativeHalfWidth).toBeLessThan(0.75 * (first.relativeHalfWidth ?? 0));
    expect(study.done).toBe(false);
  });

  test("is the same for the same seed, another for another", () => {
    const of = (seed: number) =>
      estimateRareRefusals(erlangScenario({ erlangs: 20, cap: 48, seed }), { relativeHalfWidth: 0.3 });
    expect(of(4)).toEqual(of(4));
    expect(of(4).share.value).not.toBe(of(5).share.value);
  });

  test("gives up after the visits allowed, and says so", () => {
    const rare = estimateRareRefusals(erlangScenario({ erlangs: 500, cap: 620 }), {
      relativeHalfWidth: 0.001,
      visitsMax: 3e5,
    });
    expect(rare.reached).toBe(false);
    expect(rare.visits).toBeGreaterThan(3e5);
  });

  test("becomes the figure by which a target is judged", () => {
    const plain = erlangScenario({ erlangs: 20, cap: 48 });
    const scenario = { ...plain, targets: [{ figure: "refusedShare", atMost: 1e-9 }] };
    const result = simulate(scenario);
    const rare = estimateRareRefusals(scenario, { relativeHalfWidth: 0.3 });
    const figureOf = (key: string) => withRareRefusals(result, rare, 0.1).figures.find((one) => one.key === key);
    expect(result.targets[0].met).toBe(true);
    const judged = withRareRefusals(result, rare, 0.1);
    expect(judged.targets[0]).toMatchObject({ value: rare.share.value, met: false });
    expect(figureOf("refusedShare")).toMatchObject({ value: rare.share.value, interval: rare.share.interval });
    expect(judged.precision).toEqual([{ figure: "refusedShare", asked: 0.1, reached: rare.relativeHalfWidth }]);
    expect(judged.audit.findings).toEqual(result.audit.findings);
    const short = withRareRefusals(result, { ...rare, reached: false }, 0.01);
    expect(short.audit.verdict).toBe("doubtful");
    expect(short.audit.findings.at(-1)).toContain("Asked for refusedShare to ±1 %, reached");
  });
});

describe("a scenario that cannot be treated", () => {
  const treatable = erlangScenario({ erlangs: 20, cap: 48 });

  function problemsOf(scenario: Scenario): readonly string[] {
    try {
      createRareStudy(scenario);
    } catch (error) {
      if (error instanceof InputError) return error.problems.map(({ at }) => at);
      throw error;
    }
    return [];
  }

  test("is refused with all that stands in the way", () => {
    const { site, workload, run } = treatable;
    expect(
      problemsOf({
        ...treatable,
        site: { ...site, mode: "InProc", sessionsMax: 4_294_967_295, recycleEveryMs: 3_600_000 },
        workload: { ...workload, arrivals: { kind: "constant", perSecond: 1 }, withoutCookiesShare: 0.1 },
        run: { ...run, fidelity: "requests" },
      }),
    ).toEqual([
      "run.fidelity",
      "site.sessionsMax",
      "workload.arrivals.kind",
      "workload.withoutCookiesShare",
      "site.recycleEveryMinutes and faults",
    ]);
  });

  test("may be one without sessions, without visits, or measured for less than a sweep", () => {
    const { site, workload, run } = treatable;
    expect(problemsOf({ ...treatable, site: { ...site, mode: "Off" } })).toEqual(["the mode of the site"]);
    const nobody = { ...workload, arrivals: { kind: "poisson", perSecond: 0 } } as const;
    expect(problemsOf({ ...treatable, workload: nobody })).toEqual(["workload.arrivals"]);
    const late = { kind: "burst", perSecond: 0, burstPerSecond: 1, burstAtMs: 0, burstMs: 1000 } as const;
    expect(problemsOf({ ...treatable, workload: { ...workload, arrivals: late } })).toEqual(["workload.arrivals"]);
    const short = { ...run, warmupMs: run.durationMs - 1000 };
    expect(problemsOf({ ...treatable, site: { ...site, expirySweepMs: 20_000 }, run: short })).toEqual([
      "run.durationMinutes",
    ]);
  });
});
