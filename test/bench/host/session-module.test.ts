import { describe, expect, test } from "vitest";
import { createAdmission } from "../../../bench/host/admission.ts";
import { createSessionModule, type ModuleSettings, type SessionRequest } from "../../../bench/host/session-module.ts";
import { createInProcStore } from "../../../bench/providers/in-proc.ts";
import type { SessionStore } from "../../../bench/providers/session-store.ts";
import { createFakeTime } from "../fake-time.ts";

const ID = "a".repeat(24);
const UNKNOWN = "b".repeat(24);

const aspNet: ModuleSettings = {
  technology: "aspnet",
  timeoutMs: 1_200_000,
  sessionStart: false,
  lockPollMs: 500,
  executionTimeoutMs: 110_000,
  requestQueueLimitPerSession: 50,
};

/** A module over an in-process store that writes down every call, with a session `ID` stored. */
function setUp(settings: Partial<ModuleSettings> = {}, sessionsMax = 1000) {
  const time = createFakeTime();
  const calls: string[] = [];
  const counts = { lockWaits: 0, lockPolls: 0, lockBreaks: 0 };
  const ended: string[] = [];
  const inProc = createInProcStore({
    clock: time.clock,
    expirySlideMinMs: 0,
    events: { started: (id) => admission.started(id), ended: (_id, how) => ended.push(how) },
  });
  const admission = createAdmission(sessionsMax, inProc.stored);
  const module = createSessionModule({
    settings: { ...aspNet, ...settings },
    store: writeDown(inProc, calls),
    admission,
    counts,
    clock: time.clock,
    delay: time.delay,
  });
  /** Runs a request whose page takes `pageMs`. */
  const run = (request: Partial<SessionRequest>, pageMs = 0, fails = false) =>
    module.handle(
      { sessionId: null, session: "read-write", changes: false, abandons: false, ...request },
      async (items) => {
        if (pageMs > 0) await time.delay(pageMs);
        if (fails) throw new Error("the page failed");
        if (request.changes === true) items?.set("changed", true);
      },
    );
  return { time, calls, counts, ended, inProc, admission, module, run };
}

/** The same with a live session in the store, its making forgotten. */
async function setUpStored(settings: Partial<ModuleSettings> = {}, sessionsMax = 1000) {
  const all = setUp(settings, sessionsMax);
  const outcome = await all.run({ changes: true });
  const id = outcome.kind === "served" ? outcome.newSessionId : null;
  if (id === null) throw new Error("the first request stores a session");
  all.calls.length = 0;
  return { ...all, id };
}

function writeDown(store: SessionStore, calls: string[]): SessionStore {
  const noted =
    <A extends unknown[], R>(name: (...args: NoInfer<A>) => string, call: (...args: A) => R) =>
    (...args: A): R => {
      calls.push(name(...args));
      return call(...args);
    };
  return {
    capabilities: store.capabilities,
    getItem: noted(() => "getItem", store.getItem),
    getItemExclusive: noted(() => "getItemExclusive", store.getItemExclusive),
    setAndReleaseItemExclusive: noted(
      (_id, _item, _lockId, newItem) => `setAndReleaseItemExclusive${newItem ? "(new)" : ""}`,
      store.setAndReleaseItemExclusive,
    ),
    releaseItemExclusive: noted(() => "releaseItemExclusive", store.releaseItemExclusive),
    removeItem: noted(() => "removeItem", store.removeItem),
    resetItemTimeout: noted(() => "resetItemTimeout", store.resetItemTimeout),
    createUninitializedItem: noted(() => "createUninitializedItem", store.createUninitializedItem),
  };
}

describe("store calls of each kind of request", () => {
  const exclusive = "getItemExclusive";
  const set = "setAndReleaseItemExclusive";
  const release = "releaseItemExclusive";
  const unknown = [exclusive, "createUninitializedItem", exclusive];

  test.each<[string, Partial<SessionRequest> & { carries: "nothing" | "live" | "unknown" }, string[]]>([
    ["no session needed, no id", { session: "none", carries: "nothing" }, []],
    ["no session needed, id", { session: "none", carries: "live" }, ["resetItemTimeout"]],
    ["read-only, live id", { session: "read-only", carries: "live" }, ["getItem"]],
    ["read-only, unknown id", { session: "read-only", carries: "unknown" }, ["getItem"]],
    ["read-write, live id, unchanged", { carries: "live" }, [exclusive, release]],
    ["read-write, live id, changed", { carries: "live", changes: true }, [exclusive, set]],
    ["read-write, unknown id, changed", { carries: "unknown", changes: true }, [...unknown, set]],
    ["read-write, unknown id, unchanged", { carries: "unknown" }, [...unknown, release]],
    ["read-write, no id, session unused", { carries: "nothing" }, []],
    ["read-write, no id, something stored", { carries: "nothing", changes: true }, [`${set}(new)`]],
    ["abandon", { carries: "live", abandons: true }, [exclusive, "removeItem"]],
    ["abandon, no id", { carries: "nothing", changes: true, abandons: true }, []],
  ])("%s", async (_name, { carries, ...request }, expected) => {
    const { run, calls, id } = await setUpStored();
    await run({ ...request, sessionId: { nothing: null, live: id, unknown: UNKNOWN }[carries] });
    expect(calls).toEqual(expected);
  });

  test("with a Session_Start handler an untouched new session is stored, and a reader of an unknown id stores one too", async () => {
    const { run, calls } = await setUpStored({ sessionStart: true });
    await run({});
    expect(calls).toEqual([`${set}(new)`]);
    calls.length = 0;
    await run({ session: "read-only", sessionId: UNKNOWN });
    expect(calls).toEqual(["getItem", `${set}(new)`]);
  });

  test("in process, until a session was stored for the first time, the id a client sends is not read", async () => {
    const { run, calls } = setUp();
    await run({ sessionId: ID });
    await run({ sessionId: ID, session: "none" });
    expect(calls).toEqual([]);
  });

  test("when the page fails, its changes are lost and only the lock is released; a new session is not stored", async () => {
    const { run, calls, id } = await setUpStored();
    expect(await run({ sessionId: id, changes: true }, 0, true)).toMatchObject({
      kind: "failed",
      failure: "page error",
    });
    await run({ changes: true }, 0, true);
    expect(calls).toEqual([exclusive, release]);
  });

  test("an id is given only to who has a session stored; one who sent an unknown id keeps it", async () => {
    const { run } = await setUpStored();
    expect(await run({})).toMatchObject({ kind: "served", newSessionId: null });
    expect(await run({ changes: true })).toMatchObject({ newSessionId: expect.stringMatching(/^[a-z0-5]{24}$/) });
    expect(await run({ sessionId: UNKNOWN, changes: true })).toMatchObject({ newSessionId: null });
  });
});

describe("waiting for a locked session", () => {
  test("a request polls each 500 ms from its first try, however soon the lock is free", async () => {
    const { run, calls, counts, time, id } = await setUpStored();
    const first = run({ sessionId: id }, 30);
    await time.advance(10);
    const second = run({ sessionId: id, changes: true });
    await time.advance(2_000);
    await first;
    expect(await second).toMatchObject({ kind: "served", lockWaitMs: 500 });
    expect(calls.filter((call) => call === "getItemExclusive")).toHaveLength(3);
    expect(counts).toEqual({ lockWaits: 1, lockPolls: 1, lockBreaks: 0 });
  });

  test("a reader waits for a writer but keeps nobody out", async () => {
    const { run, time, id } = await setUpStored();
    const writer = run({ sessionId: id }, 30);
    await time.advance(1);
    const reader = run({ sessionId: id, session: "read-only" }, 600);
    await time.advance(510);
    const later = run({ sessionId: id });
    await time.advance(1);
    expect(await later).toMatchObject({ lockWaitMs: 0 });
    await time.advance(2_000);
    expect(await reader).toMatchObject({ lockWaitMs: 500 });
    await writer;
  });

  test.each([
    [100, 300],
    [200, 400],
    [250, 250],
    [400, 400],
  ])(
    "a poll interval of %i ms works as one of %i ms: ticks within 250 ms of the last poll are skipped",
    async (lockPollMs, effectiveMs) => {
      const { run, time, id } = await setUpStored({ lockPollMs });
      const owner = run({ sessionId: id }, 20);
      await time.advance(1);
      const waiter = run({ sessionId: id });
      await time.advance(5_000);
      await owner;
      expect(await waiter).toMatchObject({ lockWaitMs: effectiveMs });
    },
  );

  test("a lock held for executionTimeout is broken by the waiter, who then still waits for his next poll", async () => {
    const { run, counts, time, id } = await setUpStored({ executionTimeoutMs: 10_000 });
    const hung = run({ sessionId: id, changes: true }, 60_000);
    await time.advance(5_000);
    const waiter = run({ sessionId: id });
    await time.advance(4_999);
    expect(counts.lockBreaks).toBe(0);
    await time.advance(60_000);
    expect(await waiter).toMatchObject({ kind: "served", lockWaitMs: 5_500 });
    expect(counts.lockBreaks).toBe(1);
    await hung;
  });

  test("a waiter gives up once it has itself waited longer than executionTimeout", async () => {
    const { run, time, id } = await setUpStored({ executionTimeoutMs: 1_200 });
    const owner = run({ sessionId: id }, 700);
    await time.advance(1);
    const waiter = run({ sessionId: id });
    // Between two polls of the waiter the lock passes to somebody who keeps it.
    await time.advance(700);
    const quicker = run({ sessionId: id }, 5_000);
    await time.advance(10_000);
    expect(await waiter).toMatchObject({ kind: "failed", failure: "request timed out", lockWaitMs: 1_500 });
    await Promise.all([owner, quicker]);
  });

  test("the queue of a session takes its limit of waiters and no more", async () => {
    const { run, counts, time, id } = await setUpStored({ requestQueueLimitPerSession: 2 });
    const owner = run({ sessionId: id }, 100);
    await time.advance(1);
    const waiters = [run({ sessionId: id }), run({ sessionId: id })];
    await time.advance(1);
    expect(await run({ sessionId: id })).toMatchObject({ kind: "failed", failure: "queue limit of the session" });
    await time.advance(5_000);
    for (const waiter of waiters) expect(await waiter).toMatchObject({ kind: "served" });
    await owner;
    // All three found it locked, he who had to go among them.
    expect(counts.lockWaits).toBe(3);
    expect(await run({ sessionId: id })).toMatchObject({ kind: "served", lockWaitMs: 0 });
  });

  test("a session abandoned while others wait is made anew, uninitialised, by the first of them", async () => {
    const { run, calls, time, inProc, ended, id } = await setUpStored();
    const leaving = run({ sessionId: id, abandons: true }, 20);
    await time.advance(1);
    const waiter = run({ sessionId: id });
    await time.advance(1_000);
    await Promise.all([leaving, waiter]);
    expect(ended).toEqual(["abandoned"]);
    expect(calls).toContain("createUninitializedItem");
    expect(inProc.stored()).toBe(1);
  });
});

describe("classic ASP", () => {
  test("requests of one session run one after another, in the order they came, without polling", async () => {
    const { run, counts, time, id } = await setUpStored({ technology: "asp" });
    const order: number[] = [];
    const requests = [1, 2, 3].map((number) =>
      run({ sessionId: id }, 40).then((outcome) => {
        order.push(number);
        return outcome;
      }),
    );
    await time.advance(200);
    const outcomes = await Promise.all(requests);
    expect(order).toEqual([1, 2, 3]);
    expect(outcomes.map((outcome) => outcome.lockWaitMs)).toEqual([0, 40, 80]);
    expect(counts).toEqual({ lockWaits: 2, lockPolls: 0, lockBreaks: 0 });
  });

  test("a page without session state waits for nobody", async () => {
    const { run, time, id } = await setUpStored({ technology: "asp" });
    const slow = run({ sessionId: id }, 1_000);
    await time.advance(1);
    expect(await run({ sessionId: id, session: "none" })).toMatchObject({ kind: "served", lockWaitMs: 0 });
    await time.advance(1_000);
    await slow;
  });

  test("a request whose page fails does not hold up the next", async () => {
    const { run, time, id } = await setUpStored({ technology: "asp" });
    const failing = run({ sessionId: id }, 10, true);
    const next = run({ sessionId: id });
    await time.advance(20);
    expect(await failing).toMatchObject({ kind: "failed" });
    expect(await next).toMatchObject({ kind: "served", lockWaitMs: 10 });
  });
});

describe("the cap", () => {
  test("who would need a new session is refused at the cap; those with a session go on", async () => {
    const { run, inProc, admission, id } = await setUpStored({}, 1);
    expect(await run({ changes: true })).toMatchObject({ kind: "refused" });
    expect(await run({ sessionId: UNKNOWN })).toMatchObject({ kind: "refused" });
    expect(await run({ sessionId: id, changes: true })).toMatchObject({ kind: "served" });
    expect(await run({})).toMatchObject({ kind: "served" });
    expect(inProc.stored()).toBe(1);
    expect([admission.arrivals(), admission.refused()]).toEqual([3, 2]);
  });

  test("requests under way count: two newcomers at once do not overshoot a cap of one", async () => {
    const { run, time, inProc, admission } = setUp({}, 1);
    const one = run({ changes: true }, 100);
    const other = run({ changes: true }, 100);
    await time.advance(200);
    expect((await Promise.all([one, other])).map((outcome) => outcome.kind)).toEqual(["served", "refused"]);
    expect(inProc.stored()).toBe(1);
    expect([admission.arrivals(), admission.refused()]).toEqual([2, 1]);
  });

  test("a newcomer whose page fails gives his place back, and neither came nor was refused", async () => {
    const { run, admission } = setUp({}, 1);
    await run({ changes: true }, 0, true);
    expect(admission.arrivals()).toBe(0);
    expect(await run({ changes: true })).toMatchObject({ kind: "served" });
  });

  test("of two requests that carry one unknown id, one session comes", async () => {
    const { run, time, inProc, admission } = await setUpStored();
    const both = [run({ sessionId: UNKNOWN }, 10), run({ sessionId: UNKNOWN }, 10)];
    await time.advance(1_000);
    await Promise.all(both);
    expect(inProc.stored()).toBe(2);
    expect(admission.arrivals()).toBe(2);
  });
});
