// The replications of one scenario of many, summed up to what a sweep or a search needs of it: no histograms, no series.

import { assert } from "../config/assert.ts";
import type { Scenario } from "../config/scenario.ts";
import { estimateFigure, poolHistograms, replicationValues } from "../metrics/estimate-figure.ts";
import { figureKinds } from "../metrics/figures.ts";
import { precisionReached } from "../metrics/precision.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import { assertConserved, meanSeries } from "../metrics/summarise.ts";
import type { PointFigure, PointOutcome } from "../metrics/sweep/point.ts";
import { closedFormsOf } from "./analytic/closed-forms.ts";
import { findingsOf } from "./findings.ts";

/**
 * @param records of all replications that nextRound asked for, in the order of their numbers.
 * @returns figures, intervals and findings as concludeSimulation would tell them.
 */
export function concludePoint(scenario: Scenario, records: readonly RunRecord[]): PointOutcome {
  assert(records.length > 0, "there is at least one record");
  for (const { counters } of records) assertConserved(counters);
  const pooled = poolHistograms(records);
  const closedForms = closedFormsOf(scenario);
  const estimated = figureKinds.map((kind) => {
    const closedForm = closedForms[kind.key];
    const figure: PointFigure = {
      ...estimateFigure(kind, scenario, records, pooled, closedForm),
      byReplication: replicationValues(kind, scenario, records, pooled),
      ...(closedForm === undefined ? {} : { closedForm: closedForm.value }),
    };
    return { kind, figure };
  });
  const told = {
    scenario,
    complete: true,
    series: meanSeries(records.map(({ series }) => series)),
    figures: estimated.map(({ kind: { key, label, unit }, figure: { value, interval } }) => ({
      key,
      label,
      unit,
      value,
      ...(interval === null ? {} : { interval }),
    })),
  };
  return {
    replications: records.length,
    figures: Object.fromEntries(estimated.map(({ kind, figure }) => [kind.key, figure])),
    findings: findingsOf(scenario, records, told, precisionReached(scenario, records)),
  };
}
