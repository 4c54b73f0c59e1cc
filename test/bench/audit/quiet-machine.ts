import type { MachineEvidence } from "../../../bench/audit/machine-watch.ts";

/** What a machine tells on which nothing else happens. */
export const quietMachine: MachineEvidence = {
  loopDelayP99Ms: 0.3,
  clockStepMs: 0.2,
  otherLoadShare: 0.01,
  stealShare: 0,
  swappedPages: 0,
  siteProcessors: null,
};
