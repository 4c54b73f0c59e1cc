import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { fromShared, machineClock, toShared } from "../../bench/clock.ts";

describe("the clock that processes share", () => {
  test("puts what happens in another process between what happened before and after it here", () => {
    const clock = new URL("../../bench/clock.ts", import.meta.url).href;
    const script = `
      const { machineClock, toShared } = await import(${JSON.stringify(clock)});
      process.stdout.write(String(toShared(machineClock())));`;
    const before = toShared(machineClock());
    const there = Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
    const after = toShared(machineClock());
    expect(there).toBeGreaterThan(before);
    expect(there).toBeLessThan(after);
  });

  test("gives a moment back as it was told", () => {
    const atMs = machineClock();
    expect(Math.abs(fromShared(toShared(atMs)) - atMs)).toBeLessThan(1);
  });
});
