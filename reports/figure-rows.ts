// The figures of several results laid beside one another: one row a figure, one cell a result, in one unit a row. Terminal and
// HTML show the same rows, so that they never tell two stories.

import { UNLIMITED_SESSIONS } from "../config/session-settings.ts";
import type { ClosedForm, Figure, Interval, RunResult } from "../metrics/run-result.ts";
import { formatNumber, formatRelative, formatScaled, type Scale, scaleFor, UNKNOWN } from "./format-number.ts";

export interface FigureCell {
  /** As in the Figure, unscaled; null where this run cannot know it or does not have the figure. */
  readonly value: number | null;
  readonly interval?: Interval;
  readonly closedForm?: ClosedForm;
}

export interface FigureRow {
  readonly key: string;
  readonly label: string;
  /** As in the Figure, before scaling. */
  readonly unit: string;
  readonly scale: Scale;
  /** One a result, in the order of the results. */
  readonly cells: readonly FigureCell[];
}

/** Every figure that any of the results knows, in the order in which they are met. */
export function figureRows(results: readonly RunResult[]): readonly FigureRow[] {
  const firstSeen = new Map<string, Figure>();
  for (const figure of results.flatMap((result) => result.figures)) {
    if (figure.value !== null && !firstSeen.has(figure.key)) firstSeen.set(figure.key, figure);
  }
  return [...firstSeen.values()].map(({ key, label, unit }) => {
    const cells = results.map((result): FigureCell => result.figures.find((one) => one.key === key) ?? { value: null });
    return { key, label, unit, scale: scaleFor(unit, cells.flatMap(numbersOf)), cells };
  });
}

function numbersOf(cell: FigureCell): readonly number[] {
  return [cell.value, cell.closedForm?.value ?? null].filter((value) => value !== null);
}

/** "Mean response (ms)". */
export function rowHead(row: FigureRow): string {
  return row.scale.unit === "" ? row.label : `${row.label} (${row.scale.unit})`;
}

/** "680.3 ± 2.1", or "0.52 (0.31 to 0.90)" where the interval is lopsided. */
export function formatCell(cell: FigureCell, scale: Scale): string {
  const value = formatScaled(cell.value, scale);
  if (cell.value === null || cell.interval === undefined) return value;
  const { low, high } = cell.interval;
  if (low === high) return value;
  const half = (high - low) / 2;
  const lopsided = Math.abs((high + low) / 2 - cell.value) > half * 0.2;
  if (lopsided) return `${value} (${formatScaled(low, scale, 3)} to ${formatScaled(high, scale, 3)})`;
  return `${value} ± ${formatHalf(half / scale.divisor)}`;
}

/** Half an interval: two digits say all there is to know, and a whole number needs no false decimals. */
function formatHalf(half: number): string {
  return half >= 100 ? formatNumber(Math.round(half)) : formatNumber(Number(half.toPrecision(2)), 2);
}

/** (value − reference) / reference; null where either is unknown or the reference is 0. */
function relativeDifference(value: number | null, reference: number | null): number | null {
  if (value === null || reference === null) return null;
  if (reference === 0) return value === 0 ? 0 : null;
  return (value - reference) / Math.abs(reference);
}

/** From this tolerance on a closed form is told as about right. */
const ABOUT = 0.005;

/** "680 (+0.04 %)": the closed form, and how far the run lies from it; "≈ 680 (+0.04 %)": an approximation; "≠": they do not agree. */
export function formatClosedForm(cell: FigureCell, scale: Scale): string {
  if (cell.closedForm === undefined) return "";
  const difference = relativeDifference(cell.value, cell.closedForm.value);
  const beside = difference === null ? "" : ` (${formatRelative(difference)})`;
  const { value, tolerance = 0, disagrees = false } = cell.closedForm;
  const about = tolerance >= ABOUT ? "≈ " : "";
  return `${about}${formatScaled(value, scale)}${beside}${disagrees ? " ≠" : ""}`;
}

/** "InProc", "SQLServer" …, and "ASP" for classic ASP, which knows no modes. */
export function modeOf({ scenario: { site } }: RunResult): string {
  return site.technology === "asp" ? "ASP" : site.mode;
}

/** How many passes the counters and histograms are sums over: a bench runs once, whatever the scenario asks of a simulation. */
export function replicationsOf({ kind, scenario, replications }: RunResult): number {
  return kind === "measured" ? 1 : (replications ?? scenario.run.replications);
}

/** A simulated and a measured run of the same mode, as indexes into the results. */
export interface Pair {
  readonly mode: string;
  readonly simulated: number;
  readonly measured: number;
}

/** The pairs that can be told without doubt: exactly one simulated and exactly one measured run of a mode. */
export function pairsOf(results: readonly RunResult[]): readonly Pair[] {
  return [...new Set(results.map(modeOf))].flatMap((mode) => {
    const ofKind = (kind: RunResult["kind"]) =>
      results.flatMap((result, index) => (result.kind === kind && modeOf(result) === mode ? [index] : []));
    const [simulated, measured] = [ofKind("simulated"), ofKind("measured")];
    if (simulated.length !== 1 || measured.length !== 1) return [];
    return [{ mode, simulated: simulated[0]!, measured: measured[0]! }];
  });
}

export interface Difference {
  /** "+3.10 %" of the simulated value, or a plain difference where the simulated value is 0. */
  readonly text: string;
  /** Do the two 95 % intervals meet? null where either value has none: then nobody can say. */
  readonly withinIntervals: boolean | null;
}

/** How far the measured value lies from the simulated one. */
export function differenceOf(row: FigureRow, pair: Pair): Difference {
  const [simulated, measured] = [row.cells[pair.simulated]!, row.cells[pair.measured]!];
  if (simulated.value === null || measured.value === null) return { text: UNKNOWN, withinIntervals: null };
  const relative = relativeDifference(measured.value, simulated.value);
  const text =
    relative === null
      ? `${measured.value > 0 ? "+" : ""}${formatScaled(measured.value, row.scale)} ${row.scale.unit}`.trim()
      : formatRelative(relative);
  const [a, b] = [simulated.interval, measured.interval];
  return { text, withinIntervals: a === undefined || b === undefined ? null : a.low <= b.high && b.low <= a.high };
}

/** The cap on stored sessions of a run; null where there is none. */
export function capOf(result: RunResult): number | null {
  return result.scenario.site.sessionsMax >= UNLIMITED_SESSIONS ? null : result.scenario.site.sessionsMax;
}
