// Erlang's formulas against printed tables, against the recursion and the integral they can also be had from, and against themselves.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { erlangB, erlangBLoad, erlangBPlaces } from "../../../sim/analytic/erlang.ts";
import {
  erlangC,
  erlangCLoad,
  erlangCServers,
  serversForMeanWait,
  serversForWaitWithin,
} from "../../../sim/analytic/erlang-c.ts";
import { integrate } from "../../../sim/analytic/quadrature.ts";
import { near } from "./near.ts";

fc.configureGlobal({ seed: 1917 });

function erlangBByRecursion(places: number, erlangs: number): number {
  let refused = 1;
  for (let n = 1; n <= places; n++) refused = (erlangs * refused) / (n + erlangs * refused);
  return refused;
}

describe("Erlang B", () => {
  test("is what the tables print", () => {
    expect(erlangB(10, 10).toFixed(4)).toBe("0.2146");
    expect(erlangB(15, 8.108).toFixed(4)).toBe("0.0100");
    expect(erlangB(70_000, 73_500).toFixed(5)).toBe("0.04789");
    expect(erlangB(60_000, 73_500).toFixed(5)).toBe("0.18373");
    expect(erlangB(80_000, 73_500)).toBeLessThan(1e-100);
    expect([erlangB(0, 5), erlangB(3, 0), erlangB(1, 1), erlangB(2, 1)]).toEqual([1, 0, 0.5, expect.closeTo(0.2, 15)]);
  });

  // Source: T. S. Rappaport, Wireless Communications, table "Capacity of an Erlang B system"; 15 lines: tables of the loss formula.
  test.each([
    [2, 0.153],
    [4, 0.869],
    [5, 1.36],
    [10, 4.46],
    [15, 8.108],
    [20, 12.0],
    [24, 15.3],
    [40, 29.0],
    [70, 56.1],
    [100, 84.1],
  ])("%i lines carry an offered load of %f erlang at 1 %% loss", (places, erlangs) => {
    const digits = (String(erlangs).split(".")[1] ?? "").length || 1;
    expect(Number(erlangBLoad(places, 0.01).toFixed(digits))).toBe(erlangs);
  });

  test("needs the places that are known: 117 for 100 erlang at 1 %, 73,784 for 73,500 at 1 in 1,000", () => {
    expect(erlangBPlaces(100, 0.01)).toBe(117);
    expect(erlangBPlaces(73_500, 0.001)).toBe(73_784);
    expect([erlangBPlaces(5, 1), erlangBPlaces(0, 0.5), erlangBPlaces(0.001, 0.5)]).toEqual([0, 1, 1]);
  });

  test("agrees with its recursion to 1e-9 wherever either can be told from 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.double({ min: 1e-3, max: 3000, noNaN: true }),
        (places, erlangs) => {
          const expected = erlangBByRecursion(places, erlangs);
          fc.pre(expected > 1e-290);
          near(erlangB(places, erlangs), expected, 1e-9);
        },
      ),
    );
    for (const places of [0, 1, 60_000, 73_499, 73_500, 73_501, 78_000]) {
      near(erlangB(places, 73_500), erlangBByRecursion(places, 73_500), 1e-9);
    }
  });

  test("agrees with its integral: 1/B = ∫ e^−t (1 + t/a)^n dt", () => {
    for (const [places, erlangs] of [
      [10, 10],
      [3, 0.5],
      [100, 130],
      [50, 20],
    ]) {
      // The integrand is highest at n − a, or at 0, and a thousandth of a digit beyond ten roots of n from there.
      const top = Math.max(0, places - erlangs);
      const end = top + 60 + 40 * Math.sqrt(places);
      const f = (t: number) => Math.exp(places * Math.log1p(t / erlangs) - t);
      const { value } = integrate(f, 0, end, { breaks: [top], tolerance: 1e-12 });
      near(erlangB(places, erlangs), 1 / value, 1e-9);
    }
  });

  test("inverses undo it", () => {
    const shares = fc.double({ min: 1e-9, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), shares, (places, refused) => {
        near(erlangB(places, erlangBLoad(places, refused)), refused, 1e-9);
      }),
      { numRuns: 40 },
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 100_000, noNaN: true }), shares, (erlangs, refused) => {
        const places = erlangBPlaces(erlangs, refused);
        expect(erlangB(places, erlangs)).toBeLessThanOrEqual(refused);
        if (places > 0) expect(erlangB(places - 1, erlangs)).toBeGreaterThan(refused);
      }),
    );
  });

  test("neither overflows nor drags at 1e12 erlang", () => {
    // At a load equal to the places B is near √(2/πn). Source: D. L. Jagerman 1974.
    near(erlangB(1e12, 1e12), Math.sqrt(2 / (Math.PI * 1e12)), 1e-6);
  });
});

describe("Erlang C", () => {
  test("of 8 erlang on 10 servers is 0.4092", () => {
    expect(erlangC(10, 8).toFixed(4)).toBe("0.4092");
  });

  test("is known by hand for few servers: ρ for one, 2ρ²/(1 + ρ) for two", () => {
    near(erlangC(1, 0.7), 0.7, 1e-12);
    near(erlangC(2, 1.5), (2 * 0.75 ** 2) / 1.75, 1e-12);
    expect(erlangC(4, 0)).toBe(0);
  });

  test("follows from B: C = nB / (n − a(1 − B))", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (servers, use) => {
          const erlangs = servers * use;
          const b = erlangBByRecursion(servers, erlangs);
          fc.pre(b > 1e-290);
          near(erlangC(servers, erlangs), (servers * b) / (servers - erlangs * (1 - b)), 1e-9);
        },
      ),
    );
  });

  test("the inverses undo it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.double({ min: 1e-6, max: 0.99, noNaN: true }),
        (servers, waits) => {
          const erlangs = erlangCLoad(servers, waits);
          near(erlangC(servers, erlangs), waits, 1e-9);
          expect(erlangCServers(erlangs, waits)).toBe(servers);
        },
      ),
      { numRuns: 40 },
    );
  });

  // Source: the worked example of Erlang C at callcentrehelper.com: 100 calls in half an hour of 3 minutes each, 80 % answered within 20 s, need 14 agents.
  test("10 erlang of three-minute calls need 14 servers for 80 % within 20 s", () => {
    expect(serversForWaitWithin(10, 180, 20, 0.2)).toBe(14);
  });

  test("the servers for a mean wait are the least that do", () => {
    const wait = (servers: number) => (erlangC(servers, 10) * 180) / (servers - 10);
    const servers = serversForMeanWait(10, 180, 20);
    expect(wait(servers)).toBeLessThanOrEqual(20);
    expect(wait(servers - 1)).toBeGreaterThan(20);
  });
});

test.each([
  ["places are counted", () => erlangB(1.5, 3), "places is 1.5; expected a whole number from 0"],
  ["a load is not negative", () => erlangB(1, -3), "erlangs is -3; expected a number from 0"],
  ["a load is a number", () => erlangB(1, Number.NaN), "erlangs is NaN"],
  ["both at once", () => erlangB(-1, -1), /places is -1.*\n.*erlangs is -1/],
  ["no number of places refuses nobody", () => erlangBPlaces(10, 0), "refusedShare is 0; expected a share above 0"],
  ["no load is refused whole", () => erlangBLoad(10, 1), "refusedShare is 1"],
  ["an overloaded queue has no balance", () => erlangC(8, 10), "erlangs is 10; expected below 8"],
  ["some always wait", () => erlangCServers(8, 0), "waitShare is 0"],
])("impossible input is refused by name: %s", (_, formula, message) => {
  expect(formula).toThrow(InputError);
  expect(formula).toThrow(message);
});
