import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ClientConnection } from "../../../../bench/providers/state-server/client-connection.ts";
import { createConnectionPool } from "../../../../bench/providers/state-server/connection-pool.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pool of connections that connect to nothing and are known by their number. */
function setUp(connectionsMax: number | null = null) {
  const made: ClientConnection[] = [];
  const destroyed: number[] = [];
  const pool = createConnectionPool({ idleCloseMs: 5000, connectionsMax }, () => {
    const index = made.length;
    let open = true;
    const connection: ClientConnection = {
      exchange: () => Promise.reject(new Error("connected to nothing")),
      answers: () => 0,
      open: () => open,
      destroy() {
        if (!open) return;
        open = false;
        destroyed.push(index);
        pool.forget(connection);
      },
    };
    made.push(connection);
    return connection;
  });
  const take = () => {
    const connection = pool.take(1000);
    if (connection instanceof Promise) throw new Error("there is no limit to wait for");
    return connection;
  };
  return { pool, made, destroyed, take };
}

describe("connections lying idle", () => {
  test("are taken in the reverse order of their return", () => {
    const { pool, take } = setUp();
    const [a, b, c] = [take(), take(), take()];
    for (const connection of [b, a, c]) pool.give(connection);
    expect([take(), take(), take()]).toEqual([c, a, b]);
  });

  test("are closed at the second beat after they were given back, unless taken in between", () => {
    const { pool, destroyed, take } = setUp();
    const [a, b, c] = [take(), take(), take()];
    for (const connection of [a, b, c]) pool.give(connection);
    vi.advanceTimersByTime(5000);
    expect(destroyed).toEqual([]);
    pool.give(take());
    vi.advanceTimersByTime(5000);
    expect(destroyed).toEqual([0, 1]);
    vi.advanceTimersByTime(5000);
    expect(destroyed).toEqual([0, 1, 2]);
    expect(pool.size()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that break are forgotten wherever they lie", () => {
    const { pool, made, destroyed, take } = setUp();
    const [a, b, c] = [take(), take(), take()];
    for (const connection of [a, b, c]) pool.give(connection);
    vi.advanceTimersByTime(5000);
    a.destroy();
    expect([take(), take()]).toEqual([c, b]);
    pool.give(b);
    vi.advanceTimersByTime(5000);
    expect(destroyed).toEqual([0]);
    expect(take()).toBe(b);
    expect(made).toHaveLength(3);
  });
});

describe("under a limit", () => {
  test("who comes too many waits for a connection to be given back, in order of coming", async () => {
    const { pool, made } = setUp(1);
    const first = await pool.take(1000);
    const waiting = [pool.take(1000), pool.take(1000)];
    pool.give(first!);
    expect(await waiting[0]).toBe(first);
    pool.give(first!);
    expect(await waiting[1]).toBe(first);
    expect(made).toHaveLength(1);
  });

  test("a connection that breaks makes room for a new one", async () => {
    const { pool, made } = setUp(1);
    const first = await pool.take(1000);
    const waiting = pool.take(1000);
    first?.destroy();
    expect(await waiting).toBe(made[1]);
    expect(pool.size()).toBe(1);
  });

  test("who waits too long gets none, and leaves the queue", async () => {
    const { pool } = setUp(1);
    const first = await pool.take(1000);
    const [short, long] = [pool.take(1000), pool.take(Number.POSITIVE_INFINITY)];
    vi.advanceTimersByTime(1000);
    expect(await short).toBe(null);
    pool.give(first!);
    expect(await long).toBe(first);
  });

  test("who waits when the pool is closed gets none", async () => {
    const { pool, destroyed } = setUp(1);
    await pool.take(1000);
    const waiting = pool.take(1000);
    pool.close();
    expect(await waiting).toBe(null);
    expect(destroyed).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
