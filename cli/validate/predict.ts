// A load in virtual time: once with the very visitors of the bench, which is the prediction, and again with others, which shows how
// much of a figure is the luck of who comes.

import { setImmediate as turn } from "node:timers/promises";
import type { Scenario } from "../../config/scenario.ts";
import { figureKinds } from "../../metrics/figures.ts";
import type { RunRecord } from "../../metrics/run-record.ts";
import type { Environment, RunResult } from "../../metrics/run-result.ts";
import { runReplication } from "../../sim/run-replication.ts";
import { concludeSimulation } from "../../sim/simulate.ts";
import { replicationSeed } from "../../workload/random-stream.ts";

export interface Predicted {
  readonly result: RunResult;
  /** Figures by key, one set a replication; that of `result` first. */
  readonly replications: readonly Readonly<Record<string, number | null>>[];
}

export interface PredictOptions {
  readonly replications: number;
  readonly command: string;
  readonly environment: () => Environment;
  /** Aborted: the replications that have not begun are left out. */
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** @returns null when it was ended before the first replication. */
export async function predict(scenario: Scenario, options: PredictOptions): Promise<Predicted | null> {
  const { replications, signal, onProgress } = options;
  let result: RunResult | null = null;
  const sets: Readonly<Record<string, number | null>>[] = [];
  for (let number = 0; number < replications; number++) {
    await turn();
    if (signal.aborted) break;
    const record = runReplication(scenario, replicationSeed(scenario.run.seed, number), {
      onProgress: (atMs) => onProgress((number + Math.min(1, atMs / scenario.run.durationMs)) / replications),
    });
    result ??= concludeSimulation(scenario, [record], options);
    sets.push(figuresOf(record, scenario));
  }
  return result === null ? null : { result, replications: sets };
}

function figuresOf(record: RunRecord, scenario: Scenario): Readonly<Record<string, number | null>> {
  return Object.fromEntries(figureKinds.map((kind) => [kind.key, kind.of(record, scenario)]));
}
