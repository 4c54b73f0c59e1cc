import { describe, expect, test } from "vitest";
import { startOwnPartitions } from "../../../bench/servers/own-partitions.ts";
import { findRedisServer } from "../../../bench/servers/redis-server.ts";
import { InputError } from "../../../config/problem.ts";
import { isRunning } from "../processes.ts";

describe("as many stores as a scenario has partitions", () => {
  test("are processes of their own, counted together, and all end", async () => {
    const own = await startOwnPartitions({ provider: "state-server", module: null, partitions: 3 }, 1_000);
    const pid = own.server?.pid() ?? 0;
    try {
      expect(new Set(own.connections).size).toBe(3);
      expect(await own.server?.census?.()).toMatchObject({ stored: 0, live: 0 });
    } finally {
      await own.stop();
    }
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test.skipIf(findRedisServer() === undefined)("are servers where the store is one (needs redis-server)", async () => {
    const own = await startOwnPartitions({ provider: "redis", module: null, partitions: 2 }, 1_000);
    try {
      expect(new Set(own.connections).size).toBe(2);
    } finally {
      await own.stop();
    }
  });

  test("are refused where a store cannot be started twice, with what helps", async () => {
    for (const provider of ["module", "sealed-cookie"] as const) {
      const starting = startOwnPartitions({ provider, module: null, partitions: 2 }, 1_000);
      await expect(starting).rejects.toBeInstanceOf(InputError);
      await expect(starting).rejects.toThrow(/store\.partitions is 2 of .*name a store\.connection for each/);
    }
  });
});
