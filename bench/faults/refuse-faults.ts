// Faults that a bench cannot strike, found out before anything is started: no process to strike, somebody else's process, a machine
// that cannot stop one, two at once on the same thing.

import type { Problem } from "../../config/problem.ts";
import type { Fault, Scenario, StoreFault } from "../../config/scenario.ts";

/** Whatever of it: the process, or the way to it. */
export function strikesStore(fault: Fault): fault is StoreFault {
  return fault.kind.endsWith("-store");
}

/** Stops or kills the store's process; the others act on the way to it, and harm nobody else's store. */
export function strikesStoreProcess({ kind }: Fault): boolean {
  return kind === "kill-store" || kind === "pause-store";
}

/** A proxy of ours has to stand there from the start. */
export function strikesWayToStore({ kind }: Fault): boolean {
  return kind === "slow-store" || kind === "cut-store";
}

/** Real time. */
function faultLengthMs(fault: Fault): number {
  if (fault.kind === "recycle") return 0;
  return "downMs" in fault ? fault.downMs : fault.forMs;
}

/** @returns every problem; none where all faults can be struck. @param platform as process.platform. */
export function problemsOfFaults(scenario: Scenario, platform: NodeJS.Platform): Problem[] {
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
  const onProcess = faults.find(strikesStoreProcess);
  if (outside && onProcess !== undefined && store.connections.length > 0) {
    const expected = "a store that the bench started itself";
    refuse(`${onProcess.kind} with a store.connection`, expected, "leave store.connection out, or the fault");
  }
  const pause = faults.find(({ kind }) => kind === "pause-worker" || kind === "pause-store");
  if (pause !== undefined && platform === "win32") {
    refuse(`${pause.kind} on Windows`, "a system with SIGSTOP", "use another system, or cut-store with silent: true");
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

function overlaps({ faults, run }: Scenario): [Fault, Fault][] {
  const inOrder = [...faults].sort((a, b) => a.atMs - b.atMs);
  return inOrder.flatMap((later, i): [Fault, Fault][] => {
    const earlier = inOrder.slice(0, i).findLast((fault) => strikesStore(fault) === strikesStore(later));
    const lasts = earlier !== undefined && earlier.atMs + faultLengthMs(earlier) * run.timeScale > later.atMs;
    return lasts ? [[earlier, later]] : [];
  });
}

function minutes(ms: number): number {
  return Math.round(ms / 600) / 100;
}
