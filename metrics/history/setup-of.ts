// Which version of a scenario a run was of: somebody may edit the file and keep its name, and what then jumps is no regression.

import type { RunResult } from "../run-result.ts";
import type { HistoryEntry } from "./history.ts";
import { seriesKeyOf } from "./series-of.ts";

/**
 * A digest of the visitors, the length of the run and its faults. Not of the site and the store: what they do otherwise is what a history
 * is kept for. Nor of the seed.
 * @returns 16 hexadecimal digits, the same whatever the order of keys.
 */
export function setupOf({ scenario: { workload, run, faults } }: RunResult): string {
  const { seed, replications, precision, antithetic, ...length } = run;
  const text = JSON.stringify(inKeyOrder({ workload, length, faults }));
  return [0x811c9dc5, 0x050c5d1f].map((start) => fnv1a(text, start).toString(16).padStart(8, "0")).join("");
}

function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, inKeyOrder(part)]));
}

/** Source: Fowler, Noll, Vo, FNV-1a of 32 bits; by 16-bit characters instead of bytes. */
function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

export interface OfNewestSetups {
  readonly entries: readonly HistoryEntry[];
  /** Of each scenario that was edited, how many runs of earlier versions were left out, and until when. */
  readonly leftOut: readonly { readonly scenario: string; readonly runs: number; readonly lastAt: string }[];
}

/** Leaves out runs of earlier versions of a scenario. Entries that do not say, as those of imports, stay. @param entries in order of time. */
export function ofNewestSetups(entries: readonly HistoryEntry[]): OfNewestSetups {
  const newest = new Map<string, string>();
  for (const entry of entries) if (entry.setup !== undefined) newest.set(seriesKeyOf(entry), entry.setup);
  const isEarlier = (entry: HistoryEntry) =>
    entry.setup !== undefined && entry.setup !== newest.get(seriesKeyOf(entry));
  const earlier = entries.filter(isEarlier);
  const scenarios = [...new Set(earlier.map(({ scenario }) => scenario))];
  return {
    entries: entries.filter((entry) => !isEarlier(entry)),
    leftOut: scenarios.map((scenario) => {
      const runs = earlier.filter((entry) => entry.scenario === scenario);
      return { scenario, runs: runs.length, lastAt: runs.at(-1)!.at };
    }),
  };
}
