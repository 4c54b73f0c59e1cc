import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { watchMachine } from "../../../bench/audit/machine-watch.ts";

describe("the watch on the machine", () => {
  test("an event loop held up shows as its delay", async () => {
    const watch = watchMachine();
    await delay(20);
    const untilMs = performance.now() + 120;
    while (performance.now() < untilMs);
    await delay(20);
    expect(watch.finish().loopDelayP99Ms).toBeGreaterThan(80);
  });

  test.skipIf(!existsSync("/proc/stat"))(
    "shares lie between nothing and all; a second finish gives the same",
    async () => {
      const watch = watchMachine();
      await delay(50);
      const evidence = watch.finish();
      for (const share of [evidence.otherLoadShare, evidence.stealShare]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(watch.finish()).toBe(evidence);
    },
  );
});
