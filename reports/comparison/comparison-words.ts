// What a comparison says of itself in sentences: who stands against whom, how it was measured, what was found, what became of waivers.

import type { ComparedSide, Comparison, WaiverUse } from "../../metrics/compare/comparison.ts";
import { formatNumber } from "../format-number.ts";
import { counted } from "../history/change-words.ts";
import { waiverUses } from "./how-judged.ts";
import { type MetricRow, type MetricStanding, oneLine, standingSigns, standings } from "./metric-rows.ts";

/** "✗ regressed". */
export function verdictWord({ verdict }: Comparison): string {
  return `${standingSigns[verdict]} ${verdict}`;
}

/** "the working tree (2222222bbbbb) against HEAD~1 (1111111aaaaa)". */
export function whoAgainstWhom({ base, candidate }: Comparison): string {
  return `${sideName(candidate)} against ${sideName(base)}`;
}

function sideName({ name, commit }: ComparedSide): string {
  const short = commit === null ? null : shortCommit(commit);
  const said = oneLine(name);
  return short === null || short === said || said.startsWith(short) ? said : `${said} (${short})`;
}

function shortCommit(commit: string): string {
  return oneLine(commit).slice(0, 12);
}

/** "ycsb-a, InProc, micro"; of sides with different labels both. */
export function whatWasRun({ scenario, base, candidate }: Comparison): string {
  const [one, other] = [base, candidate].map(({ label }) => oneLine(label)) as [string, string];
  return `${oneLine(scenario)}: ${one === other ? one : `${other} against ${one}`}`;
}

/** "14 blocks of four runs", "6 runs against 5", "one run each"; "cut short" where it was. */
export function howMuch({ design, blocks, base, candidate, complete }: Comparison): string {
  const runs =
    base.runs === candidate.runs
      ? base.runs === 1
        ? "one run each"
        : `${formatNumber(base.runs)} runs each`
      : `${counted(candidate.runs, "run")} against ${formatNumber(base.runs)}`;
  const said = design === "interleaved" ? `${blocks} ${blocks === 1 ? "block" : "blocks"} of four runs in turns` : runs;
  return complete ? said : `${said}, cut short`;
}

const countWords: Readonly<Record<MetricStanding, string>> = {
  regressed: "regressed",
  waived: "waived",
  "cannot tell": "cannot be told",
  improved: "improved",
  "no worse": "no worse",
};

/** "2 of 12 metrics regressed, 1 waived, 3 cannot be told, 1 improved, 5 no worse": those that there are. */
export function countsInWords(rows: readonly MetricRow[]): string {
  if (rows.length === 0) return "no metric";
  const counts = standings
    .map((standing): [MetricStanding, number] => [standing, rows.filter((row) => row.standing === standing).length])
    .filter(([, count]) => count > 0);
  const total =
    counts.length > 1 ? ` of ${formatNumber(rows.length)} metrics` : rows.length === 1 ? " metric" : " metrics";
  return counts
    .map(([standing, count], index) => `${formatNumber(count)}${index === 0 ? total : ""} ${countWords[standing]}`)
    .join(", ");
}

/** What a reader can do about it, in one sentence; "" where all is well. */
export function whatNext({ verdict, base, candidate, design }: Comparison, rows: readonly MetricRow[]): string {
  if (verdict === "regressed") {
    const apart = base.commit !== null && candidate.commit !== null && base.commit !== candidate.commit;
    const log = apart ? `see git log ${shortCommit(base.commit)}..${shortCommit(candidate.commit)}, then ` : "";
    return `Next: ${log}mend it, or take it on with a waiver (--waivers).`;
  }
  if (verdict !== "cannot tell") return "";
  const open = rows.filter(({ standing }) => standing === "cannot tell");
  const most = Math.max(0, ...open.map(({ metric }) => metric.moreRuns ?? 0));
  if (most === 0) return "";
  const settled = open.filter(({ moreRuns }) => moreRuns !== "").length;
  const which = settled === open.length ? "" : ` ${settled} of these ${open.length}`;
  const how = design === "interleaved" ? "; raise --budget-minutes" : "";
  return `Next: ${counted(most, "more run")} a side would settle${which || " it"}${how}.`;
}

/** Why a metric has its verdict; of a waived one, who took it on. */
export function whyOf({ metric: { reason, waiver } }: Pick<MetricRow, "metric">): string {
  const taken = waiver === null ? "" : ` Waived: ${sentence(waiver.reason)}`;
  return `${sentence(reason)}${taken}`;
}

export interface ReasonGroup {
  readonly standing: MetricStanding;
  readonly why: string;
  readonly rows: readonly MetricRow[];
}

/** Why what is not well is not: metrics of one reason share it. */
export function reasonGroups(rows: readonly MetricRow[]): readonly ReasonGroup[] {
  const groups = new Map<string, { standing: MetricStanding; why: string; rows: MetricRow[] }>();
  for (const row of rows) {
    if (row.standing === "no worse" || row.standing === "improved") continue;
    const why = whyOf(row);
    const id = `${row.standing} ${why}`;
    const group = groups.get(id) ?? { standing: row.standing, why, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** Of more than that which cannot be told, and for one reason, the rest is counted. */
const NAMES_MAX = 4;

/** "getItem; setItem; and 12 more": what regressed is always named in full. */
export function namesOf({ standing, rows }: ReasonGroup, nameOf: (row: MetricRow) => string): readonly string[] {
  if (standing !== "cannot tell" || rows.length <= NAMES_MAX) return rows.map(nameOf);
  const named = rows.slice(0, NAMES_MAX - 1);
  return [...named.map(nameOf), `and ${formatNumber(rows.length - named.length)} more`];
}

/** "idle: cookieBytes for any commit until 2026-12-31: Longer identifiers. Nothing regressed under it, so it can go." */
export function waiverInWords({ waiver: { metric, commits, reason, until }, use }: WaiverUse): string {
  const about = commits === "*" ? "any commit" : oneLine(commits);
  const end = until === undefined ? "" : ` until ${oneLine(until)}`;
  const since = use === "used" ? "" : ` ${waiverUses[use]}`;
  return `${use}: ${oneLine(metric)} for ${about}${end}: ${sentence(reason)}${since}`;
}

/** What somebody wrote, with a full stop. */
function sentence(text: string): string {
  const line = oneLine(text);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

export const OBJECTIONS_HEAD = "These should not have been compared, and were because of --force:";

/** What "regressed", "no worse" and an effect mean here. */
export function howToRead({ design, falseDiscoveryRate }: Comparison): string {
  const share = `${formatNumber(Number((100 * falseDiscoveryRate).toPrecision(3)))} %`;
  const noise =
    design === "single"
      ? "One run a side shows nothing of how runs differ."
      : design === "sets"
        ? "What chance does was seen by handing the runs out to two sides anew."
        : "Runs took turns in an order that was drawn, so that the machine's noise meets both sides alike.";
  return [
    "Effect: candidate against base, with its 95 % bootstrap interval; pp: percentage points.",
    "No worse: shown to be worse by less than the minimum effect.",
    "Floor: the smallest effect that this machine's noise lets one find.",
    `${noise} At most ${share} of what is told to be regressed is so by chance.`,
  ].join(" ");
}
