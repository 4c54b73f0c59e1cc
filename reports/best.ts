// Which of several runs did best in a figure, and which cannot be told from it: two runs whose 95 % intervals meet may differ by luck
// alone. Terminal, Markdown and HTML mark the same cells.

import type { RunResult } from "../metrics/run-result.ts";
import type { FigureCell } from "./figure-rows.ts";

export type Better = "lower" | "higher";
/**
 * best: ahead of all others. even: its interval and that of the foremost meet. lowest, highest: foremost, but as intervals are missing,
 * nobody can say whether by more than luck. null: behind, unknown, or nothing to tell.
 */
export type Standing = "best" | "even" | "lowest" | "highest" | null;

const directions: Readonly<Record<string, Better>> = {
  refusedShare: "lower",
  lostShare: "lower",
  memoryMeanBytes: "lower",
  memoryMaxBytes: "lower",
  failedShare: "lower",
  lockWaitShare: "lower",
  coreUtilisation: "lower",
  storeUtilisation: "lower",
  saturationRequestsPerSecond: "higher",
  sloRequestsPerSecond: "higher",
  sloSessions: "higher",
  memoryBytesPerSession: "lower",
  memoryFixedBytes: "lower",
  memoryReclaimedShare: "higher",
  memoryOverheadBytes: "lower",
  memoryBytesPerStateByte: "lower",
  lockQueueRefusedShare: "lower",
  lockLostUpdates: "lower",
  lockPolledShare: "lower",
  lockTimeOutShare: "lower",
};

/** null where neither more nor less is better. Every figure in milliseconds is a wait for somebody. */
export function betterOf(key: string, unit: string): Better | null {
  return directions[key] ?? (unit === "ms" ? "lower" : null);
}

/** One a cell; nothing is marked where fewer than two are known or all are alike. */
export function standings(cells: readonly FigureCell[], better: Better | null): readonly Standing[] {
  const none = cells.map(() => null);
  const known = cells.flatMap(({ value }) => (value === null ? [] : [value]));
  if (better === null || known.length < 2 || known.every((value) => value === known[0])) return none;
  const foremost = better === "lower" ? Math.min(...known) : Math.max(...known);
  if (cells.some(({ value, interval }) => value !== null && interval === undefined)) {
    return cells.map(({ value }) => (value === foremost ? (better === "lower" ? "lowest" : "highest") : null));
  }
  const ahead = rangeOf(cells.find(({ value }) => value === foremost)!);
  const level = cells.map((cell) => cell.value !== null && meet(rangeOf(cell), ahead));
  const alone = level.filter((one) => one).length === 1;
  return level.map((one) => (one ? (alone ? "best" : "even") : null));
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function rangeOf({ value, interval }: FigureCell): Range {
  return interval ?? { low: value!, high: value! };
}

function meet(a: Range, b: Range): boolean {
  return a.low <= b.high && b.low <= a.high;
}

/**
 * Results that were made alike, as indexes: only they compete. A simulation does not beat a measurement, nor one experiment another;
 * an invalid run beats nobody.
 */
export function rivals(results: readonly RunResult[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, { kind, driver, audit }] of results.entries()) {
    if (audit.verdict === "invalid") continue;
    const name = `${kind} ${driver}`;
    groups.set(name, [...(groups.get(name) ?? []), index]);
  }
  return [...groups.values()];
}

/** Standings within each group of rivals, one a result. */
export function standingsOf(
  results: readonly RunResult[],
  cells: readonly FigureCell[],
  better: Better | null,
): readonly Standing[] {
  const all: Standing[] = cells.map(() => null);
  for (const group of rivals(results)) {
    const within = standings(
      group.map((index) => cells[index]!),
      better,
    );
    for (const [place, index] of group.entries()) all[index] = within[place]!;
  }
  return all;
}

export const standingSigns = { best: "▲", even: "≈", lowest: "△", highest: "△" } as const;

/** "▲ best", "≈ best", "△ lowest", "△ highest"; "" for a cell that is none of them. */
export function standingWord(standing: Standing): string {
  return standing === null ? "" : `${standingSigns[standing]} ${standing === "even" ? "best" : standing}`;
}

export const STANDING_NOTE =
  "▲ best: ahead of the others. ≈ best: cannot be told from the foremost, as their 95 % intervals meet. △: foremost, but without intervals nobody can say whether by more than luck.";
