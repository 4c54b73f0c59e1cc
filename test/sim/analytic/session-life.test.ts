// The life of a sliding session against the formulas for geometric visits, sums over all ways a short visit can go, and each other.

import { describe, expect, test } from "vitest";
import type { CountLaw, Law } from "../../../config/scenario.ts";
import { sessionLife } from "../../../sim/analytic/session-life.ts";
import { slidingSession } from "../../../sim/analytic/sliding-session.ts";
import { lawCdf } from "../../../workload/distributions.ts";
import { near } from "./near.ts";

const timeoutMs = 60_000;
const exponential: Law = { kind: "exponential", mean: 40_000 };

describe("a session of geometric visits and exponential think times", () => {
  const mean = 10;
  const q = 1 - 1 / mean;
  const F = 1 - Math.exp(-1.5);
  const s = q * F;
  // E[X; X < T] and E[X²; X < T] of the exponential law.
  const m = 40_000 * (1 - Math.exp(-1.5) * 2.5);
  const square = 40_000 ** 2 * (2 - Math.exp(-1.5) * (1.5 ** 2 + 2 * 1.5 + 2));
  const life = sessionLife({ requestsPerVisit: { kind: "geometric", mean }, thinkMs: exponential, timeoutMs });

  test("serves 1/(1 − s) requests and lives for T + qm/(1 − s)", () => {
    near(life.requestsMean, 1 / (1 - s), 1e-12);
    near(life.requestsVariance, s / (1 - s) ** 2, 1e-12);
    near(life.lifetimeMeanMs, timeoutMs + (q * m) / (1 - s), 1e-12);
  });

  test("varies by E[M] Var(Y) + Var(M) E[Y]²", () => {
    const varianceY = square / F - (m / F) ** 2;
    near(life.lifetimeVarianceMs2, (s / (1 - s)) * varianceY + (s / (1 - s) ** 2) * (m / F) ** 2, 1e-11);
  });

  test("ends in a gap with chance q(1 − F)/(1 − qF), and a visit has 1 + (E[K] − 1)(1 − F) sessions", () => {
    near(life.endedInGapShare, (q * (1 - F)) / (1 - q * F), 1e-12);
    near(life.sessionsPerVisit, 1 + 9 * (1 - F), 1e-12);
  });
});

/** Every way a visit of `gaps` gaps can go, short or long each: the runs of short ones are its sessions. */
function byEnumeration(gaps: number, short: number) {
  const sums = { sessions: 0, runs: 0, squares: 0 };
  for (let way = 0; way < 2 ** gaps; way++) {
    let chance = 1;
    const runs = [0];
    for (let gap = 0; gap < gaps; gap++) {
      if ((way >> gap) % 2 === 1) {
        chance *= short;
        runs[runs.length - 1]++;
      } else {
        chance *= 1 - short;
        runs.push(0);
      }
    }
    sums.sessions += chance * runs.length;
    sums.runs += chance * runs.reduce((sum, run) => sum + run, 0);
    sums.squares += chance * runs.reduce((sum, run) => sum + run * run, 0);
  }
  return sums;
}

test.each<CountLaw>([
  { kind: "fixed", value: 1 },
  { kind: "fixed", value: 2 },
  { kind: "fixed", value: 9 },
  { kind: "empirical", values: [1, 3, 8], weights: [5, 2, 1] },
])("visits of counted length are what all their ways add up to: %j", (requestsPerVisit) => {
  const [values, weights] =
    requestsPerVisit.kind === "empirical"
      ? [requestsPerVisit.values, requestsPerVisit.weights]
      : requestsPerVisit.kind === "fixed"
        ? [[requestsPerVisit.value], [1]]
        : [[], []];
  const short = lawCdf(exponential, timeoutMs);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const ways = values.map((value) => byEnumeration(value - 1, short));
  const over = (of: "sessions" | "runs" | "squares") =>
    ways.reduce((sum, way, i) => sum + (way[of] * weights[i]) / total, 0);
  const life = sessionLife({ requestsPerVisit, thinkMs: exponential, timeoutMs });
  const run = over("runs") / over("sessions");
  near(life.sessionsPerVisit, over("sessions"), 1e-12);
  near(life.requestsMean, 1 + run, 1e-12);
  near(1 + life.requestsVariance, 1 + over("squares") / over("sessions") - run * run, 1e-12);
});

test("a long count in weights of the geometric law is that law", () => {
  const mean = 4;
  const values = Array.from({ length: 400 }, (_, i) => i + 1);
  const weights = values.map((value) => (1 / mean) * (1 - 1 / mean) ** (value - 1));
  const geometric = sessionLife({ requestsPerVisit: { kind: "geometric", mean }, thinkMs: exponential, timeoutMs });
  const empirical = sessionLife({
    requestsPerVisit: { kind: "empirical", values, weights },
    thinkMs: exponential,
    timeoutMs,
  });
  near(empirical.requestsMean, geometric.requestsMean, 1e-9);
  near(empirical.requestsVariance, geometric.requestsVariance, 1e-9);
  near(empirical.lifetimeVarianceMs2, geometric.lifetimeVarianceMs2, 1e-9);
  near(empirical.endedInGapShare, geometric.endedInGapShare, 1e-9);
});

test.each<Law>([
  exponential,
  { kind: "lognormal", mean: 60_000, sigma: 1.5 },
  { kind: "pareto", min: 10_000, shape: 1.5 },
  { kind: "empirical", quantiles: [1000, 5000, 20_000, 90_000] },
  { kind: "constant", value: 60_000 },
  { kind: "constant", value: 60_001 },
])("lives as long as what a visit is live for, divided among its sessions: %j", (thinkMs) => {
  for (const requestsPerVisit of [
    { kind: "geometric", mean: 6 },
    { kind: "fixed", value: 6 },
  ] as const) {
    const life = sessionLife({ requestsPerVisit, thinkMs, timeoutMs });
    const visit = slidingSession({
      requestsMean: 6,
      thinkMs,
      timeoutMs,
      sweepMs: 0,
      revives: true,
      logoutShare: 0,
      singleShare: 0,
    });
    near(life.sessionsPerVisit, visit.sessionsPerVisit, 1e-12);
    // A gap too long for its session is live time up to the timeout, which every session has at its end.
    near(life.lifetimeMeanMs * life.sessionsPerVisit, visit.liveMsPerVisit, 1e-9);
  }
});

test("the variance is that of lives drawn one by one", () => {
  let state = 4321n;
  const draw = () => {
    state = (state * 25_214_903_917n + 11n) % 281_474_976_710_656n;
    return (Number(state) + 0.5) / 281_474_976_710_656;
  };
  let [count, sum, squares] = [0, 0, 0];
  for (let visit = 0; visit < 100_000; visit++) {
    let lifeMs = timeoutMs;
    const end = () => {
      count++;
      sum += lifeMs;
      squares += lifeMs * lifeMs;
      lifeMs = timeoutMs;
    };
    for (let gap = 0; gap < 7; gap++) {
      const thinkMs = -40_000 * Math.log(draw());
      if (thinkMs > timeoutMs) end();
      else lifeMs += thinkMs;
    }
    end();
  }
  const life = sessionLife({ requestsPerVisit: { kind: "fixed", value: 8 }, thinkMs: exponential, timeoutMs });
  near(sum / count, life.lifetimeMeanMs, 0.005);
  near(squares / count - (sum / count) ** 2, life.lifetimeVarianceMs2, 0.01);
});

test("a session that never ends has no life", () => {
  expect(() =>
    sessionLife({ requestsPerVisit: { kind: "fixed", value: 2 }, thinkMs: exponential, timeoutMs: 0 }),
  ).toThrow("timeoutMs is 0; expected a number above 0");
});
