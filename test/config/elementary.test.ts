import { expect, test } from "vitest";
import { exp, expm1, log, log1p, power } from "../../config/elementary.ts";
import { createStream } from "../../workload/random-stream.ts";

const stream = createStream(3, "elementary");
const numbers = Array.from({ length: 20_000 }, () => stream.next());

/** Within a few units in the last place. */
function expectNear(value: number, truth: number): void {
  expect(Math.abs(value - truth)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(truth));
}

test("logarithm and exponential agree with the engine's to the last digits, over their whole range", () => {
  for (const u of numbers) {
    for (const x of [u, 1 + u / 1000, u * 1e-300, u * 1e300, 1 / u]) expectNear(log(x), Math.log(x));
    for (const x of [u - 0.5, 700 * u, -700 * u, u * 1e-9]) expectNear(exp(x), Math.exp(x));
    expectNear(log1p(-u), Math.log1p(-u));
    expectNear(expm1(-u * 1e-6), Math.expm1(-u * 1e-6));
  }
});

test("at the ends they are what they should be", () => {
  expect([log(1), log(0), log(-1), log(Number.POSITIVE_INFINITY)]).toEqual([0, -Infinity, Number.NaN, Infinity]);
  expect([exp(0), exp(-1000), exp(1000)]).toEqual([1, 0, Infinity]);
  expect([expm1(0), expm1(-1000), log1p(0)]).toEqual([0, -1, 0]);
  expect([-40, -700, -729, -744].map(expm1)).toEqual([-1, -1, -1, -1]);
  expectNear(log(5e-324), Math.log(5e-324));
  expectNear(power(2, 10), 1024);
});

test("they give the same digits before the engine optimises them and after", () => {
  const some = numbers.slice(0, 2000);
  const all = () => some.flatMap((u) => [log(u), log(u * 1e-310), log(1e9 / u), exp(-9 * u), exp(1400 * u - 700)]);
  const first = all();
  for (let round = 0; round < 50; round++) expect(all()).toEqual(first);
});

test("a power of two has its exponent as logarithm, whatever its size", () => {
  for (let n = -1074; n <= 1023; n++) expectNear(log(n < -1000 ? 2 ** -1000 * 2 ** (n + 1000) : 2 ** n), n * Math.LN2);
  expectNear(exp(-745), 5e-324);
  expectNear(exp(709.75), Math.exp(709.75));
});
