import { describe, expect, test } from "vitest";
import { measurePacing } from "../../../bench/selftest/pacing.ts";
import { openSelftestSite } from "../../../bench/selftest/selftest-site.ts";
import { measureStall } from "../../../bench/selftest/stall.ts";

const never = new AbortController().signal;

describe("the pacing trial", () => {
  test("every start does its work once, in order", async () => {
    const done: number[] = [];
    const work = (index: number) => done.push(index);
    const figures = await measurePacing({ arrivals: "constant", perSecond: 500, durationMs: 200, work }, never);
    expect(figures?.starts).toBe(done.length);
    expect(done.length).toBeGreaterThanOrEqual(99);
    expect(done).toEqual(done.map((_, index) => index));
  });

  test("an interrupt ends it without figures", async () => {
    const interrupt = new AbortController();
    const work = () => interrupt.abort();
    const trial = { arrivals: "poisson", perSecond: 500, durationMs: 60_000, work } as const;
    expect(await measurePacing(trial, interrupt.signal)).toBeNull();
  });
});

describe("the stall trial", () => {
  test("every start leaves a sample, and only the response time sees the stall", async () => {
    const target = await openSelftestSite(1);
    try {
      const figures = await measureStall(target, never);
      expect(figures).toMatchObject({ starts: 300, samples: 300, failed: 0 });
      expect(figures?.stallMs).toBeGreaterThan(250);
      expect(figures?.serviceP99Ms).toBeLessThan(figures?.responseP99Ms ?? 0);
    } finally {
      target.site.kill();
    }
  });
});
