// The queues of one station against the sums they come from: balance of each state, worked out number by number.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { engset } from "../../../sim/analytic/engset.ts";
import { erlangB } from "../../../sim/analytic/erlang.ts";
import { machineRepair } from "../../../sim/analytic/machine-repair.ts";
import { md1, md1WaitCdf, md1WaitQuantile } from "../../../sim/analytic/md1.ts";
import { mg1 } from "../../../sim/analytic/mg1.ts";
import { mm1k } from "../../../sim/analytic/mm1k.ts";
import { mmc, mmcWaitQuantile, mmcWaitTail } from "../../../sim/analytic/mmc.ts";
import { poissonCdf, poissonPmf, poissonQuantile } from "../../../sim/analytic/poisson.ts";
import { near } from "./near.ts";

fc.configureGlobal({ seed: 1917 });

/** Shares of time of a birth and death chain: flow up from n is flow down from n + 1. */
function balance(states: number, up: (n: number) => number, down: (n: number) => number): number[] {
  const weights = [1];
  for (let n = 0; n + 1 < states; n++) weights.push((weights[n] * up(n)) / down(n + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const mean = (shares: readonly number[], of: (n: number) => number) =>
  shares.reduce((sum, share, n) => sum + share * of(n), 0);

describe("the Poisson law", () => {
  test("is what the formula says for small means, and sums to 1", () => {
    near(poissonPmf(3, 2), (Math.exp(-2) * 8) / 6, 1e-14);
    near(poissonPmf(20, 10), 0.0018660813139987742, 1e-14);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), (average) => {
        const n = Math.round(average);
        let sum = 0;
        for (let k = 0; k <= n; k++) sum += poissonPmf(k, average);
        near(poissonCdf(n, average), sum, 1e-11);
        near(poissonPmf(n + 1, average) / poissonPmf(n, average), average / (n + 1), 1e-11);
      }),
      { numRuns: 30 },
    );
  });

  test("the quantile is the least number that is enough", () => {
    for (const average of [0.3, 10, 73_500]) {
      const n = poissonQuantile(0.999, average);
      expect(poissonCdf(n, average)).toBeGreaterThanOrEqual(0.999);
      expect(poissonCdf(n - 1, average)).toBeLessThan(0.999);
    }
    expect([poissonQuantile(0, 5), poissonQuantile(0.9, 0)]).toEqual([0, 0]);
  });
});

describe("M/M/c", () => {
  test("agrees with the sums over its states", () => {
    for (const [servers, use] of [
      [1, 0.5],
      [3, 0.9],
      [10, 0.8],
      [40, 0.97],
    ]) {
      const arrivalsPerSecond = 5;
      const serviceSeconds = (use * servers) / arrivalsPerSecond;
      const shares = balance(
        4000,
        () => arrivalsPerSecond,
        (n) => Math.min(n, servers) / serviceSeconds,
      );
      const form = mmc({ arrivalsPerSecond, serviceSeconds, servers });
      near(
        form.waitShare,
        mean(shares, (n) => (n >= servers ? 1 : 0)),
        1e-9,
      );
      near(
        form.queueMean,
        mean(shares, (n) => Math.max(0, n - servers)),
        1e-9,
      );
      near(
        form.customersMean,
        mean(shares, (n) => n),
        1e-9,
      );
      // Little's law.
      near(form.queueMean, arrivalsPerSecond * form.waitSecondsMean, 1e-12);
      near(form.customersMean, arrivalsPerSecond * form.responseSecondsMean, 1e-12);
    }
  });

  // Source: D. Gross, C. M. Harris, Fundamentals of Queueing Theory, the eye clinic: 6 an hour, 3 doctors of 20 minutes each.
  test("the clinic of three doctors: 0.889 wait, 2.89 are there, each for 28.9 minutes", () => {
    const form = mmc({ arrivalsPerSecond: 6 / 3600, serviceSeconds: 1200, servers: 3 });
    expect(form.queueMean.toFixed(3)).toBe("0.889");
    expect(form.customersMean.toFixed(2)).toBe("2.89");
    expect((form.responseSecondsMean / 60).toFixed(1)).toBe("28.9");
  });

  test("the tail at a quantile is what the quantile leaves, and the tails sum to the mean", () => {
    const input = { arrivalsPerSecond: 8, serviceSeconds: 1, servers: 10 };
    for (const probability of [0.6, 0.95, 0.999]) {
      near(mmcWaitTail(input, mmcWaitQuantile(input, probability)), 1 - probability, 1e-12);
    }
    expect(mmcWaitQuantile(input, 0.5)).toBe(0);
    near(mmcWaitTail(input, 0), mmc(input).waitShare, 1e-15);
  });
});

describe("M/M/1/K", () => {
  test("agrees with the balance of its states at any load, 1 and near it too", () => {
    for (const places of [1, 2, 7, 100]) {
      for (const load of [0.01, 0.5, 0.99, 1 - 1e-7, 1, 1 + 1e-7, 1.01, 1.5, 20]) {
        const serviceSeconds = load / 3;
        const shares = balance(
          places + 1,
          () => 3,
          () => 1 / serviceSeconds,
        );
        const form = mm1k({ arrivalsPerSecond: 3, serviceSeconds, places });
        near(form.refusedShare, shares[places], 1e-9);
        near(form.utilisation, 1 - shares[0], 1e-9);
        near(
          form.customersMean,
          mean(shares, (n) => n),
          1e-9,
        );
        near(form.customersMean, form.servedPerSecond * form.responseSecondsMean, 1e-9);
      }
    }
  });

  test("with room for one is Erlang B on one place, and with room for a billion M/M/1", () => {
    near(mm1k({ arrivalsPerSecond: 2, serviceSeconds: 1, places: 1 }).refusedShare, erlangB(1, 2), 1e-12);
    near(mm1k({ arrivalsPerSecond: 0.9, serviceSeconds: 1, places: 1e9 }).customersMean, 9, 1e-9);
    near(mm1k({ arrivalsPerSecond: 2, serviceSeconds: 1, places: 1e9 }).refusedShare, 0.5, 1e-12);
  });
});

describe("machine repair", () => {
  test("agrees with the balance of its states", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        (machines, repairers, repairSeconds) => {
          const upSeconds = 4;
          const shares = balance(
            machines + 1,
            (n) => (machines - n) / upSeconds,
            (n) => Math.min(n, repairers) / repairSeconds,
          );
          const form = machineRepair({ machines, repairers, upSeconds, repairSeconds });
          near(
            form.downMean,
            mean(shares, (n) => n),
            1e-9,
          );
          near(
            form.repairersBusyMean,
            mean(shares, (n) => Math.min(n, repairers)),
            1e-9,
          );
          near(1 + form.queueMean, 1 + mean(shares, (n) => Math.max(0, n - repairers)), 1e-9);
        },
      ),
    );
  });

  test("who fails finds what the others, without him, make of the repairers", () => {
    const others = balance(
      6,
      (n) => (5 - n) / 4,
      (n) => Math.min(n, 2) / 3,
    );
    const form = machineRepair({ machines: 6, repairers: 2, upSeconds: 4, repairSeconds: 3 });
    near(
      form.waitShare,
      mean(others, (n) => (n >= 2 ? 1 : 0)),
      1e-12,
    );
  });

  test("a million machines and a hundred repairers neither overflow nor drag", () => {
    const form = machineRepair({ machines: 1e6, repairers: 100, upSeconds: 3, repairSeconds: 1 });
    near(form.repairsPerSecond, 100, 1e-9);
    near(form.downMean, 1e6 - 300, 1e-9);
  });
});

describe("Engset", () => {
  // Source: V. B. Iversen, Teletraffic Engineering Handbook (ITU-D), Engset's loss system, 3 places, 4 sources, α = 1/3.
  test("of 4 sources on 3 places is known as fractions: E = 4/85, B = 1/64", () => {
    const form = engset(3, 4, 1 / 3);
    near(form.timeCongestion, 4 / 85, 1e-14);
    near(form.callCongestion, 1 / 64, 1e-14);
  });

  test("agrees with the balance of its states", () => {
    const shares = balance(
      31,
      (n) => (100 - n) * 0.4,
      (n) => n,
    );
    const form = engset(30, 100, 0.4);
    near(form.timeCongestion, shares[30], 1e-12);
    near(
      form.carriedErlangs,
      mean(shares, (n) => n),
      1e-12,
    );
    const asked = mean(shares, (n) => (100 - n) * 0.4);
    near(form.callCongestion, (70 * 0.4 * shares[30]) / asked, 1e-12);
  });

  test("becomes Erlang B as the sources grow without end and each asks ever less", () => {
    near(engset(10, 1e12, 10 / 1e12).timeCongestion, erlangB(10, 10), 1e-9);
    near(engset(80, 1e12, 73 / 1e12).callCongestion, erlangB(80, 73), 1e-9);
  });

  test("refuses nobody where there are places for all", () => {
    expect(engset(5, 5, 2).callCongestion).toBe(0);
    expect(engset(6, 5, 2)).toEqual({ timeCongestion: 0, callCongestion: 0, carriedErlangs: 10 / 3 });
  });
});

describe("M/G/1", () => {
  test("with exponential services is M/M/1, its variance too", () => {
    for (const use of [0.1, 0.8, 0.99]) {
      const [mm1, form] = [
        mmc({ arrivalsPerSecond: use / 2, serviceSeconds: 2, servers: 1 }),
        mg1({
          arrivalsPerSecond: use / 2,
          serviceSecondsMean: 2,
          serviceSecondsVariance: 4,
          serviceSecondsThirdMoment: 48,
        }),
      ];
      near(form.waitSecondsMean, mm1.waitSecondsMean, 1e-9);
      near(form.customersMean, mm1.customersMean, 1e-9);
      // The response of M/M/1 is exponential.
      near(form.responseSecondsVariance ?? 0, mm1.responseSecondsMean ** 2, 1e-9);
    }
  });

  test("with constant services is M/D/1, which waits half as long as M/M/1", () => {
    const form = mg1({ arrivalsPerSecond: 0.4, serviceSecondsMean: 2, serviceSecondsVariance: 0 });
    const constant = md1({ arrivalsPerSecond: 0.4, serviceSeconds: 2 });
    near(constant.waitSecondsMean, form.waitSecondsMean, 1e-15);
    near(
      2 * constant.waitSecondsMean,
      mmc({ arrivalsPerSecond: 0.4, serviceSeconds: 2, servers: 1 }).waitSecondsMean,
      1e-12,
    );
  });
});

describe("the wait of M/D/1", () => {
  /** The textbook sum, Erlang 1909: good for short waits, where its terms are small. */
  const bySum = (load: number, services: number) => {
    let sum = 0;
    for (let k = 0; k <= services; k++) {
      let part = (1 - load) * Math.exp(load * (services - k));
      for (let j = 1; j <= k; j++) part *= (load * (k - services)) / j;
      sum += part;
    }
    return sum;
  };
  test("follows the law of the textbook sum", () => {
    for (const load of [0.05, 0.5, 0.9, 0.99]) {
      for (const services of [0, 0.25, 0.999, 1, 1.5, 3.7, 6]) {
        near(md1WaitCdf({ arrivalsPerSecond: load / 2, serviceSeconds: 2 }, services * 2), bySum(load, services), 1e-9);
      }
    }
  });

  test("goes over into its tail without a step, and has the mean of Pollaczek and Khinchine", () => {
    for (const load of [0.2, 0.5, 0.8, 0.95, 0.999]) {
      const input = { arrivalsPerSecond: load, serviceSeconds: 1 };
      const [before, after] = [md1WaitCdf(input, 20 * (1 - 1e-12)), md1WaitCdf(input, 20)];
      expect(Math.abs(after - before)).toBeLessThan(1e-11);
      const pieces = 20_000;
      const end = 40 / (1 - load);
      let area = 0;
      for (let i = 0; i < pieces; i++) area += ((1 - md1WaitCdf(input, ((i + 0.5) * end) / pieces)) * end) / pieces;
      near(area, md1(input).waitSecondsMean, 1e-3);
    }
  });

  test("the quantile undoes it", () => {
    const input = { arrivalsPerSecond: 0.9, serviceSeconds: 1 };
    for (const probability of [0.11, 0.5, 0.9, 0.99, 0.99999]) {
      near(md1WaitCdf(input, md1WaitQuantile(input, probability)), probability, 1e-12);
    }
    expect(md1WaitQuantile(input, 0.05)).toBe(0);
  });
});

test.each([
  [
    "more work than servers",
    () => mmc({ arrivalsPerSecond: 3, serviceSeconds: 1, servers: 2 }),
    "is 3; expected below 2",
  ],
  ["no server", () => mmc({ arrivalsPerSecond: 1, serviceSeconds: 1, servers: 0 }), "servers is 0"],
  ["a service without time", () => mm1k({ arrivalsPerSecond: 1, serviceSeconds: 0, places: 3 }), "serviceSeconds is 0"],
  ["no machine", () => machineRepair({ machines: 0, repairers: 1, upSeconds: 1, repairSeconds: 1 }), "machines is 0"],
  ["half a source", () => engset(1, 0.5, 1), "sources is 0.5"],
  [
    "a variance below 0",
    () => mg1({ arrivalsPerSecond: 1, serviceSecondsMean: 0.1, serviceSecondsVariance: -1 }),
    "-1",
  ],
  [
    "moments of no law",
    () =>
      mg1({
        arrivalsPerSecond: 1,
        serviceSecondsMean: 0.1,
        serviceSecondsVariance: 0.01,
        serviceSecondsThirdMoment: 1e-6,
      }),
    "serviceSecondsThirdMoment is 0.000001; expected at least",
  ],
  [
    "a certainty",
    () => md1WaitQuantile({ arrivalsPerSecond: 1, serviceSeconds: 0.5 }, 1),
    "probability is 1; expected a share from 0 to below 1",
  ],
])("impossible input is refused by name: %s", (_, formula, message) => {
  expect(formula).toThrow(InputError);
  expect(formula).toThrow(message);
});
