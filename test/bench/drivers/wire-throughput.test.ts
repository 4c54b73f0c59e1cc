import { describe, expect, test } from "vitest";
import { measureWireThroughput } from "../../../bench/drivers/wire-throughput.ts";
import { findRedisServer } from "../../../bench/servers/redis-server.ts";
import { childrenOf, until } from "../processes.ts";

const redis = findRedisServer();

describe.skipIf(redis === undefined)("throughput beside redis-server (needs redis-server on the PATH)", () => {
  test("both answer in every round, the ratio is that of the rounds, and no process is left", async () => {
    const shares: number[] = [];
    const options = { clients: 4, bodyBytes: 300, rounds: 3, roundMs: 100 };
    const { redis, stateServer, ratios, ratioMedian } = await measureWireThroughput(options, (share) =>
      shares.push(share),
    );
    expect(redis.engine).toMatch(/^Redis \d/);
    for (const { opsPerSecond, opsPerSecondMedian } of [redis, stateServer]) {
      expect(opsPerSecond.length).toBe(3);
      expect(Math.min(...opsPerSecond)).toBeGreaterThan(0);
      expect(opsPerSecond).toContain(opsPerSecondMedian);
    }
    expect(ratios).toEqual(stateServer.opsPerSecond.map((ops, round) => ops / redis.opsPerSecond[round]));
    expect([...ratios].sort((a, b) => a - b)[1]).toBe(ratioMedian);
    expect(shares.at(-1)).toBe(1);
    await until("no process is left", async () => (await childrenOf(process.pid)).length === 0);
  });
});
