// Does the order of the runs agree with that of their commits? A clock that was set wrong puts runs where they do not belong.

import type { HistoryEntry } from "../../metrics/history/history.ts";
import { seriesKeyOf } from "../../metrics/history/series-of.ts";
import { comesBefore, commitTimesMs } from "../commit-order.ts";

/** More questions to git than these take longer than the answer is worth. */
const ASKED_MAX = 20;

/**
 * Tells of runs that come after one of a later commit.
 * @param entries in order of time.
 * @returns one sentence, or none; none either where the repository at hand knows nothing of the commits.
 */
export async function clockFindings(entries: readonly HistoryEntry[]): Promise<readonly string[]> {
  const times = await commitTimesMs(entries.flatMap(({ commit }) => (commit === null ? [] : [commit])));
  const newest = new Map<string, string>();
  const suspects: { readonly before: string; readonly entry: HistoryEntry }[] = [];
  for (const entry of entries) {
    if (entry.commit === null) continue;
    const key = seriesKeyOf(entry);
    const before = newest.get(key);
    newest.set(key, entry.commit);
    if (before === undefined) continue;
    const [earlierMs, laterMs] = [times.get(before), times.get(entry.commit)];
    // Asking git of all of them would take a process each: only those whose dates look wrong.
    if (earlierMs !== undefined && laterMs !== undefined && laterMs < earlierMs) suspects.push({ before, entry });
  }
  const found: HistoryEntry[] = [];
  for (const { before, entry } of suspects.slice(0, ASKED_MAX)) {
    if ((await comesBefore(entry.commit!, before)) === true) found.push(entry);
  }
  if (found.length === 0) return [];
  const { at, commit } = found.at(-1)!;
  const last = `${at.slice(0, 16).replace("T", " ")} of ${commit!.slice(0, 12)}`;
  const runs = found.length === 1 ? "1 run is" : `${found.length} runs are`;
  return [
    `${runs} of an older commit than the run before, the last at ${last}: the clock went backwards, or older commits were run later. The order is that of time.`,
  ];
}
