import { describe, expect, test } from "vitest";
import { createClockSteps, readClockPair } from "../../../bench/audit/clock-steps.ts";

describe("clock steps", () => {
  test("a wall clock that keeps pace has made none", () => {
    const steps = createClockSteps({ wallMs: 1_000_000, monotonicMs: 50 });
    for (let ms = 250; ms < 5_000; ms += 250) steps.look({ wallMs: 1_000_000 + ms, monotonicMs: 50 + ms });
    expect(steps.largestMs()).toBe(0);
  });

  test("the largest one is told with its direction, and a step is counted once", () => {
    const steps = createClockSteps({ wallMs: 1_000, monotonicMs: 0 });
    steps.look({ wallMs: 1_300, monotonicMs: 250 });
    steps.look({ wallMs: 1_550, monotonicMs: 500 });
    steps.look({ wallMs: 800, monotonicMs: 750 });
    steps.look({ wallMs: 1_050, monotonicMs: 1_000 });
    expect(steps.largestMs()).toBe(-1_000);
  });

  test("a slow drift is no step, however far it goes", () => {
    const steps = createClockSteps({ wallMs: 0, monotonicMs: 0 });
    for (let ms = 250; ms <= 600_000; ms += 250) steps.look({ wallMs: ms * 1.0005, monotonicMs: ms });
    expect(steps.largestMs()).toBeLessThan(0.2);
  });

  test("a reading pairs the clocks of this machine", () => {
    const pair = readClockPair();
    expect(Math.abs(pair.wallMs - Date.now())).toBeLessThan(10_000);
    expect(pair.monotonicMs).toBeLessThanOrEqual(performance.now());
  });
});
