// The metrics of a comparison as rows of text, worst first: terminal, Markdown, JUnit and annotations show the same ones, so that they
// never tell two stories. Whatever a file can name is on one line and without control characters.

import type { Comparison, MetricComparison, MetricRule } from "../../metrics/compare/comparison.ts";
import { formatFigure, formatNumber, formatRelative, formatScaled, scaleFor, UNKNOWN } from "../format-number.ts";

/** What a reader is to make of a metric: its verdict, or that its regression is taken on, or that it is even better. */
export const standings = ["regressed", "waived", "cannot tell", "improved", "no worse"] as const;
export type MetricStanding = (typeof standings)[number];

/** A sign beside the word, so that nothing hangs on colour. */
export const standingSigns: Readonly<Record<MetricStanding, string>> = {
  regressed: "✗",
  waived: "!",
  "cannot tell": "?",
  improved: "✓",
  "no worse": "✓",
};

export interface MetricRow {
  readonly metric: MetricComparison;
  readonly standing: MetricStanding;
  readonly key: string;
  readonly label: string;
  /** "Response time, p50 (ms)". */
  readonly head: string;
  /** In the unit that the head names. */
  readonly base: string;
  readonly candidate: string;
  /** "+10.4 % (+7.4 to +13.5)": of the base, or in percentage points where the metric is a share itself. */
  readonly effect: string;
  /** With the sign that is worse: "+5 %" of a time, "−5 %" of a throughput. */
  readonly minimumEffect: string;
  readonly floor: string;
  /** "36 a side". */
  readonly moreRuns: string;
}

/** One a metric, in the order of the standings, and within one of them in that of the comparison. */
export function metricRows({ metrics }: Comparison): readonly MetricRow[] {
  const rows = metrics.map(rowOf);
  return standings.flatMap((standing) => rows.filter((row) => row.standing === standing));
}

export function standingOf({ verdict, waiver, improved }: MetricComparison): MetricStanding {
  if (verdict === "regressed") return waiver === null ? "regressed" : "waived";
  return improved ? "improved" : verdict;
}

function rowOf(metric: MetricComparison): MetricRow {
  const { rule, base, candidate, floor, undecidable, moreRuns } = metric;
  const unit = oneLine(metric.unit);
  const scale = scaleFor(
    unit,
    [base, candidate].filter((value) => value !== null),
  );
  const label = oneLine(metric.label);
  return {
    metric,
    standing: standingOf(metric),
    key: oneLine(metric.key),
    label,
    head: scale.unit === "" || (base ?? candidate) === null ? label : `${label} (${scale.unit})`,
    base: formatScaled(base, scale),
    candidate: formatScaled(candidate, scale),
    effect: effectOf(metric, unit),
    minimumEffect: `${rule.better === "low" ? "+" : "−"}${formatSize(rule.minimumEffect, rule, unit)}`,
    floor: floor === null ? UNKNOWN : `${formatSize(floor, rule, unit)}${undecidable ? ", too high" : ""}`,
    moreRuns: moreRuns === null ? "" : `${formatNumber(moreRuns)} a side`,
  };
}

function effectOf({ effect, rule }: MetricComparison, unit: string): string {
  if (effect === null) return UNKNOWN;
  const { value, interval } = effect;
  const signed = signer(rule, unit);
  if (interval === null || interval.low === interval.high) return signed(value);
  // The unit stands once, after the value.
  const bare = (size: number) => signed(size).replace(/ (%|pp)$/, "");
  return `${signed(value)} (${bare(interval.low)} to ${bare(interval.high)})`;
}

/** An effect with its sign: "+3.10 %", "−0.29 pp", "+12.5 KiB". */
function signer({ scale }: MetricRule, unit: string): (value: number) => string {
  if (scale === "relative") return formatRelative;
  if (unit === "share") return (value) => formatRelative(value).replace("%", "pp");
  return (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${formatFigure(Math.abs(value), unit)}`;
}

/** "5 %" of the base; "0.5 pp", percentage points, of a share; else in the unit of the metric. No zeros nobody wrote. */
export function formatSize(value: number, { scale }: Pick<MetricRule, "scale">, unit: string): string {
  if (scale === "absolute" && unit !== "share") return formatFigure(value, unit);
  const percent = formatNumber(Number((100 * value).toPrecision(3)), 3);
  return `${percent.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")} ${scale === "relative" ? "%" : "pp"}`;
}

/** As text for one line: a line break or an escape code in a name must not become a command to whatever reads the report. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}
