import { readdir } from "node:fs/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { BenchOptions, BenchProgress } from "../../../../bench/bench-options.ts";
import { createFilling } from "../../../../bench/drivers/memory/filling.ts";
import { runMemory } from "../../../../bench/drivers/memory/run-memory.ts";
import { storeSettings } from "../../../../bench/host/host-settings.ts";
import { openSessionStore } from "../../../../bench/providers/open-session-store.ts";
import { connectRedis, parseRedisConnection } from "../../../../bench/providers/redis/redis-connection.ts";
import { findRedisServer, startRedis } from "../../../../bench/servers/redis-server.ts";
import type { RunResult } from "../../../../metrics/run-result.ts";
import type { MemoryStudy } from "../../../../metrics/study.ts";
import { studySchema } from "../../../../reports/study-schema.ts";
import { benchOptions } from "../../bench-options.ts";
import { childrenOf } from "../../processes.ts";
import { smallScenario } from "../../small-scenario.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const figureOf = ({ figures }: RunResult, key: string) => figures.find((known) => known.key === key)?.value ?? null;
const studyOf = ({ study }: RunResult) => study as MemoryStudy;

/** An interrupt as soon as the progress says so. */
function endedIn(note: string): Pick<BenchOptions, "signal" | "onProgress"> {
  const interrupt = new AbortController();
  const onProgress = (progress: BenchProgress) => {
    if (progress.note.startsWith(note)) interrupt.abort();
  };
  return { signal: interrupt.signal, onProgress };
}

describe("the memory of a session", () => {
  test("InProc: more than its state, less than twice that, and given back after expiry; every count is zero", async () => {
    const shares: number[] = [];
    const onProgress = ({ share }: { share: number }) => void shares.push(share);
    const result = await runMemory(smallScenario(), benchOptions({ stateBytes: [20_000], onProgress }));
    expect(result).toMatchObject({
      driver: "memory",
      complete: true,
      store: null,
      counters: { started: 0, stored: 0 },
    });
    expect(figureOf(result, "memoryBytesPerSession")).toBeGreaterThan(20_000);
    expect(figureOf(result, "memoryBytesPerSession")).toBeLessThan(40_000);
    expect(figureOf(result, "memoryReclaimedShare")).toBeGreaterThan(0.9);
    expect(studyOf(result).measures.map(({ name }) => name)).toEqual(["heap after a collection", "resident set"]);
    expect(studySchema.safeParse(result.study).success).toBe(true);
    expect(Math.min(...shares)).toBe(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  test("sealed cookies: the server keeps next to nothing of them", async () => {
    const scenario = smallScenario({ site: { mode: "Custom" }, store: { provider: "sealed-cookie" } });
    const result = await runMemory(scenario, benchOptions({ stateBytes: [2_000], ...endedIn("round 3") }));
    expect(Math.abs(figureOf(result, "memoryBytesPerSession")!)).toBeLessThan(100);
    expect(result.audit.findings.join()).toContain("kept by the clients");
  });

  test("cut short, what was filled until then is told, and no process and no folder is left", async () => {
    const folder = await temporaryFolder();
    vi.stubEnv("TMPDIR", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const scenario = smallScenario({ site: { mode: "Custom" }, store: { provider: "sqlite" } });
    const result = await runMemory(scenario, benchOptions({ stateBytes: [2_000], ...endedIn("round 3") }));
    expect(result).toMatchObject({ complete: false, audit: { verdict: "doubtful" } });
    expect(figureOf(result, "memoryBytesPerSession")).toBeGreaterThan(2_000);
    expect(figureOf(result, "memoryReclaimedShare")).toBeNull();
    expect(await childrenOf(process.pid)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("cut short before anything was filled, the run is invalid and has no figure", async () => {
    const signal = AbortSignal.abort();
    const result = await runMemory(smallScenario(), benchOptions({ stateBytes: [2_000], signal }));
    expect(result).toMatchObject({ complete: false, audit: { verdict: "invalid" } });
    expect(figureOf(result, "memoryBytesPerSession")).toBeNull();
    expect(await childrenOf(process.pid)).toEqual([]);
  });

  test("is not asked where there are no sessions, or where nobody could tell", async () => {
    await expect(runMemory(smallScenario({ site: { mode: "Off" } }), benchOptions())).rejects.toThrow("keeps sessions");
    const foreign = { provider: "state-server", connections: ["tcpip=127.0.0.1:42424"] } as const;
    const scenario = smallScenario({ site: { mode: "StateServer", timeoutMs: 60_000 }, store: foreign });
    await expect(runMemory(scenario, benchOptions())).rejects.toThrow("cannot be asked");
  });
});

const redisMissing = findRedisServer() === undefined;

describe.skipIf(redisMissing)("the memory of a session in Redis (needs redis-server)", () => {
  const STATE_BYTES = 4_096;
  const scenario = smallScenario({ site: { mode: "Custom", timeoutMs: 60_000 }, store: { provider: "redis" } });

  /** MEMORY USAGE of all keys, for each session. */
  async function usagePerSession(sessions: number): Promise<number> {
    const server = await startRedis();
    const redis = await connectRedis(parseRedisConnection(server.connection), null);
    const { store, close } = await openSessionStore(storeSettings(scenario, [server.connection]));
    try {
      await createFilling(store)(Array<number>(sessions).fill(STATE_BYTES), 600_000);
      const keys = (await redis.send(["KEYS", "*"], null)) as Buffer[];
      let bytes = 0;
      for (const key of keys) bytes += Number(await redis.send(["MEMORY", "USAGE", key, "SAMPLES", "0"], null));
      return bytes / sessions;
    } finally {
      await close();
      redis.close();
      await server.stop();
    }
  }

  // used_memory has two things that MEMORY USAGE of a key leaves out: the tables of keys and of expiry times, and rounding up by the allocator.
  test("is within 5 % of the sum of MEMORY USAGE", async () => {
    const result = await runMemory(scenario, benchOptions({ stateBytes: [STATE_BYTES] }));
    const { name, lines } = studyOf(result).measures[0];
    expect(name).toBe("used_memory");
    const ratio = lines[0].bytesPerSession.value / (await usagePerSession(1_000));
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });
});
