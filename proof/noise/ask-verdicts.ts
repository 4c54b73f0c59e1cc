// The decision of an interleaved comparison, asked as `bench --against` asks it: the same rules of the same metrics, the same judge.

import type { ComparisonVerdict, MetricRule } from "../../metrics/compare/comparison.ts";
import { judgeInterleaved } from "../../metrics/compare/judge-interleaved.ts";
import { FALSE_DISCOVERY_RATE, type JudgeOptions } from "../../metrics/compare/judged.ts";
import { ruleOf } from "../../metrics/compare/metric-rules.ts";
import type { Sides } from "./interleave.ts";

/** As many as fit into a comparison that somebody waits for. */
export const BLOCKS_MAX = 40;

/** As between blocks. */
export const judging: JudgeOptions = { falseDiscoveryRate: FALSE_DISCOVERY_RATE, seed: 1, interim: true };

/** @returns a verdict a metric, in order; they are those of the end, only without their intervals. */
export function verdictsOn(metrics: readonly Sides[]): readonly ComparisonVerdict[] {
  const judged = judgeInterleaved(
    metrics.map((metric) => ({ ...metric, rule: ruleFor(metric.key) })),
    judging,
  );
  return judged.map(({ verdict }) => verdict);
}

export function ruleFor(key: string): MetricRule {
  const rule = ruleOf(key);
  if (rule === null) throw new Error(`no rule for ${key}`);
  return rule;
}

/** What is measured where the truth is worse by `effect`, in the scale of the metric's rule. */
export function worsened(value: number, key: string, effect: number): number {
  const { better, scale } = ruleFor(key);
  const signed = better === "low" ? effect : -effect;
  return scale === "absolute" ? value + signed : value * (1 + signed);
}
