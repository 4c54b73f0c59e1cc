// What the processors of the machine have done so far, and how much of it for this run: on Linux the kernel's own accounts. Elsewhere
// no account tells the processes of the run from others, and none is given. Source: proc(5), /proc/stat, /proc/pid/stat, /proc/vmstat.

import { readFileSync } from "node:fs";
import { descendantsOf } from "../servers/process-end.ts";

/** All counts since the machine or the process began; ticks are of USER_HZ, 100 a second on Linux. */
export interface ProcessorAccount {
  /** Of all processors together, idle ones included. */
  readonly totalTicks: number;
  /** Spent in processes; interrupts belong to none and are left out. */
  readonly processTicks: number;
  readonly stealTicks: number;
  /** Of this process, all below it, and those of them that have ended. */
  readonly ownTicks: number;
  /** Pages read from or written to swap; null where the kernel does not tell. */
  readonly swappedPages: number | null;
}

/** null where the machine keeps no such accounts. */
export function readProcessorAccount(): ProcessorAccount | null {
  const machine = read("/proc/stat");
  const own = read("/proc/self/stat");
  if (machine === null || own === null) return null;
  const family = descendantsOf(process.pid).map((pid) => read(`/proc/${pid}/stat`));
  const ownTicks = [own, ...family].reduce((sum, text) => sum + (text === null ? 0 : ticksOfProcess(text)), 0);
  return { ...ticksOfMachine(machine), ownTicks, swappedPages: swappedPagesIn(read("/proc/vmstat") ?? "") };
}

/** From the first line of /proc/stat: "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guests count in user and nice. */
export function ticksOfMachine(text: string): Pick<ProcessorAccount, "totalTicks" | "processTicks" | "stealTicks"> {
  const line = text.slice(0, text.indexOf("\n")).trim().split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = line;
  return {
    totalTicks: user + nice + system + idle + ioWait + irq + softIrq + steal,
    processTicks: user + nice + system,
    stealTicks: steal,
  };
}

/** From /proc/pid/stat: user and system time of the process and of its children that were waited for. */
export function ticksOfProcess(text: string): number {
  // "pid (name) state …", and the name may hold blanks and parentheses; utime is field 14, the state field 3.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0);
}

/** null where /proc/vmstat has no such lines. */
export function swappedPagesIn(text: string): number | null {
  const counts = [...text.matchAll(/^pswp(?:in|out) (\d+)$/gm)].map((match) => Number(match[1]));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** Shares are of all processors together; null where there was no account, or no time between two. */
export interface ProcessorUse {
  readonly otherLoadShare: number | null;
  readonly stealShare: number | null;
  readonly swappedPages: number | null;
}

/** What lies between two accounts. */
export function processorUse(from: ProcessorAccount | null, to: ProcessorAccount | null): ProcessorUse {
  if (from === null || to === null) return { otherLoadShare: null, stealShare: null, swappedPages: null };
  const swappedPages =
    from.swappedPages === null || to.swappedPages === null ? null : to.swappedPages - from.swappedPages;
  const totalTicks = to.totalTicks - from.totalTicks;
  if (totalTicks <= 0) return { otherLoadShare: null, stealShare: null, swappedPages };
  const otherTicks = to.processTicks - from.processTicks - (to.ownTicks - from.ownTicks);
  return {
    // Accounts of machine and processes are read a moment apart: a little below nothing is nothing.
    otherLoadShare: Math.max(0, otherTicks) / totalTicks,
    stealShare: (to.stealTicks - from.stealTicks) / totalTicks,
    swappedPages,
  };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
