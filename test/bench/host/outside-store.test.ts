// The host with its sessions in a store out of process: what it counts, what it cannot know, and what visitors see when the store
// fails. SQLite stands for stores with locks, the MemoryStore of express-session for those without.

import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { HostCounts } from "../../../bench/host/counts.ts";
import type { HttpHost, HttpHostParts } from "../../../bench/host/http-host.ts";
import { type OpenedStore, openSessionStore } from "../../../bench/providers/open-session-store.ts";
import type { SessionStore } from "../../../bench/providers/session-store.ts";
import { StoreError } from "../../../bench/providers/store-error.ts";
import type { Scenario, Site, Store } from "../../../config/scenario.ts";
import { until } from "../processes.ts";
import { smallScenario } from "../small-scenario.ts";
import { closeHosts, get, startTestHost } from "./test-host.ts";

afterEach(closeHosts);

const change = "session=read-write&changes=1&bytes=100";
const look = "session=read-write";
const unknown = `ASP.NET_SessionId=${"b".repeat(24)}`;

const memoryStore = { provider: "express-session", module: "express-session" } as const;

function scenarioOn(store: Partial<Store>, site: Partial<Site> = {}): Scenario {
  return smallScenario({
    site: { mode: "Custom", timeoutMs: 1_200_000, ...site },
    store,
    run: { timeScale: 1 },
  });
}

interface StartParts extends Partial<Pick<HttpHostParts, "delay">> {
  readonly site?: Partial<Site>;
  /** What is put between the host and its store. */
  readonly alter?: (opened: SessionStore) => SessionStore;
}

async function startOn(
  store: Partial<Store>,
  { site = {}, alter = (opened) => opened, ...parts }: StartParts = {},
): Promise<HttpHost> {
  const openStore = async (...given: Parameters<typeof openSessionStore>): Promise<OpenedStore> => {
    const opened = await openSessionStore(...given);
    return { ...opened, store: alter(opened.store) };
  };
  return (await startTestHost(scenarioOn(store, site), { openStore, ...parts })).host;
}

describe.each([
  ["with locks", { provider: "sqlite" } as const],
  ["without locks", memoryStore],
])("a store out of process, %s", (_name, store) => {
  test("brings a session back, and tells what it cost", async () => {
    const site = await startOn(store);
    const { cookie, setCookie } = await get(site, change);
    expect(setCookie).toMatch(/^ASP\.NET_SessionId=[a-z0-5]{24}; path=\/; HttpOnly; SameSite=Lax$/);
    expect(await get(site, change, cookie)).toMatchObject({ status: 200, setCookie: null });
    expect(await get(site, look, cookie)).toMatchObject({ status: 200, setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1, refused: 0, abandoned: 0 });
    expect(site.counts().storeCalls).toMatchObject({
      getItemExclusive: 2,
      setAndReleaseItemExclusive: 2,
      releaseItemExclusive: 1,
    });
  });

  test("a session starts when it is stored, or when an unknown id is first made use of; it is abandoned once", async () => {
    const site = await startOn(store);
    await get(site, look);
    expect(site.counts()).toMatchObject({ arrivals: 0, started: 0 });
    await get(site, look, unknown);
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1 });
    await get(site, change, unknown);
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1 });
    await get(site, `${look}&abandon=1`, unknown);
    await get(site, `session=read-only&abandon=1`, unknown);
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1, abandoned: 1 });
  });

  test("a cap is no concern of a host that cannot count what is stored", async () => {
    const site = await startOn(store, { site: { sessionsMax: 1 } });
    for (let n = 0; n < 3; n++) expect(await get(site, change)).toMatchObject({ status: 200 });
    expect(site.counts()).toMatchObject({ arrivals: 3, started: 3, refused: 0 });
    expect(site.takeStoredMax()).toBeNull();
  });

  test("an address with a session in it costs one redirect, and the session starts when it is used", async () => {
    const site = await startOn(store, { site: { cookieless: "UseUri" } });
    expect(await get(site, change)).toMatchObject({ status: 200, setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1 });
    expect(site.counts().storeCalls).toMatchObject({ createUninitializedItem: 1, getItemExclusive: 1 });
  });
});

describe("two writers of one session at once", () => {
  const PAGE_MS = 100;

  /** @param meet what each does in its page, before it writes. */
  async function overlap(store: Partial<Store>, meet: (counts: () => HostCounts) => Promise<void>) {
    const delay = (ms: number) => (ms === PAGE_MS ? meet(site.counts) : sleep(ms));
    const site = await startOn(store, { delay });
    const { cookie } = await get(site, change);
    const replies = await Promise.all([1, 2].map(() => get(site, `${change}&wait=${PAGE_MS}`, cookie)));
    return { waited: replies.filter((reply) => reply.lockWaitMs > 0).length, counts: site.counts() };
  }

  test("with locks one waits, and nothing is lost", async () => {
    const { waited, counts } = await overlap({ provider: "sqlite" }, (now) =>
      until("the other waits", () => now().lockWaits === 1),
    );
    expect(waited).toBe(1);
    expect(counts).toMatchObject({ lockWaits: 1, lostUpdates: 0 });
  });

  test("without locks nobody waits, and one update is lost", async () => {
    const { waited, counts } = await overlap(memoryStore, (now) =>
      until("both have read", () => now().storeCalls.getItemExclusive === 2),
    );
    expect(waited).toBe(0);
    expect(counts).toMatchObject({ lockWaits: 0, lostUpdates: 1 });
  });
});

describe("a session that is a cookie", () => {
  test("goes to the client with every write, and is taken from it when it is over", async () => {
    const site = await startOn({ provider: "sealed-cookie" });
    const first = await get(site, change);
    const second = await get(site, change, first.cookie);
    const third = await get(site, "session=none", second.cookie);
    for (const { cookie } of [first, second, third]) expect(cookie).toMatch(/^ASP\.NET_SessionId=[\w-]{100,}$/);
    expect(new Set([first.cookie, second.cookie, third.cookie]).size).toBe(3);
    expect(await get(site, `${look}&abandon=1`, third.cookie)).toMatchObject({
      status: 200,
      setCookie: expect.stringMatching(/^ASP\.NET_SessionId=; expires=/),
    });
    expect(site.counts()).toMatchObject({ arrivals: 1, started: 1, abandoned: 1 });
  });

  test("one that was tampered with is none", async () => {
    const site = await startOn({ provider: "sealed-cookie" });
    const { cookie } = await get(site, change);
    expect(await get(site, change, `${cookie}x`)).toMatchObject({ status: 200 });
    expect(site.counts()).toMatchObject({ arrivals: 2, started: 2 });
  });

  test("one too large for a cookie is the visitor's error page", async () => {
    const site = await startOn({ provider: "sealed-cookie" });
    expect(await get(site, `${look}&changes=1&bytes=5000`)).toMatchObject({
      status: 500,
      reason: "session state not storable",
      body: expect.stringContaining("4096"),
    });
  });
});

describe("a store that fails", () => {
  const kinds = {
    unreachable: "session store unreachable",
    timeout: "session store timed out",
    login: "session store login failed",
    schema: "session store not set up",
    protocol: "session store protocol error",
    full: "session store full",
    state: "session state not storable",
  } as const;

  test.each(Object.entries(kinds) as [keyof typeof kinds, string][])(
    "%s: HTTP 500 %s, the message below it, and the site goes on",
    async (kind, reason) => {
      let failing = false;
      const message = "Unable to make the session state request to the session state server.";
      const alter = (store: SessionStore): SessionStore => ({
        ...store,
        async getItemExclusive(id) {
          if (failing) throw new StoreError(kind, message);
          return store.getItemExclusive(id);
        },
      });
      const site = await startOn({ provider: "sqlite" }, { alter });
      const { cookie } = await get(site, change);
      failing = true;
      expect(await get(site, change, cookie)).toMatchObject({ status: 500, reason, body: `${message}\n` });
      expect(await get(site, "session=none", cookie)).toMatchObject({ status: 200 });
      failing = false;
      expect(await get(site, change, cookie)).toMatchObject({ status: 200 });
    },
  );

  test("after the page, when the state is to be written: the visitor gets the error, and no session has started", async () => {
    const alter = (store: SessionStore): SessionStore => ({
      ...store,
      setAndReleaseItemExclusive: () => Promise.reject(new StoreError("full", "No room.")),
    });
    const site = await startOn({ provider: "sqlite" }, { alter });
    expect(await get(site, change)).toMatchObject({ status: 500, body: "No room.\n", setCookie: null });
    expect(site.counts()).toMatchObject({ arrivals: 0, started: 0, refused: 0 });
  });

  test("at the very start: the host comes up, and once the store is there the site goes on", async () => {
    let tries = 0;
    const openStore = async (...given: Parameters<typeof openSessionStore>) => {
      if (++tries < 3) throw new StoreError("unreachable", "Nobody is there.");
      return openSessionStore(...given);
    };
    const { host } = await startTestHost(scenarioOn({ provider: "sqlite" }), { openStore });
    expect(tries).toBe(1);
    const failure = { status: 500, reason: "session store unreachable", body: "Nobody is there.\n" };
    expect(await get(host, change)).toMatchObject(failure);
    expect(await get(host, change)).toMatchObject({ status: 200 });
    await get(host, change);
    expect(tries).toBe(3);
    expect(host.counts()).toMatchObject({ started: 2 });
  });

  test("requests that come while it is being opened wait for the one opening", async () => {
    let tries = 0;
    let open: () => void = () => undefined;
    const opens = new Promise<void>((resolve) => {
      open = resolve;
    });
    const openStore = async (...given: Parameters<typeof openSessionStore>) => {
      if (++tries === 1) throw new StoreError("unreachable", "Nobody is there.");
      await opens;
      return openSessionStore(...given);
    };
    const { host } = await startTestHost(scenarioOn({ provider: "sqlite" }), { openStore });
    const both = [get(host, change), get(host, change)];
    await until("somebody opens the store", () => tries === 2);
    open();
    for (const reply of both) expect(await reply).toMatchObject({ status: 200 });
    expect(tries).toBe(2);
  });

  test("one that can never be opened keeps the host from coming up", async () => {
    const openStore = () => Promise.reject(new Error("no such module"));
    await expect(startTestHost(scenarioOn({ provider: "redis" }), { openStore })).rejects.toThrow("no such module");
  });
});

describe("sessions that only the worker can count", () => {
  test("are counted by it, to the last moment before it closes", async () => {
    const site = await startOn(memoryStore);
    await get(site, change);
    await get(site, change);
    expect(await site.census()).toMatchObject({ stored: 2 });
    await site.close(100);
    expect(await site.census()).toMatchObject({ stored: 2 });
  });

  test("those in a store that others see are left to the others", async () => {
    const shared = (store: SessionStore): SessionStore => ({
      ...store,
      capabilities: { ...store.capabilities, sharedBetweenServers: true },
    });
    const site = await startOn(memoryStore, { alter: shared });
    await get(site, change);
    expect(await site.census()).toBeNull();
  });
});
