// The machine seen while a bench runs: was the event loop of this process free, did the clocks step, who else used the processors.
// Accounts of processes are read at both ends only: reading them takes milliseconds, in which no request would start.

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { GeneratorAudit } from "../../metrics/run-result.ts";
import { siteProcessors } from "../site-processors.ts";
import { createClockSteps, readClockPair } from "./clock-steps.ts";
import { processorUse, readProcessorAccount } from "./processor-accounts.ts";

export type MachineEvidence = Pick<
  GeneratorAudit,
  "loopDelayP99Ms" | "clockStepMs" | "otherLoadShare" | "stealShare" | "swappedPages" | "siteProcessors"
>;

export interface MachineWatch {
  /** What was seen until now; the watch is over. A second call gives the same. */
  finish(): MachineEvidence;
}

/** Timers that measure how late they are wake this often. */
const LOOP_SAMPLE_MS = 10;
const CLOCK_LOOK_MS = 250;

/** Watches from now on. Nothing of it keeps the process alive. */
export function watchMachine(): MachineWatch {
  const account = readProcessorAccount();
  const steps = createClockSteps(readClockPair());
  const looking = setInterval(() => steps.look(readClockPair()), CLOCK_LOOK_MS);
  looking.unref();
  const loop = monitorEventLoopDelay({ resolution: LOOP_SAMPLE_MS });
  loop.enable();
  let evidence: MachineEvidence | null = null;
  return {
    finish() {
      if (evidence !== null) return evidence;
      clearInterval(looking);
      loop.disable();
      steps.look(readClockPair());
      evidence = {
        // The monitor counts the whole way from one wake to the next.
        loopDelayP99Ms: loop.count === 0 ? null : Math.max(0, loop.percentile(99) / 1e6 - LOOP_SAMPLE_MS),
        clockStepMs: steps.largestMs(),
        ...processorUse(account, readProcessorAccount()),
        siteProcessors: siteProcessors()?.length ?? null,
      };
      return evidence;
    },
  };
}
