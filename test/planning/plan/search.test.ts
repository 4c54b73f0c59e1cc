import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePrices } from "../../../config/prices.ts";
import type { Ask, Evaluate, Facts } from "../../../planning/plan/facts.ts";
import {
  looksUpTo,
  type PlanPoint,
  type SearchTask,
  searchExhaustively,
  searchPlan,
} from "../../../planning/plan/search.ts";
import { situationsOf } from "../../../planning/plan/situations.ts";
import { createStream } from "../../../workload/random-stream.ts";
import { scenarioOf } from "../../scenario-of.ts";

const base = scenarioOf("workload: { arrivals: 1 }\ntargets: [{ figure: responseMeanMs, atMost: 100 }]\nfaults: []");
const prices = parsePrices("{ webServerPerMonth: 100 }", "prices.yaml").value!;

/** A site of so many servers, whose mean response time is what a table says, by its cap: the place in the table. */
const pointsOf = (sites: readonly { readonly servers: number }[]): readonly PlanPoint[] =>
  sites.map(({ servers }, place) => ({
    place,
    choice: { "site.servers": servers, "site.sessionsMax": place },
    scenario: { ...base, site: { ...base.site, servers, sessionsMax: place, timeoutMs: null } },
  }));

/** @param meanOf of a point, in a situation; each replication swings around it by so much. */
function taskOf(points: readonly PlanPoint[], meanOf: (ask: Ask) => number, swing = 1): SearchTask & { asked: Ask[] } {
  const asked: Ask[] = [];
  const evaluate: Evaluate = async (asks) => {
    asked.push(...asks);
    return asks.map((ask) =>
      Array.from({ length: ask.to - ask.from }, (_, i): Facts => {
        const luck = createStream(ask.from + i, "luck").next() - 0.5;
        const part = meanOf(ask) + swing * luck;
        return {
          parts: { responseMeanMs: { part, whole: 1 }, memoryMaxBytes: { part: 1, whole: 1 } },
          steps: {},
          refused: 0,
          lost: 0,
          measuredMs: 1000,
        };
      }),
    );
  };
  const situations = situationsOf(base, { peak: "auto", faults: [{ kind: "recycle", atMs: 3_600_000 }] });
  return { asked, points, situations, prices, confidence: 0.95, looks: looksUpTo(24), evaluate };
}

const meanByPlace = (means: readonly number[]) => (ask: Ask) => means[ask.scenario.site.sessionsMax]!;

describe("a search", () => {
  test("recommends the cheapest point that surely meets, and does not look at what is dearer", async () => {
    const points = pointsOf([
      { servers: 4 },
      { servers: 1 },
      { servers: 2 },
      { servers: 3 },
      ...Array.from({ length: 8 }, (_, i) => ({ servers: 5 + i })),
    ]);
    const task = taskOf(points, meanByPlace([50, 200, 50, 50, ...Array.from({ length: 8 }, () => 50)]));
    const { best, looked } = await searchPlan(task);
    expect(best!.point.choice["site.servers"]).toBe(2);
    expect(looked.some(({ point }) => Number(point.choice["site.servers"]) > 6)).toBe(false);
  });

  test("prefers, of what costs the same, what is written first", async () => {
    const task = taskOf(pointsOf([{ servers: 1 }, { servers: 1 }, { servers: 1 }]), meanByPlace([200, 50, 40]));
    expect((await searchPlan(task)).best!.point.place).toBe(1);
  });

  test("never recommends what is undecided after all looks, cheap as it is", async () => {
    const task = taskOf(pointsOf([{ servers: 1 }, { servers: 2 }]), meanByPlace([99.9, 50]), 20);
    const { best, looked } = await searchPlan(task);
    expect(best!.point.place).toBe(1);
    expect(looked[0]!.candidate).toMatchObject({ verdict: "undecided", replications: 24 });
  });

  test("looks again only at what could still be the cheapest, and at new replications only", async () => {
    const task = taskOf(pointsOf([{ servers: 1 }, { servers: 2 }, { servers: 3 }]), meanByPlace([99, 50, 99]), 10);
    await searchPlan(task);
    const asksOf = (place: number) => task.asked.filter(({ scenario }) => scenario.site.sessionsMax === place);
    expect(new Set(asksOf(0).map(({ from, to }) => `${from}-${to}`)).size).toBeGreaterThan(1);
    expect(asksOf(2).every(({ from }) => from === 0)).toBe(true);
    for (const place of [0, 1, 2]) {
      const numbers = asksOf(place).filter(({ scenario }) => scenario.faults.length === 0);
      expect(numbers.every(({ from }, i) => from === (i === 0 ? 0 : numbers[i - 1]!.to))).toBe(true);
    }
  });

  test("holds targets in every situation: what misses under a fault alone is no answer", async () => {
    const task = taskOf(pointsOf([{ servers: 1 }, { servers: 2 }]), ({ scenario }) =>
      scenario.faults.length > 0 && scenario.site.servers === 1 ? 150 : 50,
    );
    const { best, looked } = await searchPlan(task);
    expect(best!.point.place).toBe(1);
    expect(looked[0]!.candidate.targets[0]).toMatchObject({ met: false, situation: "recycle at minute 60" });
  });

  test("finds nothing where nothing meets, and has looked at all", async () => {
    const task = taskOf(pointsOf([{ servers: 1 }, { servers: 2 }]), () => 150);
    const { best, looked, complete } = await searchPlan(task);
    expect([best, looked.length, complete]).toEqual([null, 2, true]);
  });

  test("that is cut short tells the best so far as incomplete", async () => {
    const task = taskOf(pointsOf(Array.from({ length: 12 }, (_, i) => ({ servers: i + 1 }))), () => 99.5, 20);
    let batches = 0;
    const evaluate: Evaluate = async (asks) => (++batches > 4 ? null : task.evaluate(asks));
    const found = await searchPlan({ ...task, evaluate });
    expect(found.complete).toBe(false);
    expect(found.looked.length).toBe(12);
  });
});

test("looks double up to the most that are allowed", () => {
  expect(looksUpTo(24)).toEqual([6, 12, 24]);
  expect(looksUpTo(30)).toEqual([6, 12, 24, 30]);
});

test("whatever the costs and the figures, a search chooses what exhaustive search chooses", async () => {
  const site = fc.record({ servers: fc.integer({ min: 1, max: 9 }), mean: fc.constantFrom(20, 60, 90, 110, 140, 300) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(site, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 0, max: 12 }),
      async (sites, swing) => {
        const task = taskOf(pointsOf(sites), meanByPlace(sites.map(({ mean }) => mean)), swing);
        const [searched, exhaustive] = [await searchPlan(task), await searchExhaustively(task)];
        expect(searched.best?.point.place).toBe(exhaustive.best?.point.place);
      },
    ),
    { numRuns: 60, seed: 20261121 },
  );
});
