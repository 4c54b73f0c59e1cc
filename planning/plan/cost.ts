// What a choice costs a month: what can be counted before anything is simulated, then memory for what the sessions took at their highest,
// and what refused and lost sessions cost.

import type { Prices } from "../../config/prices.ts";
import type { Scenario } from "../../config/scenario.ts";
import type { PlanCost } from "../../metrics/plan/plan.ts";
import { partitionsOf } from "../apply/partitions-of.ts";
import type { Facts } from "./facts.ts";
import { predictionBound } from "./judge.ts";

const GIB = 1024 * 1024 * 1024;
const SECONDS_A_MONTH = (365.25 / 12) * 86_400;

export interface Seen {
  /** Of the workload as it is. */
  readonly workload: readonly Facts[];
  /** Of every situation that was simulated. */
  readonly situations: readonly (readonly Facts[])[];
}

/** @returns the part that no simulation can lower: machines, cores, stores and the least memory that can be bought. */
export function costAtLeast(scenario: Scenario, prices: Prices): number {
  return totalOf([...machines(scenario, prices), ...memory(scenario, 0, prices)]).total;
}

/** @param confidence that a month's highest memory stays below what is bought. */
export function costOf(scenario: Scenario, seen: Seen, prices: Prices, confidence: number): PlanCost {
  return totalOf([
    ...machines(scenario, prices),
    ...memory(scenario, memoryBytes(seen, confidence), prices),
    ...lostSessions(seen, prices),
  ]);
}

type CostPart = PlanCost["parts"][number];

function machines(scenario: Scenario, prices: Prices): readonly CostPart[] {
  const { servers, workersPerServer, coresPerWorker, mode } = scenario.site;
  const cores = servers * workersPerServer * coresPerWorker;
  const partitions = partitionsOf(scenario);
  const store = storePrice(mode, prices);
  return [
    part(servers, "web server", prices.webServerPerMonth),
    part(cores, "core", prices.corePerMonth),
    ...(store === null ? [] : [part(partitions, store.what, store.price)]),
  ];
}

function storePrice(mode: Scenario["site"]["mode"], prices: Prices): { what: string; price: number } | null {
  switch (mode) {
    case "Off":
    case "InProc":
      return null;
    case "StateServer":
      return { what: "state server", price: prices.stateServerPerMonth };
    case "SQLServer":
      return { what: "session database", price: prices.databasePerMonth };
    case "Custom":
      return { what: "session store", price: prices.otherStorePerMonth };
  }
}

/** Sessions are taken to spread evenly over the machines that keep them. */
function memory(scenario: Scenario, bytes: number, prices: Prices): readonly CostPart[] {
  const { mode, servers } = scenario.site;
  if (mode === "Off") return [];
  const inProcess = mode === "InProc";
  const count = inProcess ? servers : partitionsOf(scenario);
  const each = sizeFor(bytes / count / GIB, prices.memorySizesGiB);
  const price = inProcess ? prices.webMemoryGiBPerMonth : prices.storeMemoryGiBPerMonth;
  const owner = inProcess ? "web servers" : "store";
  return [{ what: `memory of the ${owner}, ${count} × ${each} GiB × ${price}`, amount: count * each * price }];
}

/** The smallest that can be bought and is large enough; beyond the largest, several of that. */
function sizeFor(gib: number, sizes: readonly number[] | undefined): number {
  if (sizes === undefined) return Math.max(1, Math.ceil(gib));
  const largest = sizes[sizes.length - 1];
  return sizes.find((size) => size >= gib) ?? Math.ceil(gib / largest) * largest;
}

function memoryBytes({ situations }: Seen, confidence: number): number {
  const highest = situations.map((facts) => {
    const values = facts.flatMap(({ parts }) => parts.memoryMaxBytes?.part ?? []);
    return values.length < 2 ? (values[0] ?? 0) : predictionBound(values, confidence);
  });
  return Math.max(0, ...highest);
}

function lostSessions({ workload }: Seen, { lostSession }: Prices): readonly CostPart[] {
  if (lostSession === 0 || workload.length === 0) return [];
  const lost = workload.reduce((sum, facts) => sum + facts.refused + facts.lost, 0);
  const seconds = workload.reduce((sum, { measuredMs }) => sum + measuredMs, 0) / 1000;
  const perMonth = Math.round((lost / seconds) * SECONDS_A_MONTH);
  if (perMonth === 0) return [];
  return [{ what: `${perMonth} sessions refused or lost × ${lostSession}`, amount: perMonth * lostSession }];
}

function part(count: number, what: string, price: number): CostPart {
  return { what: `${count} ${what}${count === 1 ? "" : "s"} × ${price}`, amount: count * price };
}

function totalOf(parts: readonly CostPart[]): PlanCost {
  const paid = parts.filter(({ amount }) => amount > 0);
  return { total: roundCents(paid.reduce((sum, { amount }) => sum + amount, 0)), parts: paid };
}

/** So that two ways to one sum are one sum. */
function roundCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
