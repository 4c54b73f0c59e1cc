// The ranking of several stores on the terminal: first whether each run may be believed, then who did best, by how much, and which
// neighbours nobody can tell apart.

import { figureOf, type Placed, type RankingRule } from "../metrics/ranking.ts";
import type { Figure, RunResult } from "../metrics/run-result.ts";
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
  const ranked = placed.flatMap(({ result }) => figureOf(result, rule.figure) ?? []).find(({ label }) => label !== "");
  const lines = [...placed.flatMap((one) => verdictLines(one, placed, style, columns))];
  for (const { name, why } of skipped)
    lines.push(...wrap(`${style.bad("✗ not run")}  ${style.bold(name)}: ${why}`, columns, 4));
  if (ranked !== undefined) {
    const order = rule.best === "low" ? "lowest first" : "highest first";
    lines.push("", style.bold(`Ranking by ${ranked.label}, ${order}`));
    lines.push(
      ...textTable(
        heads(placed, ranked, style),
        placed.map((one) => row(one, placed, ranked)),
        columns,
      ),
    );
    lines.push(...notes(placed).flatMap((note) => wrap(style.dim(note), columns, 0)));
  }
  return `${lines.join("\n")}\n`;
}

function verdictLines(
  { name, result }: Placed,
  placed: readonly Placed[],
  style: Style,
  columns: number,
): readonly string[] {
  const paint = { valid: style.good, doubtful: style.doubtful, invalid: style.bad };
  const { verdict, findings } = result.audit;
  const widest = Math.max(...placed.map((one) => textWidth(one.name)));
  const cut = cutShort(result);
  const head = paint[verdict](padEnd(`${verdictSigns[verdict]} ${verdict}`, "✓ doubtful".length));
  return [
    `${head}  ${style.bold(padEnd(name, widest))}  ${result.label}${cut === null ? "" : `; ${style.doubtful(cut)}`}`,
    ...findings.flatMap((finding) => wrap(`  · ${finding}`, columns, 4)),
  ];
}

function columnsOf(placed: readonly Placed[], ranked: Figure) {
  return COLUMNS.filter(
    ({ key }) => key !== ranked.key && placed.some(({ result }) => (figureOf(result, key)?.value ?? null) !== null),
  );
}

function heads(placed: readonly Placed[], ranked: Figure, style: Style): readonly string[] {
  const own = columnsOf(placed, ranked).map(({ head }) => head);
  return [ranked.label, "behind the one above", ...own].map(style.bold);
}

function row(one: Placed, placed: readonly Placed[], ranked: Figure): TextRow {
  const { name, place, result } = one;
  const cells = columnsOf(placed, ranked).map(({ key }) => {
    const figure = figureOf(result, key);
    return figure === undefined ? UNKNOWN : formatFigure(figure.value, figure.unit);
  });
  return { head: `${place ?? "—"}  ${name}`, cells: [withInterval(result, ranked.key), behindText(one), ...cells] };
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
function behindText({ place, behind, apart }: Placed): string {
  if (place === null) return "no place";
  if (place === 1) return "";
  const range = behind === null ? "" : `× ${formatNumber(behind.low, 3)} to ${formatNumber(behind.high, 3)}`;
  if (apart === false) return range === "" ? "not told apart" : `${range}: not told apart`;
  return apart === null ? "unknown" : range === "" ? "told apart" : range;
}

function notes(placed: readonly Placed[]): readonly string[] {
  const rounds = placed[0]?.rounds.length ?? 0;
  const compared = placed.some(({ behind }) => behind !== null);
  const unknown = placed.some(({ place, apart }) => place !== null && place > 1 && apart === null);
  return [
    ...(compared
      ? [
          `Behind: the factor to the one above, 95 %, by Student's t over ${rounds} rounds compared pair by pair. Where it holds 1, ` +
            "the two cannot be told apart and their order is chance.",
        ]
      : []),
    ...(unknown
      ? ["One run each gives no interval: neighbours may stand in this order by chance. --rounds gives one."]
      : []),
  ];
}
