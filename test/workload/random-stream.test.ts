import { describe, expect, test } from "vitest";
import { createDraws, createStream, replicationSeed } from "../../workload/random-stream.ts";

/** Kolmogorov-Smirnov distance from the uniform law. */
function distance(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.reduce(
    (worst, value, i) =>
      Math.max(worst, Math.abs(value - i / sorted.length), Math.abs(value - (i + 1) / sorted.length)),
    0,
  );
}

/** Of the pairs (a, b), how strongly one follows the other; near 0 for independent ones. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const centred = pairs.map(([a, b]) => (a - 0.5) * (b - 0.5));
  return (12 * centred.reduce((sum, value) => sum + value, 0)) / pairs.length;
}

const COUNT = 200_000;
const KS_LIMIT = 1.95 / Math.sqrt(COUNT); // exceeded by chance once in a thousand
const CORRELATION_LIMIT = 3.3 / Math.sqrt(COUNT);

describe("draws by visit and step", () => {
  const draws = createDraws(1, "think times");
  const visits = Array.from({ length: COUNT }, (_, visit) => visit);

  test("are uniform over visits and over steps", () => {
    expect(distance(visits.map((visit) => draws.at(visit, 0)))).toBeLessThan(KS_LIMIT);
    expect(distance(visits.map((step) => draws.at(3, step)))).toBeLessThan(KS_LIMIT);
  });
  test("of neighbours, other causes, other seeds and other replications have nothing to do with each other", () => {
    const others = {
      "the next visit": (visit: number) => draws.at(visit + 1, 0),
      "the next step": (visit: number) => draws.at(visit, 1),
      "another cause": (
        (other) => (visit: number) =>
          other.at(visit, 0)
      )(createDraws(1, "pages")),
      "the next seed": (
        (other) => (visit: number) =>
          other.at(visit, 0)
      )(createDraws(2, "think times")),
      "replication 1": (
        (other) => (visit: number) =>
          other.at(visit, 0)
      )(createDraws(replicationSeed(1, 1), "think times")),
    };
    for (const [name, other] of Object.entries(others)) {
      const pairs = visits.map((visit) => [draws.at(visit, 0), other(visit)] as const);
      expect(Math.abs(correlation(pairs)), name).toBeLessThan(CORRELATION_LIMIT);
    }
  });
  test("do not depend on the order in which they are asked for", () => {
    const forward = visits.slice(0, 100).map((visit) => draws.at(visit, 2));
    const backward = visits
      .slice(0, 100)
      .reverse()
      .map((visit) => createDraws(1, "think times").at(visit, 2));
    expect(backward.reverse()).toEqual(forward);
  });
  test("lie above 0 and below 1", () => {
    expect(visits.every((visit) => draws.at(visit, 5) > 0 && draws.at(visit, 5) < 1)).toBe(true);
  });
});

describe("a stream", () => {
  test("is uniform and free of correlation from one number to the next", () => {
    const stream = createStream(7, "arrivals");
    const values = Array.from({ length: COUNT }, () => stream.next());
    expect(distance(values)).toBeLessThan(KS_LIMIT);
    const pairs = values.slice(1).map((value, i) => [values[i], value] as const);
    expect(Math.abs(correlation(pairs))).toBeLessThan(CORRELATION_LIMIT);
  });
  test("is fixed by its seed and name: these numbers never change", () => {
    const stream = createStream(1, "arrivals");
    const numbers = Array.from({ length: 3 }, () => Math.floor(stream.next() * 2 ** 32));
    expect(numbers).toMatchInlineSnapshot(`
      [
        3635493174,
        738085103,
        675698881,
      ]
    `);
    expect(Math.floor(createDraws(1, "pages").at(10, 3) * 2 ** 32)).toMatchInlineSnapshot(`195698669`);
  });
  test("takes seeds beyond 32 bits as different", () => {
    expect(createStream(2 ** 32 + 1, "a").next()).not.toBe(createStream(1, "a").next());
  });
});

test("the first replication of many is the single run itself", () => {
  expect(replicationSeed(42, 0)).toBe(42);
  expect(new Set(Array.from({ length: 1000 }, (_, n) => replicationSeed(42, n))).size).toBe(1000);
});
