// What goes wrong in a run, at the moments the scenario says: recycles by schedule, and its faults. What strikes the workers and what
// strikes the store wait for their own kind alone: a database that takes its time to come back holds up no recycle.

import { strikesStore } from "../../config/fault-problems.ts";
import type { Fault, Scenario } from "../../config/scenario.ts";
import type { Stroke } from "../../metrics/fault-effects.ts";
import { machineClock } from "../clock.ts";
import type { Load } from "../load.ts";
import { scenarioMoment } from "../scenario-time.ts";
import { countLosses } from "./count-losses.ts";
import { recycleByRequests } from "./recycle-by-requests.ts";

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
  const onStore = createLine(load, over);
  const onWorkers = createLine(load, over);
  async function strikeEach(ofOneKind: readonly Fault[], inTurn: typeof onStore): Promise<readonly Fault[]> {
    for (const [index, fault] of ofOneKind.entries()) {
      await until(fault.atMs);
      if (!(await inTurn(fault))) return ofOneKind.slice(index);
    }
    return [];
  }
  const recycle = () => onWorkers({ kind: "recycle", atMs: scenarioMoment(load, machineClock()) });
  const [ofStore, ofWorkers] = await Promise.all([
    strikeEach(faults.filter(strikesStore), onStore),
    strikeEach(
      faults.filter((fault) => !strikesStore(fault)),
      onWorkers,
    ),
    recycleByRequests(load, recycle, over),
  ]);
  return [...ofStore, ...ofWorkers];
}

/** @returns what strikes one fault after another, and tells whether it struck before the run was over. */
function createLine(load: Load, over: AbortSignal): (fault: Fault) => Promise<boolean> {
  let before: Promise<unknown> = Promise.resolve();
  return (fault) => {
    const turn = before.then(async () => {
      if (over.aborted) return false;
      load.strokes.push(await strike(load, fault, over));
      return true;
    });
    before = turn.catch(() => undefined);
    return turn;
  };
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
    else if (strikesStore(fault)) await store?.strike(fault, over);
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
