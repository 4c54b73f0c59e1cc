import { expect, test } from "vitest";
import { recycleByRequests } from "../../../bench/faults/recycle-by-requests.ts";
import { problemsOfFaults } from "../../../bench/faults/refuse-faults.ts";
import type { Load } from "../../../bench/load.ts";
import { smallScenario } from "../small-scenario.ts";

type Watched = Parameters<typeof recycleByRequests>[0];

/** A site of which only the number of workers is known, and a driver of which only the requests are. */
function watched(recycleAfterRequests?: number) {
  const workers: Load["site"]["workers"][number][] = [];
  const counts = { requests: 0 };
  const begin = () => workers.push({ sample: null, retired: false, storedSessionMsUntilRetired: null });
  begin();
  const scenario = smallScenario({ site: recycleAfterRequests === undefined ? {} : { recycleAfterRequests } });
  const load = { scenario, site: { workers }, driver: { counts } } as unknown as Watched;
  return { load, counts, workers, begin };
}

test("the worker is replaced once it has taken its requests, counted anew from then on", async () => {
  const { load, counts, workers, begin } = watched(100);
  const over = new AbortController();
  const at: number[] = [];
  const watching = recycleByRequests(
    load,
    async () => {
      at.push(counts.requests);
      begin();
    },
    over.signal,
  );
  counts.requests = 130;
  await expect.poll(() => workers.length).toBe(2);
  counts.requests = 229;
  let looks = 0;
  Object.defineProperty(counts, "requests", { get: () => (++looks > 3 ? 231 : 229) });
  await expect.poll(() => workers.length).toBe(3);
  over.abort();
  await watching;
  expect(at).toEqual([130, 231]);
});

test("a site without such a limit is not looked at", async () => {
  const { load } = watched();
  await recycleByRequests(load, () => Promise.reject(new Error("never")), new AbortController().signal);
});

test("a stop of one of several partitions' processes is refused, a kill of all is not", () => {
  const given = (kind: "kill-store" | "pause-store") => {
    const fault = kind === "kill-store" ? { kind, atMs: 1, downMs: 1 } : { kind, atMs: 1, forMs: 1 };
    const site = { mode: "StateServer" } as const;
    const store = { provider: "state-server", partitions: 2 } as const;
    return problemsOfFaults(smallScenario({ site, store, faults: [fault] }), "linux").map((problem) => problem.given);
  };
  expect(given("kill-store")).toEqual([]);
  expect(given("pause-store")).toEqual(["pause-store of 2 partitions"]);
});
