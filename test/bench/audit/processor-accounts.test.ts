import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type ProcessorAccount,
  processorUse,
  readProcessorAccount,
  swappedPagesIn,
  ticksOfMachine,
  ticksOfProcess,
} from "../../../bench/audit/processor-accounts.ts";

const account: ProcessorAccount = {
  totalTicks: 1_000,
  processTicks: 300,
  stealTicks: 10,
  ownTicks: 100,
  swappedPages: 7,
};

describe("the kernel's accounts as text", () => {
  test("the machine's first line: idle and interrupts count to the whole, not to processes; guests are not counted twice", () => {
    const text = "cpu  100 20 30 800 5 1 4 40 60 2\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
    expect(ticksOfMachine(text)).toEqual({ totalTicks: 1_000, processTicks: 150, stealTicks: 40 });
  });

  test("a process: its own time and that of the children it waited for, whatever its name holds", () => {
    const text = "4242 (a) b (c 1 2) S 1 2 3 4 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 2208410";
    expect(ticksOfProcess(text)).toBe(11 + 22 + 33 + 44);
  });

  test("swap: both directions; unknown where the kernel does not tell", () => {
    expect(swappedPagesIn("pgpgin 9\npswpin 3\npswpout 4\n")).toBe(7);
    expect(swappedPagesIn("pgpgin 9\n")).toBeNull();
  });
});

describe("what lies between two accounts", () => {
  test("the time of processes that are not ours, as a share of all processors", () => {
    const later = { totalTicks: 2_000, processTicks: 900, stealTicks: 30, ownTicks: 450, swappedPages: 12 };
    expect(processorUse(account, later)).toEqual({ otherLoadShare: 0.25, stealShare: 0.02, swappedPages: 5 });
  });

  test("our own time, read a moment later than the machine's, makes no negative load of others", () => {
    const later = { ...account, totalTicks: 1_100, processTicks: 400, ownTicks: 203 };
    expect(processorUse(account, later).otherLoadShare).toBe(0);
  });

  test("nothing is told where there is no account, or no time between two", () => {
    const nothing = { otherLoadShare: null, stealShare: null };
    expect(processorUse(null, account)).toEqual({ ...nothing, swappedPages: null });
    expect(processorUse(account, account)).toEqual({ ...nothing, swappedPages: 0 });
  });
});

describe.skipIf(!existsSync("/proc/self/stat"))("this machine's accounts", () => {
  test("count the work of a child that has ended as our own", () => {
    const before = readProcessorAccount();
    const child = spawnSync(process.execPath, ["-e", "while (process.cpuUsage().user < 150_000);"]);
    expect(child.status).toBe(0);
    const after = readProcessorAccount();
    expect((after?.ownTicks ?? 0) - (before?.ownTicks ?? 0)).toBeGreaterThanOrEqual(14);
    expect(after?.totalTicks).toBeGreaterThan(before?.totalTicks ?? 0);
  });
});
