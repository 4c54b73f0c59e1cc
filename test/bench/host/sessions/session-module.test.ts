import { describe, expect, test } from "vitest";
import { createAspSessionId } from "../../../../bench/host/ids/asp-session-id.ts";
import { createSessionId } from "../../../../bench/host/ids/session-id.ts";
import { createAdmission } from "../../../../bench/host/sessions/admission.ts";
import {
  createSessionModule,
  type ModuleSettings,
  type Page,
  type SessionRequest,
} from "../../../../bench/host/sessions/session-module.ts";
import { createInProcStore } from "../../../../bench/providers/in-proc.ts";
import type { SessionStore } from "../../../../bench/providers/session-store.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { createFakeTime } from "../../fake-time.ts";

const ID = "a".repeat(24);
const UNKNOWN = "b".repeat(24);

const aspNet: ModuleSettings = {
  technology: "aspnet",
  timeoutMs: 1_200_000,
  sessionStart: false,
  lockPollMs: 500,
  executionTimeoutMs: 110_000,
  requestQueueLimitPerSession: 50,
  cookieless: "UseCookies",
  regenerateExpiredSessionId: true,
};

/** A module over an in-process store that writes down every call, with a session `ID` stored. */
function setUp(
  settings: Partial<ModuleSettings> = {},
  sessionsMax = 1000,
  alter: (store: SessionStore) => SessionStore = (store) => store,
) {
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
    store: alter(writeDown(inProc, calls)),
    inProc: true,
    createId: settings.technology === "asp" ? createAspSessionId : createSessionId,
    admission,
    counts,
    clock: time.clock,
    delay: time.delay,
  });
  const browse = (request: Partial<SessionRequest>, page: Page) =>
    module.handle(
      { sessionId: null, cookieless: false, session: "read-write", changes: false, abandons: false, ...request },
      page,
    );
  /** Runs a request whose page takes `pageMs`. */
  const run = (request: Partial<SessionRequest>, pageMs = 0, fails = false) =>
    browse(request, async (state) => {
      if (pageMs > 0) await time.delay(pageMs);
      if (fails) throw new Error("the page failed");
      if (request.changes === true) state?.items.set("changed", true);
      if (request.abandons === true && state !== null) state.abandoned = true;
    });
  return { time, calls, counts, ended, inProc, admission, module, browse, run };
}

/** The same with a live session in the store, its making forgotten. */
async function setUpStored(
  settings: Partial<ModuleSettings> = {},
  sessionsMax = 1000,
  alter?: (store: SessionStore) => SessionStore,
) {
  const all = setUp(settings, sessionsMax, alter);
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

  test("unread until then, it is still the id under which the first session is stored", async () => {
    const { run, calls, inProc } = setUp();
    expect(await run({ sessionId: ID, changes: true })).toMatchObject({ kind: "served", newSessionId: null });
    expect(calls).toEqual([`${set}(new)`]);
    expect((await inProc.getItem(ID)).item).not.toBeNull();
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

  test("an id is given unless the new session is untouched, stored or not; one who sent an unknown id keeps it", async () => {
    const { run } = await setUpStored();
    const given = { newSessionId: expect.stringMatching(/^[a-z0-5]{24}$/) };
    expect(await run({})).toMatchObject({ kind: "served", newSessionId: null });
    expect(await run({ abandons: true })).toMatchObject({ kind: "served", newSessionId: null });
    expect(await run({ changes: true })).toMatchObject(given);
    expect(await run({ changes: true, abandons: true })).toMatchObject(given);
    expect(await run({ changes: true, session: "read-only" })).toMatchObject(given);
    expect(await run({ sessionId: UNKNOWN, changes: true })).toMatchObject({ newSessionId: null });
  });
});

describe("what a page does decides what is written back", () => {
  const exclusive = "getItemExclusive";
  const set = "setAndReleaseItemExclusive";
  const release = "releaseItemExclusive";
  const cart = { lines: 1 };

  async function setUpWithCart() {
    const all = await setUpStored();
    await all.browse({ sessionId: all.id }, async (state) => void state?.items.set("cart", cart).set("name", "Ed"));
    all.calls.length = 0;
    return all;
  }

  test.each<[string, Page, string]>([
    ["reading text", async (state) => void state?.items.get("name"), release],
    ["reading what is not there", async (state) => void state?.items.get("nothing"), release],
    ["reading an object", async (state) => void state?.items.get("cart"), set],
    ["writing", async (state) => void state?.items.set("name", "Flo"), set],
    ["removing", async (state) => void state?.items.delete("name"), set],
    ["clearing", async (state) => state?.items.clear(), set],
    [
      "setting the timeout to what it is",
      async (state) => void Object.assign(state ?? {}, { timeoutMs: 1_200_000 }),
      release,
    ],
    ["setting another timeout", async (state) => void Object.assign(state ?? {}, { timeoutMs: 60_000 }), set],
  ])("%s", async (_name, page, last) => {
    const { browse, calls, id } = await setUpWithCart();
    await browse({ sessionId: id }, page);
    expect(calls).toEqual([exclusive, last]);
  });

  test("a change is forgotten once written: the next page that only looks writes nothing", async () => {
    const { browse, run, calls, id } = await setUpWithCart();
    await browse({ sessionId: id }, async (state) => void state?.items.get("cart"));
    await run({ sessionId: id });
    expect(calls).toEqual([exclusive, set, exclusive, release]);
  });

  test("a read-only page writes nothing back, whatever it does; the live object of InProc is changed all the same", async () => {
    const { browse, inProc, calls, id } = await setUpWithCart();
    await browse({ sessionId: id, session: "read-only" }, async (state) => void state?.items.set("name", "Flo"));
    expect(calls).toEqual(["getItem"]);
    expect((await inProc.getItem(id)).item?.items.get("name")).toBe("Flo");
  });

  test("another timeout holds from the end of that request", async () => {
    const { browse, run, inProc, time, id } = await setUpStored();
    await browse({ sessionId: id }, async (state) => void Object.assign(state ?? {}, { timeoutMs: 60_000 }));
    await time.advance(59_999);
    await run({ sessionId: id });
    expect(inProc.live()).toBe(1);
    await time.advance(60_001);
    expect(inProc.live()).toBe(0);
  });

  test("a page that fails after changing the timeout or calling Abandon: the one is lost, the other is done", async () => {
    const { browse, calls, id } = await setUpStored();
    await browse({ sessionId: id }, async (state) => {
      Object.assign(state ?? {}, { timeoutMs: 60_000 });
      throw new Error("the page failed");
    });
    await browse({ sessionId: id }, async (state) => {
      Object.assign(state ?? {}, { abandoned: true });
      throw new Error("the page failed");
    });
    expect(calls).toEqual([exclusive, release, exclusive, "removeItem"]);
  });

  test("a change that nobody foresaw is still held to the cap", async () => {
    const { browse, inProc } = await setUpStored({}, 1);
    expect(await browse({}, async (state) => void state?.items.set("a", 1))).toMatchObject({ kind: "refused" });
    expect(inProc.stored()).toBe(1);
  });
});

describe("without cookies", () => {
  const create = "createUninitializedItem";
  const cookieless = true;
  const here: Partial<ModuleSettings> = { cookieless: "UseUri" };

  test("who comes without an id is sent to an address with one, where an uninitialised session waits", async () => {
    const { run, calls, admission } = setUp(here);
    const sent = await run({ cookieless, changes: true });
    expect(sent).toMatchObject({ kind: "redirected", sessionId: expect.stringMatching(/^[a-z0-5]{24}$/) });
    expect(calls).toEqual([create]);
    calls.length = 0;
    const sessionId = sent.kind === "redirected" ? sent.sessionId : null;
    expect(await run({ cookieless, sessionId, changes: true })).toMatchObject({ kind: "served", newSessionId: null });
    expect(calls).toEqual(["getItemExclusive", "setAndReleaseItemExclusive"]);
    expect(admission.arrivals()).toBe(1);
  });

  test("without regeneration nothing waits there, and the unknown id is made use of", async () => {
    const { run, calls } = setUp({ ...here, regenerateExpiredSessionId: false });
    const sent = await run({ cookieless });
    expect(calls).toEqual([]);
    const sessionId = sent.kind === "redirected" ? sent.sessionId : null;
    expect(await run({ cookieless, sessionId, changes: true })).toMatchObject({ kind: "served" });
    expect(calls).toEqual(["getItemExclusive", create, "getItemExclusive", "setAndReleaseItemExclusive"]);
  });

  test.each([
    ["read-write", ["getItemExclusive", create]],
    ["read-only", ["getItem", create]],
  ] as const)("an expired id is not used again: the client is sent on with another (%s)", async (session, expected) => {
    const { run, calls } = setUp(here);
    const sent = await run({ cookieless, sessionId: UNKNOWN, session });
    expect(sent).toMatchObject({ kind: "redirected" });
    expect(sent).not.toMatchObject({ sessionId: UNKNOWN });
    expect(calls).toEqual(expected);
  });

  test("found out by detection, an unknown id is created at once by a page that may write, so only readers are sent on", async () => {
    const { run, calls } = setUp({ cookieless: "AutoDetect" });
    expect(await run({ cookieless, sessionId: UNKNOWN })).toMatchObject({ kind: "served" });
    expect(calls).toEqual(["getItemExclusive", create, "getItemExclusive", "releaseItemExclusive"]);
    expect(await run({ cookieless, sessionId: ID, session: "read-only" })).toMatchObject({ kind: "redirected" });
  });

  test("a page without session state sends nobody anywhere, and an id in the address is read from the first", async () => {
    const { run, calls } = setUp(here);
    expect(await run({ cookieless, session: "none" })).toMatchObject({ kind: "served" });
    expect(await run({ cookieless, sessionId: UNKNOWN, session: "read-only" })).toMatchObject({ kind: "redirected" });
    expect(calls).toEqual(["getItem", create]);
  });

  test("a reader of an uninitialised session with a Session_Start handler stores nothing", async () => {
    const { run, calls } = setUp({ ...here, regenerateExpiredSessionId: false, sessionStart: true });
    await run({ cookieless, sessionId: UNKNOWN, session: "read-only" });
    expect(calls).toEqual(["getItem"]);
  });

  test("at the cap nobody is sent to a session that cannot be", async () => {
    const { run, admission } = setUp(here, 1);
    expect(await run({ cookieless })).toMatchObject({ kind: "redirected" });
    expect(await run({ cookieless })).toMatchObject({ kind: "refused" });
    expect([admission.arrivals(), admission.refused()]).toEqual([2, 1]);
  });
});

describe("a store that fails", () => {
  const failing = (call: keyof SessionStore, times: { left: number }) => (store: SessionStore) => ({
    ...store,
    [call]: async (...args: unknown[]) => {
      if (times.left-- > 0) throw new StoreError("unreachable", "Nobody is there.");
      return (store[call] as (...args: unknown[]) => unknown)(...args);
    },
  });

  test.each<[keyof SessionStore, Partial<SessionRequest>]>([
    ["getItem", { session: "read-only" }],
    ["getItemExclusive", {}],
    ["releaseItemExclusive", {}],
    ["setAndReleaseItemExclusive", { changes: true }],
    ["removeItem", { abandons: true }],
    ["resetItemTimeout", { session: "none" }],
    ["createUninitializedItem", { sessionId: UNKNOWN }],
  ])("in %s is what the visitor is told, and the next request is served", async (call, request) => {
    const times = { left: 0 };
    const { run, time, id } = await setUpStored({ executionTimeoutMs: 0 }, 1000, failing(call, times));
    times.left = 1;
    const outcome = await run({ sessionId: id, ...request });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: "session store unreachable",
      message: "Nobody is there.",
    });
    const next = run({ sessionId: id, ...request });
    await time.advance(5_000);
    expect(await next).toMatchObject({ kind: "served" });
  });

  test("while a request waits ends the wait, and leaves its place in the queue", async () => {
    const times = { left: 0 };
    const settings = { requestQueueLimitPerSession: 1 };
    const { run, time, id } = await setUpStored(settings, 1000, failing("getItemExclusive", times));
    const owner = run({ sessionId: id }, 600);
    await time.advance(1);
    const waiter = run({ sessionId: id });
    await time.advance(1);
    times.left = 1;
    await time.advance(500);
    expect(await waiter).toMatchObject({ kind: "failed", failure: "session store unreachable" });
    const next = run({ sessionId: id });
    await time.advance(5_000);
    expect(await next).toMatchObject({ kind: "served", lockWaitMs: 500 });
    await owner;
  });

  test("gives the place under the cap back", async () => {
    const times = { left: 1 };
    const { run, admission } = setUp({}, 1, failing("setAndReleaseItemExclusive", times));
    expect(await run({ changes: true })).toMatchObject({ kind: "failed" });
    expect(admission.arrivals()).toBe(0);
    expect(await run({ changes: true })).toMatchObject({ kind: "served" });
  });
});

describe("a store whose ids are the sessions", () => {
  /** As a sealed cookie: every write answers with another id, and nothing is kept. */
  function sealed(store: SessionStore): SessionStore {
    let writes = 0;
    return {
      ...store,
      capabilities: { ...store.capabilities, heldByClient: true },
      setAndReleaseItemExclusive: () => `written${++writes}`,
      releaseItemExclusive: () => `slid${++writes}`,
      resetItemTimeout: () => `kept${++writes}`,
    };
  }

  test("gives the client a new id with every write, and takes it back when the session is abandoned", async () => {
    const { run, inProc, admission } = setUp({}, 1000, sealed);
    expect(await run({ changes: true })).toMatchObject({ newSessionId: "written1", idIsOver: false });
    admission.admit(ID);
    inProc.createUninitializedItem(ID, 1_200_000);
    const sessionId = ID;
    expect(await run({ sessionId, changes: true })).toMatchObject({ newSessionId: "written2", idIsOver: false });
    inProc.releaseItemExclusive(ID, 2);
    expect(await run({ sessionId })).toMatchObject({ newSessionId: "slid3", idIsOver: false });
    inProc.releaseItemExclusive(ID, 3);
    expect(await run({ sessionId, session: "none" })).toMatchObject({ newSessionId: "kept4", idIsOver: false });
    expect(await run({ sessionId, abandons: true })).toMatchObject({ newSessionId: null, idIsOver: true });
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

  test("until there is something to keep, every page that could hold a session gives a new id", async () => {
    const { run, inProc } = setUp({ technology: "asp" });
    const given = new Set<string | null>();
    let sessionId: string | null = null;
    for (let n = 0; n < 3; n++) {
      const outcome = await run({ sessionId });
      sessionId = outcome.kind === "served" ? outcome.newSessionId : null;
      given.add(sessionId);
    }
    expect([...given]).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^[A-P]{24}$/)));
    expect(await run({ sessionId, session: "none" })).toMatchObject({ newSessionId: null });
    expect(inProc.stored()).toBe(0);
  });

  test("an id whose session is no more is not used again; one whose session lives stays", async () => {
    const { run, id, inProc } = await setUpStored({ technology: "asp" });
    expect(await run({ sessionId: id, changes: true })).toMatchObject({ newSessionId: null });
    await run({ sessionId: id, abandons: true });
    const again = await run({ sessionId: id, changes: true });
    expect(again).toMatchObject({ kind: "served", newSessionId: expect.stringMatching(/^[A-P]{24}$/) });
    expect(again).not.toMatchObject({ newSessionId: id });
    expect((await inProc.getItem(id)).item).toBeNull();
    expect(inProc.stored()).toBe(1);
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

  test("classic ASP refuses at the cap whoever brings no live session, even where nothing would be stored", async () => {
    const { run, inProc, admission, id } = await setUpStored({ technology: "asp" }, 1);
    const untouched: Partial<SessionRequest>[] = [{}, { session: "read-only" }, { changes: true, abandons: true }];
    for (const request of untouched) expect(await run(request)).toMatchObject({ kind: "refused" });
    expect(await run({ session: "none" })).toMatchObject({ kind: "served" });
    expect(await run({ sessionId: id })).toMatchObject({ kind: "served" });
    expect([inProc.stored(), admission.arrivals(), admission.refused()]).toEqual([1, 4, 3]);
    await run({ sessionId: id, abandons: true });
    for (const request of untouched) expect(await run(request)).toMatchObject({ kind: "served" });
    expect([inProc.stored(), admission.arrivals(), admission.refused()]).toEqual([0, 4, 3]);
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
