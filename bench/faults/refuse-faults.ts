// Faults that a bench cannot strike, found out before anything is started: no process to strike, somebody else's process, a machine
// that cannot stop one, two at once on the same thing.

import { faultProblems, partitionStruck } from "../../config/fault-problems.ts";
import type { Problem } from "../../config/problem.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";

/** Stops or kills the store's process; the others act on the way to it, and harm nobody else's store. */
export function strikesStoreProcess({ kind }: Fault): boolean {
  return kind === "kill-store" || kind === "pause-store";
}

/** A proxy of ours has to stand there from the start. */
export function strikesWayToStore({ kind }: Fault): boolean {
  return kind === "slow-store" || kind === "cut-store";
}

/** @returns every problem; none where all faults can be struck. @param platform as process.platform. */
export function problemsOfFaults(scenario: Scenario, platform: NodeJS.Platform): Problem[] {
  const { site, store, faults } = scenario;
  const problems = faultProblems(scenario);
  const refuse = (given: string, expected: string, mend: string) => {
    problems.push({ at: "faults", given, expected, mend });
  };
  const outside = site.mode !== "Off" && site.mode !== "InProc";
  const onProcess = faults.find(strikesStoreProcess);
  if (outside && onProcess !== undefined && store.connections.length > 0) {
    const expected = "a store that the bench started itself";
    refuse(`${onProcess.kind} with a store.connection`, expected, "leave store.connection out, or the fault");
  }
  const ofOne = faults.find((fault) => partitionStruck(fault) !== null);
  if (ofOne !== undefined) {
    const expected = "a fault of all partitions: the bench strikes its store and the ways to it as one";
    refuse(`${ofOne.kind} of one partition`, expected, 'leave the partition out, or use "sessionlab simulate"');
  }
  const pause = faults.find(({ kind }) => kind === "pause-worker" || kind === "pause-store");
  if (pause !== undefined && platform === "win32") {
    refuse(`${pause.kind} on Windows`, "a system with SIGSTOP", "use another system, or cut-store with silent: true");
  }
  if (pause?.kind === "pause-store" && store.partitions > 1) {
    const expected = "one partition: one process is stopped";
    refuse(`pause-store of ${store.partitions} partitions`, expected, "make it cut-store with silent: true");
  }
  if (faults.some(({ kind }) => kind === "rolling-deploy")) {
    const expected = "faults of one worker: a bench has no other server that could serve meanwhile";
    refuse("rolling-deploy", expected, 'make it a recycle, or use "sessionlab simulate"');
  }
  if (
    pause?.kind === "pause-store" &&
    store.provider === "postgresql" &&
    platform !== "linux" &&
    platform !== "win32"
  ) {
    const expected = "Linux, which tells what processes PostgreSQL has forked";
    refuse("pause-store of PostgreSQL", expected, "make it cut-store with silent: true");
  }
  return problems;
}
