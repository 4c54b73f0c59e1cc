// What the memory driver finds of a store whose bytes per session are known to the byte. In the suite one run; the acceptance run,
// with every run printed, is
//   MEMORY_RUNS=20 npx vitest run test/bench/drivers/memory/planted.long.test.ts

import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runMemory } from "../../../../bench/drivers/memory/run-memory.ts";
import type { RunResult } from "../../../../metrics/run-result.ts";
import type { MemoryStudy } from "../../../../metrics/study.ts";
import { benchOptions } from "../../bench-options.ts";
import { smallScenario } from "../../small-scenario.ts";

const asked = process.env.MEMORY_RUNS;
const RUNS = Number(asked ?? 1);
/** What planted-store.mjs keeps beside the state. */
const OVERHEAD_BYTES = 1_000;
const SIZES = asked === undefined ? [4_000] : [504, 4_000, 16_000];
const planted = fileURLToPath(new URL("./planted-store.mjs", import.meta.url));

async function measure(seed: number): Promise<RunResult> {
  const scenario = smallScenario({
    site: { mode: "Custom" },
    store: { provider: "module", module: planted },
    workload: { stateBytes: { kind: "constant", value: 4_000 } },
    run: { seed },
  });
  return runMemory(scenario, benchOptions({ driver: "memory", stateBytes: SIZES }));
}

describe("memory planted to the byte", () => {
  test(`is found within 5 % and inside the interval, ${RUNS} times`, { timeout: 180_000 * RUNS }, async () => {
    const inside: Record<number, number> = {};
    for (let run = 0; run < RUNS; run++) {
      const { study, complete, audit } = await measure(run);
      expect({ complete, verdict: audit.verdict, findings: audit.findings }).toEqual({
        complete: true,
        verdict: "valid",
        findings: [],
      });
      for (const line of (study as MemoryStudy).measures[0].lines) {
        const truth = OVERHEAD_BYTES + line.stateBytes;
        const { value, interval } = line.bytesPerSession;
        expect(Math.abs(value / truth - 1), `run ${run}, ${line.stateBytes} bytes: ${value}`).toBeLessThan(0.05);
        const covers = interval !== null && interval.low <= truth && truth <= interval.high;
        inside[line.stateBytes] = (inside[line.stateBytes] ?? 0) + (covers ? 1 : 0);
        expect(line.reclaimedShare).toBeGreaterThan(0.95);
        if (asked !== undefined) {
          const half = interval === null ? Number.NaN : (interval.high - interval.low) / 2;
          console.log(`${run}: ${truth} planted, ${value.toFixed(2)} ± ${half.toFixed(2)}${covers ? "" : "  OUTSIDE"}`);
        }
      }
    }
    for (const stateBytes of SIZES)
      expect(inside[stateBytes], `${stateBytes} bytes`).toBeGreaterThanOrEqual(Math.floor(0.95 * RUNS));
  });
});
