// What `sessionlab history` answers, in one shape for the terminal and for programs: the trends, and which of their changes for the worse
// are still with us.

import type { Waiver } from "../../config/waivers.ts";
import type { ChangePoint, HistoryTrend } from "../../metrics/history/history.ts";
import { LEAST_SIDE } from "../../metrics/history/levels.ts";
import { changeOverall, standingRegressions, surePValue } from "../../metrics/history/standing-changes.ts";
import { placeOf } from "./change-words.ts";

export const HISTORY_REPORT_SCHEMA = "sessionlab.history/1";

/** A change for the worse that nothing since took back. */
export interface StandingRegression {
  readonly scenario: string;
  readonly label: string;
  readonly machine: string | null;
  readonly key: string;
  readonly metricLabel: string;
  readonly unit: string;
  readonly changePoint: ChangePoint;
  /** false: among so many metrics a change as clear as this may be chance. */
  readonly sure: boolean;
  /** Somebody's word that it is taken on. */
  readonly waiver: Waiver | null;
}

export interface HistoryReport {
  readonly schema: typeof HISTORY_REPORT_SCHEMA;
  /** "the directory history". */
  readonly source: string;
  /** One sentence on how changes were looked for. */
  readonly method: string;
  /** Runs, of all series together. */
  readonly runs: number;
  /** Those with changes for the worse that stand first, the largest before; then other changes; then none. */
  readonly trends: readonly HistoryTrend[];
  /** In the order of the trends. */
  readonly standing: readonly StandingRegression[];
  /** One sentence each: gaps, a clock that went backwards, waivers that no longer hold. */
  readonly findings: readonly string[];
}

/** The waiver of a change, where there is one. */
export type WaiverOf = (change: ChangePoint) => Waiver | null;

/** Those that ask for something to be done. */
export function openRegressions({ standing }: HistoryReport): readonly StandingRegression[] {
  return standing.filter(({ sure, waiver }) => sure && waiver === null);
}

/** Fewer runs than two shortest levels can show no change. */
export const RUNS_MIN = 2 * LEAST_SIDE;

/** @param trends in the order of their series. */
export function historyReport(
  about: Pick<HistoryReport, "source" | "method" | "runs" | "findings">,
  trends: readonly HistoryTrend[],
  waiverOf: WaiverOf,
): HistoryReport {
  const ranked = trends
    .map((trend) => ({ trend, rank: rankOf(trend) }))
    .sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1])
    .map(({ trend }) => trend);
  const found = ranked.flatMap((trend) => standingRegressions(trend).map((changePoint) => ({ trend, changePoint })));
  const highest = surePValue(
    found.map(({ changePoint }) => changePoint.pValue),
    trends.filter(({ series }) => series.better !== null && series.points.length >= RUNS_MIN).length,
  );
  const standing = found.map(({ trend: { series }, changePoint }): StandingRegression => {
    const { points: _, better: __, ...place } = series;
    return { ...place, changePoint, sure: changePoint.pValue <= highest, waiver: waiverOf(changePoint) };
  });
  const findings = [...about.findings, ...shortFinding(trends), ...gapFinding(trends)];
  return { schema: HISTORY_REPORT_SCHEMA, ...about, findings, trends: ranked, standing };
}

function shortFinding(trends: readonly HistoryTrend[]): readonly string[] {
  const short = trends.filter(({ series }) => series.points.length < RUNS_MIN).length;
  if (short === 0) return [];
  const which = short === trends.length ? "All metrics" : `${short} of ${trends.length} metrics`;
  return [`${which} have fewer than ${RUNS_MIN} runs, in which no change can be found yet.`];
}

const GAPS_TOLD = 3;

function gapFinding(trends: readonly HistoryTrend[]): readonly string[] {
  const runs = new Map<string, number>();
  const runsOf = (trend: HistoryTrend) => runs.get(placeOf(trend)) ?? 0;
  for (const trend of trends) runs.set(placeOf(trend), Math.max(runsOf(trend), trend.series.points.length));
  const gappy = trends.filter((trend) => trend.series.points.length < runsOf(trend));
  if (gappy.length === 0) return [];
  const told = gappy
    .slice(0, GAPS_TOLD)
    .map((trend) => `${trend.series.metricLabel} (${trend.series.points.length} of ${runsOf(trend)})`);
  const more = gappy.length > told.length ? ` and ${gappy.length - told.length} more` : "";
  return [`Not in every run: ${told.join(", ")}${more}. A gap is no change.`];
}

/** Changes for the worse that stand, then those of no known direction, then those for the better; of each the largest first. */
function rankOf(trend: HistoryTrend): readonly [number, number] {
  const { changePoints } = trend;
  if (changePoints.length === 0) return [0, 0];
  const size = Math.abs(changeOverall(trend) ?? Number.POSITIVE_INFINITY);
  if (standingRegressions(trend).length > 0) return [3, size];
  return [trend.series.better === null ? 2 : 1, size];
}
