// Which waivers are about the candidate's commit: what the repository at hand says, and where it knows nothing, what hashes say.

import type { Waiver } from "../../config/waivers.ts";
import { isSameCommit, type WaiverMatter } from "../../metrics/compare/waivers.ts";
import { comesBefore } from "../commit-order.ts";

/**
 * Looks up beforehand what a comparison will ask.
 * @param candidateCommits of its runs; a waiver covers the candidate where it covers all of them.
 */
export async function waiverCommits(
  waivers: readonly Waiver[],
  candidateCommits: readonly (string | null)[],
): Promise<WaiverMatter["covers"]> {
  const commits = [...new Set(candidateCommits)];
  const answers = new Map<string, boolean | null>();
  for (const range of new Set(waivers.map((waiver) => waiver.commits))) {
    const each: (boolean | null)[] = [];
    for (const commit of commits) each.push(await covers(range, commit));
    answers.set(range, each.includes(false) ? false : each.includes(null) || each.length === 0 ? null : true);
  }
  return (range) => answers.get(range) ?? null;
}

/** @returns null where nobody can tell. */
async function covers(range: string, commit: string | null): Promise<boolean | null> {
  if (range === "*") return true;
  if (commit === null) return null;
  const [from, to] = range.split("..") as [string, string?];
  if (to === undefined) return isSame(from, commit);
  if (to === "") return both(await isAtOrBefore(from, commit), not(await isSame(from, commit)));
  // The end of a range is in it, wherever it begins.
  if ((await isSame(to, commit)) === true) return true;
  return both(await isAtOrBefore(commit, to), not(await isAtOrBefore(commit, from)));
}

/** Hashes that differ are different commits; names take a repository. */
async function isSame(name: string, commit: string): Promise<boolean | null> {
  if (isSameCommit(name, commit)) return true;
  const [before, after] = [await comesBefore(name, commit), await comesBefore(commit, name)];
  return before === null || after === null ? (isHash(name) ? false : null) : before && after;
}

async function isAtOrBefore(earlier: string, later: string): Promise<boolean | null> {
  return isSameCommit(earlier, later) ? true : comesBefore(earlier, later);
}

function isHash(name: string): boolean {
  return /^[0-9a-f]{7,40}$/i.test(name);
}

function both(one: boolean | null, other: boolean | null): boolean | null {
  if (one === false || other === false) return false;
  return one === null || other === null ? null : true;
}

function not(one: boolean | null): boolean | null {
  return one === null ? null : !one;
}
