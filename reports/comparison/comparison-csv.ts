// The numbers of a comparison as plain tables, unscaled and unrounded: effects a row a metric, runs a row a value.

import type { Comparison } from "../../metrics/compare/comparison.ts";
import { csvText } from "../csv.ts";

export function effectsCsv({ metrics }: Comparison): string {
  const heads = ["key", "label", "unit", "scale", "better", "verdict", "improved", "waived", "base", "candidate"];
  const more = ["effect", "low", "high", "minimumEffect", "floor", "evidenceWorse", "evidenceNoWorse", "moreRuns"];
  return csvText([
    [...heads, ...more],
    ...metrics.map((metric) => [
      metric.key,
      metric.label,
      metric.unit,
      metric.rule.scale,
      metric.rule.better,
      metric.verdict,
      metric.improved ? 1 : 0,
      metric.waiver === null ? 0 : 1,
      metric.base,
      metric.candidate,
      metric.effect?.value ?? null,
      metric.effect?.interval?.low ?? null,
      metric.effect?.interval?.high ?? null,
      metric.rule.minimumEffect,
      metric.floor,
      metric.evidence?.worse ?? null,
      metric.evidence?.noWorse ?? null,
      metric.moreRuns,
    ]),
  ]);
}

/** `run`: from 1, in the order in which the runs of a side ran. */
export function runsCsv({ metrics }: Comparison): string {
  return csvText([
    ["key", "side", "run", "value"],
    ...metrics.flatMap(({ key, runs }) =>
      (["base", "candidate"] as const).flatMap((side) =>
        runs[side].map((value, index) => [key, side, index + 1, value]),
      ),
    ),
  ]);
}
