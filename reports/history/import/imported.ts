// What importers give: entries as if our own runs had made them, and what a reader of the import should know.

import type { Problem } from "../../../config/problem.ts";
import { matchesKey } from "../../../metrics/compare/waivers.ts";
import type { HistoryEntry, HistoryMetric } from "../../../metrics/history/history.ts";

/** One file of another tool, as text. */
export interface ForeignFile {
  /** As the user named it. */
  readonly name: string;
  readonly text: string;
}

export interface Imported {
  /** In the order of the source, each with the file it came from. */
  readonly entries: readonly { readonly entry: HistoryEntry; readonly from: string }[];
  /** One sentence each: what was left out, what was out of order. */
  readonly findings: readonly string[];
}

export interface ImportOptions {
  /** Instead of the name that the source has. */
  readonly scenario?: string;
  /** Which way is good, where the user says it; keys may have stars. The first that fits holds. */
  readonly better: readonly { readonly key: string; readonly better: "low" | "high" }[];
}

export const importFormats = ["github-action-benchmark", "asv", "otava-csv", "csv"] as const;
export type ImportFormat = (typeof importFormats)[number];

/** Names that stand twice in one run get a number, so that neither is lost; directions the user gave go before those found. */
export function finishMetrics(metrics: readonly HistoryMetric[], { better }: ImportOptions): readonly HistoryMetric[] {
  const met = new Map<string, number>();
  return metrics.map((metric) => {
    const times = (met.get(metric.key) ?? 0) + 1;
    met.set(metric.key, times);
    const key = times === 1 ? metric.key : `${metric.key} #${times}`;
    const said = better.find((one) => matchesKey(key, one.key));
    return { ...metric, key, label: times === 1 ? metric.label : key, better: said?.better ?? metric.better };
  });
}

/** How many entries are older than the one before them. */
export function countOutOfOrder(entries: readonly HistoryEntry[]): number {
  return entries.filter((entry, index) => index > 0 && entry.at < entries[index - 1]!.at).length;
}

export function outOfOrderFinding(count: number, where: string): readonly string[] {
  if (count === 0) return [];
  const runs = count === 1 ? "1 run is older than the one" : `${count} runs are older than the ones`;
  return [`${where}: ${runs} before; they were put in the order of their times.`];
}

/** A problem with a whole file. */
export function fileProblem(file: string, given: string, expected: string, mend: string): Problem {
  return { at: "the file", given, expected, mend, file };
}
