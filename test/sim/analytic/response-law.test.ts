import { describe, expect, test } from "vitest";
import type { Law } from "../../../config/scenario.ts";
import { requestWorks } from "../../../sim/analytic/demands.ts";
import { latticeQuantile } from "../../../sim/analytic/lattice-law.ts";
import { md1WaitQuantile } from "../../../sim/analytic/md1.ts";
import { mg1 } from "../../../sim/analytic/mg1.ts";
import { mmc, mmcWaitQuantile } from "../../../sim/analytic/mmc.ts";
import { networkOf, responseMean, responseQuantiles } from "../../../sim/analytic/response-law.ts";
import { stationWait, waitLattice } from "../../../sim/analytic/station-wait.ts";
import { momentsOfSum } from "../../../sim/analytic/time-sum.ts";
import { lawQuantile } from "../../../workload/distributions.ts";
import { scenarioOf } from "../../scenario-of.ts";

const turnsOf = (law: Law, perMs: number) => [{ perMs, pieces: [{ law, times: 1 }] }];

describe("the wait before a station", () => {
  test.each([1, 3, 8])("of %i servers is that of M/M/c for exponential work, its mean and its quantiles", (servers) => {
    const wait = stationWait(servers, turnsOf({ kind: "exponential", mean: 2 }, 0.4 * servers));
    if (wait === null) throw new Error("the station has a balance");
    const input = { arrivalsPerSecond: 400 * servers, serviceSeconds: 0.002, servers };
    expect(wait.waitMeanMs / (mmc(input).waitSecondsMean * 1000)).toBeCloseTo(1, 12);
    const grid = { stepMs: 0.1, points: 900 };
    const lattice = waitLattice(wait, grid);
    for (const share of [0.8, 0.9, 0.99]) {
      const found = latticeQuantile(lattice, share, grid) ?? Number.NaN;
      expect(Math.abs(found - mmcWaitQuantile(input, share) * 1000)).toBeLessThan(grid.stepMs);
    }
  });

  test("of one server is that of M/D/1 for constant work, and of M/G/1 in the mean for any", () => {
    const constant = stationWait(1, turnsOf({ kind: "constant", value: 2 }, 0.35));
    if (constant === null) throw new Error("the station has a balance");
    const grid = { stepMs: 0.05, points: 900 };
    const lattice = waitLattice(constant, grid);
    for (const share of [0.5, 0.9, 0.99]) {
      const truth = md1WaitQuantile({ arrivalsPerSecond: 350, serviceSeconds: 0.002 }, share) * 1000;
      expect(Math.abs((latticeQuantile(lattice, share, grid) ?? Number.NaN) - truth)).toBeLessThan(0.02);
    }
    const law: Law = { kind: "lognormal", mean: 2, sigma: 1 };
    const { mean, square } = momentsOfSum([{ law, times: 1 }]);
    const truth = mg1({
      arrivalsPerSecond: 350,
      serviceSecondsMean: mean / 1000,
      serviceSecondsVariance: (square - mean * mean) / 1e6,
    });
    expect(stationWait(1, turnsOf(law, 0.35))?.waitMeanMs).toBeCloseTo(truth.waitSecondsMean * 1000, 9);
  });

  test("is none where more is asked than the servers can do, or the work has no variance", () => {
    expect(stationWait(2, turnsOf({ kind: "constant", value: 2 }, 1))).toBeNull();
    expect(stationWait(2, turnsOf({ kind: "pareto", min: 1, shape: 1.5 }, 0.1))).toBeNull();
  });
});

test("the response of M/M/1 is exponential, with the same mean", () => {
  const scenario = scenarioOf(`
site: { mode: Off, coresPerWorker: 1 }
workload: { arrivals: 300, requestsPerVisit: 1, pages: [{ name: a, share: 1, cpuMs: { kind: exponential, mean: 2 } }] }`);
  const bare = { kind: "constant" as const, value: 0 };
  const calibration = { ...scenario.calibration, requestCpuMs: bare, clientRoundTripMs: bare };
  const site = { ...scenario, calibration };
  const network = networkOf(site, requestWorks(site), { perSecond: 300, refusedPerSecond: 0 }, null);
  if (network === null) throw new Error("the site has a balance");
  expect(responseMean(network).meanMs).toBeCloseTo(5, 9);
  const shares = [0.5, 0.9, 0.95, 0.99, 0.999];
  const found = responseQuantiles(network, shares);
  for (const [i, share] of shares.entries()) {
    const truth = lawQuantile({ kind: "exponential", mean: 5 }, share);
    expect((found[i]?.valueMs ?? Number.NaN) / truth).toBeCloseTo(1, 2);
  }
});

test("moments of sums are those of their laws: of two exponentials, of a log-normal, of a cut law", () => {
  const two = momentsOfSum([
    { law: { kind: "exponential", mean: 1 }, times: 1 },
    { law: { kind: "exponential", mean: 1 }, times: 1 },
  ]);
  // Erlang's law of two stages: n (n + 1) …
  expect([two.mean, two.square, two.cube]).toEqual([2, 6, 24]);
  const cut = momentsOfSum([{ law: { kind: "exponential", mean: 3, max: 3 }, times: 2 }]);
  expect(cut.mean).toBeCloseTo(6 * (1 - 1 / Math.E), 9);
  // E[min(X, 3)²] = 18 (1 − 2/e).
  expect(cut.square / (4 * 18 * (1 - 2 / Math.E))).toBeCloseTo(1, 4);
});
