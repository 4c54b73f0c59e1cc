// Processors that the site under test has to itself while a bench runs, as a site on a machine of its own has: what generator and stores do
// meanwhile they do on the others. Without that the scheduler puts them on the site's core again and again, even where another one is
// idle: a page of 4 ms lost its core for 0.3 ms of them and waited 0.7 ms to have it (60 requests a second, 2 cores); 0.1 ms each with it.
// The system's own tool does it (util-linux: taskset); where there is none, or one processor, site and generator share.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** By number. */
interface Division {
  readonly all: readonly number[];
  readonly site: readonly number[];
}

/** Which processors a process may use is one for all of it; so is this. */
let division: Division | null = null;

/** Those that only the site uses just now; null: it shares all. */
export function siteProcessors(): readonly number[] | null {
  return division?.site ?? null;
}

/**
 * Leaves so many processors to sites started while `work` lasts, one less than there are at most; this process, and whatever else it
 * starts, keeps off them.
 */
export async function withSiteApart<T>(processors: number, work: () => Promise<T>): Promise<T> {
  if (division !== null) return work();
  const all = allowed();
  const site = all.slice(Math.max(1, all.length - processors));
  if (site.length === 0 || !keepTo(all.slice(0, all.length - site.length))) return work();
  division = { all, site };
  try {
    return await work();
  } finally {
    division = null;
    keepTo(all);
  }
}

/** A command that runs `command` on these processors alone. */
export function onProcessors(processors: readonly number[], command: readonly string[]): readonly string[] {
  return ["taskset", "--cpu-list", processors.join(","), ...command];
}

/** All threads of this process. @returns false where that cannot be done. */
function keepTo(processors: readonly number[]): boolean {
  const list = processors.join(",");
  try {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", list, String(process.pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What this process may use; none where the system does not say. */
function allowed(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return list === undefined ? [] : processorsIn(list);
  } catch {
    return [];
  }
}

/** The numbers in a list like "0-3,8". */
export function processorsIn(list: string): readonly number[] {
  return list.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
