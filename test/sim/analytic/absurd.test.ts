// Whatever is typed: a formula answers with finite figures in their range, at once, or refuses the input by name.

import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import {
  engset,
  erlangB,
  erlangBLoad,
  erlangBPlaces,
  erlangC,
  erlangCLoad,
  erlangCServers,
  machineRepair,
  md1,
  md1WaitCdf,
  md1WaitQuantile,
  mg1,
  mm1k,
  mmc,
  mmcWaitQuantile,
  mmcWaitTail,
  mva,
  poissonCdf,
  poissonPmf,
  poissonQuantile,
  serversForMeanWait,
  serversForWaitWithin,
  sessionLife,
} from "../../../sim/analytic/index.ts";

fc.configureGlobal({ seed: 1917 });

const any = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: -2, max: 10_000 }),
  fc.integer({ min: -1, max: 1000 }),
  // Large and small within reason, and beyond it: ten to any power there is.
  fc.double({ min: -12, max: 12, noNaN: true }).map((digits) => 10 ** digits),
  fc.double({ min: 0, max: 9, noNaN: true }).map((digits) => Math.floor(10 ** digits)),
  fc.integer({ min: -320, max: 308 }).map((digits) => Number(`1e${digits}`)),
);

const formulas: Record<string, (x: readonly number[]) => unknown> = {
  "Erlang B": ([a, b]) => erlangB(a, b),
  "places by Erlang B": ([a, b]) => erlangBPlaces(a, b),
  "load by Erlang B": ([a, b]) => erlangBLoad(a, b),
  "Erlang C": ([a, b]) => erlangC(a, b),
  "servers by Erlang C": ([a, b]) => erlangCServers(a, b),
  "load by Erlang C": ([a, b]) => erlangCLoad(a, b),
  "servers for a mean wait": ([a, b, c]) => serversForMeanWait(a, b, c),
  "servers for a wait": ([a, b, c, d]) => serversForWaitWithin(a, b, c, d),
  Engset: ([a, b, c]) => engset(Math.min(a, 1e4), b, c),
  "M/M/c": ([a, b, c]) => mmc({ arrivalsPerSecond: a, serviceSeconds: b, servers: c }),
  "tail of M/M/c": ([a, b, c, d]) => mmcWaitTail({ arrivalsPerSecond: a, serviceSeconds: b, servers: c }, d),
  "quantile of M/M/c": ([a, b, c, d]) => mmcWaitQuantile({ arrivalsPerSecond: a, serviceSeconds: b, servers: c }, d),
  "M/M/1/K": ([a, b, c]) => mm1k({ arrivalsPerSecond: a, serviceSeconds: b, places: c }),
  "machine repair": ([a, b, c, d]) =>
    machineRepair({ machines: Math.min(a, 1e5), repairers: b, upSeconds: c, repairSeconds: d }),
  "M/D/1": ([a, b]) => md1({ arrivalsPerSecond: a, serviceSeconds: b }),
  "wait of M/D/1": ([a, b, c]) => md1WaitCdf({ arrivalsPerSecond: a, serviceSeconds: b }, c),
  "quantile of M/D/1": ([a, b, c]) => md1WaitQuantile({ arrivalsPerSecond: a, serviceSeconds: b }, c),
  "M/G/1": ([a, b, c]) => {
    const {
      waitSecondsVariance: _,
      responseSecondsVariance: __,
      ...form
    } = mg1({
      arrivalsPerSecond: a,
      serviceSecondsMean: b,
      serviceSecondsVariance: c,
    });
    return form;
  },
  "mean value analysis": ([a, b, c]) =>
    mva({
      customers: [Math.min(a, 1000)],
      stations: [
        { kind: "queue", demandSeconds: [b] },
        { kind: "delay", demandSeconds: [c] },
      ],
    }),
  Poisson: ([a, b]) => [poissonPmf(a, b), poissonCdf(a, b)],
  "quantile of Poisson": ([a, b]) => poissonQuantile(a, Math.min(b, 1e8)),
  "sliding session": ([a, b, c]) =>
    sessionLife({
      requestsPerVisit: { kind: "geometric", mean: 1 + Math.abs(a % 1000 || 0) },
      thinkMs: { kind: "exponential", mean: Math.max(1e-3, Math.abs(b % 1e9) || 1) },
      timeoutMs: c,
    }),
};

/** All the numbers in an answer. */
function figures(answer: unknown): number[] {
  if (typeof answer === "number") return [answer];
  return Object.values(answer as object).flatMap((value) => (typeof value === "string" ? [] : figures(value)));
}

test.each(Object.entries(formulas))("%s is finite and not negative, or refuses by name", (_, formula) => {
  fc.assert(
    fc.property(fc.tuple(any, any, any, any), (numbers) => {
      let answer: unknown;
      try {
        answer = formula(numbers);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return;
      }
      for (const figure of figures(answer)) {
        expect(Number.isFinite(figure)).toBe(true);
        expect(figure).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 400 },
  );
});
