// What the machine did during a search, from what each of its probes saw: one disturbed probe is repeated or outvoted, but a machine that
// was busy in most of them made rates miss the objectives that the site could have borne.

import type { RunResult } from "../../../metrics/run-result.ts";
import type { MachineEvidence } from "../../audit/machine-watch.ts";

/** Shares are the median of the probes; the clock's step is the largest, and swapped pages are added up. */
export function machineOver(probes: readonly RunResult[]): MachineEvidence {
  const seen = probes.flatMap(({ audit }) => audit.generator ?? []);
  const known = (of: (one: MachineEvidence) => number | null) => seen.map(of).filter((value) => value !== null);
  const swapped = known(({ swappedPages }) => swappedPages);
  return {
    loopDelayP99Ms: median(known(({ loopDelayP99Ms }) => loopDelayP99Ms)),
    clockStepMs: seen.reduce(
      (most, { clockStepMs }) => (Math.abs(clockStepMs) > Math.abs(most) ? clockStepMs : most),
      0,
    ),
    otherLoadShare: median(known(({ otherLoadShare }) => otherLoadShare)),
    stealShare: median(known(({ stealShare }) => stealShare)),
    siteProcessors: known(({ siteProcessors }) => siteProcessors)[0] ?? null,
    swappedPages: swapped.length === 0 ? null : swapped.reduce((sum, pages) => sum + pages, 0),
  };
}

/** The higher one of the middle two; null of none. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null;
}
