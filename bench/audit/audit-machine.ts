// What the machine did to a measured run while it ran. None of it makes a run invalid: a generator that was disturbed so much that its
// requests left late is found by its start lag (audit.ts). It is doubt, and the report says of what kind.

import { type Finding, percent } from "./audit-finding.ts";
import type { MachineEvidence } from "./machine-watch.ts";

/** On two cores, a fifth of one: host or store wait for a processor in about every tenth request, which p99 shows. */
const OTHER_LOAD_DOUBTFUL = 0.1;
/** Time the hypervisor takes comes in slices of milliseconds; a fiftieth of the time is twice what p99 leaves out. */
const STEAL_DOUBTFUL = 0.02;
/**
 * Clocks that are disciplined run at most 0.5 ms a second fast or slow; ntpd steps by 128 ms and more, chronyd by a second and more.
 * In between lies what reading the clocks can get wrong.
 */
const CLOCK_STEP_DOUBTFUL_MS = 20;
/** 4 MiB of pages of 4 KiB; each one read from disk is a request that waited for it. */
const SWAPPED_PAGES_DOUBTFUL = 1_024;

export function* machineFindings(machine: MachineEvidence): Generator<Finding> {
  const { otherLoadShare, stealShare, clockStepMs, swappedPages } = machine;
  if (otherLoadShare !== null && otherLoadShare > OTHER_LOAD_DOUBTFUL) {
    yield {
      verdict: "doubtful",
      text:
        `Other processes used ${percent(otherLoadShare)} of the machine's processors during the run; end them and run again ` +
        "(a store or site that the bench did not start counts among them).",
    };
  }
  if (stealShare !== null && stealShare > STEAL_DOUBTFUL) {
    yield {
      verdict: "doubtful",
      text: `The hypervisor gave ${percent(stealShare)} of this machine's processors to other machines during the run.`,
    };
  }
  if (Math.abs(clockStepMs) > CLOCK_STEP_DOUBTFUL_MS) {
    yield {
      verdict: "doubtful",
      text:
        `The wall clock was set ${clockStepMs > 0 ? "forward" : "back"} by ${Math.abs(clockStepMs).toFixed(0)} ms during the run: latencies ` +
        "do not show it, but sessions of stores that go by it expired that much too early or too late.",
    };
  }
  if (swappedPages !== null && swappedPages > SWAPPED_PAGES_DOUBTFUL) {
    yield {
      verdict: "doubtful",
      text: `Memory was short: ${swappedPages} pages went to or came from swap during the run.`,
    };
  }
}
