// The memory driver: what a stored session takes, found as the slope of memory on stored sessions, size by size. Each size is filled
// several times from the start, in processes of their own where the store allows it, and at last the sessions are left to expire.
// Whatever happens on the way, no process and no file is left behind.

import type { Scenario } from "../../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../../config/session-settings.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import { besideMachine } from "../../audit/audit-study.ts";
import { watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { refuseUndrivable } from "../../host/host-settings.ts";
import { fillAll } from "./fillings.ts";
import { auditMemory } from "./memory-audit.ts";
import { memorySizes } from "./memory-plan.ts";
import { memoryFigures, memoryStudy } from "./memory-study.ts";
import { subjectKind } from "./subject-kind.ts";

/** Any whole number of minutes. */
const SOME_TIMEOUT_MS = 600_000;

/**
 * @throws InputError for a store whose memory cannot be told, that cannot be started or reached, or that takes no session of such a
 * size.
 */
export async function runMemory(scenario: Scenario, options: BenchOptions): Promise<RunResult> {
  refuseWrongStore(scenario);
  const startedAt = new Date();
  const provider = scenario.site.mode === "InProc" ? "in-proc" : scenario.store.provider;
  const sizes = memorySizes(options.stateBytes, scenario.workload.stateBytes, provider);
  options.onProgress({ share: 0, note: "starting" });
  const kind = await subjectKind(scenario);
  const { signal, onProgress } = options;
  const watch = watchMachine();
  const journal = await fillAll({ kind, sizes, seed: scenario.run.seed, signal, onProgress }).finally(() =>
    watch.finish(),
  );
  const machine = watch.finish();
  const { fillings, measures, failure } = journal;
  const study = memoryStudy(measures, fillings, journal.whole);
  const complete = !signal.aborted && failure === null;
  const audit = auditMemory({ ...journal, study, complete, interrupted: signal.aborted, kind, provider });
  const tookMs = Date.now() - startedAt.getTime();
  return summariseStudy({
    scenario,
    store: journal.engine,
    settings: options.settings,
    command: options.command,
    study,
    figures: memoryFigures(study, fillings, sizes),
    complete,
    tookMs,
    // Who else uses the processors changes the time that a session takes, not the memory.
    ...besideMachine(audit, machine, { ...machine, otherLoadShare: null, stealShare: null }),
    environment: options.environment(startedAt, tookMs / 1000),
  });
}

/** How many workers there are, a cap, a timeout and faults do not change what a session takes. */
function refuseWrongStore(scenario: Scenario): void {
  const oneWorker = { servers: 1, workersPerServer: 1, sessionsMax: UNLIMITED_SESSIONS, timeoutMs: SOME_TIMEOUT_MS };
  refuseUndrivable({ ...scenario, site: { ...scenario.site, ...oneWorker }, faults: [] });
}
