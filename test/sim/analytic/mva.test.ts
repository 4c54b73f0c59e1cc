// Mean value analysis against the other ways to solve a closed network: balance of one station, and Buzen's convolution.

import fc from "fast-check";
import { expect, test } from "vitest";
import { machineRepair } from "../../../sim/analytic/machine-repair.ts";
import { mva } from "../../../sim/analytic/mva.ts";
import { near } from "./near.ts";

fc.configureGlobal({ seed: 1917 });

/** Throughput by Buzen's convolution, 1973: G(n) of queues and one delay. */
function convolution(customers: number, demands: readonly number[], thinkSeconds: number): number {
  let g = Array.from({ length: customers + 1 }, (_, n) => {
    let weight = 1;
    for (let k = 1; k <= n; k++) weight *= thinkSeconds / k;
    return weight;
  });
  for (const demand of demands) {
    const next = [...g];
    for (let n = 1; n <= customers; n++) next[n] = g[n] + demand * next[n - 1];
    g = next;
  }
  return g[customers - 1] / g[customers];
}

test("one queue and thinking is M/M/1//N", () => {
  for (const customers of [1, 2, 10, 200]) {
    const repair = machineRepair({ machines: customers, repairers: 1, upSeconds: 5, repairSeconds: 0.4 });
    const network = mva({
      customers: [customers],
      stations: [
        { kind: "queue", demandSeconds: [0.4] },
        { kind: "delay", demandSeconds: [5] },
      ],
    });
    near(network.classes[0].throughputPerSecond, repair.repairsPerSecond, 1e-9);
    near(network.classes[0].residenceSeconds[0], repair.downSecondsMean, 1e-9);
    near(network.stations[0].customersMean, repair.downMean, 1e-9);
  }
});

test("many queues are what the convolution makes of them", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), { minLength: 1, maxLength: 5 }),
      fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 10, noNaN: true })),
      (customers, demands, thinkSeconds) => {
        const stations = [
          ...demands.map((demand) => ({ kind: "queue" as const, demandSeconds: [demand] })),
          { kind: "delay" as const, demandSeconds: [thinkSeconds] },
        ];
        const network = mva({ customers: [customers], stations });
        near(network.classes[0].throughputPerSecond, convolution(customers, demands, thinkSeconds), 1e-9);
        near(
          network.stations.reduce((sum, station) => sum + station.customersMean, 0),
          customers,
          1e-9,
        );
      },
    ),
  );
});

test("two users of a CPU for 0.5 s and a disk for 1 s, who think for 1 s, take 2 s a round, as one works out by hand", () => {
  const { classes, stations } = mva({
    customers: [2],
    stations: [
      { kind: "queue", demandSeconds: [0.5] },
      { kind: "queue", demandSeconds: [1] },
      { kind: "delay", demandSeconds: [1] },
    ],
  });
  // Alone, one user goes round in 2.5 s and is 0.2 on the CPU, 0.4 on the disk: 0.5 × 1.2 + 1 × 1.4.
  expect(classes[0].residenceSeconds).toEqual([0.6, 1.4, 1].map((seconds) => expect.closeTo(seconds, 14)));
  near(classes[0].throughputPerSecond, 2 / 3, 1e-14);
  near(stations[1].utilisation, 2 / 3, 1e-14);
});

test("two classes alike are one class of as many customers, divided", () => {
  const demands = [0.3, 0.7, 4];
  const kinds = ["queue", "queue", "delay"] as const;
  const one = mva({ customers: [12], stations: demands.map((d, k) => ({ kind: kinds[k], demandSeconds: [d] })) });
  const two = mva({ customers: [5, 7], stations: demands.map((d, k) => ({ kind: kinds[k], demandSeconds: [d, d] })) });
  near(two.classes[0].throughputPerSecond, (one.classes[0].throughputPerSecond * 5) / 12, 1e-9);
  near(two.classes[1].cycleSeconds, one.classes[0].cycleSeconds, 1e-9);
  for (const k of [0, 1, 2]) near(two.stations[k].customersMean, one.stations[k].customersMean, 1e-9);
});

test("two classes that differ are what balance makes of one of each: two customers, two queues", () => {
  // One customer of each class at two shared queues with demands a, b and c, d: states (1,1), (1,2), (2,1), (2,2) of product form
  // 2ac, ad, bc, 2bd.
  const [a, b, c, d] = [1, 2, 3, 0.5];
  const total = 2 * a * c + a * d + b * c + 2 * b * d;
  const network = mva({
    customers: [1, 1],
    stations: [
      { kind: "queue", demandSeconds: [a, c] },
      { kind: "queue", demandSeconds: [b, d] },
    ],
  });
  near(network.classes[0].throughputPerSecond, (c + d) / total, 1e-12);
  near(network.classes[1].throughputPerSecond, (a + b) / total, 1e-12);
  near(network.stations[0].customersMean, (4 * a * c + a * d + b * c) / total, 1e-12);
});

test("a class nobody is of stands still", () => {
  const network = mva({ customers: [0, 4], stations: [{ kind: "queue", demandSeconds: [1, 2] }] });
  expect(network.classes[0].throughputPerSecond).toBe(0);
  near(network.classes[1].throughputPerSecond, 0.5, 1e-12);
});

test.each([
  [
    "a class without a demand",
    { customers: [1, 1], stations: [{ kind: "queue", demandSeconds: [1] }] },
    "station 1 is 1",
  ],
  [
    "a negative demand",
    { customers: [1], stations: [{ kind: "queue", demandSeconds: [-1] }] },
    "demandSeconds[0] is -1",
  ],
  [
    "rounds that take no time",
    { customers: [1], stations: [{ kind: "delay", demandSeconds: [0] }] },
    "demands of class 1",
  ],
  ["classes too large", { customers: [9999, 9999], stations: [{ kind: "queue", demandSeconds: [1, 1] }] }, "100000000"],
  ["no station", { customers: [1], stations: [] }, "number of stations is 0"],
] as const)("impossible input is refused by name: %s", (_, input, message) => {
  expect(() => mva(input)).toThrow(message);
});
