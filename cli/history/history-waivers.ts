// The waiver file beside a history: which changes for the worse somebody has taken on, and which waivers are of no use any more.

import type { Waiver } from "../../config/waivers.ts";
import { matchesKey } from "../../metrics/compare/waivers.ts";
import type { ChangePoint, HistoryTrend } from "../../metrics/history/history.ts";
import type { WaiverOf } from "../../reports/history/history-report.ts";
import { readWaivers } from "../compare/read-waivers.ts";
import { waiverCommits } from "../compare/waiver-commits.ts";

export interface WaivedChanges {
  readonly waiverOf: WaiverOf;
  readonly findings: readonly string[];
}

/**
 * A waiver covers a change where it covers one of the commits that it may have come with.
 * @param file undefined: nothing is waived.
 * @param changes those that stand.
 * @throws InputError where the file cannot be read.
 */
export async function waiversOfChanges(
  file: string | undefined,
  changes: readonly { readonly trend: HistoryTrend; readonly point: ChangePoint }[],
): Promise<WaivedChanges> {
  if (file === undefined) return { waiverOf: () => null, findings: [] };
  const waivers = await readWaivers(file);
  const today = new Date().toISOString().slice(0, 10);
  const expired = (waiver: Waiver) => waiver.until !== undefined && today > waiver.until;
  const holding = waivers.filter((waiver) => !expired(waiver));
  const found = new Map<ChangePoint, Waiver>();
  for (const { trend, point } of changes) {
    const here = holding.filter(({ metric }) => matchesKey(trend.series.key, metric));
    for (const commit of here.length === 0 ? [] : commitsOf(trend, point)) {
      const covers = await waiverCommits(here, [commit]);
      const waiver = here.find(({ commits }) => covers(commits) === true);
      if (waiver !== undefined) found.set(point, waiver);
    }
  }
  const used = new Set(found.values());
  return {
    waiverOf: (point) => found.get(point) ?? null,
    findings: waivers.flatMap((waiver) => {
      const name = `The waiver of ${waiver.metric} for ${waiver.commits}`;
      if (expired(waiver)) return [`${name} no longer holds since ${waiver.until}.`];
      return used.has(waiver) ? [] : [`${name} covers no change that stands.`];
    }),
  };
}

/** From the first run that may be of the new level to the first that surely is. */
function commitsOf({ series }: HistoryTrend, { afterCommit, byCommit }: ChangePoint): readonly (string | null)[] {
  const commits = series.points.map(({ commit }) => commit);
  const to = commits.indexOf(byCommit);
  const from = afterCommit === null ? -1 : commits.lastIndexOf(afterCommit, to);
  return [...new Set(commits.slice(from + 1, to + 1))];
}
