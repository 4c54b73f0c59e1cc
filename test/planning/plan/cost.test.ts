import { expect, test } from "vitest";
import { parsePrices } from "../../../config/prices.ts";
import { costAtLeast, costOf } from "../../../planning/plan/cost.ts";
import type { Facts } from "../../../planning/plan/facts.ts";
import { scenarioOf } from "../../scenario-of.ts";

const GIB = 1024 ** 3;
const pricesOf = (text: string) => {
  const { value, problems } = parsePrices(text, "prices.yaml");
  if (value === null) throw new Error(JSON.stringify(problems));
  return value;
};
const prices = pricesOf(
  "{ webServerPerMonth: 100, corePerMonth: 10, webMemoryGiBPerMonth: 3, stateServerPerMonth: 70, databasePerMonth: 200, storeMemoryGiBPerMonth: 4 }",
);
const site = (text: string) => scenarioOf(`site: { ${text} }\nworkload: { arrivals: 1 }`);
const memory = (gib: number, refused = 0): Facts => ({
  parts: { memoryMaxBytes: { part: gib * GIB, whole: 1 } },
  steps: {},
  refused,
  lost: 0,
  measuredMs: 3_600_000,
});
const seen = (...facts: readonly Facts[]) => ({ workload: facts, situations: [facts] });

test("servers, their cores and a GiB each are paid for before anything is known", () => {
  const scenario = site("mode: InProc, servers: 3, workersPerServer: 2, coresPerWorker: 2");
  expect(costAtLeast(scenario, prices)).toBe(3 * 100 + 12 * 10 + 3 * 3);
});

test("a store is paid for once a partition, with its memory", () => {
  const state = site("mode: StateServer");
  expect(costAtLeast(state, prices)).toBe(100 + 10 + 70 + 4);
  const database = scenarioOf("site: { mode: SQLServer }\nstore: { partitions: 3 }\nworkload: { arrivals: 1 }");
  expect(costAtLeast(database, prices)).toBe(100 + 10 + 3 * 200 + 3 * 4);
});

test("memory is bought in whole GiB a machine, for the highest of all situations", () => {
  const scenario = site("mode: InProc, servers: 2");
  const { total } = costOf(scenario, seen(memory(5), memory(5)), prices, 0.95);
  expect(total).toBe(2 * 100 + 2 * 10 + 2 * 3 * 3);
  const both = {
    workload: [memory(1), memory(1)],
    situations: [
      [memory(1), memory(1)],
      [memory(9), memory(9)],
    ],
  };
  expect(costOf(scenario, both, prices, 0.95).parts.at(-1)!.amount).toBe(2 * 5 * 3);
});

test("memory comes in the sizes that can be bought; beyond the largest, several of it", () => {
  const sized = { ...prices, memorySizesGiB: [2, 8] };
  const of = (gib: number) =>
    costOf(site("mode: InProc"), seen(memory(gib), memory(gib)), sized, 0.95).parts.at(-1)!.amount;
  expect([1, 2, 2.1, 8, 9].map(of)).toEqual([6, 6, 24, 24, 48]);
});

test("a cost is never below what was certain of it", () => {
  for (const mode of ["InProc", "StateServer", "SQLServer", "Off"]) {
    const scenario = site(`mode: ${mode}`);
    expect(costOf(scenario, seen(memory(0.1), memory(0.1)), prices, 0.95).total).toBeGreaterThanOrEqual(
      costAtLeast(scenario, prices),
    );
  }
});

test("refused sessions cost what a month of them would", () => {
  const lossy = pricesOf("{ lostSession: 0.5 }");
  const { total, parts } = costOf(site("sessionsMax: 10"), seen(memory(0, 3600), memory(0, 3600)), lossy, 0.95);
  // One a second, for 30.4375 days.
  expect(total).toBe(2_629_800 * 0.5);
  expect(parts[0]!.what).toBe("2629800 sessions refused or lost × 0.5");
});

test("sizes of memory that do not rise are refused, with the mend", () => {
  const { problems } = parsePrices("{ memorySizesGiB: [8, 2], corePerMonth: -1, cores: 3 }", "prices.yaml");
  expect(problems.map(({ at }) => at)).toEqual(expect.arrayContaining(["corePerMonth", "cores"]));
  expect(parsePrices("{ memorySizesGiB: [8, 2] }", "prices.yaml").problems[0]).toMatchObject({ mend: "sort them" });
});
