// What goes wrong in a run, at the moments the scenario says: recycles by schedule, and its faults. What strikes the workers and what
// strikes the store wait for their own kind alone: a database that takes its time to come back holds up no recycle.

import { strikesStore } from "../../config/fault-problems.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import type { Stroke } from "../../metrics/fault-effects.ts";
import { machineClock } from "../clock.ts";
import type { Load } from "../load.ts";
import { scenarioMoment } from "../scenario-time.ts";
import { countLosses } from "./count-losses.ts";

/**
 * Strikes each fault and writes it down in `load.strokes`.
 * @param until resolves at a moment of scenario time, or when the run is over.
 * @returns the faults that never struck, once all others have, or the run is over.
 */
export async function strikeOnTime(
  load: Load,
  until: (scenarioMs: number) => Promise<void>,
  over: AbortSignal,
): Promise<Fault[]> {
  const faults = faultsInOrder(load.scenario);
  async function strikeEach(ofOneKind: readonly Fault[]): Promise<readonly Fault[]> {
    for (const [index, fault] of ofOneKind.entries()) {
      await until(fault.atMs);
      if (over.aborted) return ofOneKind.slice(index);
      load.strokes.push(await strike(load, fault, over));
    }
    return [];
  }
  const missed = await Promise.all([
    strikeEach(faults.filter(strikesStore)),
    strikeEach(faults.filter((fault) => !strikesStore(fault))),
  ]);
  return missed.flat();
}

/** @returns when what was struck is there again. */
async function strike(load: Load, fault: Fault, over: AbortSignal): Promise<Stroke> {
  const { site, store } = load;
  let struckAtMs = 0;
  let backAtMs = 0;
  const sessionsLost = await countLosses(load, fault, async () => {
    struckAtMs = machineClock();
    if (fault.kind === "recycle") await site.recycle();
    else if (fault.kind === "kill-worker") await site.crash(fault.downMs, over);
    else if (fault.kind === "pause-worker") await site.pause(fault.forMs, over);
    else await store?.strike(fault, over);
    backAtMs = machineClock();
  });
  return {
    kind: fault.kind,
    atMs: scenarioMoment(load, struckAtMs),
    atRealMs: struckAtMs - load.startsAtMs,
    downMs: fault.kind === "recycle" ? 0 : backAtMs - struckAtMs,
    sessionsLost,
  };
}

function faultsInOrder({ site, run, faults }: Scenario): Fault[] {
  const all = [...faults];
  if (site.recycleEveryMs !== null) {
    for (let n = 1; n * site.recycleEveryMs <= run.durationMs; n++) {
      all.push({ kind: "recycle", atMs: n * site.recycleEveryMs });
    }
  }
  return all.sort((a, b) => a.atMs - b.atMs);
}
