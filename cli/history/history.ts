// sessionlab history: the trend of every metric over the runs that were kept, where its level changed, and between which commits.

import { setImmediate } from "node:timers/promises";
import { Command, Option } from "commander";
import { InputError } from "../../config/problem.ts";
import { isSameCommit, matchesKey } from "../../metrics/compare/waivers.ts";
import { changePointDefaults, usualMaxPValue } from "../../metrics/history/change-points.ts";
import type { HistoryEntry, HistorySeries, HistoryTrend } from "../../metrics/history/history.ts";
import { inOrder, seriesOf } from "../../metrics/history/series-of.ts";
import { type OfNewestSetups, ofNewestSetups } from "../../metrics/history/setup-of.ts";
import { FALSE_DISCOVERY_RATE, standingRegressions } from "../../metrics/history/standing-changes.ts";
import { findTrend, type TrendOptions } from "../../metrics/history/trend.ts";
import { formatNumber } from "../../reports/format-number.ts";
import { type HistoryReport, historyReport, openRegressions } from "../../reports/history/history-report.ts";
import { parseMoment } from "../../reports/history/import/moment.ts";
import { renderHistoryTerminal } from "../../reports/history/terminal.ts";
import { commitTimesMs } from "../commit-order.ts";
import { TARGET_MISSED } from "../exit-codes.ts";
import { positiveNumber } from "../options.ts";
import { createProgress, type Progress } from "../progress.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeFiles } from "../write-report.ts";
import { clockFindings } from "./history-clock.ts";
import { historyImportCommand } from "./history-import.ts";
import { readEntries } from "./history-read.ts";
import { historyAddCommand } from "./history-results.ts";
import { waiversOfChanges } from "./history-waivers.ts";
import { openStore } from "./open-history.ts";

interface HistoryOptions {
  readonly branch?: string;
  readonly metric?: readonly string[];
  readonly scenario?: readonly string[];
  readonly since?: string;
  readonly method: "t-test" | "permutation";
  readonly maxPValue?: number;
  readonly minMagnitude: number;
  readonly waivers?: string;
  readonly failOnRegression?: boolean;
  readonly allVersions?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
}

const repeated = (text: string, before: readonly string[] = []) => [...before, text];

export function historyCommand(): Command {
  const history = new Command("history")
    .summary("trends of metrics over kept runs, and where they changed")
    .description(
      "shows the trend of every metric over the runs of a history, and between which commits its level changed",
    )
    .argument("[dir]", "the directory that history add and history import fill")
    .option("--branch <name>", "instead: the branch of the repository at hand that holds the history")
    .option("--metric <key>", "only these metrics; stars stand for any letters, repeatable", repeated)
    .option("--scenario <name>", "only these scenarios; stars stand for any letters, repeatable", repeated)
    .option("--since <date-or-commit>", "only runs from then on")
    .addOption(
      new Option("--method <method>", "how a change is told from noise")
        .choices(["t-test", "permutation"])
        .default(changePointDefaults.method),
    )
    .option(
      "--max-p-value <p>",
      `the chance of a change in a steady metric (default: ${usualMaxPValue["t-test"]}, of permutation ${usualMaxPValue.permutation})`,
      positiveNumber("--max-p-value", 0.5),
    )
    .option(
      "--min-magnitude <share>",
      "leave out changes smaller than this share: 0.02 is 2 %",
      share,
      changePointDefaults.minMagnitude,
    )
    .option("--waivers <file>", "regressions that are known and taken on, with their reasons")
    .option("--fail-on-regression", "exit with 1 where a sure change for the worse stands without a waiver")
    .option("--all-versions", "keep runs of earlier versions of a scenario file in its series")
    .option("--all", "list metrics without a change too")
    .option("--json", "print the trends as JSON")
    .option("--out <dir>", "write history.html and history.json there")
    .option("--quiet", "no progress")
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `
A change names the commits between which it came, and the day of the first run of the new level. Runs of other scenarios,
stores and machines are other series; of a scenario whose visitors, length or faults were edited, only the runs since then are
taken. A change for the worse stands until later ones took back half of it. It is sure where its p-value holds among all the
metrics shown (Benjamini and Hochberg, 1 %); others are told, but fail nothing.

Exit codes: 0; 1 with --fail-on-regression where a sure change for the worse stands without a waiver; 2 where the history
cannot be read: a broken or foreign file, or a run that is in it twice. Nothing is ever changed by reading.

Examples:
  sessionlab history add out/result.json --dir history
  sessionlab history history
  sessionlab history history --metric 'response*' --since v1.2.0
  sessionlab history --branch sessionlab-history --fail-on-regression --waivers waivers.yaml
  sessionlab history import data.js --dir imported && sessionlab history imported --out report
  git log --oneline $(sessionlab history history --json | jq -r '.standing[0].changePoint | .afterCommit+".."+.byCommit')`,
    )
    .action(async (dir: string | undefined, options: HistoryOptions) => {
      if (options.out !== undefined) await expectWritableFolder(options.out);
      const report = await readReport(dir, options);
      if (options.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      else process.stdout.write(`${renderHistoryTerminal(report, { ...terminal(), all: options.all === true })}\n`);
      if (options.out !== undefined) await writeReport(report, options.out, options.json === true);
      if (options.failOnRegression === true && openRegressions(report).length > 0) process.exitCode = TARGET_MISSED;
    });
  for (const command of [historyAddCommand(), historyImportCommand()]) history.addCommand(command.exitOverride());
  return history;
}

function share(text: string): number {
  return text === "0" ? 0 : positiveNumber("--min-magnitude", 10)(text);
}

async function readReport(dir: string | undefined, options: HistoryOptions): Promise<HistoryReport> {
  const store = openStore({ dir, branch: options.branch }, "Cannot show a history");
  const progress = createProgress("history", options.quiet === true);
  try {
    const files = await store.read({ orEmpty: false, onShare: (done) => progress.update(done / 4, "reading") });
    const entries = inOrder(readEntries(store, files).map(({ entry }) => entry));
    if (entries.length === 0) {
      const mend = "add results: sessionlab history add <result.json> …";
      throw new InputError("Cannot show a history", [{ at: store.name, given: "empty", expected: "entries", mend }]);
    }
    const found = await chosen(entries, options);
    const { entries: asked, leftOut } =
      options.allVersions === true ? { entries: found, leftOut: [] } : ofNewestSetups(found);
    const series = seriesOf(asked).filter(({ key }) => isAsked(key, options.metric));
    expectSome(series, entries, options);
    const trends = await findTrends(series, trendOptions(options, series.length), progress);
    const changes = trends.flatMap((trend) => standingRegressions(trend).map((point) => ({ trend, point })));
    const waived = await waiversOfChanges(options.waivers, changes);
    const findings = [...leftOut.map(versionFinding), ...(await clockFindings(asked)), ...waived.findings];
    const about = { source: store.name, method: methodSentence(options), runs: asked.length, findings };
    return historyReport(about, trends, waived.waiverOf);
  } finally {
    progress.stop();
  }
}

/** Series by series, so that progress and an interrupt come through. */
async function findTrends(
  series: readonly HistorySeries[],
  options: TrendOptions,
  progress: Progress,
): Promise<readonly HistoryTrend[]> {
  const trends: HistoryTrend[] = [];
  for (const one of series) {
    trends.push(findTrend(one, options));
    progress.update(0.25 + (0.75 * trends.length) / series.length, one.metricLabel);
    await setImmediate();
  }
  return trends;
}

function isAsked(name: string, patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesKey(name, pattern));
}

async function chosen(entries: readonly HistoryEntry[], options: HistoryOptions): Promise<readonly HistoryEntry[]> {
  const ofScenario = entries.filter(({ scenario }) => isAsked(scenario, options.scenario));
  if (options.since === undefined) return ofScenario;
  const since = await momentOf(options.since, entries);
  return ofScenario.filter(({ at }) => at >= since);
}

function versionFinding({ scenario, runs, lastAt }: OfNewestSetups["leftOut"][number]): string {
  const which = runs === 1 ? "1 run" : `${runs} runs`;
  return `${which} of earlier versions of "${scenario}", until ${lastAt.slice(0, 10)}, left out: --all-versions keeps them.`;
}

/** A date, the first run of a commit, or else the moment at which the repository's commit was made. */
async function momentOf(since: string, entries: readonly HistoryEntry[]): Promise<string> {
  const date = parseMoment(since);
  if (date !== null) return date;
  const run = entries.find(({ commit }) => commit !== null && isSameCommit(commit, since));
  if (run !== undefined) return run.at;
  const timeMs = (await commitTimesMs([since])).get(since);
  if (timeMs !== undefined) return new Date(timeMs).toISOString();
  const expected =
    "a date such as 2026-11-21, the commit of a run, or a commit, branch or tag of the repository at hand";
  throw new InputError("Cannot show a history", [{ at: "--since", given: `"${since}"`, expected, mend: "change it" }]);
}

function expectSome(series: readonly HistorySeries[], entries: readonly HistoryEntry[], options: HistoryOptions): void {
  if (series.length > 0) return;
  const scenarios = [...new Set(entries.map(({ scenario }) => scenario))];
  const keys = [...new Set(entries.flatMap(({ metrics }) => metrics.map(({ key }) => key)))];
  const shown = (names: readonly string[]) => `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
  const given = [
    ...(options.metric ?? []),
    ...(options.scenario ?? []),
    ...(options.since === undefined ? [] : [options.since]),
  ];
  const expected = `something there is: scenarios ${shown(scenarios)}; metrics ${shown(keys)}`;
  throw new InputError("Cannot show a history", [
    { at: "what was asked for", given: `${given.join(", ")}, of which there is none`, expected, mend: "ask for less" },
  ]);
}

/** Shuffles enough for the smallest p-value to be sure among so many metrics, as far as there is patience. */
const PERMUTATIONS_MAX = 9_999;

function trendOptions(options: HistoryOptions, metrics: number): TrendOptions {
  const { method, minMagnitude } = options;
  const enough = Math.ceil((2 * metrics) / FALSE_DISCOVERY_RATE) - 1;
  const permutations = Math.max(changePointDefaults.permutations, Math.min(PERMUTATIONS_MAX, enough));
  return { method, maxPValue: maxPValueOf(options), minMagnitude, permutations };
}

function maxPValueOf({ method, maxPValue }: HistoryOptions): number {
  return maxPValue ?? usualMaxPValue[method];
}

function methodSentence(options: HistoryOptions): string {
  const { method, minMagnitude } = options;
  const test = method === "t-test" ? "Student's t in windows" : "shuffles of the runs (E-divisive)";
  const least = minMagnitude === 0 ? "" : `, of at least ${formatNumber(minMagnitude * 100)} %`;
  return `Changes by ${test}, p at most ${maxPValueOf(options)}${least}; outliers are left out.`;
}

async function writeReport(report: HistoryReport, out: string, json: boolean): Promise<void> {
  const { renderHistoryHtml } = await import("../../reports/history/html-page.ts");
  const { source, method, runs, trends, standing, findings } = report;
  const about = { title: "History", source: `${source}, ${runs} runs`, method, standing, findings };
  const files = [
    { name: "history.html", text: await renderHistoryHtml(trends, about) },
    { name: "history.json", text: `${JSON.stringify(report, null, 2)}\n` },
  ];
  const paths = await writeFiles(files, out);
  (json ? process.stderr : process.stdout).write(`${paths.join("\n")}\n`);
}
