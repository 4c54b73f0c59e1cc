// What became of all parts, in one table: a row a part, and below it every metric that is worse, and why parts are missing.

import type { Comparison, MetricComparison } from "../../metrics/compare/comparison.ts";
import type { TerminalOptions } from "../../reports/terminal.ts";
import { createStyle, type Style, textTable, wrap } from "../../reports/text-table.ts";

export interface PartOutcome {
  readonly name: string;
  /** null where it could not be run, or was not reached. */
  readonly comparison: Comparison | null;
  /** null where it was run. */
  readonly leftOut: string | null;
}

/** An e-value below it is what noise makes of nothing. */
const EVIDENCE_SHOWN = 3;

export function renderSelf(ref: string, outcomes: readonly PartOutcome[], options: TerminalOptions): string {
  const style = createStyle(options.color);
  const rows = outcomes.map(({ name, comparison }) => ({ head: name, cells: cellsOf(comparison, style) }));
  const regressed = outcomes.flatMap(({ name, comparison }) =>
    (comparison?.metrics ?? [])
      .filter(({ verdict }) => verdict === "regressed")
      .map((metric) => `✗ ${name}: ${metric.label}, ${effectOf(metric)} [${metric.key}]. ${metric.reason}`),
  );
  const missing = outcomes.flatMap(({ name, leftOut }) =>
    leftOut === null ? [] : [`· ${name} was left out: ${leftOut}`],
  );
  return `${[
    style.bold(`This project against ${ref}`),
    "",
    ...textTable(["verdict", "regressed", "cannot tell", "no worse", "blocks", "most adverse"], rows, options.columns),
    ...(regressed.length + missing.length === 0 ? [] : [""]),
    ...regressed.flatMap((line) => wrap(line, options.columns, 2)).map(style.bad),
    ...missing.flatMap((line) => wrap(line, options.columns, 2)),
  ].join("\n")}\n`;
}

function cellsOf(comparison: Comparison | null, style: Style): readonly string[] {
  if (comparison === null) return [style.doubtful("not run"), "", "", "", "", ""];
  const { verdict, metrics, blocks, complete } = comparison;
  const paint = { regressed: style.bad, "cannot tell": style.doubtful, "no worse": style.good }[verdict];
  const count = (what: Comparison["verdict"]) => String(metrics.filter((metric) => metric.verdict === what).length);
  return [
    paint(`${verdict}${complete ? "" : ", cut short"}`),
    count("regressed"),
    count("cannot tell"),
    count("no worse"),
    String(blocks),
    mostAdverse(metrics),
  ];
}

/** The metric with most evidence for "worse", where that is worth a word. */
function mostAdverse(metrics: readonly MetricComparison[]): string {
  const evidenceOf = (metric: MetricComparison) => metric.evidence?.worse ?? 0;
  const adverse = metrics.filter((metric) => evidenceOf(metric) > EVIDENCE_SHOWN);
  const [worst] = adverse.toSorted((a, b) => evidenceOf(b) - evidenceOf(a));
  return worst === undefined ? "none" : `${worst.label} ${effectOf(worst)}`;
}

function effectOf({ effect, rule, unit }: MetricComparison): string {
  if (effect === null) return "";
  const { value } = effect;
  const sign = value < 0 ? "−" : "+";
  const size = rule.scale === "relative" ? `${(100 * Math.abs(value)).toFixed(1)} %` : `${Math.abs(value)} ${unit}`;
  return `${sign}${size.trim()}`;
}
