// sessionlab bench --driver micro: what each call of a provider costs the process that makes it, with states of several sizes.
// For a ranking, several providers are measured together, their rounds taking turns:
//   measureMicro(scenarios: readonly Scenario[], options: BenchOptions): Promise<readonly RunResult[]>, a result each, in order.

import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import { besideMachine } from "../../audit/audit-study.ts";
import { type MachineEvidence, watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { type Clock, machineClock } from "../../clock.ts";
import { microAudit, microFigures, microStudy } from "./micro-report.ts";
import { effortFor, type MicroEffort, type MicroFinds, runRounds } from "./micro-rounds.ts";
import { type MicroSubject, openMicroSubject } from "./micro-subject.ts";

/** A small basket, a page of memory, a large object heap's worth. */
const SIZES = [256, 4_096, 65_536];

/** @throws InputError for a site that bench cannot drive, and for a store that cannot be started, reached or used. */
export async function runMicro(scenario: Scenario, options: BenchOptions): Promise<RunResult> {
  const [result] = await measureMicro([scenario], options);
  return result;
}

/**
 * Each scenario names a provider, by its site and store; their workloads are not looked at. Stores that no connection is given for
 * are started, and ended afterwards. Takes about 20 s a provider, or as many as options.seconds.
 * @returns a result for each scenario, in their order.
 * @throws InputError as runMicro.
 */
export async function measureMicro(
  scenarios: readonly Scenario[],
  options: BenchOptions,
  effort: MicroEffort = effortFor(options),
  clock: Clock = machineClock,
): Promise<readonly RunResult[]> {
  const startedAt = new Date();
  const subjects: MicroSubject[] = [];
  try {
    for (const scenario of scenarios) subjects.push(await openMicroSubject(scenario));
    const sizes = [...new Set(options.stateBytes ?? SIZES)].sort((a, b) => a - b);
    const watch = watchMachine();
    const finds = await runRounds(subjects, sizes, effort, options, clock).finally(() => watch.finish());
    return finds.map((find) => resultOf(find, effort, options, startedAt, watch.finish()));
  } finally {
    await Promise.allSettled(subjects.map((subject) => subject.close()));
  }
}

function resultOf(
  finds: MicroFinds,
  effort: MicroEffort,
  options: BenchOptions,
  startedAt: Date,
  machine: MachineEvidence,
): RunResult {
  const study = microStudy(finds);
  const complete = finds.failure === null && (finds.rounds === effort.rounds || !options.signal.aborted);
  const { verdict, findings } = microAudit(finds, study, complete);
  const tookMs = Date.now() - startedAt.getTime();
  return summariseStudy({
    scenario: finds.subject.scenario,
    store: finds.subject.engine,
    settings: options.settings,
    command: options.command,
    study,
    figures: microFigures(study),
    complete,
    tookMs,
    ...besideMachine({ verdict, findings: [...findings, ...fewerRounds(finds, effort, complete)] }, machine),
    environment: options.environment(startedAt, tookMs / 1000),
  });
}

function fewerRounds({ rounds }: MicroFinds, effort: MicroEffort, complete: boolean): readonly string[] {
  if (!complete || rounds === effort.rounds || effort.untilSpent === true) return [];
  return [`The machine was slow: ${rounds} rounds fitted into the time instead of ${effort.rounds}.`];
}
