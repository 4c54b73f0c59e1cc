// The ranking of several stores on the terminal: first whether each run may be believed, then who did best, by how much, and which
// neighbours nobody can tell apart.

import { failsTooMuch, figureOf, type Placed, type RankingRule } from "../metrics/ranking.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { formatFigure, formatNumber, formatScaled, scaleFor, UNKNOWN } from "./format-number.ts";
import type { TerminalOptions } from "./terminal.ts";
import { createStyle, padEnd, type Style, type TextRow, textTable, textWidth, wrap } from "./text-table.ts";
import { cutShort, verdictSigns } from "./verdict.ts";

/** Beside the figure that ranks; what no run knows is left out. */
const COLUMNS = [
  { key: "responseP50Ms", head: "p50" },
  { key: "responseP99Ms", head: "p99" },
  { key: "failedShare", head: "failed" },
  { key: "requestsPerSecond", head: "requests" },
  { key: "lockWaitShare", head: "lock waits" },
  { key: "coreUtilisation", head: "host CPU" },
  { key: "memoryMeanBytes", head: "memory" },
] as const;

export interface Ranking {
  readonly placed: readonly Placed[];
  readonly rule: RankingRule;
  /** What could not be run, and why. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
}

/** @returns text that ends in a newline. */
export function renderRanking({ placed, rule, skipped }: Ranking, { color, columns }: TerminalOptions): string {
  const style = createStyle(color);
  const common = commonFindings(placed);
  const bullets = (findings: readonly string[]) => findings.flatMap((finding) => wrap(`  · ${finding}`, columns, 4));
  const widest = Math.max(...placed.map(({ name }) => textWidth(name)));
  const lines = [
    ...placed.flatMap(({ name, result }) => [
      `${verdictHead(result, style)}  ${style.bold(padEnd(name, widest))}  ${labelWithCut(result, style)}`,
      ...bullets(result.audit.findings.filter((finding) => !common.includes(finding))),
    ]),
    ...(common.length === 0 ? [] : ["Of all of them:", ...bullets(common)]),
    ...skipped.flatMap(({ name, why }) => wrap(`${style.bad("✗ not run")}  ${style.bold(name)}: ${why}`, columns, 4)),
    ...table(placed, rule, style, columns),
  ];
  return `${lines.join("\n")}\n`;
}

function table(placed: readonly Placed[], rule: RankingRule, style: Style, columns: number): readonly string[] {
  const ranked = placed.flatMap(({ result }) => figureOf(result, rule.figure) ?? [])[0];
  if (ranked === undefined) return [];
  const shown = COLUMNS.filter(
    ({ key }) => key !== ranked.key && placed.some(({ result }) => (figureOf(result, key)?.value ?? null) !== null),
  );
  const heads = [ranked.label, "behind the one above", ...shown.map(({ head }) => head)].map(style.bold);
  const rows = placed.map((one): TextRow => {
    const cells = shown.map(({ key }) => {
      const figure = figureOf(one.result, key);
      return formatFigure(figure?.value ?? null, figure?.unit ?? "");
    });
    const head = `${one.place ?? UNKNOWN}  ${one.name}`;
    return { head, cells: [withInterval(one.result, ranked.key), behindText(one, rule), ...cells] };
  });
  return [
    "",
    style.bold(`Ranking by ${ranked.label}, ${rule.best === "low" ? "lowest" : "highest"} first`),
    ...textTable(heads, rows, columns),
    ...notes(placed).flatMap((note) => wrap(note, columns, 0).map(style.dim)),
  ];
}

function verdictHead({ audit: { verdict } }: RunResult, style: Style): string {
  const paint = { valid: style.good, doubtful: style.doubtful, invalid: style.bad };
  return paint[verdict](padEnd(`${verdictSigns[verdict]} ${verdict}`, "✓ doubtful".length));
}

function labelWithCut(result: RunResult, style: Style): string {
  const cut = cutShort(result);
  return cut === null ? result.label : `${result.label}; ${style.doubtful(cut)}`;
}

/** Said once, where there are several runs to say it of. */
function commonFindings(placed: readonly Placed[]): readonly string[] {
  const [first, ...others] = placed.map(({ result }) => result.audit.findings);
  if (first === undefined || others.length === 0) return [];
  return first.filter((finding) => others.every((findings) => findings.includes(finding)));
}

function withInterval(result: RunResult, key: string): string {
  const figure = figureOf(result, key);
  if (figure === undefined || figure.value === null) return UNKNOWN;
  const { value, interval, unit } = figure;
  if (interval === undefined) return formatFigure(value, unit);
  const scale = scaleFor(unit, [value]);
  const halfWidth = formatScaled((interval.high - interval.low) / 2, scale, 3);
  return `${formatScaled(value, scale)} ± ${halfWidth} ${scale.unit}`.trimEnd();
}

/** "× 1.2 to 1.5", or that it may as well be chance. */
function behindText({ place, behind, apart, result }: Placed, rule: RankingRule): string {
  if (place === null) {
    if (result.audit.verdict === "invalid") return "no place: invalid";
    return failsTooMuch(result, rule) === null ? "no place: not known" : "no place: too many failed";
  }
  if (place === 1) return "";
  const range = behind === null ? "" : `× ${formatNumber(behind.low, 3)} to ${formatNumber(behind.high, 3)}`;
  if (apart === false) return range === "" ? "not told apart" : `${range}: not told apart`;
  return apart === null ? "unknown" : range === "" ? "told apart" : range;
}

function notes(placed: readonly Placed[]): readonly string[] {
  const [first] = placed;
  const counts = new Set(placed.map(({ rounds }) => rounds.length));
  const rounds = counts.size === 1 ? `${first?.rounds.length} rounds` : "the rounds that both have,";
  const behindFirst = placed.filter(({ place }) => place !== null && place > 1);
  const byPairs = behindFirst.some(({ behind }) => behind !== null);
  const byIntervals = behindFirst.some(({ behind, apart }) => behind === null && apart !== null);
  const unknown = behindFirst.some(({ apart }) => apart === null);
  const more = first?.result.driver === "journeys" ? "; more --rounds give one" : "";
  return [
    ...(byPairs
      ? [
          `Behind: the factor to the one above, 95 %, by Student's t over ${rounds} compared pair by pair. Where it holds 1, ` +
            "the two cannot be told apart and their order is chance.",
        ]
      : []),
    ...(byIntervals ? ["Told apart: the 95 % intervals of the two do not meet."] : []),
    ...(unknown
      ? [`Unknown: one run each gives no interval, so that neighbours may stand in this order by chance${more}.`]
      : []),
  ];
}
