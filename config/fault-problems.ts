// Faults that contradict each other or the site, the same in both worlds: one that strikes what an earlier one still holds, a store that
// is no process of its own, a worker that the site has not.

import type { Problem } from "./problem.ts";
import { turnsOf } from "./rolling-deploy.ts";
import type { Fault, Scenario, StoreFault } from "./scenario.ts";

/** Whatever of it: the process, or the way to it. */
export function strikesStore(fault: Fault): fault is StoreFault {
  return fault.kind.endsWith("-store");
}

/** Which of the worker processes, counted from 0; null for all of them, or none. */
export function workerStruck(fault: Fault): number | null {
  return fault.kind === "kill-worker" || fault.kind === "pause-worker" ? (fault.worker ?? 0) : null;
}

/** Which partition of the store, counted from 0; null for all of them, or none. */
export function partitionStruck(fault: Fault): number | null {
  return strikesStore(fault) ? (fault.partition ?? null) : null;
}

/** Real time. */
export function faultLengthMs(fault: Fault): number {
  if (fault.kind === "recycle") return 0;
  return "downMs" in fault ? fault.downMs : fault.forMs;
}

/** @returns every problem; none where all faults can strike. */
export function faultProblems(scenario: Scenario): Problem[] {
  const { site, store, faults } = scenario;
  const problems: Problem[] = [];
  const refuse = (given: string, expected: string, mend: string) => {
    problems.push({ at: "faults", given, expected, mend });
  };
  const outside = site.mode !== "Off" && site.mode !== "InProc";
  const onStore = faults.find(strikesStore);
  if (!outside && onStore !== undefined) {
    const expected = "a mode whose store is a process of its own";
    refuse(`${onStore.kind} in mode ${site.mode}`, expected, "choose faults of the worker, or another mode");
  }
  const workers = site.servers * site.workersPerServer;
  for (const fault of faults) {
    const worker = workerStruck(fault);
    if (worker === null || worker < workers) continue;
    const expected = workers === 1 ? "1: the site has one worker" : `1 to ${workers}: so many workers has the site`;
    refuse(`${fault.kind} of worker ${worker + 1}`, expected, "choose one of these, or raise site.servers");
  }
  for (const fault of faults) {
    const partition = partitionStruck(fault);
    if (!outside || partition === null || partition < store.partitions) continue;
    const expected = `1 to ${store.partitions}: so many partitions has the store`;
    refuse(`${fault.kind} of partition ${partition + 1}`, expected, "choose one of these, or raise store.partitions");
  }
  if (site.servers === 1 && faults.some(({ kind }) => kind === "rolling-deploy")) {
    const expected = "two servers or more: the others serve while one is out";
    refuse("rolling-deploy of one server", expected, "raise site.servers, or make it a recycle or kill-worker");
  }
  for (const [earlier, later] of overlaps(scenario)) {
    const end = minutes(earlier.atMs + faultLengthMs(earlier) * scenario.run.timeScale);
    refuse(
      `${later.kind} at minute ${minutes(later.atMs)} while ${earlier.kind} lasts until minute ${end}`,
      `one fault of the ${strikesStore(later) ? "store" : "worker"} at a time (its length is real time, × run.timeScale)`,
      "move one of them, shorten the first, or lower run.timeScale",
    );
  }
  return problems;
}

function overlaps(scenario: Scenario): [Fault, Fault][] {
  const { faults, run } = scenario;
  const inOrder = faults.flatMap((fault) => turnsOf(fault, scenario)).sort((a, b) => a.atMs - b.atMs);
  return inOrder.flatMap((later, i): [Fault, Fault][] => {
    const lasts = (fault: Fault) => fault.atMs + faultLengthMs(fault) * run.timeScale > later.atMs;
    const earlier = inOrder.slice(0, i).findLast((fault) => strikeTheSame(fault, later) && lasts(fault));
    return earlier === undefined ? [] : [[earlier, later]];
  });
}

/** A recycle strikes all workers. */
function strikeTheSame(one: Fault, other: Fault): boolean {
  if (strikesStore(one) !== strikesStore(other)) return false;
  const which = strikesStore(one) ? partitionStruck : workerStruck;
  const [first, second] = [which(one), which(other)];
  return first === null || second === null || first === second;
}

function minutes(ms: number): number {
  return Math.round(ms / 600) / 100;
}
