// The RunResult of an experiment: no visitors walked through the scenario, so that it has figures of its own, the study behind them,
// and of counters and histograms only what the experiment kept.

import { maskStore } from "../config/mask-settings.ts";
import type { Scenario } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import { encodeHistogram, type Histogram, percentileSupported } from "./latency-histogram.ts";
import { zeroCounters } from "./run-record.ts";
import type { Audit, Counters, Environment, Figure, GeneratorAudit, HistogramJson, RunResult } from "./run-result.ts";
import { RUN_RESULT_SCHEMA } from "./run-result.ts";
import type { Study } from "./study.ts";
import { assertConserved, judge, labelOf } from "./summarise.ts";

export interface StudyInput {
  readonly scenario: Scenario;
  /** Engine and version of the store; null where there was none to name. */
  readonly store: string | null;
  /** Short name of what was driven; left out, the mode and its store. */
  readonly label?: string;
  readonly settings: Settings | null;
  readonly command: string;
  readonly study: Study;
  readonly figures: readonly Figure[];
  /** All zero when left out. */
  readonly counters?: Counters;
  readonly histograms?: Readonly<Record<string, Histogram>>;
  readonly complete: boolean;
  /** How long the experiment took, real time. */
  readonly tookMs: number;
  readonly auditVerdict: Audit["verdict"];
  readonly auditFindings: readonly string[];
  /** Left out: null. */
  readonly auditGenerator?: GeneratorAudit | null;
  readonly environment: Environment;
}

/** @throws AssertionError where the counters do not add up. */
export function summariseStudy(input: StudyInput): RunResult {
  const { scenario, figures, study, store } = input;
  const counters = input.counters ?? zeroCounters();
  assertConserved(counters);
  const histograms: Record<string, HistogramJson> = {};
  for (const [name, histogram] of Object.entries(input.histograms ?? {})) histograms[name] = encodeHistogram(histogram);
  return {
    schema: RUN_RESULT_SCHEMA,
    kind: "measured",
    driver: study.kind,
    label: `${input.label ?? labelOf(scenario, store)}, ${study.kind}`,
    store,
    scenario: maskStore(scenario),
    settings: input.settings,
    seed: scenario.run.seed,
    command: input.command,
    complete: input.complete,
    endedAtMs: input.tookMs,
    counters,
    measured: counters,
    series: { atMs: [], columns: {} },
    histograms,
    responseIntervals: [],
    faults: [],
    study,
    figures,
    targets: scenario.targets.map((target) => judge(target, figures)),
    audit: {
      verdict: input.auditVerdict,
      findings: input.auditFindings,
      percentileMax: percentileSupported(input.histograms?.response?.totalCount ?? 0),
      generator: input.auditGenerator ?? null,
    },
    environment: input.environment,
  };
}
