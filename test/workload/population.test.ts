import { describe, expect, test } from "vitest";
import { chiSquareTest } from "../../workload/fit/goodness-of-fit.ts";
import { createMemberOf, RANKED_ITEMS, scatter } from "../../workload/population.ts";
import { createZipfian } from "../../workload/zipfian.ts";

const zipfian = { kind: "zipfian", theta: 0.99 } as const;
const VISITS = 200_000;

function visitsOfEach(sessions: number, memberOf: (visit: number) => number): number[] {
  const counts = new Array<number>(sessions).fill(0);
  for (let visit = 0; visit < VISITS; visit++) counts[memberOf(visit)]!++;
  return counts;
}

describe("a fixed population", () => {
  test("chosen from evenly has every member as often: chi-square over 200,000 visits", () => {
    const sessions = 100;
    const counts = visitsOfEach(sessions, createMemberOf({ sessions, choice: { kind: "uniform" } }, 5));
    const expected = counts.map(() => VISITS / sessions);
    expect(chiSquareTest(counts, expected, 0)?.pValue).toBeGreaterThan(0.001);
  });

  test("chosen from as in YCSB has every member as often as the ranks that fall to it: chi-square over 200,000 visits", () => {
    const sessions = 20;
    const counts = visitsOfEach(sessions, createMemberOf({ sessions, choice: zipfian }, 5));
    // Beyond the first hundred thousand ranks each has so little that what falls to the members is alike.
    const ranked = 100_000;
    const law = createZipfian(RANKED_ITEMS, 0.99);
    const shares = new Array<number>(sessions).fill((1 - law.shareBelow(ranked)) / sessions);
    for (let rank = 0; rank < ranked; rank++) {
      shares[scatter(rank, sessions)]! += law.shareBelow(rank + 1) - law.shareBelow(rank);
    }
    const expected = shares.map((share) => VISITS * share);
    expect(chiSquareTest(counts, expected, 0)?.pValue).toBeGreaterThan(0.001);
  });

  test("gives the same member the same visit for ever, and another seed another", () => {
    const population = { sessions: 1_000, choice: zipfian };
    const visits = Array.from({ length: 50 }, (_, visit) => visit);
    const members = visits.map(createMemberOf(population, 1));
    expect(visits.toReversed().map(createMemberOf(population, 1)).toReversed()).toEqual(members);
    expect(visits.map(createMemberOf(population, 2))).not.toEqual(members);
  });

  test("of one has but one to choose", () => {
    expect(createMemberOf({ sessions: 1, choice: zipfian }, 1)(7)).toBe(0);
    expect(createMemberOf({ sessions: 1, choice: { kind: "uniform" } }, 1)(7)).toBe(0);
  });

  test("scatters ranks by the hash of eight bytes that the FNV reference computes", () => {
    // FNV-1a 64 of eight zero bytes is a8c7f832281a39c5; as a signed number, without its sign: 6284781860667377211.
    expect(scatter(0, 2 ** 32)).toBe(Number(6_284_781_860_667_377_211n % 4_294_967_296n));
    expect(scatter(0, 1_000)).toBe(211);
  });
});
