import { describe, expect, test } from "vitest";
import { openStateServerStore } from "../../../../bench/providers/state-server/client.ts";
import { openClient, options } from "./open-client.ts";
import { type SimpleSettings, startSimpleStateServer } from "./simple-state-server.ts";

const ID = "4m4irghotazmxblpyakfaw1d";
const KEY = `/LM/W3SVC/1/ROOT/app(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE=)/${ID}`;
const empty = { bytes: Buffer.from("140000000000ff", "hex"), timeoutMinutes: 20 };
const state = { bytes: Buffer.from("some state, of no meaning to the store"), timeoutMinutes: 20 };
const nothing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

async function setUp(settings: SimpleSettings = {}) {
  const server = await startSimpleStateServer(settings);
  const store = await openClient(server.connection);
  server.requests.length = 0;
  return { server, store };
}

describe("a session at the state service", () => {
  test("is written, read, locked, released and removed", async () => {
    const { store } = await setUp();
    expect(await store.getItem(ID)).toEqual(nothing);
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    const read = { item: state, locked: false, lockAgeMs: 0, initialize: false };
    expect(await store.getItem(ID)).toEqual({ ...read, lockId: null });
    expect(await store.getItemExclusive(ID)).toEqual({ ...read, lockId: 2 });
    await store.releaseItemExclusive(ID, 2);
    expect(await store.getItemExclusive(ID)).toMatchObject({ lockId: 3 });
    expect(await store.removeItem(ID, 3)).toBe(true);
    expect(await store.getItem(ID)).toEqual(nothing);
    expect(await store.removeItem(ID, 3)).toBe(false);
  });

  test("is named by application path, hash and id behind one more slash", async () => {
    const { server, store } = await setUp();
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    expect([...server.items.keys()]).toEqual([KEY]);
    expect(server.requests[0]?.line).toBe(
      `PUT /%2fLM%2fW3SVC%2f1%2fROOT%2fapp(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE%3d)%2f${ID} HTTP/1.1`,
    );
  });

  test("created uninitialised tells so to the first reader only, and is never overwritten by another such creation", async () => {
    const { store } = await setUp();
    await store.createUninitializedItem(ID, empty);
    expect(await store.getItemExclusive(ID)).toMatchObject({ item: empty, lockId: 2, initialize: true });
    await store.setAndReleaseItemExclusive(ID, state, 2, false);
    await store.createUninitializedItem(ID, empty);
    expect(await store.getItem(ID)).toMatchObject({ item: state, initialize: false });
  });

  test("locked by another is told with the lock's age in whole seconds and its id, to readers and writers alike", async () => {
    let nowMs = 1_000_000;
    const { store } = await setUp({ clock: () => nowMs });
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    await store.getItemExclusive(ID);
    nowMs += 110_900;
    const locked = { item: null, locked: true, lockAgeMs: 110_000, lockId: 2, initialize: false };
    expect(await store.getItem(ID)).toEqual(locked);
    expect(await store.getItemExclusive(ID)).toEqual(locked);
  });

  test("is not touched by a late writer whose lock was broken and taken, and the writer is told nothing", async () => {
    const { store } = await setUp();
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    await store.getItemExclusive(ID);
    await store.releaseItemExclusive(ID, 2);
    await store.getItemExclusive(ID);
    await store.setAndReleaseItemExclusive(ID, empty, 2, false);
    await store.releaseItemExclusive(ID, 2);
    expect(await store.removeItem(ID, 2)).toBe(false);
    expect(await store.getItem(ID)).toMatchObject({ locked: true, lockId: 3 });
    await store.releaseItemExclusive(ID, 3);
    expect(await store.getItem(ID)).toMatchObject({ item: state });
  });

  test("expires its timeout after the last touch of any kind", async () => {
    let nowMs = 0;
    const { store } = await setUp({ clock: () => nowMs });
    await store.setAndReleaseItemExclusive(ID, { ...state, timeoutMinutes: 1 }, null, true);
    nowMs += 60_000;
    await store.resetItemTimeout(ID);
    nowMs += 60_000;
    expect(await store.getItem(ID)).toMatchObject({ item: { timeoutMinutes: 1 } });
    nowMs += 60_001;
    expect(await store.getItem(ID)).toEqual(nothing);
  });

  test("stored without a byte reads as no session", async () => {
    const { store } = await setUp();
    await store.setAndReleaseItemExclusive(ID, { bytes: new Uint8Array(), timeoutMinutes: 20 }, null, true);
    expect(await store.getItem(ID)).toEqual(nothing);
  });

  test("of a megabyte comes back byte for byte", async () => {
    const { store } = await setUp();
    const bytes = Buffer.from(Array.from({ length: 1_048_576 }, (_, i) => (i * 31) % 251));
    await store.setAndReleaseItemExclusive(ID, { bytes, timeoutMinutes: 20 }, null, true);
    const read = await store.getItem(ID);
    expect(bytes.equals(read.item?.bytes ?? new Uint8Array())).toBe(true);
  });
});

describe("requests on the wire", () => {
  test("carry the headers of the protocol and no others", async () => {
    const { server, store } = await setUp();
    await store.createUninitializedItem(ID, empty);
    await store.getItemExclusive(ID);
    await store.setAndReleaseItemExclusive(ID, state, 2, false);
    await store.getItem(ID);
    await store.releaseItemExclusive(ID, 2);
    await store.resetItemTimeout(ID);
    await store.removeItem(ID, 2);
    await store.removeItem(ID, null);
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    const host = { host: `127.0.0.1:${server.port}` };
    expect(server.requests.map(({ line, headers }) => [line.split(" ")[0], Object.fromEntries(headers)])).toEqual([
      ["PUT", { ...host, timeout: "20", "content-length": "7", extraflags: "1", lockcookie: "0" }],
      ["GET", { ...host, exclusive: "acquire" }],
      ["PUT", { ...host, timeout: "20", "content-length": "38", lockcookie: "2" }],
      ["GET", host],
      ["GET", { ...host, exclusive: "release", lockcookie: "2" }],
      ["HEAD", host],
      ["DELETE", { ...host, lockcookie: "2" }],
      ["DELETE", host],
      ["PUT", { ...host, timeout: "20", "content-length": "38", lockcookie: "0" }],
    ]);
  });

  test("may spell the lock cookie as [MS-ASP] prints it, leave the extra slash out, and hash with the machine's key", async () => {
    const server = await startSimpleStateServer();
    const validationKey = Buffer.alloc(20, 7);
    const store = await openClient(
      server.connection,
      {},
      {
        leadingSlash: false,
        lockCookieHeader: "Lock-Cookie",
        uriHash: { kind: "hmac-sha1", validationKey },
      },
    );
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    await store.getItemExclusive(ID);
    await store.releaseItemExclusive(ID, 2);
    expect(await store.getItem(ID)).toMatchObject({ item: state });
    expect(server.requests.at(-2)?.headers.get("lock-cookie")).toBe("2");
    expect(server.requests.at(-1)?.line).toMatch(/^GET %2fLM%2fW3SVC%2f1%2fROOT%2fapp\([^)]{27,}%3d\)%2f\w{24} /);
  });

  test("for ids that are not of ASP.NET's making are encoded like the rest", async () => {
    const { server, store } = await setUp();
    await store.setAndReleaseItemExclusive("a b/é", state, null, true);
    expect([...server.items.keys()][0]).toMatch(/\)\/a b\/é$/);
    expect(await store.getItem("a b/é")).toMatchObject({ item: state });
  });
});

describe("connections", () => {
  test("are as many as requests at one time, and are used again", async () => {
    const { server, store } = await setUp();
    const before = server.connections();
    await Promise.all(Array.from({ length: 5 }, () => store.getItem(ID)));
    expect(server.connections() - before).toBe(4);
    await Promise.all(Array.from({ length: 5 }, () => store.getItem(ID)));
    await store.getItem(ID);
    expect(server.connections() - before).toBe(4);
  });

  test("stay under a limit, where one is set; requests then wait for each other", async () => {
    const server = await startSimpleStateServer();
    const store = await openClient(server.connection, {}, { connectionsMax: 2 });
    await Promise.all(Array.from({ length: 20 }, () => store.getItem(ID)));
    expect(server.connections()).toBe(2);
  });

  test("are all closed with the store", async () => {
    const server = await startSimpleStateServer();
    const store = await openClient(server.connection);
    await Promise.all([store.getItem(ID), store.getItem(ID)]);
    await store.close();
    await expect.poll(() => server.sockets.size).toBe(0);
    await expect(store.getItem(ID)).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
  });
});

test("a request under way when the store is closed ends as unreachable, whether or not it has left", async () => {
  const { store } = await setUp();
  const [leaving, left] = [store.getItem(ID), store.getItemExclusive(ID)];
  const both = Promise.allSettled([leaving, left]);
  await store.close();
  expect(await both).toMatchObject([{ reason: { kind: "unreachable" } }, { reason: { kind: "unreachable" } }]);
});

describe("opening", () => {
  test("asks after a session that never was, and leaves nothing behind", async () => {
    const server = await startSimpleStateServer();
    const store = await openClient(server.connection);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.line).toMatch(/^HEAD /);
    expect(server.items.size).toBe(0);
    expect(store.engine).toBe("ASP.NET state service (X-AspNet-Version 4.0.30319)");
  });

  test("accepts a server that leaves HTTP/1.1 out of its status line", async () => {
    const { store } = await setUp({ statusPrefix: "", version: "2.0.50727" });
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    expect(await store.getItem(ID)).toMatchObject({ item: state });
  });

  test("refuses a server of version 1 in ASP.NET's words", async () => {
    const server = await startSimpleStateServer({ version: "1.1.4322" });
    await expect(openStateServerStore(server.connection, options)).rejects.toMatchObject({
      kind: "protocol",
      message:
        "Unable to use session state server because this version of ASP.NET requires session state server version 2.0 or above.",
    });
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  test.each(["localhost:42424", "tcpip=localhost", "tcpip=localhost:70000", ""])(
    "refuses the connection string %o as the user's mistake",
    async (connection) => {
      await expect(openStateServerStore(connection, options)).rejects.toMatchObject({ name: "InputError" });
    },
  );

  test("tells no password of a connection string that was meant for another store", async () => {
    const refusal = await openStateServerStore("data source=db;password=hunter2", options).catch(String);
    expect(refusal).toContain("password=***");
    expect(refusal).not.toContain("hunter2");
  });
});

test("a timeout that no state service takes is a request not formatted correctly", async () => {
  const { store } = await setUp();
  const item = { ...state, timeoutMinutes: 525_601 };
  await expect(store.setAndReleaseItemExclusive(ID, item, null, true)).rejects.toMatchObject({
    kind: "protocol",
    message:
      "Unable to make the session state request to the session state server. The session state server is running, but the request is not formatted correctly.",
  });
});
