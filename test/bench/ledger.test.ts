import { describe, expect, test } from "vitest";
import type { VisitCounts } from "../../bench/drivers/journeys/journey-record.ts";
import { zeroHostCounts } from "../../bench/host/counts.ts";
import type { WorkerRecord } from "../../bench/host/process/site.ts";
import { tally } from "../../bench/ledger.ts";
import type { StoreState } from "../../bench/store-watch.ts";
import { assertConserved } from "../../metrics/summarise.ts";

const visits = { visits: 0, requests: 0, completed: 0, failed: 0, failures: {} } as VisitCounts;

const empty: StoreState = {
  stored: 0,
  live: 0,
  bytes: 0,
  ofEachWorker: false,
  minuteMsAsked: null,
  deleted: null,
  deletedLifetimesMs: null,
  lost: 0,
  kills: 0,
  before: 0,
  silent: false,
  proxyAddedMs: null,
};

function workersThat(counts: { readonly started: number; readonly abandoned: number }): WorkerRecord[] {
  const sample = { stored: 4, counts: { ...zeroHostCounts(), ...counts, arrivals: counts.started }, cpuMs: 5 };
  return [{ sample, retired: true, storedSessionMsUntilRetired: 0 } as unknown as WorkerRecord];
}

describe("sessions out of process", () => {
  test.each<[string, { started: number; abandoned: number }, Partial<StoreState>, object]>([
    [
      "what is no longer stored has expired",
      { started: 10, abandoned: 2 },
      { stored: 5 },
      { stored: 5, expired: 3, lost: 0 },
    ],
    [
      "or was lost with the store",
      { started: 10, abandoned: 0 },
      { stored: 4, lost: 6 },
      { stored: 4, expired: 0, lost: 6 },
    ],
    ["a worker that ends loses none", { started: 10, abandoned: 0 }, { stored: 10 }, { stored: 10, lost: 0 }],
    [
      "a row not yet counted by its worker is not counted either",
      { started: 3, abandoned: 0 },
      { stored: 4 },
      { stored: 3, expired: 0 },
    ],
    [
      "rows that were there before and went do not count as fewer than none",
      { started: 1, abandoned: 0 },
      { stored: -4 },
      { stored: 0, expired: 1 },
    ],
    [
      "where the store cannot be counted nothing is known to have expired",
      { started: 7, abandoned: 1 },
      { stored: null },
      { stored: 6, expired: 0 },
    ],
  ])("%s", (_, counts, store, expected) => {
    const { counters } = tally(visits, workersThat(counts), { ...empty, ...store });
    expect(counters).toMatchObject(expected);
    assertConserved(counters);
  });

  test("a store that each worker has for itself is counted by the worker, and lost with it", () => {
    const { counters } = tally(visits, workersThat({ started: 9, abandoned: 1 }), {
      ...empty,
      stored: null,
      ofEachWorker: true,
    });
    expect(counters).toMatchObject({ stored: 0, lost: 4, expired: 4 });
  });

  test("of those that it keeps, expired or not, only the live ones are lost", () => {
    const workers = workersThat({ started: 9, abandoned: 1 }).map((worker) => ({
      ...worker,
      sample: worker.sample && { ...worker.sample, live: 1 },
    }));
    const { counters } = tally(visits, workers, { ...empty, stored: null, ofEachWorker: true });
    expect(counters).toMatchObject({ stored: 0, lost: 1, expired: 7 });
  });

  test("their lifetimes are known where every one was deleted by the job", () => {
    const deleted = { ...empty, deletedLifetimesMs: 900 };
    expect(tally(visits, workersThat({ started: 3, abandoned: 0 }), deleted).lifetimesMs).toBe(900);
    expect(tally(visits, workersThat({ started: 3, abandoned: 1 }), deleted).lifetimesMs).toBeNull();
  });
});
