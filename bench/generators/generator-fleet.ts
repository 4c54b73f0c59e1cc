// Several generator processes, each with its share of the visits, seen by the runner as one: the same visits with the same pages at
// the same moments as one process would send, counts added up, histograms bucket for bucket. The run is judged by the worst of them.

import type { Scenario } from "../../config/scenario.ts";
import { toShared } from "../clock.ts";
import type { VisitCounts } from "../drivers/journeys/journey-record.ts";
import type { JourneyDriver } from "../drivers/journeys/journeys.ts";
import { type Measured, mergeCounts, mergeDrivers } from "./driver-record.ts";
import { type Generator, worstOf } from "./generator.ts";
import type { SiteClientSettings } from "./site-client.ts";
import { type GeneratorHandle, startGenerator } from "./start-generator.ts";

/** @returns when all of them are up. Rejects, none left, when one of them does not come up. */
export async function startGenerators(
  count: number,
  scenario: Scenario,
  client: SiteClientSettings,
): Promise<Generator> {
  const starting = Array.from({ length: count }, (_, index) =>
    startGenerator({ kind: "start", scenario, share: { index, of: count }, client }),
  );
  try {
    return fleetOf(await Promise.all(starting));
  } catch (error) {
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === "fulfilled") started.value.kill();
    }
    throw error;
  }
}

/** One that dies is missed in the histograms, and its counts are those it told last. */
function fleetOf(handles: readonly GeneratorHandle[]): Generator {
  const last: VisitCounts[] = handles.map(() => mergeCounts([]));
  let whole: Measured = mergeDrivers([]);

  async function each<T>(ask: (handle: GeneratorHandle) => Promise<T>): Promise<T[]> {
    return Promise.all(handles.map(ask));
  }

  function driver(): JourneyDriver {
    let ended = false;
    const end = Promise.withResolvers<void>();
    return {
      get counts() {
        return mergeCounts(last);
      },
      get histograms() {
        return whole.histograms;
      },
      get responseIntervals() {
        return whole.responseIntervals;
      },
      get outcomes() {
        return whole.outcomes;
      },
      async run() {
        for (const { tell } of handles) tell({ kind: "run" });
        await Promise.race([end.promise, Promise.all(handles.map(({ over }) => over))]);
      },
      end() {
        if (ended) return;
        ended = true;
        for (const { tell } of handles) tell({ kind: "end" });
        end.resolve();
      },
    };
  }

  return {
    async tellPort(port) {
      await each((handle) => handle.tellPort(port));
    },
    // A population has one generator; more are refused.
    populate: async () => undefined,
    begin(startsAtMs) {
      for (const { tell } of handles) tell({ kind: "begin", startsAtSharedMs: toShared(startsAtMs) });
      return driver();
    },
    async recount() {
      const counts = await each((handle) => handle.count());
      for (const [index, known] of counts.entries()) last[index] = known ?? last[index];
    },
    async finish(graceMs) {
      const finished = await each((handle) => handle.finish(graceMs));
      const survivors = finished.filter((one) => one.kind === "finished");
      const dead = finished.filter((one) => one.kind === "died");
      for (const [index, one] of finished.entries()) if (one.kind === "finished") last[index] = one.record.counts;
      whole = mergeDrivers(survivors.map(({ record }) => record));
      return { health: worstOf(survivors.map(({ health }) => health)), death: dead[0]?.how ?? null };
    },
    died: Promise.race(handles.map(({ died }) => died)),
    kill() {
      for (const { kill } of handles) kill();
    },
  };
}
