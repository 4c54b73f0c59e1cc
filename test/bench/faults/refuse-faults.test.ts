// Faults that cannot be struck are found out before anything is started, all of them at once.

import { describe, expect, test } from "vitest";
import { problemsOfFaults } from "../../../bench/faults/refuse-faults.ts";
import type { Fault } from "../../../config/scenario.ts";
import { type Changes, smallScenario } from "../small-scenario.ts";

const pauseStore: Fault = { kind: "pause-store", atMs: 10_000, forMs: 500 };
const pauseWorker: Fault = { kind: "pause-worker", atMs: 10_000, forMs: 500 };
const killStore: Fault = { kind: "kill-store", atMs: 15_000, downMs: 500 };
const cutStore: Fault = { kind: "cut-store", atMs: 30_000, forMs: 500, silent: false };
const outside: Changes = { site: { mode: "StateServer" }, store: { provider: "state-server" } };

function given(changes: Changes, faults: readonly Fault[], platform: NodeJS.Platform = "linux"): readonly string[] {
  return problemsOfFaults(smallScenario({ ...changes, faults }), platform).map((problem) => problem.given);
}

test("what can be struck is not refused", () => {
  expect(given(outside, [pauseStore, pauseWorker, cutStore])).toEqual([]);
  expect(given({}, [pauseWorker, { kind: "recycle", atMs: 1 }])).toEqual([]);
});

test("a store in the worker's own process cannot be struck alone", () => {
  expect(given({}, [cutStore])).toEqual(["cut-store in mode InProc"]);
});

test("somebody else's store is neither paused nor killed; the way to it may be cut", () => {
  const store = { provider: "state-server", connections: ["tcpip=127.0.0.1:1"] } as const;
  expect(given({ ...outside, store }, [cutStore])).toEqual([]);
  expect(given({ ...outside, store }, [pauseStore])).toEqual(["pause-store with a store.connection"]);
  expect(given({ ...outside, store }, [killStore])).toEqual(["kill-store with a store.connection"]);
});

test("a process is paused where a system can do that", () => {
  expect(given(outside, [pauseWorker], "win32")).toEqual(["pause-worker on Windows"]);
  expect(given(outside, [pauseStore], "darwin")).toEqual([]);
  const postgresql: Changes = { site: { mode: "SQLServer" }, store: { provider: "postgresql" } };
  expect(given(postgresql, [pauseStore], "darwin")).toEqual(["pause-store of PostgreSQL"]);
  expect(given(postgresql, [pauseStore], "linux")).toEqual([]);
});

describe("one after another", () => {
  test("the store is struck once at a time, and so is the worker; both at once may be", () => {
    // 500 ms of real time are 10 s here.
    expect(given(outside, [pauseStore, killStore])).toEqual([
      "kill-store at minute 0.25 while pause-store lasts until minute 0.33",
    ]);
    expect(given(outside, [pauseStore, { ...killStore, atMs: 20_000 }])).toEqual([]);
    expect(given(outside, [pauseWorker, killStore])).toEqual([]);
    expect(given({}, [pauseWorker, { kind: "recycle", atMs: 12_000 }])).toEqual([
      "recycle at minute 0.2 while pause-worker lasts until minute 0.33",
    ]);
  });
});
