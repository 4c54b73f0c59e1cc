// Sessions in Redis, with the keys, locks and retries of ASP.NET's Redis session state provider. It differs in three places: an
// uninitialised session never overwrites another and tells so only once, as the other stores do; nobody writes or removes without the
// lock; and a lock id counts UTC, not the server's local time, so that a change of the clocks ages no lock.
// Source: aspnet-redis-providers, RedisSessionStateProvider.cs, StackExchangeClientConnection.cs.

import { setTimeout as delay } from "node:timers/promises";
import { assert } from "../../../config/assert.ts";
import {
  type ByteGetResult,
  type ByteStore,
  type ByteStoreOptions,
  lockingOutOfProcess,
  noSuchSession,
  type StoredBytes,
} from "../byte-store.ts";
import type { Census, LockId } from "../session-store.ts";
import { StoreError } from "../store-error.ts";
import { connectRedis, parseRedisConnection, type RedisConnection, type RedisReply } from "./redis-connection.ts";
import { dataKeyPattern, redisScripts, type Script, type SessionKeys, sessionKeys } from "./redis-scripts.ts";

/** retryTimeoutInMilliseconds; the first retry comes soon, the others each second. */
const RETRY_FOR_MS = 5_000;
const FIRST_RETRY_MS = 20;
const NEXT_RETRY_MS = 1_000;
/** The provider's own default, for a session whose timeout key is gone. */
const TIMEOUT_MINUTES_WHEN_UNKNOWN = 20;
const SCAN_KEYS = 1_000;

/**
 * Opens the sessions of one application in a Redis; the connection as parseRedisConnection reads it.
 * @throws InputError when the connection is malformed, StoreError when Redis cannot be used.
 */
export async function openRedisStore(connection: string, options: ByteStoreOptions): Promise<ByteStore> {
  const redis = await connectRedis(parseRedisConnection(connection), options.networkTimeoutMs);
  return redisStore(redis, options);
}

function redisStore(redis: RedisConnection, options: ByteStoreOptions): ByteStore {
  const inSeconds = options.minuteMs === 60_000;
  const unitsPerMinute = inSeconds ? 60 : options.minuteMs;
  const units = (minutes: number) => String(Math.max(1, Math.round(minutes * unitsPerMinute)));
  const minutes = (units: number) => Math.max(1, Math.round(units / unitsPerMinute));
  const lockUnits = String(Math.max(1, Math.ceil(options.executionTimeoutMs / (inSeconds ? 1_000 : 1))));
  const scripts = redisScripts(inSeconds ? "EXPIRE" : "PEXPIRE", Number(units(TIMEOUT_MINUTES_WHEN_UNKNOWN)));
  const nextLockId = lockIds();
  const keysOf = (id: string) => sessionKeys(options.applicationId, id);

  /** Tries again as long as the provider would, and never longer than the network may take. */
  async function retrying<T>(attempt: (isRetry: boolean, limitMs: number | null) => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    const giveUpAtMs = startedAtMs + (options.networkTimeoutMs ?? Number.POSITIVE_INFINITY);
    const retryUntilMs = Math.min(startedAtMs + RETRY_FOR_MS, giveUpAtMs);
    let reason: StoreError | undefined;
    for (let tries = 0; ; tries++) {
      const leftMs = giveUpAtMs - performance.now();
      try {
        return await attempt(tries > 0, Number.isFinite(leftMs) ? Math.max(1, leftMs) : null);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        // The last try may have had no time for an answer; an answer to an earlier one says more.
        if (reason === undefined || error.kind !== "timeout") reason = error;
        const retryForMs = retryUntilMs - performance.now();
        if (retryForMs <= 0) throw reason;
        await delay(Math.min(tries === 0 ? FIRST_RETRY_MS : NEXT_RETRY_MS, retryForMs));
      }
    }
  }

  function run(script: Script, keys: string[], ...values: (string | Buffer)[]): Promise<RedisReply> {
    return retrying((_, limitMs) => evaluate(redis, script, [String(keys.length), ...keys, ...values], limitMs));
  }

  async function release({ lock, data, timeout }: SessionKeys, lockId: LockId): Promise<void> {
    await run(scripts.release, [lock, data, timeout], String(lockId));
  }

  function put(script: Script, id: string, item: StoredBytes): Promise<RedisReply> {
    const { data, timeout } = keysOf(id);
    return run(script, [data, timeout], bufferOf(item.bytes), units(item.timeoutMinutes));
  }

  return {
    capabilities: lockingOutOfProcess,
    engine: redis.engine,

    async getItem(id) {
      const { lock, data, timeout } = keysOf(id);
      const [holder, bytes, length, initialize] = listOf(await run(scripts.get, [lock, data, timeout]));
      const holderId = String(holder);
      if (holderId !== "") return lockedBy(holderId);
      if (!Buffer.isBuffer(bytes)) return noSuchSession;
      const item = { bytes, timeoutMinutes: minutes(Number(length)) };
      return { item, locked: false, lockAgeMs: 0, lockId: null, initialize: initialize === 1 };
    },

    async getItemExclusive(id) {
      const keys = keysOf(id);
      const lockId = nextLockId();
      const reply = await retrying((isRetry, limitMs) => {
        const values = [lockId, lockUnits, isRetry ? "1" : "0"];
        return evaluate(redis, scripts.lockAndGet, ["3", keys.lock, keys.data, keys.timeout, ...values], limitMs);
      });
      const [holder, bytes, length, mine, initialize] = listOf(reply);
      if (mine !== 1) return lockedBy(String(holder));
      if (!Buffer.isBuffer(bytes)) {
        // The lock was taken before anyone could know that there is nothing to lock.
        await release(keys, lockId);
        return noSuchSession;
      }
      const item = { bytes, timeoutMinutes: minutes(Number(length)) };
      return { item, locked: false, lockAgeMs: 0, lockId, initialize: initialize === 1 };
    },

    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      if (newItem) await put(scripts.set, id, item);
      else if (lockId !== null) {
        const { lock, data, timeout } = keysOf(id);
        const values = [String(lockId), bufferOf(item.bytes), units(item.timeoutMinutes)];
        await run(scripts.update, [lock, data, timeout], ...values);
      }
    },

    releaseItemExclusive: (id, lockId) => release(keysOf(id), lockId),

    async removeItem(id, lockId) {
      if (lockId === null) return false;
      const { lock, data, timeout } = keysOf(id);
      return (await run(scripts.remove, [lock, data, timeout], String(lockId))) === 1;
    },

    async resetItemTimeout(id) {
      const { data, timeout } = keysOf(id);
      await run(scripts.updateExpiry, [data, timeout]);
    },

    async createUninitializedItem(id, empty) {
      await put(scripts.setUninitialized, id, empty);
    },

    census: () => takeCensus(redis, dataKeyPattern(options.applicationId), options.networkTimeoutMs),

    async close() {
      redis.close();
    },
  };
}

/** By its digest; a Redis that has been restarted since gets the text again. */
async function evaluate(
  redis: RedisConnection,
  script: Script,
  values: (string | Buffer)[],
  limitMs: number | null,
): Promise<RedisReply> {
  try {
    return await redis.send(["EVALSHA", script.sha1, ...values], limitMs);
  } catch (error) {
    if (!(error instanceof StoreError) || !error.message.includes("NOSCRIPT")) throw error;
    return redis.send(["EVAL", script.text, ...values], limitMs);
  }
}

/**
 * Counts by walking through all keys a thousand at a time, so that Redis is never held up for long. A key whose time is over is not
 * shown, removed or not, so what is stored is what lives. The memory is that of the whole server.
 */
async function takeCensus(redis: RedisConnection, pattern: string, limitMs: number | null): Promise<Census> {
  // A key may be shown twice while Redis grows or shrinks its table.
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const scan = ["SCAN", cursor, "MATCH", pattern, "COUNT", String(SCAN_KEYS)];
    const [next, found] = listOf(await redis.send(scan, limitMs));
    for (const key of listOf(found ?? null)) keys.add(String(key));
    cursor = String(next);
  } while (cursor !== "0");
  const memory = String(await redis.send(["INFO", "memory"], limitMs));
  const bytes = /^used_memory:(\d+)/m.exec(memory)?.[1];
  return { stored: keys.size, live: keys.size, bytes: bytes === undefined ? null : Number(bytes) };
}

function lockedBy(lockId: string): ByteGetResult {
  return { item: null, locked: true, lockAgeMs: lockAgeMs(lockId), lockId, initialize: false };
}

const TICKS_PER_MS = 10_000n;
/** 1 January 1970 in ticks of .NET, which count from the year 1. */
const EPOCH_TICKS = 621_355_968_000_000_000n;

/**
 * The moment of locking in ticks of 100 ns, never twice the same in one process; the place within the millisecond is drawn once for
 * each process, so that two of them hardly ever agree either.
 */
function lockIds(): () => string {
  const offset = BigInt(Math.floor(Math.random() * Number(TICKS_PER_MS)));
  let last = 0n;
  return () => {
    const now = EPOCH_TICKS + BigInt(Date.now()) * TICKS_PER_MS + offset;
    last = now > last ? now : last + 1n;
    return String(last);
  };
}

/** A lock id that is no moment belongs to nobody we know: it is as old as can be, so that it gets broken. */
function lockAgeMs(lockId: string): number {
  const ticks = /^\d{1,19}$/.test(lockId) ? BigInt(lockId) : 0n;
  return Math.max(0, Date.now() - Number((ticks - EPOCH_TICKS) / TICKS_PER_MS));
}

function listOf(reply: RedisReply): RedisReply[] {
  assert(Array.isArray(reply), "our scripts and SCAN answer with a list");
  return reply;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
