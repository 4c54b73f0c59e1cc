import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { ByteStoreOptions } from "../../../bench/providers/byte-store.ts";
import { openSessionStore, storeErrorAsInput } from "../../../bench/providers/open-session-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import { StoreError, type StoreErrorKind } from "../../../bench/providers/store-error.ts";
import type { StoreSettings } from "../../../bench/providers/store-settings.ts";
import { findRedisServer, startRedis } from "../../../bench/servers/redis-server.ts";
import { InputError } from "../../../config/problem.ts";
import { type StoreProvider, storeProviders } from "../../../config/scenario.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const options: ByteStoreOptions = {
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 5_000,
  commandTimeoutMs: 5_000,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

function settings(provider: StoreProvider, given: Partial<StoreSettings> = {}): StoreSettings {
  return { provider, connections: [], module: null, compression: false, options, ...given };
}

function someItem() {
  return { items: new SessionItems([["n", 1]]), timeoutMs: 20 * 60_000 };
}

/** A module whose stores tell in `globalThis[mark]` when they are closed, and of which that at "bad" does not open. */
async function tellingModule(mark: string): Promise<string> {
  const file = path.join(await temporaryFolder(), "telling.mjs");
  await writeFile(
    file,
    `const told = (globalThis[${JSON.stringify(mark)}] ??= []);
     export async function createStore({ connection }) {
       if (connection === "bad") throw Object.assign(new Error("bad is away"), { name: "StoreError", kind: "unreachable" });
       const nothing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };
       return {
         engine: "telling " + connection,
         capabilities: { exclusiveLocks: true, sessionEnd: false, survivesRecycle: true, sharedBetweenServers: true, liveReferences: false, heldByClient: false },
         getItem: async () => nothing,
         getItemExclusive: async () => nothing,
         setAndReleaseItemExclusive: async () => { told.push("written to " + connection); },
         releaseItemExclusive: async () => {},
         removeItem: async () => false,
         resetItemTimeout: async () => {},
         createUninitializedItem: async () => {},
         census: async () => ({ stored: 2, live: 1, bytes: null }),
         deleteExpired: async () => ({ sessions: 3, lifetimesMs: connection === "two" ? 7 : 5 }),
         close: async () => { told.push("closed " + connection); },
       };
     }`,
  );
  return file;
}

function toldIn(mark: string): string[] {
  return (globalThis as unknown as Record<string, string[]>)[mark];
}

describe("every provider has its door", () => {
  test("SQLite in memory needs no connection", async () => {
    const opened = await openSessionStore(settings("sqlite"));
    expect(opened.engine).toMatch(/^SQLite \d/);
    await opened.store.setAndReleaseItemExclusive("a", someItem(), null, true);
    expect((await opened.store.getItem("a")).item?.items.get("n")).toBe(1);
    expect(await opened.deleteExpired?.()).toMatchObject({ sessions: 0 });
    await opened.close();
    await opened.close();
  });

  test("a sealed cookie needs none either; of two secrets it is told that one is enough", async () => {
    const opened = await openSessionStore(settings("sealed-cookie"));
    const id = await opened.store.setAndReleaseItemExclusive("", someItem(), null, true);
    expect((await opened.store.getItem(id!)).item?.items.get("n")).toBe(1);
    await opened.close();
    const secrets = ["s".repeat(32), "t".repeat(32)];
    await expect(openSessionStore(settings("sealed-cookie", { connections: secrets }))).rejects.toThrow(
      /^Cannot open the store: store\.connection is 2 connections; expected one connection/,
    );
    const [secret] = secrets;
    const one = await openSessionStore(settings("sealed-cookie", { connections: [secret] }));
    const other = await openSessionStore(settings("sealed-cookie", { connections: [secret] }));
    const shared = await one.store.setAndReleaseItemExclusive("", someItem(), null, true);
    expect((await other.store.getItem(shared!)).item).not.toBeNull();
  });

  test.skipIf(findRedisServer() === undefined)(
    "Redis, with the state deflated or not",
    async () => {
      const server = await startRedis();
      try {
        for (const compression of [false, true]) {
          const opened = await openSessionStore(settings("redis", { connections: [server.connection], compression }));
          expect(opened.engine).toMatch(/^Redis \d/);
          await opened.store.setAndReleaseItemExclusive(`${compression}`, someItem(), null, true);
          expect((await opened.store.getItem(`${compression}`)).item?.items.get("n")).toBe(1);
          await opened.close();
        }
      } finally {
        await server.stop();
      }
    },
    20_000,
  );

  test("in-proc has none: it lives in the worker", async () => {
    await expect(openSessionStore(settings("in-proc"))).rejects.toThrow("store.provider is in-proc");
  });

  test.each(["state-server", "sqlserver", "postgresql", "mariadb", "redis"] as const)(
    "%s without a connection is shown one",
    async (provider) => {
      const refused = openSessionStore(settings(provider));
      await expect(refused).rejects.toBeInstanceOf(InputError);
      await expect(refused).rejects.toThrow(/store\.connection is missing; expected where .* is; write "\S+.*"$/);
    },
  );

  test.each(["express-session", "module"] as const)(
    "%s without a module is told what one looks like",
    async (provider) => {
      await expect(openSessionStore(settings(provider))).rejects.toThrow(/store\.module is missing; .*; write "/);
    },
  );

  test("a bench of one provider loads the drivers of no other", async () => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = new Set();
      registerHooks({ load(url, context, next) { loaded.add(url.match(/node_modules\\/([^/]+)/)?.[1]); return next(url, context); } });
      const { openSessionStore } = await import(${JSON.stringify(path.resolve("bench/providers/open-session-store.ts"))});
      const opened = await openSessionStore(${JSON.stringify(settings("sqlite"))});
      await opened.close();
      loaded.delete(undefined);
      console.log(JSON.stringify([...loaded]));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--no-warnings",
      "--input-type=module",
      "-e",
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual([]);
  }, 20_000);
});

describe("several connections are partitions", () => {
  test("each session lives in one of them; counts and deletions are added up, and all are closed", async () => {
    const mark = "partitions of the test";
    const module = await tellingModule(mark);
    const opened = await openSessionStore(settings("module", { module, connections: ["one", "two"] }));
    expect(opened.engine).toBe("telling one and telling two");
    expect(await opened.store.census?.()).toEqual({ stored: 4, live: 2, bytes: null });
    expect(await opened.deleteExpired?.()).toEqual({ sessions: 6, lifetimesMs: 12 });
    for (let i = 0; i < 40; i++) await opened.store.setAndReleaseItemExclusive(`id${i}`, someItem(), null, true);
    expect(new Set(toldIn(mark))).toEqual(new Set(["written to one", "written to two"]));
    expect(toldIn(mark).length).toBe(40);
    await opened.close();
    await opened.close();
    expect(toldIn(mark).slice(40).sort()).toEqual(["closed one", "closed two"]);
  });

  test("of one kind are counted in their name", async () => {
    const folder = await temporaryFolder();
    const connections = ["a.db", "b.db"].map((file) => path.join(folder, file));
    const opened = await openSessionStore(settings("sqlite", { connections }));
    expect(opened.engine).toMatch(/^2 × SQLite \d/);
    await opened.close();
  });

  test("the same one twice is refused, its password untold", async () => {
    const connection = "redis://:hush@127.0.0.1:6379/0";
    await expect(openSessionStore(settings("redis", { connections: [connection, connection] }))).rejects.toThrow(
      /store\.connection is "redis:\/\/\*\*\*@127\.0\.0\.1:6379\/0" twice; expected another store for each partition/,
    );
  });

  test("where one does not open, those that did are closed again", async () => {
    const mark = "failure of the test";
    const module = await tellingModule(mark);
    const opening = openSessionStore(settings("module", { module, connections: ["one", "bad", "two"] }));
    await expect(opening).rejects.toMatchObject({ name: "StoreError", kind: "unreachable", message: "bad is away" });
    expect(toldIn(mark).sort()).toEqual(["closed one", "closed two"]);
  });
});

describe("a store that fails at the start is a mistake in the settings", () => {
  const kinds: StoreErrorKind[] = ["unreachable", "timeout", "login", "schema", "protocol", "full", "state"];

  test.each(kinds)("%s has its own way of mending", (kind) => {
    const error = new StoreError(kind, "the store's own words");
    const input = storeErrorAsInput(error, settings("redis", { connections: ["redis://127.0.0.1:1"] }));
    const [problem] = input.problems;
    expect(problem).toMatchObject({ at: "store.connection", given: '"redis://127.0.0.1:1"' });
    expect(problem.expected).toContain("the store's own words");
    const mends = kinds.map((each) => storeErrorAsInput(new StoreError(each, ""), settings("redis")).problems[0].mend);
    expect(mends.filter((mend) => mend === problem.mend)).toHaveLength(1);
  });

  test("no form of connection lets its secret through", () => {
    const connections = [
      "redis://:hunter2@host:1",
      "postgresql://u:hunter2@hunter2@host/db",
      "data source=host;user id=sa;password=hunter2",
      "host:6379,password=hunter2,ssl=true",
    ];
    for (const provider of storeProviders) {
      const error = new StoreError("login", `refused with password=hunter2 at redis://:hunter2@host`);
      expect(storeErrorAsInput(error, settings(provider, { connections })).message).not.toContain("hunter2");
    }
    const sealed = settings("sealed-cookie", { connections: ["hunter2hunter2hunter2hunter2hunter2"] });
    expect(storeErrorAsInput(new StoreError("state", "no"), sealed).message).not.toContain("hunter2");
  });

  test("a store without a connection is named by its package", () => {
    const input = storeErrorAsInput(
      new StoreError("full", "no room"),
      settings("express-session", { module: "a-store" }),
    );
    expect(input.message).toContain("store.provider is express-session a-store; expected a store that answers");
  });
});
