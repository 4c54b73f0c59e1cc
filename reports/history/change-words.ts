// How a change of a trend is told: a sign and a word for its direction, the commits it lies between, and its size.

import type { ChangePoint, HistoryTrend } from "../../metrics/history/history.ts";
import { formatNumber, formatRelative, formatScaled, scaleFor } from "../format-number.ts";

export type Direction = ChangePoint["direction"];

export const directionSigns: Readonly<Record<Direction, string>> = { worse: "✗", better: "✓", unknown: "◇" };

/** "✗ worse", "✓ better", "◇ changed": nothing says which way is good. */
export function directionWord(direction: Direction): string {
  return `${directionSigns[direction]} ${direction === "unknown" ? "changed" : direction}`;
}

/** "+3.1 %"; where the level before was 0 there is no per cent to tell. */
export function sizeOf({ relative }: ChangePoint): string {
  return relative === null ? "from 0" : formatRelative(relative);
}

/** "a1b2…..c3d4…", as git takes it; of what came before the first known commit, that commit. null where the source knows none. */
export function commitRange({ afterCommit, byCommit }: ChangePoint): string | null {
  if (afterCommit === null) return byCommit;
  return `${afterCommit}..${byCommit ?? ""}`;
}

/** "4.02 → 4.43 ms" */
export function levelsOf({ before, after }: ChangePoint, unit: string): string {
  const scale = scaleFor(unit, [before, after]);
  return `${formatScaled(before, scale)} → ${formatScaled(after, scale)}${scale.unit === "" ? "" : ` ${scale.unit}`}`;
}

/** "ycsb-a · InProc, micro · AMD EPYC, 2 cores, linux x64" */
export function placeOf({ series: { scenario, label, machine } }: HistoryTrend): string {
  return [scenario, label, machine ?? ""].filter((word) => word !== "").join(" · ");
}

/** A change together with the trend it is in. */
export interface Change {
  readonly trend: HistoryTrend;
  readonly point: ChangePoint;
}

/** Worse before unknown before better, each newest first. */
export function changesOf(trends: readonly HistoryTrend[]): readonly Change[] {
  const rank: readonly Direction[] = ["worse", "unknown", "better"];
  return trends
    .flatMap((trend) => trend.changePoints.map((point): Change => ({ trend, point })))
    .sort((a, b) => rank.indexOf(a.point.direction) - rank.indexOf(b.point.direction) || byNewest(a, b));
}

/** Changes for the worse that begin between the same commits; without commits, at the same moment. Newest first. */
export function worseningsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.point.direction !== "worse") continue;
    const key = commitRange(change.point) ?? change.point.at;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()]
    .map((group) => group.sort((a, b) => Math.abs(b.point.relative ?? 0) - Math.abs(a.point.relative ?? 0)))
    .sort((a, b) => byNewest(a[0]!, b[0]!));
}

function byNewest(a: Change, b: Change): number {
  return a.point.at < b.point.at ? 1 : a.point.at > b.point.at ? -1 : 0;
}

/** "= 0.002", "< 0.0001". */
export function chanceOf({ pValue }: ChangePoint): string {
  return pValue < 0.0001 ? "< 0.0001" : `= ${Number(pValue.toPrecision(2))}`;
}

/** Where all trends are of one scenario, label and machine, these are told once for all; else null. */
export function commonPlace(trends: readonly HistoryTrend[]): string | null {
  const places = [...new Set(trends.map(placeOf))];
  return places.length === 1 ? places[0]! : null;
}

/** "1 run", "214 runs". */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}
