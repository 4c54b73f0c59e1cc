// sessionlab compare: is the candidate worse than the base? Two results, two sets of them, or a comparison that was made already.

import { appendFile, stat } from "node:fs/promises";
import path from "node:path";
import { Command, Option } from "commander";
import { InputError, type Problem } from "../../config/problem.ts";
import { compareRuns } from "../../metrics/compare/compare-runs.ts";
import type { Comparison } from "../../metrics/compare/comparison.ts";
import type { NoiseFloors } from "../../metrics/compare/noise-floors.ts";
import { RUN_RESULT_SCHEMA, type RunResult } from "../../metrics/run-result.ts";
import { parseComparison } from "../../reports/comparison/comparison-file.ts";
import { verdictWord, whoAgainstWhom } from "../../reports/comparison/comparison-words.ts";
import { comparisonTextFormats, renderComparisonText } from "../../reports/comparison/formats.ts";
import { renderComparison } from "../../reports/comparison/terminal.ts";
import { noiseAbout, parseNoise, readNoise } from "../against/noise-file.ts";
import { comparisonExitCode } from "../exit-codes.ts";
import { readInput } from "../load-scenario.ts";
import { commandLine, flagOf, wholeNumber } from "../options.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder } from "../write-report.ts";
import { readSides } from "./compare-sides.ts";
import { expectMetrics, type MinimumEffects, minimumEffect } from "./minimum-effects.ts";
import { readWaivers } from "./read-waivers.ts";
import { waiverCommits } from "./waiver-commits.ts";
import { comparisonPage, writeComparison } from "./write-comparison.ts";

const formats = ["terminal", "html", ...comparisonTextFormats] as const;
type Format = (typeof formats)[number];

interface CompareCommandOptions {
  readonly base?: readonly string[];
  readonly candidate?: readonly string[];
  readonly force?: boolean;
  readonly waivers?: string;
  readonly minEffect?: MinimumEffects;
  readonly noiseFile?: string;
  readonly seed?: number;
  readonly strict?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly format?: Format;
  readonly out?: string;
}

const SEED_DEFAULT = 1;

export function compareCommand(): Command {
  return new Command("compare")
    .description("is the candidate worse than the base? A verdict for each metric, from results of earlier runs")
    .argument("[base]", "a result, a folder of results, or alone a comparison.json, to be rendered again")
    .argument("[candidate]", "the same of what is to be judged")
    .option("--base <files...>", "several results or folders, instead of the arguments")
    .option("--candidate <files...>", "the same of the candidate")
    .option("--force", "compare also what must not be compared; the report says so")
    .option("--waivers <file>", "regressions that somebody has taken on: a list of metric, commits, reason, until")
    .option(
      "--min-effect <key=size>",
      "from which size on a metric's change matters: responseP50Ms=5%; again for others",
      minimumEffect,
    )
    .option("--noise-file <file>", "this machine's noise, instead of what bench --calibrate-noise keeps")
    .option(
      "--seed <n>",
      `what resampling draws from (default: ${SEED_DEFAULT})`,
      wholeNumber("--seed", 0, 2 ** 32 - 1),
    )
    .option("--strict", "exit code 3 where no verdict can be told")
    .option("--all", "show every metric that is no worse, however many there are")
    .addOption(new Option("--format <format>", "what to print").choices(formats).default("terminal"))
    .option("--json", "print the comparison as JSON, as --format json does")
    .option("--out <dir>", "write comparison.json, comparison.html, comparison.md and junit.xml there")
    .addHelpText(
      "after",
      `
Verdicts, one a metric and the worst of them for the whole:
  ✗ regressed    worse by the minimum effect or more, and not by chance
  ? cannot tell  neither that nor its absence is shown; the report says how many more runs would settle it
  ✓ no worse     shown to be worse by less than the minimum effect, if at all

Formats:
  terminal   for people                       markdown   a comment for a pull request; its first line is a marker
  html       a page that needs no network     junit      a case a metric
  json       the comparison                   github     annotations of GitHub Actions; where GITHUB_STEP_SUMMARY is set,
                                                         the Markdown goes to the summary of the job as well

A waiver file, YAML or JSON; every waiver of it is told of, be it used, idle, expired or about other commits:
  - metric: micro.*.meanMs          # as reports name it in brackets; * stands for any letters
    commits: 1a2b3c4..5d6e7f8       # of the candidate; "1a2b3c4.." for all after it, "*" for any
    reason: sessions are signed now
    until: 2026-12-31               # may be left out

Exit codes: 0 no worse, or it cannot be told; 1 a regression without a waiver; 2 results that are none or must not be
compared; 3 no verdict, with --strict or of a comparison that was cut short.

Examples:
  sessionlab compare before/result.json after/result.json
  sessionlab compare runs/base runs/candidate --out compared
  sessionlab compare --base a1.json a2.json --candidate b1.json b2.json --min-effect responseP99Ms=20%
  sessionlab compare out/comparison.json --format markdown | gh pr comment --body-file -
Results that lie apart in time share no noise. sessionlab bench --against HEAD~1 lets both sides take turns.
An example workflow for GitHub Actions, with a waiver file, lies in scenarios/ci.`,
    )
    .action(compare);
}

async function compare(
  first: string | undefined,
  second: string | undefined,
  options: CompareCommandOptions,
): Promise<void> {
  const format = formatOf(options);
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const again = second === undefined && first !== undefined ? await readComparison(first, options) : null;
  const comparison = again ?? (await compareSides(first, second, options));
  await print(comparison, format, options);
  if (options.out !== undefined) {
    const paths = await writeComparison(comparison, options.out);
    (format === "terminal" ? process.stdout : process.stderr).write(paths.map((file) => `${file}\n`).join(""));
  }
  process.exitCode = comparisonExitCode(comparison, options.strict === true);
}

function formatOf({ format = "terminal", json }: CompareCommandOptions): Format {
  if (json !== true) return format;
  if (format === "json" || format === "terminal") return "json";
  const expected = `--json or --format ${format}, not both`;
  throw new InputError("Cannot compare", [{ at: "--json", given: "true", expected, mend: "leave one out" }]);
}

/** null where what was named is one side alone. */
async function readComparison(named: string, options: CompareCommandOptions): Promise<Comparison | null> {
  const file = await comparisonIn(named);
  if (file === null) return null;
  const text = await readInput(file, `Cannot read comparison "${file}"`);
  if (claimsResults(text)) return null;
  const comparison = parseComparison(text, file);
  refuseUnheeded(options);
  return comparison;
}

/** A file itself, of a folder its comparison.json; null where it has none. */
async function comparisonIn(named: string): Promise<string | null> {
  const found = async (file: string) => stat(file).catch(() => null);
  if ((await found(named))?.isDirectory() !== true) return named;
  const file = path.join(named, "comparison.json");
  return (await found(file)) === null ? null : file;
}

function claimsResults(text: string): boolean {
  try {
    const raw: unknown = JSON.parse(text);
    return Array.isArray(raw) || (raw as { schema?: unknown } | null)?.schema === RUN_RESULT_SCHEMA;
  } catch {
    return false;
  }
}

/** What makes a comparison cannot change one that is made. */
function refuseUnheeded({ base, candidate, force, waivers, minEffect, noiseFile, seed }: CompareCommandOptions): void {
  const given = Object.entries({ base, candidate, force, waivers, minEffect, noiseFile, seed })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => flagOf(name));
  if (given.length === 0) return;
  const expected = "none of them beside a comparison that is made";
  const mend = "leave them out, or name the results it was made of";
  throw new InputError("Cannot compare", [{ at: "the options", given: given.join(", "), expected, mend }]);
}

async function compareSides(
  first: string | undefined,
  second: string | undefined,
  options: CompareCommandOptions,
): Promise<Comparison> {
  const named = namedSides(first, second, options);
  const waivers = options.waivers === undefined ? [] : await readWaivers(options.waivers);
  const { base, candidate } = await readSides(named.base, named.candidate);
  const commits = candidate.runs.map(({ environment }) => environment.commit);
  const comparison = compareRuns(base.runs, candidate.runs, {
    names: { base: base.name, candidate: candidate.name },
    seed: options.seed ?? SEED_DEFAULT,
    command: commandLine(),
    complete: true,
    force: options.force === true,
    waivers,
    today: new Date().toISOString().slice(0, "2026-12-31".length),
    covers: await waiverCommits(waivers, commits),
    noise: await noiseOf(base.runs[0]!, options.noiseFile),
    minimumEffects: options.minEffect,
  });
  expectMetrics(options.minEffect ?? {}, comparison);
  return comparison;
}

/** A file that was named and is about another machine or run is handed on, for the comparison to say that it was of no use. */
async function noiseOf(run: RunResult, file: string | undefined): Promise<NoiseFloors | null> {
  const known = await readNoise(noiseAbout(run), file);
  if (known !== null || file === undefined) return known;
  return parseNoise(await readInput(file, "Cannot use the noise file"), file);
}

function namedSides(first: string | undefined, second: string | undefined, options: CompareCommandOptions) {
  const problem = (at: string, given: string, expected: string, mend: string): Problem => ({
    at,
    given,
    expected,
    mend,
  });
  if (first !== undefined && (options.base ?? options.candidate) !== undefined) {
    const given = "given as an argument and as an option";
    const mend = "leave one out";
    throw new InputError("Cannot compare", [problem("a side", given, "one of both", mend)]);
  }
  const base = options.base ?? (first === undefined ? [] : [first]);
  const candidate = options.candidate ?? (second === undefined ? [] : [second]);
  const missing = Object.entries({ base, candidate }).filter(([, files]) => files.length === 0);
  if (missing.length === 0) return { base, candidate };
  const mend = "sessionlab compare base.json candidate.json";
  throw new InputError(
    "Cannot compare",
    missing.map(([side]) => problem(side, "", "a result, or a folder of results", mend)),
  );
}

async function print(comparison: Comparison, format: Format, { all }: CompareCommandOptions): Promise<void> {
  if (format === "terminal") {
    process.stdout.write(renderComparison(comparison, { ...terminal(), all }));
    return;
  }
  process.stdout.write(format === "html" ? await comparisonPage(comparison) : renderComparisonText(format, comparison));
  // Whatever a file or a pipe takes, whoever watches sees how it came out.
  process.stderr.write(`${verdictWord(comparison)}  ${whoAgainstWhom(comparison)}\n`);
  if (format === "github") await writeJobSummary(comparison);
}

/** On the page of a run, where annotations alone would have no table; a summary that cannot be written spoils nothing. */
async function writeJobSummary(comparison: Comparison): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY ?? "";
  if (file === "") return;
  try {
    await appendFile(file, renderComparisonText("markdown", comparison));
  } catch (error) {
    process.stderr.write(`The summary of the job was not written: ${(error as Error).message}\n`);
  }
}
