// The round trips that each kind of request costs, counted on the wire between the session module and a state service: what the
// .NET reference source says of the module, its provider and the protocol, all at once.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSessionId } from "../../bench/host/ids/session-id.ts";
import { createAdmission } from "../../bench/host/sessions/admission.ts";
import {
  createSessionModule,
  type ModuleSettings,
  type SessionRequest,
} from "../../bench/host/sessions/session-module.ts";
import { serialisingStore } from "../../bench/providers/serialising-store.ts";
import { type StateServerProcess, startStateServer } from "../../bench/servers/state-server-process.ts";
import type { PageSession } from "../../config/scenario.ts";
import type { CookielessMode } from "../../config/session-settings.ts";
import { startCountingProxy } from "./counting-proxy.ts";
import { until } from "./processes.ts";
import { openClient } from "./providers/state-server/open-client.ts";
import { startSimpleStateServer } from "./providers/state-server/simple-state-server.ts";

const settings: ModuleSettings = {
  technology: "aspnet",
  timeoutMs: 1_200_000,
  sessionStart: false,
  cookieless: "UseCookies",
  regenerateExpiredSessionId: true,
  lockPollMs: 500,
  executionTimeoutMs: 110_000,
  requestQueueLimitPerSession: 50,
};

type Given = Partial<SessionRequest> & { readonly pageFails?: boolean };

/** Starts a service and tells its port. Called inside a test. */
type StartServer = () => Promise<number>;

async function setUp(startServer: StartServer, given: Partial<ModuleSettings> = {}, networkTimeoutMs = 10_000) {
  const proxy = await startCountingProxy(await startServer());
  const bytes = await openClient(proxy.connection, { networkTimeoutMs });
  const store = serialisingStore(bytes, { minuteMs: 60_000, compress: false });
  const delays: (() => void)[] = [];
  let nowMs = 0;
  const module = createSessionModule({
    settings: { ...settings, ...given },
    store,
    inProc: false,
    createId: createSessionId,
    admission: createAdmission(Number.POSITIVE_INFINITY, () => 0),
    counts: { lockWaits: 0, lockPolls: 0, lockBreaks: 0 },
    clock: () => nowMs,
    delay: (ms) =>
      new Promise((resolve) => {
        delays.push(() => {
          nowMs += ms;
          resolve();
        });
      }),
  });

  /** @param ends what the page waits for. */
  function run({ pageFails = false, ...request }: Given, ends: Promise<void> = Promise.resolve()) {
    const whole = {
      sessionId: null,
      cookieless: false,
      session: "read-write",
      changes: false,
      abandons: false,
    } as const;
    return module.handle({ ...whole, ...request }, async (state) => {
      await ends;
      if (pageFails) throw new Error("the page failed");
      if (request.changes === true) state?.items.set("changed", true);
      if (request.abandons === true && state !== null) state.abandoned = true;
    });
  }

  const waits = () => until("a request waits for its session", () => delays.length > 0);

  /** A waiting request's next poll, once it waits. */
  async function poll(): Promise<void> {
    await waits();
    delays.shift()?.();
  }

  const outcome = await run({ changes: true });
  const liveId = outcome.kind === "served" ? outcome.newSessionId : null;
  if (liveId === null) throw new Error("the first request stores a session");
  expect(proxy.take(), "opening asks one question, and a new session is one write").toEqual(["HEAD", "PUT"]);
  return { proxy, run, poll, waits, bytes, liveId, unknownId: createSessionId() };
}

let service: StateServerProcess;
beforeAll(async () => {
  service = await startStateServer({ minuteMs: 60_000 });
});
afterAll(() => service.stop());

const servers: [string, StartServer][] = [
  ["a plain state service", async () => (await startSimpleStateServer()).port],
  ["our state service in a process of its own", async () => service.port],
];

describe.each(servers)("round trips to %s", (_name, startServer) => {
  const unknown = ["GET acquire", "PUT uninitialized", "GET acquire"];

  test.each<[string, "no id" | "live id" | "unknown id", Given, string[]]>([
    ["no session needed", "no id", { session: "none" }, []],
    ["no session needed", "live id", { session: "none" }, ["HEAD"]],
    ["read-only", "live id", { session: "read-only" }, ["GET"]],
    ["read-only", "unknown id", { session: "read-only" }, ["GET"]],
    ["read-write, unchanged", "live id", {}, ["GET acquire", "GET release"]],
    ["read-write, changed", "live id", { changes: true }, ["GET acquire", "PUT"]],
    ["read-write, changed, page fails", "live id", { changes: true, pageFails: true }, ["GET acquire", "GET release"]],
    ["read-write, unchanged", "unknown id", {}, [...unknown, "GET release"]],
    ["read-write, changed", "unknown id", { changes: true }, [...unknown, "PUT"]],
    ["read-write, session unused", "no id", {}, []],
    ["read-write, something stored", "no id", { changes: true }, ["PUT"]],
    ["abandon", "live id", { abandons: true }, ["GET acquire", "DELETE"]],
    ["abandon", "unknown id", { abandons: true }, [...unknown, "DELETE"]],
    ["abandon, something stored", "no id", { changes: true, abandons: true }, []],
    ["read-write, changed, page fails", "no id", { changes: true, pageFails: true }, []],
  ])("%s, %s", async (_request, carries, request, expected) => {
    const { proxy, run, liveId, unknownId } = await setUp(startServer);
    const sessionId = { "no id": null, "live id": liveId, "unknown id": unknownId }[carries];
    const outcome = await run({ ...request, sessionId });
    expect(outcome.kind).toBe(request.pageFails === true ? "failed" : "served");
    expect(proxy.take()).toEqual(expected);
  });

  test("with a Session_Start handler, a reader of an unknown id stores a session, and so does who comes without one", async () => {
    const { proxy, run, unknownId } = await setUp(startServer, { sessionStart: true });
    await run({ session: "read-only", sessionId: unknownId });
    expect(proxy.take()).toEqual(["GET", "PUT"]);
    await run({});
    expect(proxy.take()).toEqual(["PUT"]);
  });

  const acquire = ["GET acquire"];
  const made = ["PUT uninitialized"];

  test.each<[CookielessMode, boolean, "no id" | "unknown id", PageSession, string[], string[]]>([
    ["UseUri", true, "no id", "read-write", made, ["GET acquire", "PUT"]],
    ["UseUri", true, "no id", "read-only", made, ["GET"]],
    ["UseUri", true, "unknown id", "read-write", [...acquire, ...made], ["GET acquire", "PUT"]],
    ["UseUri", true, "unknown id", "read-only", ["GET", ...made], ["GET"]],
    ["AutoDetect", true, "no id", "read-write", made, ["GET acquire", "PUT"]],
    ["AutoDetect", true, "unknown id", "read-only", ["GET", ...made], ["GET"]],
    ["UseDeviceProfile", true, "unknown id", "read-only", ["GET", ...made], ["GET"]],
    ["UseUri", false, "no id", "read-write", [], [...unknown, "PUT"]],
    ["UseUri", false, "no id", "read-only", [], ["GET"]],
    ["AutoDetect", false, "no id", "read-write", [], [...unknown, "PUT"]],
  ])(
    "%s without cookies, regenerateExpiredSessionId %s, %s, %s: on the way to the new address, and at it",
    async (cookieless, regenerateExpiredSessionId, carries, session, before, after) => {
      const { proxy, run, unknownId } = await setUp(startServer, { cookieless, regenerateExpiredSessionId });
      const request = { cookieless: true, session, changes: session === "read-write" };
      const sentOn = await run({ ...request, sessionId: carries === "no id" ? null : unknownId });
      if (sentOn.kind !== "redirected") throw new Error("who has no session in the address is sent to one");
      expect(proxy.take()).toEqual(before);
      expect(await run({ ...request, sessionId: sentOn.sessionId })).toMatchObject({ kind: "served" });
      expect(proxy.take()).toEqual(after);
    },
  );

  test.each<[CookielessMode, boolean, PageSession, string[]]>([
    ["UseUri", false, "read-write", [...unknown, "PUT"]],
    ["UseUri", false, "read-only", ["GET"]],
    ["AutoDetect", true, "read-write", [...unknown, "PUT"]],
    ["AutoDetect", false, "read-only", ["GET"]],
    ["UseDeviceProfile", true, "read-write", [...unknown, "PUT"]],
  ])(
    "%s without cookies, regenerateExpiredSessionId %s: a %s page makes do with an unknown id",
    async (cookieless, regenerateExpiredSessionId, session, expected) => {
      const { proxy, run, unknownId } = await setUp(startServer, { cookieless, regenerateExpiredSessionId });
      const request = { cookieless: true, session, changes: session === "read-write", sessionId: unknownId };
      expect(await run(request)).toMatchObject({ kind: "served" });
      expect(proxy.take()).toEqual(expected);
    },
  );

  test.each([1, 3])("a request blocked for %i polls makes as many gets more; readers wait too", async (polls) => {
    for (const reader of [false, true]) {
      const { proxy, run, poll, waits, liveId } = await setUp(startServer);
      let endFirstPage = () => {};
      const firstPage = new Promise<void>((resolve) => {
        endFirstPage = resolve;
      });
      const first = run({ sessionId: liveId }, firstPage);
      await until("the first request has the lock", () => proxy.take().length > 0);
      const second = run({ sessionId: liveId, session: reader ? "read-only" : "read-write", changes: !reader });
      for (let i = 1; i < polls; i++) await poll();
      await waits();
      endFirstPage();
      await first;
      await poll();
      expect(await second).toMatchObject({ kind: "served" });
      const tries = Array<string>(polls).fill(reader ? "GET" : "GET acquire");
      expect(proxy.take()).toEqual([...tries, "GET release", ...(reader ? ["GET"] : ["GET acquire", "PUT"])]);
    }
  });

  test("a waiter breaks a lock as old as executionTimeout: one release more, then its next poll", async () => {
    const { proxy, run, poll, bytes, liveId } = await setUp(startServer, { executionTimeoutMs: 0 });
    await bytes.getItemExclusive(liveId);
    proxy.take();
    const waiting = run({ sessionId: liveId });
    await poll();
    expect(await waiting).toMatchObject({ kind: "served" });
    expect(proxy.take()).toEqual(["GET acquire", "GET release", "GET acquire", "GET release"]);
  });
});

describe("a network that fails", () => {
  const simple: StartServer = async () => (await startSimpleStateServer()).port;

  test("holds a request up no longer than stateNetworkTimeout; when it is back the next one is served", async () => {
    const { proxy, bytes, run, liveId } = await setUp(simple, {}, 300);
    proxy.pause();
    await expect(bytes.getItem(liveId)).rejects.toMatchObject({ kind: "timeout" });
    expect(await run({ sessionId: liveId, session: "read-only" })).toMatchObject({ kind: "failed" });
    proxy.resume();
    expect(await run({ sessionId: liveId, changes: true })).toMatchObject({ kind: "served" });
  });

  test("and delivers late leaves a lock that nobody holds, for the next request to wait for", async () => {
    const { proxy, bytes, liveId } = await setUp(simple, {}, 300);
    proxy.pause();
    await expect(bytes.getItemExclusive(liveId)).rejects.toMatchObject({ kind: "timeout" });
    proxy.resume();
    await until("the lock is taken", async () => (await bytes.getItem(liveId)).locked);
  });

  test("and breaks all connections fails requests at once; when it is back the session is as it was", async () => {
    const { proxy, bytes, run, liveId } = await setUp(simple);
    await proxy.cut();
    await expect(bytes.getItem(liveId)).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("Unable to make the session state request to the session state server."),
    });
    expect(await run({ sessionId: liveId })).toMatchObject({ kind: "failed" });
    await proxy.mend();
    proxy.take();
    expect(await run({ sessionId: liveId, changes: true })).toMatchObject({ kind: "served" });
    expect(proxy.take()).toEqual(["GET acquire", "PUT"]);
  });
});
