import { describe, expect, test } from "vitest";
import { type Bracket, searchRate } from "../../../../bench/drivers/slo/slo-search.ts";
import { queueObjectives, queueProbe, rateAtObjective } from "./queue-site.ts";

const limits = { startRate: 100, lowestRate: 10, highestRate: 200_000, objectives: queueObjectives };

interface Searched {
  readonly bracket: Bracket;
  readonly probes: readonly number[];
}

/** @param trustedUpTo the generator cannot be believed above it. */
async function search(capacity: number, seed: number, trustedUpTo = Number.POSITIVE_INFINITY): Promise<Searched> {
  const probes: number[] = [];
  const bracket = await searchRate(async (rate) => {
    probes.push(rate);
    const evidence = queueProbe(capacity, rate, 5_000, seed * 1_000 + probes.length);
    return { evidence, valid: rate <= trustedUpTo };
  }, limits);
  return { bracket, probes };
}

const middle = ({ met, missed }: Bracket) => Math.sqrt((met ?? Number.NaN) * (missed ?? Number.NaN));

describe("the search for the highest rate", () => {
  test.each([700, 2_400])("finds that of a queue of capacity %i within 5 % for 19 of 20 seeds", async (capacity) => {
    const truth = rateAtObjective(capacity);
    const searches = await Promise.all(Array.from({ length: 20 }, (_, seed) => search(capacity, seed)));
    const within = searches.filter(({ bracket }) => Math.abs(middle(bracket) / truth - 1) <= 0.05);
    expect(within.length).toBeGreaterThanOrEqual(19);
    const inside = searches.filter(
      ({ bracket }) => (bracket.metClearly ?? 0) <= truth && truth <= (bracket.missedClearly ?? 0),
    );
    expect(inside.length).toBeGreaterThanOrEqual(19);
    for (const { bracket, probes } of searches) {
      expect(bracket.complete).toBe(true);
      expect(probes.length).toBeLessThanOrEqual(30);
    }
  });

  test("says that there is none where not even the lowest rate meets the objectives", async () => {
    const { bracket, probes } = await search(50, 1);
    expect(bracket).toMatchObject({ met: null, complete: true });
    expect(bracket.missed).toBe(10);
    expect(probes.length).toBeLessThan(25);
  });

  test("goes no higher than the generator can be believed, and keeps what was met below", async () => {
    const { bracket, probes } = await search(50_000, 1, 1_500);
    expect(bracket.missed).toBeNull();
    expect(bracket.met).toBeGreaterThan(1_350);
    expect(bracket.met).toBeLessThanOrEqual(1_500);
    expect(bracket.unbelieved).toBeGreaterThan(1_500);
    expect(probes.filter((rate) => rate > 2_000).length).toBeLessThanOrEqual(2);
  });

  test("asks a second time when the generator could not be believed once", async () => {
    let tries = 0;
    const bracket = await searchRate(async (rate) => {
      tries++;
      return { evidence: queueProbe(700, rate, 5_000, tries), valid: tries !== 2 };
    }, limits);
    expect(bracket.unbelieved).toBeNull();
    expect(middle(bracket)).toBeGreaterThan(0.9 * rateAtObjective(700));
  });

  test("cut short, keeps the bracket as far as it came", async () => {
    let overshot = false;
    const bracket = await searchRate(async (rate) => {
      if (overshot) return null;
      overshot = rate === 1_600;
      return { evidence: queueProbe(1_000, rate, 5_000, 3), valid: true };
    }, limits);
    expect(bracket.complete).toBe(false);
    expect(bracket.met).toBe(800);
    expect(bracket.missed).toBe(1_600);
  });

  test("out of time, tries no further rate and says so", async () => {
    let tries = 0;
    const bracket = await searchRate(
      async (rate) => {
        tries++;
        return { evidence: queueProbe(1e5, rate, 10_000, tries), valid: true };
      },
      { ...limits, outOfTime: () => tries >= 4 },
    );
    expect(bracket).toMatchObject({ met: 800, missed: null, complete: true, outOfTime: true });
    expect(tries).toBe(4);
  });

  test("ends at the highest rate when nothing misses the objectives", async () => {
    const bracket = await searchRate(async () => ({ evidence: queueProbe(1e6, 1_000, 5_000, 1), valid: true }), {
      ...limits,
      highestRate: 1_000,
    });
    expect(bracket).toMatchObject({ met: 1_000, missed: null, unbelieved: null, complete: true });
  });
});
