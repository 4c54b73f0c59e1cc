// A simulated result whose refused share is estimated by itself, and its targets judged by that.

import type { RunResult } from "../../metrics/run-result.ts";
import { judge } from "../../metrics/summarise.ts";
import type { RareRefusals } from "./rare-refusals.ts";

const KEY = "refusedShare";

/** @param asked half the width of the interval that was wanted, relative to the share. */
export function withRareRefusals(result: RunResult, rare: RareRefusals, asked: number): RunResult {
  const { value, interval } = rare.share;
  const figures = result.figures.map((figure) => {
    if (figure.key !== KEY) return figure;
    const { interval: _, ...rest } = figure;
    return { ...rest, value, ...(interval === null ? {} : { interval }) };
  });
  const findings = [...result.audit.findings, ...shortfall(rare, asked)];
  return {
    ...result,
    figures,
    targets: result.scenario.targets.map((target) => judge(target, figures)),
    precision: [...(result.precision ?? []), { figure: KEY, asked, reached: rare.relativeHalfWidth }],
    audit: {
      ...result.audit,
      findings,
      verdict: result.audit.verdict === "valid" && findings.length > 0 ? "doubtful" : result.audit.verdict,
    },
  };
}

function shortfall({ runs, refusing, relativeHalfWidth, reached }: RareRefusals, asked: number): string[] {
  if (reached) return [];
  const say = (share: number) => `±${Number((share * 100).toPrecision(2))} %`;
  const wanted = `Asked for ${KEY} to ${say(asked)}`;
  return relativeHalfWidth === null
    ? [
        `${wanted}: ${refusing} of ${runs} tilted runs refused anybody, too few, or too unlike each other, to tell how well it is known.`,
      ]
    : [`${wanted}, reached ${say(relativeHalfWidth)} after ${runs} tilted runs.`];
}
