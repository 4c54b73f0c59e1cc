// npm run bench:engine: how fast the engine runs, in a process of its own each time, beside simulators that others wrote, all of them
// taking turns.

import { Command } from "commander";
import { describeEnvironment } from "../cli/environment.ts";
import { missesTarget, RUN_INVALID, TARGET_MISSED } from "../cli/exit-codes.ts";
import { interruptible } from "../cli/interruptible.ts";
import { wholeNumber } from "../cli/options.ts";
import { packageVersion } from "../cli/package-root.ts";
import { terminal } from "../cli/terminal.ts";
import { expectWritableFolder, writeAsked } from "../cli/write-report.ts";
import { InputError } from "../config/problem.ts";
import type { RunResult } from "../metrics/run-result.ts";
import { summariseStudy } from "../metrics/summarise-study.ts";
import { stringifyResult } from "../reports/result-file.ts";
import { renderTerminal } from "../reports/terminal.ts";
import { textTable } from "../reports/text-table.ts";
import { type EngineCaseKind, engineCases, simpyVersion } from "./engine/cases.ts";
import { engineFigures, engineStudy, engineTargets } from "./engine/engine-study.ts";
import { type CaseReadings, runRounds } from "./engine/rounds.ts";
import { runCommand } from "./run-command.ts";
import { yardstickScenario } from "./yardstick.ts";

interface EngineOptions {
  readonly rounds: number;
  readonly cases?: readonly EngineCaseKind[];
  readonly rivals: boolean;
  readonly hours?: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly quiet?: boolean;
}

const HOURS_MAX = 100;
/** Rounds of the same work on a machine at rest lie within some tenths of each other. */
const UNSTEADY_SHARE = 0.5;

async function bench(options: EngineOptions): Promise<void> {
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const asked = options.cases ?? engineCases.filter(({ rival }) => options.rivals || !rival);
  const missing = asked.flatMap((kind) => kind.missing() ?? []);
  const startedAt = new Date();
  const beganMs = performance.now();
  const { rounds, hours = null, seed, quiet = false } = options;
  const cases = asked.filter((kind) => kind.missing() === null);
  const found = await interruptible("bench:engine", quiet, (signal, tell) =>
    runRounds({ cases, rounds, hours, seed, signal, tell }),
  );
  const tookMs = performance.now() - beganMs;
  const result = resultOf(found, missing, seed, startedAt, tookMs);
  const text = renderTerminal([result], terminal());
  process.stdout.write(options.json === true ? stringifyResult(result) : `${text}${roundByRound(result)}`);
  await writeAsked([result], options);
  if (!result.complete) process.exitCode = RUN_INVALID;
  else if (missesTarget([result])) process.exitCode = TARGET_MISSED;
}

function resultOf(
  found: readonly CaseReadings[],
  missing: readonly string[],
  seed: number,
  startedAt: Date,
  tookMs: number,
): RunResult {
  const study = engineStudy(found);
  const targets = engineTargets(found);
  const complete = found.every(({ readings }) => readings.every((reading) => reading !== null));
  const unsteady = study.cases.filter(({ eventsPerSecond: { value, interval } }) => {
    return interval !== null && interval.high - interval.low > UNSTEADY_SHARE * value;
  });
  const simpy = found.some(({ kind }) => kind.name === "simpy") ? ` SimPy is ${simpyVersion()}.` : "";
  return summariseStudy({
    scenario: { ...yardstickScenario({ seed }), targets },
    store: null,
    label: `sessionlab ${packageVersion}`,
    settings: null,
    command: ["npm run bench:engine --", ...process.argv.slice(2)].join(" "),
    study,
    figures: engineFigures(study, targets),
    complete,
    tookMs,
    auditVerdict: !complete || unsteady.length > 0 ? "doubtful" : "valid",
    auditFindings: [
      `Events: ${[...new Set(study.cases.map(({ events }) => events))].join("; ")}.${simpy}`,
      "Arrays are what process.memoryUsage() counts as arrayBuffers, at most, beyond what was held before the run.",
      ...missing.map((why) => `Left out: ${why}.`),
      ...(unsteady.length === 0
        ? []
        : [
            `Rounds lie more than ${UNSTEADY_SHARE * 100} % of their median apart (${unsteady.map(({ name }) => name).join(", ")}): ` +
              "the machine had other work; believe the ratios of one round rather than the speeds.",
          ]),
    ],
    environment: describeEnvironment(startedAt, tookMs / 1000),
  });
}

/** How often longer each rival took for an event than W2 of ours, the whole process, so that nobody has to believe a median. */
function roundByRound({ study }: RunResult): string {
  if (study?.kind !== "engine") return "";
  const rows = study.cases
    .filter(({ name, roundsWholeTimesW2 }) => roundsWholeTimesW2.length > 0 && isRival(name))
    .map(({ label, roundsWholeTimesW2 }) => ({
      head: label,
      cells: roundsWholeTimesW2.map((times) => times.toFixed(1)),
    }));
  if (rows.length === 0) return "";
  const most = Math.max(...rows.map(({ cells }) => cells.length));
  const heads = Array.from({ length: most }, (_, round) => `round ${round + 1}`);
  const even = rows.map(({ head, cells }) => ({ head, cells: heads.map((_, round) => cells[round] ?? "") }));
  return `\n${["Time an event over that of our W2, whole process", ...textTable(heads, even, terminal().columns)].join("\n")}\n`;
}

const isRival = (name: string) => engineCases.some((kind) => kind.rival && kind.name === name);

function caseList(text: string): readonly EngineCaseKind[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !engineCases.some((kind) => kind.name === name));
  if (unknown.length > 0) {
    const expected = engineCases.map(({ name }) => name).join(", ");
    const problems = unknown.map((name) => ({ at: "--cases", given: `"${name}"`, expected, mend: "change it" }));
    throw new InputError("Cannot run", problems);
  }
  return engineCases.filter(({ name }) => names.includes(name));
}

function hoursToRun(text: string): number {
  const hours = Number(text);
  if (text.trim() !== "" && hours > 0 && hours <= HOURS_MAX) return hours;
  const expected = `a number above 0, at most ${HOURS_MAX}`;
  throw new InputError("Cannot run", [{ at: "--hours", given: `"${text}"`, expected, mend: "change it" }]);
}

await runCommand(
  new Command("bench:engine")
    .description("how many events a second the engine simulates, beside simulators that others wrote; all take turns")
    .option("--rounds <n>", "in each every case runs once, in a process of its own", wholeNumber("--rounds", 1, 100), 6)
    .option(
      "--cases <names>",
      `only these, separated by commas: ${engineCases.map(({ name }) => name).join(", ")}`,
      caseList,
    )
    .option("--no-rivals", "only our own")
    .option("--hours <n>", "simulated hours of every case; speeds of a short run are not judged", hoursToRun)
    .option("--seed <n>", "of every run", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER), 1)
    .option("--json", "print the result as JSON")
    .option("--out <dir>", "write result.json and report.html there")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Takes about ten minutes on a machine with nothing else to do; --rounds 1 is a quick look, without intervals.
Exit codes: 0 all that is asked was met, 1 some was missed, 2 the input was wrong, 3 cut short.`,
    )
    .action(bench),
);
