// The door of sim: a scenario in, a RunResult out. Nothing here reads a clock or a file; what only the caller can know (the
// environment, the command to repeat the run) comes in with the options.

import type { Scenario } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import { gatherIntervals } from "../metrics/gather-intervals.ts";
import { precisionReached } from "../metrics/precision.ts";
import type { RunRecord } from "../metrics/run-record.ts";
import type { Environment, RunResult } from "../metrics/run-result.ts";
import { summarise } from "../metrics/summarise.ts";
import { closedFormsOf } from "./analytic/closed-forms.ts";
import { findingsOf } from "./findings.ts";
import { judgeForms } from "./form-agreement.ts";
import { nextRound, replicationsKnown } from "./replication-plan.ts";
import { runReplication } from "./run-replication.ts";

export interface SimulateOptions {
  readonly settings?: Settings | null;
  /** The command that repeats the run. */
  readonly command?: string;
  /** Share of the work done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly environment?: () => Environment;
  /** false: the run was cut short. */
  readonly complete?: boolean;
}

const nowhere: Environment = {
  startedAt: "",
  wallSeconds: 0,
  sessionlab: "",
  commit: null,
  node: "",
  platform: "",
  cpu: "",
  cores: 0,
  memoryBytes: 0,
};

/** All replications in this thread. @returns the same for the same scenario, to the byte, but for the environment that is handed in. */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): RunResult {
  return concludeSimulation(scenario, runReplications(scenario, options), options);
}

/** All replications, one after another. */
export function runReplications(
  scenario: Scenario,
  options: Pick<SimulateOptions, "onProgress"> = {},
): readonly RunRecord[] {
  let records: readonly RunRecord[] = [];
  for (let round = nextRound(scenario, records); round.length > 0; round = nextRound(scenario, records)) {
    const before = records.length;
    const wanted = replicationsKnown(scenario, before, round);
    const ended = round.map(({ seed, mirrored }, i) =>
      runReplication(scenario, seed, {
        mirrored,
        onProgress: (atMs) => options.onProgress?.((before + i + atMs / scenario.run.durationMs) / wanted),
      }),
    );
    records = gatherIntervals([...records, ...ended]);
  }
  return records;
}

/** @param records of all replications that nextRound asked for, in the order of their numbers. */
export function concludeSimulation(
  scenario: Scenario,
  records: readonly RunRecord[],
  options: SimulateOptions = {},
): RunResult {
  const precision = precisionReached(scenario, records);
  const result = summarise({
    kind: "simulated",
    scenario,
    store: null,
    settings: options.settings ?? null,
    command: options.command ?? "",
    records,
    complete: options.complete ?? true,
    closedForms: closedFormsOf(scenario),
    auditVerdict: "valid",
    auditFindings: [],
    environment: options.environment?.() ?? nowhere,
    precision,
  });
  const independent = scenario.run.antithetic === true ? records.length >> 1 : records.length;
  const forms = judgeForms(result, independent);
  const findings = [...findingsOf(scenario, records, result, precision), ...forms.findings];
  if (findings.length === 0) return result;
  return { ...result, figures: forms.figures, audit: { ...result.audit, verdict: "doubtful", findings } };
}

export { closedFormsOf } from "./analytic/closed-forms.ts";
export { erlangB } from "./analytic/erlang.ts";
export { runReplication } from "./run-replication.ts";
