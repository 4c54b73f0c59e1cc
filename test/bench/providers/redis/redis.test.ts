import { createServer, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { ByteStore, ByteStoreOptions } from "../../../../bench/providers/byte-store.ts";
import { openRedisStore } from "../../../../bench/providers/redis/redis.ts";
import { parseRedisConnection } from "../../../../bench/providers/redis/redis-connection.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { freePort } from "../../../../bench/servers/free-port.ts";
import type { ManagedServer } from "../../../../bench/servers/managed-server.ts";
import { findRedisServer, startRedis } from "../../../../bench/servers/redis-server.ts";
import { InputError } from "../../../../config/problem.ts";
import { until } from "../../processes.ts";

const absent = findRedisServer() === undefined;
const missing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };
let applications = 0;

function optionsWith(changes: Partial<ByteStoreOptions> = {}): ByteStoreOptions {
  return {
    minuteMs: 60_000,
    applicationId: `/LM/W3SVC/${++applications}/ROOT`,
    networkTimeoutMs: 10_000,
    commandTimeoutMs: null,
    connectionRetryMs: 0,
    allowCustomSqlDatabase: false,
    executionTimeoutMs: 110_000,
    ...changes,
  };
}

async function openedOn(connection: string, options: ByteStoreOptions): Promise<ByteStore> {
  const store = await openRedisStore(connection, options);
  onTestFinished(() => store.close());
  return store;
}

const stateOf = (text: string, timeoutMinutes = 20) => ({ bytes: new TextEncoder().encode(text), timeoutMinutes });
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe.skipIf(absent)("a Redis store (needs redis-server, which is not installed here)", () => {
  let server: ManagedServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const opened = (changes?: Partial<ByteStoreOptions>) => openedOn(server.connection, optionsWith(changes));

  async function rawClient() {
    const client = await createClient({ url: server.connection }).connect();
    onTestFinished(() => client.destroy());
    return client;
  }

  test("names engine and version", async () => {
    expect((await opened()).engine).toMatch(/^Redis \d+\.\d+\.\d+$/);
  });

  test("keeps a session in the three keys of the provider of ASP.NET, with the timeout in seconds", async () => {
    const store = await openedOn(server.connection, optionsWith({ applicationId: "/three" }));
    await store.setAndReleaseItemExclusive("id", stateOf("state", 20), null, true);
    await store.getItemExclusive("id");
    const client = await rawClient();
    expect((await client.keys("{/three_*")).sort()).toEqual([
      "{/three_id}_SessionStateItemCollection",
      "{/three_id}_SessionTimeout",
      "{/three_id}_WriteLock",
    ]);
    expect(await client.get("{/three_id}_SessionStateItemCollection")).toBe("state");
    expect(await client.get("{/three_id}_SessionTimeout")).toBe("1200");
    expect(await client.ttl("{/three_id}_SessionStateItemCollection")).toBeOneOf([1200, 1199]);
    expect(await client.ttl("{/three_id}_WriteLock")).toBeOneOf([110, 109]);
    const ticks = BigInt((await client.get("{/three_id}_WriteLock"))!);
    const lockedAt = Number((ticks - 621_355_968_000_000_000n) / 10_000n);
    expect(Math.abs(Date.now() - lockedAt)).toBeLessThan(60_000);
  });

  test("gives back any bytes and the timeout as they were written", async () => {
    const store = await opened({ minuteMs: 1_234 });
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256);
    await store.setAndReleaseItemExclusive("id", { bytes, timeoutMinutes: 33 }, null, true);
    const { item } = await store.getItem("id");
    expect(item!.timeoutMinutes).toBe(33);
    expect(Buffer.compare(item!.bytes, bytes)).toBe(0);
    await store.setAndReleaseItemExclusive("id", { bytes: new Uint8Array(), timeoutMinutes: 1 }, null, true);
    expect((await store.getItem("id")).item).toEqual({ bytes: Buffer.alloc(0), timeoutMinutes: 1 });
  });

  test("knows nothing of a session that was never stored, and leaves no lock on it", async () => {
    const store = await opened();
    expect(await store.getItem("id")).toEqual(missing);
    expect(await store.getItemExclusive("id")).toEqual(missing);
    expect(await store.getItemExclusive("id")).toEqual(missing);
    expect(await store.removeItem("id", "1")).toBe(false);
  });

  test("shows a locked session to nobody, and tells who holds it and for how long", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    const held = await store.getItemExclusive("id");
    expect(textOf(held.item?.bytes)).toBe("state");
    expect(held.locked).toBe(false);
    await until("the lock ages", async () => (await store.getItem("id")).lockAgeMs >= 5);
    for (const answer of [await store.getItem("id"), await store.getItemExclusive("id")]) {
      expect(answer).toEqual({
        item: null,
        locked: true,
        lockAgeMs: expect.any(Number),
        lockId: held.lockId,
        initialize: false,
      });
      expect(answer.lockAgeMs).toBeGreaterThanOrEqual(5);
      expect(answer.lockAgeMs).toBeLessThan(60_000);
    }
  });

  test("writes and gives the lock up for its owner alone", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("first"), null, true);
    const { lockId } = await store.getItemExclusive("id");
    await store.setAndReleaseItemExclusive("id", stateOf("stranger"), "1", false);
    await store.setAndReleaseItemExclusive("id", stateOf("nobody"), null, false);
    await store.releaseItemExclusive("id", "1");
    expect((await store.getItem("id")).locked).toBe(true);
    await store.setAndReleaseItemExclusive("id", stateOf("second", 5), lockId, false);
    const { item } = await store.getItem("id");
    expect(textOf(item?.bytes)).toBe("second");
    expect(item?.timeoutMinutes).toBe(5);
  });

  test("ignores the late write of an owner whose lock was broken and taken again", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("first"), null, true);
    const late = await store.getItemExclusive("id");
    await store.releaseItemExclusive("id", late.lockId!);
    const next = await store.getItemExclusive("id");
    expect(next.lockId).not.toBe(late.lockId);
    await store.setAndReleaseItemExclusive("id", stateOf("late"), late.lockId, false);
    await store.releaseItemExclusive("id", late.lockId!);
    expect(await store.removeItem("id", late.lockId)).toBe(false);
    expect((await store.getItem("id")).lockId).toBe(next.lockId);
    await store.releaseItemExclusive("id", next.lockId!);
    expect(textOf((await store.getItem("id")).item?.bytes)).toBe("first");
  });

  test("removes for the owner of the lock, lock and all", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    const { lockId } = await store.getItemExclusive("id");
    expect(await store.removeItem("id", null)).toBe(false);
    expect(await store.removeItem("id", lockId)).toBe(true);
    expect(await store.removeItem("id", lockId)).toBe(false);
    expect(await store.getItemExclusive("id")).toEqual(missing);
  });

  test("lets exactly one of many have the lock", async () => {
    const options = optionsWith();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openedOn(server.connection, options)));
    await stores[0]!.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, at) => stores[at % stores.length]!.getItemExclusive("id")),
      );
      const owners = answers.filter(({ item }) => item !== null);
      expect(owners).toHaveLength(1);
      expect(answers.filter(({ locked, lockId }) => locked && lockId === owners[0]!.lockId)).toHaveLength(39);
      await stores[round % 4]!.releaseItemExclusive("id", owners[0]!.lockId!);
    }
  });

  test("gives a lock up by itself after the execution timeout, and then ignores who held it", async () => {
    const store = await opened({ executionTimeoutMs: 60, minuteMs: 5_000 });
    await store.setAndReleaseItemExclusive("id", stateOf("first"), null, true);
    const late = await store.getItemExclusive("id");
    await until("the lock is gone", async () => !(await store.getItem("id")).locked);
    await store.setAndReleaseItemExclusive("id", stateOf("late"), late.lockId, false);
    expect(textOf((await store.getItem("id")).item?.bytes)).toBe("first");
  });

  test("tells the first reader of an uninitialised session to initialise it, and only the first", async () => {
    const store = await opened();
    for (const [id, get] of [
      ["read", () => store.getItem("read")],
      ["locked", () => store.getItemExclusive("locked")],
    ] as const) {
      await store.createUninitializedItem(id, stateOf("empty", 7));
      const first = await get();
      expect(first.initialize).toBe(true);
      expect(first.item).toEqual({ bytes: Buffer.from("empty"), timeoutMinutes: 7 });
      if (first.lockId !== null) await store.releaseItemExclusive(id, first.lockId);
      const second = await get();
      expect(second.initialize).toBe(false);
      expect(second.item?.timeoutMinutes).toBe(7);
    }
  });

  test("never puts an uninitialised session over another, and a written one is initialised", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    await store.createUninitializedItem("id", stateOf("empty"));
    expect(await store.getItem("id")).toMatchObject({ item: { bytes: Buffer.from("state") }, initialize: false });
    await store.createUninitializedItem("other", stateOf("empty"));
    await store.setAndReleaseItemExclusive("other", stateOf("written"), null, true);
    expect(await store.getItem("other")).toMatchObject({ item: { bytes: Buffer.from("written") }, initialize: false });
  });

  test("keeps the mark of an uninitialised session while its timeout slides", async () => {
    const store = await opened();
    await store.createUninitializedItem("id", stateOf("empty", 3));
    await store.resetItemTimeout("id");
    expect(await store.getItem("id")).toMatchObject({ item: { timeoutMinutes: 3 }, initialize: true });
  });

  test("forgets a session when its time is over", async () => {
    const store = await opened({ minuteMs: 40 });
    await store.setAndReleaseItemExclusive("id", stateOf("state", 1), null, true);
    const client = await rawClient();
    await until(
      "the session is gone",
      async () => (await client.keys(`{/LM/W3SVC/${applications}/ROOT_*`)).length === 0,
    );
    expect(await store.getItem("id")).toEqual(missing);
  });

  test("slides the timeout at every call, a refused one included", async () => {
    const options = optionsWith();
    const store = await openedOn(server.connection, options);
    const client = await rawClient();
    await store.setAndReleaseItemExclusive("id", stateOf("state", 20), null, true);
    const data = `{${options.applicationId}_id}_SessionStateItemCollection`;
    const timeout = `{${options.applicationId}_id}_SessionTimeout`;
    let lockId: string | number | null = null;
    const calls = [
      () => store.getItem("id"),
      () => store.resetItemTimeout("id"),
      async () => {
        lockId = (await store.getItemExclusive("id")).lockId;
      },
      () => store.getItem("id"),
      () => store.getItemExclusive("id"),
      () => store.releaseItemExclusive("id", "1"),
      () => store.setAndReleaseItemExclusive("id", stateOf("state", 20), lockId, false),
    ];
    for (const call of calls) {
      await client.expire(data, 300);
      await client.expire(timeout, 300);
      await call();
      expect(await client.ttl(data)).toBeGreaterThan(1_000);
      expect(await client.ttl(timeout)).toBeGreaterThan(1_000);
    }
  });

  test("gives a session whose timeout key is gone the provider's own twenty minutes", async () => {
    const options = optionsWith();
    const store = await openedOn(server.connection, options);
    await store.setAndReleaseItemExclusive("id", stateOf("state", 5), null, true);
    const client = await rawClient();
    await client.del(`{${options.applicationId}_id}_SessionTimeout`);
    expect((await store.getItem("id")).item?.timeoutMinutes).toBe(20);
    expect(await client.get(`{${options.applicationId}_id}_SessionTimeout`)).toBe("1200");
  });

  test("counts the sessions of its own application, however its name looks", async () => {
    const store = await opened({ applicationId: "a*[b]?\\^" });
    const other = await opened({ applicationId: "aXbY" });
    await other.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    for (let at = 0; at < 2_500; at += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, offset) => store.createUninitializedItem(`s${at + offset}`, stateOf("empty"))),
      );
    }
    await store.getItemExclusive("s7");
    const census = await store.census!();
    expect(census).toMatchObject({ stored: 2_500, live: 2_500 });
    expect(census.bytes).toBeGreaterThan(100_000);
    expect((await other.census!()).stored).toBe(1);
  });

  test("sends its scripts again to a Redis that has forgotten them", async () => {
    const store = await opened();
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    await (await rawClient()).scriptFlush();
    expect(textOf((await store.getItem("id")).item?.bytes)).toBe("state");
  });

  test("says so when Redis is full, and goes on when it no longer is", async () => {
    const store = await opened({ networkTimeoutMs: 500 });
    const client = await rawClient();
    await client.configSet("maxmemory", "1");
    const refused = store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    await expect(refused).rejects.toMatchObject({ name: "StoreError", kind: "full" });
    await client.configSet("maxmemory", "0");
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    expect(textOf((await store.getItem("id")).item?.bytes)).toBe("state");
  });

  test("gives up in time on a Redis that does not answer", async () => {
    const store = await opened({ networkTimeoutMs: 150 });
    process.kill(server.pid(), "SIGSTOP");
    try {
      await expect(store.getItem("id")).rejects.toMatchObject({ name: "StoreError", kind: "timeout" });
    } finally {
      process.kill(server.pid(), "SIGCONT");
    }
    await until("it answers again", () =>
      store.getItem("id").then(
        () => true,
        () => false,
      ),
    );
  });

  test("a wrong password is refused without being told to anyone", async () => {
    const wrong = server.connection.replace(/:[^:@]+@/, ":not-the-password@");
    const error: unknown = await openRedisStore(wrong, optionsWith()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "StoreError", kind: "login" });
    expect(String((error as Error).message)).not.toContain("not-the-password");
    const none = server.connection.replace(/:[^:@]+@/, "");
    await expect(openRedisStore(none, optionsWith())).rejects.toMatchObject({ kind: "login" });
  });

  test("opens the provider's own way of writing a connection", async () => {
    const { port, password } = new URL(server.connection);
    const store = await openedOn(`127.0.0.1:${port},password=${password},ssl=False,abortConnect=False`, optionsWith());
    expect(await store.getItem("id")).toEqual(missing);
  });
});

describe.skipIf(absent)("when Redis is killed (needs redis-server, which is not installed here)", () => {
  for (const appendOnly of [false, true]) {
    test(`its sessions are ${appendOnly ? "kept with" : "lost without"} an append-only file, and the store goes on`, async () => {
      const server = await startRedis({ appendOnly });
      onTestFinished(() => server.stop());
      const store = await openedOn(server.connection, optionsWith({ networkTimeoutMs: 800 }));
      await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
      process.kill(server.pid(), "SIGSTOP");
      const broken = store.getItem("id");
      const told = expect(broken).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
      await server.kill();
      await told;
      await expect(store.getItem("id")).rejects.toMatchObject({ kind: "unreachable" });
      await server.restart();
      let answer = await store.getItem("id").catch(() => undefined);
      await until("the store is back", async () => {
        answer = await store.getItem("id").catch(() => undefined);
        return answer !== undefined;
      });
      expect(textOf(answer!.item?.bytes)).toBe(appendOnly ? "state" : "");
    });
  }

  test("a short absence is bridged by trying again", async () => {
    const server = await startRedis({ appendOnly: true });
    onTestFinished(() => server.stop());
    const store = await openedOn(server.connection, optionsWith());
    await store.setAndReleaseItemExclusive("id", stateOf("state"), null, true);
    await server.kill();
    const waiting = store.getItem("id");
    await server.restart();
    expect(textOf((await waiting).item?.bytes)).toBe("state");
  });
});

describe("a connection to something else", () => {
  const answering = async (answer: (socket: Socket) => void) => {
    const peer = createServer((socket) => {
      socket.on("error", () => undefined);
      answer(socket);
    });
    await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void peer.close());
    const address = peer.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `redis://:secret-word@127.0.0.1:${address.port}`;
  };

  async function refusal(connection: string): Promise<StoreError> {
    const error: unknown = await openRedisStore(connection, optionsWith({ networkTimeoutMs: 300 })).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).not.toContain("secret-word");
    return error as StoreError;
  }

  test("nobody there", async () => {
    const { kind } = await refusal(`redis://:secret-word@127.0.0.1:${await freePort()}`);
    expect(kind).toBe("unreachable");
  });

  test("a web server", async () => {
    const connection = await answering((socket) =>
      socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
    );
    expect((await refusal(connection)).kind).toBe("protocol");
  });

  test("a peer that answers well-formed nonsense", async () => {
    const connection = await answering((socket) => socket.on("data", () => socket.write("$5\r\nhello\r\n".repeat(8))));
    expect((await refusal(connection)).kind).toBe("protocol");
  });

  test("a peer that hangs up", async () => {
    expect((await refusal(await answering((socket) => socket.destroy()))).kind).toBe("unreachable");
  });

  test("a peer that says nothing", async () => {
    expect((await refusal(await answering(() => undefined))).kind).toBe("timeout");
  });
});

describe("the address of a Redis", () => {
  test("is read from a URL", () => {
    expect(parseRedisConnection("redis://us%40er:p%2Fw@cache.example:6400/3")).toEqual({
      host: "cache.example",
      port: 6400,
      database: 3,
      user: "us@er",
      password: "p/w",
      tls: false,
      tlsName: null,
    });
    expect(parseRedisConnection("rediss://[::1]")).toMatchObject({
      host: "::1",
      port: 6379,
      tls: true,
      password: null,
    });
  });

  test("is read from the form that the provider of ASP.NET takes", () => {
    const text =
      "contoso.example:6380,password=ab=c+/d=,ssl=True,abortConnect=False,defaultDatabase=2,sslHost=cert.example";
    expect(parseRedisConnection(text)).toEqual({
      host: "contoso.example",
      port: 6380,
      database: 2,
      user: null,
      password: "ab=c+/d=",
      tls: true,
      tlsName: "cert.example",
    });
    expect(parseRedisConnection("localhost")).toMatchObject({ host: "localhost", port: 6379, tls: false });
    expect(parseRedisConnection("localhost,ssl=true").port).toBe(6380);
  });

  test("is refused with everything that is wrong in it and nothing that is secret", () => {
    for (const wrong of [
      "redis://:s3cret@/0",
      "redis://:s3@cret@host:99999",
      "http://user:s3cret@host",
      "redis://host/x",
      "redis://host?password=s3cret",
      "a:1,b:2,password=s3cret",
      "password=s3cret",
      "host,ssl=maybe,password=s3cret",
      "host:123456,password=s3cret",
      "",
    ]) {
      expect(() => parseRedisConnection(wrong), wrong).toThrow(InputError);
      try {
        parseRedisConnection(wrong);
      } catch (error) {
        expect((error as Error).message, wrong).not.toMatch(/s3cret|cret@/);
      }
    }
    expect(() => parseRedisConnection("host,ssl=maybe,defaultDatabase=-1,colour=red")).toThrow(
      /colour is unknown.*\n.*ssl is maybe.*\n.*defaultDatabase is -1/,
    );
  });
});

test.skipIf(absent)(
  "sixteen at once, a read and a write of 1 KB each: how many calls a second, for information",
  async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const store = await openedOn(server.connection, optionsWith());
    const bytes = Buffer.alloc(1_024, "x");
    const startedAtMs = performance.now();
    let calls = 0;
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        await store.setAndReleaseItemExclusive(`w${worker}`, { bytes, timeoutMinutes: 20 }, null, true);
        for (let round = 0; round < 200; round++) {
          const { lockId, item } = await store.getItemExclusive(`w${worker}`);
          await store.setAndReleaseItemExclusive(`w${worker}`, item!, lockId, false);
          calls += 2;
        }
      }),
    );
    console.log(`${Math.round((calls / (performance.now() - startedAtMs)) * 1_000)} calls/s on ${store.engine}`);
    expect(calls).toBe(6_400);
  },
);
