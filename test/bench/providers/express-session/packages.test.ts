// The five stores that most Express sites use, as npm has them, on the servers they want.

import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ByteStoreOptions } from "../../../../bench/providers/byte-store.ts";
import { openExpressSessionStore } from "../../../../bench/providers/express-session/open-express-session.ts";
import { countLostUpdates } from "../../../../bench/providers/lost-updates.ts";
import {
  type OpenedStore,
  openSessionStore,
  storeErrorAsInput,
} from "../../../../bench/providers/open-session-store.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import type { StoreSettings } from "../../../../bench/providers/store-settings.ts";
import type { ManagedServer } from "../../../../bench/servers/managed-server.ts";
import { startPostgreSql } from "../../../../bench/servers/postgresql-server.ts";
import { findRedisServer, startRedis } from "../../../../bench/servers/redis-server.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const options: ByteStoreOptions = {
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 5_000,
  commandTimeoutMs: null,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

function settings(module: string, connection: string | null): StoreSettings {
  const connections = connection === null ? [] : [connection];
  return { provider: "express-session", connections, module, compression: false, options };
}

function items(values: Record<string, unknown>, timeoutMs = 20 * 60_000) {
  return { items: new SessionItems(Object.entries(values)), timeoutMs };
}

/** What every store must do for the session module; @param grainMs in what steps it counts time. */
async function exercise({ store }: OpenedStore, grainMs: number): Promise<void> {
  await store.setAndReleaseItemExclusive("a", items({ n: 1, text: "é€😀".repeat(9_000) }), null, true);
  const got = await store.getItemExclusive("a");
  expect(got).toMatchObject({ locked: false, initialize: false });
  expect([...got.item!.items]).toEqual([
    ["n", 1],
    ["text", "é€😀".repeat(9_000)],
  ]);
  expect(got.item!.timeoutMs).toBe(20 * 60_000);
  got.item!.items.set("n", 2);
  await store.setAndReleaseItemExclusive("a", got.item!, got.lockId, false);
  const again = await store.getItemExclusive("a");
  expect(again.item?.items.get("n")).toBe(2);
  await store.releaseItemExclusive("a", again.lockId!);
  await store.resetItemTimeout("a");
  expect((await store.getItem("a")).item?.items.get("n")).toBe(2);

  await store.createUninitializedItem("a", 60_000);
  await store.createUninitializedItem("b", 60_000);
  expect((await store.getItem("a")).initialize).toBe(false);
  expect((await store.getItemExclusive("b")).initialize).toBe(true);
  expect((await store.getItemExclusive("b")).initialize).toBe(false);
  if (store.census !== undefined) expect((await store.census()).stored).toBe(2);

  expect((await store.getItem("nobody")).item).toBeNull();
  await store.resetItemTimeout("nobody");
  expect(await store.removeItem("nobody", null)).toBe(false);
  expect(await store.removeItem("a", null)).toBe(true);
  expect((await store.getItem("a")).item).toBeNull();

  await store.setAndReleaseItemExclusive("short", items({ n: 1 }, 300), null, true);
  // Looking at it in between would put its end off.
  await delay(310 + grainMs);
  expect((await store.getItem("short")).item).toBeNull();
}

/** Two requests of one session overlap: without locks one of the changes goes. */
async function loseOne(opened: OpenedStore): Promise<void> {
  let lost = 0;
  const store = countLostUpdates(opened.store, () => lost++);
  await store.setAndReleaseItemExclusive("shared", items({}), null, true);
  const first = await store.getItemExclusive("shared");
  const second = await store.getItemExclusive("shared");
  first.item!.items.set("first", true);
  second.item!.items.set("second", true);
  await store.setAndReleaseItemExclusive("shared", first.item!, first.lockId, false);
  await store.setAndReleaseItemExclusive("shared", second.item!, second.lockId, false);
  expect([...(await store.getItem("shared")).item!.items.keys()]).toEqual(["second"]);
  expect(lost).toBe(1);
}

async function usable(module: string, connection: string | null, grainMs: number): Promise<OpenedStore> {
  const opened = await openSessionStore(settings(module, connection));
  expect(opened.store.capabilities.exclusiveLocks).toBe(false);
  await exercise(opened, grainMs);
  await loseOne(opened);
  return opened;
}

describe("stores without a server", () => {
  test("express-session's own MemoryStore", async () => {
    const opened = await usable("express-session", null, 0);
    expect(opened.engine).toMatch(/^express-session \d+\.\d+\.\d+$/);
    expect(opened.store.capabilities).toMatchObject({ survivesRecycle: false, sharedBetweenServers: false });
    await opened.close();
  });

  test("memorystore", async () => {
    const opened = await usable("memorystore", null, 0);
    expect(opened.engine).toMatch(/^memorystore \d+\.\d+\.\d+$/);
    await opened.close();
  });

  test("session-file-store in a folder that is given: the files stay, and another process finds them", async () => {
    const folder = path.join(await temporaryFolder(), "sessions");
    const opened = await usable("session-file-store", folder, 0);
    expect(opened.engine).toMatch(/^session-file-store \d+\.\d+\.\d+$/);
    expect(opened.store.capabilities).toMatchObject({ survivesRecycle: true, sharedBetweenServers: true });
    await opened.close();
    expect(await readdir(folder)).toContain("shared.json");
    const again = await openSessionStore(settings("session-file-store", folder));
    expect((await again.store.getItem("shared")).item).not.toBeNull();
    await again.close();
  });

  test("session-file-store without a folder: in a temporary one, gone when it is closed", async () => {
    const opened = await openSessionStore(settings("session-file-store", null));
    expect(opened.store.capabilities).toMatchObject({ survivesRecycle: false, sharedBetweenServers: false });
    await opened.store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    expect(await opened.store.census?.()).toMatchObject({ stored: 1 });
    await opened.close();
    await expect(async () => opened.store.census?.()).rejects.toBeInstanceOf(StoreError);
  });
});

const redisMissing = findRedisServer() === undefined;
describe.skipIf(redisMissing)(`connect-redis${redisMissing ? " (redis-server is not installed)" : ""}`, () => {
  let server: ManagedServer;
  beforeAll(async () => {
    server = await startRedis();
  }, 20_000);
  afterAll(() => server?.stop());

  test("sessions of an application are kept apart from others', in whole seconds", async () => {
    const opened = await usable("connect-redis", server.connection, 1_000);
    expect(opened.engine).toMatch(/^connect-redis \d+\.\d+\.\d+ on Redis \d+\.\d+\.\d+$/);
    expect(opened.store.capabilities).toMatchObject({ survivesRecycle: true, sharedBetweenServers: true });
    const other = await openExpressSessionStore("connect-redis", server.connection, {
      ...options,
      applicationId: "/LM/W3SVC/2/ROOT*",
    });
    expect((await other.store.getItem("shared")).item).toBeNull();
    expect(await other.store.census?.()).toMatchObject({ stored: 0 });
    await other.close();
    await opened.close();
  });

  test("while Redis is away a call fails at once; once it is back the store works again", async () => {
    const opened = await openSessionStore(settings("connect-redis", server.connection));
    await server.kill();
    await expect(opened.store.getItem("a")).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
    await server.restart();
    await expect
      .poll(
        async () =>
          Promise.resolve(opened.store.getItem("a")).then(
            () => "answers",
            () => "fails",
          ),
        {
          timeout: 10_000,
        },
      )
      .toBe("answers");
    await opened.close();
  }, 20_000);

  test("a wrong password and a port where nobody listens are told, without the password", async () => {
    const wrong = settings("connect-redis", server.connection.replace(/:[^:@]+@/, ":wr0ng@"));
    const refused = await openSessionStore(wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "StoreError", kind: "login" });
    const told = storeErrorAsInput(refused as StoreError, wrong).message;
    expect(told).toContain("store.connection");
    expect(told).not.toContain("wr0ng");
    await expect(openSessionStore(settings("connect-redis", "redis://127.0.0.1:1"))).rejects.toMatchObject({
      kind: "unreachable",
    });
  });
});

describe("a peer that is not the server wanted", () => {
  const peers: [string, (socket: Socket) => void][] = [
    ["says nothing", () => undefined],
    ["speaks HTTP", (socket) => socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))],
    ["hangs up", (socket) => socket.destroy()],
  ];
  test.each(peers)("and %s is told within the network timeout", async (_, answer) => {
    const sockets: Socket[] = [];
    const peer = createServer((socket) => {
      sockets.push(socket.on("error", () => undefined));
      answer(socket);
    });
    await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
    const { port } = peer.address() as AddressInfo;
    const soon = { ...options, networkTimeoutMs: 200 };
    for (const [name, connection] of [
      ["connect-redis", `redis://:hunter2@127.0.0.1:${port}`],
      ["connect-pg-simple", `postgresql://u:hunter2@127.0.0.1:${port}/x`],
    ] as const) {
      const error = await openExpressSessionStore(name, connection, soon).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StoreError);
      expect((error as StoreError).message).not.toContain("hunter2");
    }
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => peer.close(resolve));
  });
});

describe("connect-pg-simple", () => {
  let server: ManagedServer;
  beforeAll(async () => {
    server = await startPostgreSql();
  }, 60_000);
  afterAll(() => server?.stop());

  test("makes its table, keeps sessions in whole seconds, and can be counted", async () => {
    const opened = await usable("connect-pg-simple", server.connection, 1_000);
    expect(opened.engine).toMatch(/^connect-pg-simple \d+\.\d+\.\d+ on PostgreSQL \d+/);
    const census = await opened.store.census?.();
    expect(census).toMatchObject({ stored: 3, live: 2 });
    expect(census?.bytes).toBeGreaterThan(8_192);
    await opened.close();
  });

  test("a wrong password, a port where nobody listens and a malformed address are told, without the password", async () => {
    const wrong = settings("connect-pg-simple", "postgresql://nobody:wr0ng@127.0.0.1:1/postgres");
    const refused = await openSessionStore(wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "StoreError", kind: "unreachable" });
    expect(storeErrorAsInput(refused as StoreError, wrong).message).not.toContain("wr0ng");
    const url = new URL(server.connection);
    url.password = "wr0ng";
    const login = await openSessionStore(settings("connect-pg-simple", url.href)).catch((error: unknown) => error);
    expect(login).toMatchObject({ name: "StoreError", kind: "login" });
    await expect(openSessionStore(settings("connect-pg-simple", "host=x password=wr0ng"))).rejects.toThrow(
      /store\.connection is "host=x password=\*\*\*"; expected postgresql:/,
    );
  });
});

describe("packages are found where the user works, then among our own", () => {
  async function folderWith(name: string, files: Record<string, string>): Promise<string> {
    const folder = await temporaryFolder();
    const place = path.join(folder, "node_modules", name);
    await mkdir(place, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(place, file), text);
    return folder;
  }
  const open = (name: string, folder: string, connection: string | null = null) =>
    openExpressSessionStore(name, connection, options, folder);
  const body = `{
    constructor(options) { this.kept = new Map(); this.options = options; }
    get(id, callback) { callback(null, JSON.parse(this.kept.get(id) ?? "null")); }
    set(id, session, callback) { this.kept.set(id, JSON.stringify(session)); callback(); }
    destroy(id, callback) { this.kept.delete(id); callback(); }
    length(callback) { callback(null, this.options.url === "there://" ? this.kept.size : -1); }
    async close() { this.options = { url: "closed" }; }
  }`;

  test.each([
    [
      "a class in an ES module without a door for require",
      '{"version":"1.2.3","exports":{"import":"./it.mjs"}}',
      "it.mjs",
      `export class SomeStore ${body}`,
    ],
    ["a class as module.exports", '{"version":"1.2.3","main":"it.js"}', "it.js", `module.exports = class ${body}`],
    [
      "a function of express-session that makes the class",
      '{"version":"1.2.3","main":"it.js"}',
      "it.js",
      `module.exports = (session) => { if (typeof session.Store !== "function") throw new Error("no Store"); return class ${body} }`,
    ],
    [
      "a class with a factory of its own",
      '{"version":"1.2.3","main":"it.js"}',
      "it.js",
      `class A ${body}; module.exports = { SomeStore: { __proto__: A, create: (options) => new A(options) }, MongoStore: Object.assign(A, { create: (options) => new A(options) }) }`,
    ],
  ])("%s is taken, unknown as it is", async (_, manifest, file, text) => {
    const name = "some-session-store";
    const folder = await folderWith(name, { "package.json": manifest, [file]: text });
    const opened = await open(name, folder, "there://");
    expect(opened.engine).toBe("some-session-store 1.2.3");
    await opened.store.setAndReleaseItemExclusive("a", items({ n: 1 }), null, true);
    expect((await opened.store.getItem("a")).item?.items.get("n")).toBe(1);
    expect(await opened.store.census?.()).toMatchObject({ stored: 1 });
    await opened.close();
    expect(await opened.store.census?.()).toMatchObject({ stored: -1 });
  });

  test("the user's own version goes before ours", async () => {
    const name = "memorystore";
    const folder = await folderWith(name, {
      "package.json": '{"version":"99.0.0","main":"it.js"}',
      "it.js": `module.exports = () => class ${body.replace("async close", "stopInterval() {} async close")}`,
    });
    expect((await open(name, folder)).engine).toBe("memorystore 99.0.0");
    expect(existsSync(path.join(folder, "package.json"))).toBe(false);
    expect((await open(name, await temporaryFolder())).engine).not.toBe("memorystore 99.0.0");
  });

  test("a package that is not installed is named with the command that installs it", async () => {
    await expect(open("connect-mongo-db-x", await temporaryFolder())).rejects.toThrow(
      /^Cannot open the store: store\.module is "connect-mongo-db-x"; expected a package .*; npm install connect-mongo-db-x$/,
    );
  });

  test("a package that makes no store is answered with what was tried and how to write a module", async () => {
    const folder = await folderWith("no-store", {
      "package.json": '{"main":"it.js"}',
      "it.js":
        'exports.FirstStore = class { get() {} }; exports.SecondStore = () => { throw new Error("no password=hunter2 given"); };' +
        " exports.ThirdStore = class { constructor(client) { this.client = client; } get(id, callback) { this.client.find(id, callback); } set() {} destroy() {} };",
    });
    const refused = await open("no-store", folder).catch((error: Error) => error.message);
    expect(refused).toMatch(
      /FirstStore.*; SecondStore: no password=\*\*\*.*; ThirdStore: get: this\.client\.find is not a function/,
    );
    expect(refused).toContain("exports createStore(options)");
  });

  test("a package that fails while it is loaded is told with its own words", async () => {
    const folder = await folderWith("broken", {
      "package.json": '{"main":"it.js"}',
      "it.js": 'throw new Error("needs Node 99")',
    });
    await expect(open("broken", folder)).rejects.toThrow(/it\.js: store\.module is "broken"; .*needs Node 99/);
  });

  test("a store in memory takes no connection", async () => {
    await expect(openSessionStore(settings("memorystore", "redis://:hunter2@there"))).rejects.toThrow(
      'store.connection is "redis://***@there"; expected none: memorystore keeps its sessions in the memory of the worker',
    );
  });

  test("a package that needs a server says what its connection looks like", async () => {
    await expect(openSessionStore(settings("connect-redis", null))).rejects.toThrow(
      'store.connection is missing; expected where connect-redis keeps its sessions; write "redis://:password@127.0.0.1:6379"',
    );
  });
});
