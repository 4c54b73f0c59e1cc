// Which regressions somebody has taken on, and what became of every waiver: one that is no longer needed, or no longer holds, is told
// as well, so that the file does not fill with words nobody means any more.

import type { Waiver } from "../../config/waivers.ts";
import type { MetricComparison, WaiverUse } from "./comparison.ts";

export interface WaiverMatter {
  /** Full or short hash; null where the results do not say. */
  readonly candidateCommit: string | null;
  /** An ISO day, "2026-11-21". */
  readonly today: string;
  /** Whether `commits` of a waiver, neither "*" nor the candidate's own hash, covers the candidate; null where nobody can tell. */
  readonly covers: (commits: string) => boolean | null;
}

export interface WaiversUsed {
  /** The same in the same order, regressions with the first waiver that covers them. */
  readonly metrics: readonly MetricComparison[];
  /** One a waiver, in order. */
  readonly uses: readonly WaiverUse[];
  /** One sentence for each waiver of which nobody can tell whether it covers the candidate; it is then taken not to. */
  readonly findings: readonly string[];
}

/** Gives regressions their waivers. A metric that is not regressed has none. */
export function useWaivers(
  metrics: readonly MetricComparison[],
  waivers: readonly Waiver[],
  about: WaiverMatter,
): WaiversUsed {
  const findings: string[] = [];
  const holding: Waiver[] = [];
  const uses = waivers.map((waiver): WaiverUse => {
    if (waiver.until !== undefined && about.today > waiver.until) return { waiver, use: "expired" };
    const covered = coversCandidate(waiver.commits, about);
    if (covered === null) findings.push(cannotTell(waiver, about.candidateCommit));
    if (covered !== true) return { waiver, use: "elsewhere" };
    holding.push(waiver);
    return { waiver, use: metrics.some((metric) => isUnder(metric, waiver)) ? "used" : "idle" };
  });
  const waived = metrics.map((metric) => ({
    ...metric,
    waiver: holding.find((waiver) => isUnder(metric, waiver)) ?? null,
  }));
  return { metrics: waived, uses, findings };
}

function coversCandidate(commits: string, { candidateCommit, covers }: WaiverMatter): boolean | null {
  if (commits === "*") return true;
  if (candidateCommit !== null && isSameCommit(commits, candidateCommit)) return true;
  return covers(commits);
}

/** As git shortens hashes: at the least four digits, either of them the beginning of the other. */
export function isSameCommit(one: string, other: string): boolean {
  if (!/^[0-9a-f]{4,}$/i.test(one) || !/^[0-9a-f]{4,}$/i.test(other)) return false;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.startsWith(b) || b.startsWith(a);
}

function isUnder({ key, verdict }: MetricComparison, { metric }: Waiver): boolean {
  return verdict === "regressed" && matchesKey(key, metric);
}

/** Stars stand for any letters, dots among them. */
export function matchesKey(key: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(key);
}

function cannotTell({ metric, commits }: Waiver, candidateCommit: string | null): string {
  const candidate =
    candidateCommit === null ? "the candidate, whose commit is not known" : candidateCommit.slice(0, 12);
  return `The waiver of ${metric} for ${commits} was not used: nobody can tell here whether it covers ${candidate}.`;
}
