// npm run bench:self: has this project become worse since its last release, or since the commit before? The engine and the calls of every
// store, each in turns with its past; one table of all verdicts.

import { Command } from "commander";
import { commitNamed } from "../bench/against/git.ts";
import { RUN_INVALID, TARGET_MISSED } from "../cli/exit-codes.ts";
import { interruptible } from "../cli/interruptible.ts";
import { positiveNumber, wholeNumber } from "../cli/options.ts";
import { packageRoot } from "../cli/package-root.ts";
import { terminal } from "../cli/terminal.ts";
import { expectWritableFolder, writeFiles } from "../cli/write-report.ts";
import { InputError } from "../config/problem.ts";
import { stringifyComparison } from "../reports/comparison/comparison-file.ts";
import { runCommand } from "./run-command.ts";
import type { PartAsked, SelfPart } from "./self/part.ts";
import { selfParts } from "./self/parts.ts";
import { usualReference } from "./self/reference.ts";
import { type PartOutcome, renderSelf } from "./self/self-table.ts";

interface SelfOptions {
  readonly against?: string;
  readonly budgetMinutes: number;
  readonly blocksMax?: number;
  readonly only?: readonly SelfPart[];
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const BUDGET_MINUTES = 22;
const BUDGET_MOST = 10_000;

async function benchSelf(options: SelfOptions): Promise<void> {
  // Worktrees stand for the folder one works in.
  process.chdir(packageRoot);
  if (options.out !== undefined) await expectWritableFolder(options.out);
  const ref = options.against ?? (await usualReference(packageRoot));
  await commitNamed(packageRoot, ref);
  const parts = options.only ?? selfParts;
  let isCutShort = false;
  const outcomes = await interruptible("bench:self", options.quiet ?? false, async (signal, tell) => {
    const done = await compareParts(parts, ref, options, signal, tell);
    isCutShort = signal.aborted;
    return done;
  });
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ against: ref, complete: !isCutShort, parts: outcomes }, null, 2)}\n`
      : renderSelf(ref, outcomes, terminal()),
  );
  if (options.out !== undefined) {
    const files = outcomes.flatMap(({ name, comparison }) =>
      comparison === null ? [] : [{ name: `${name}.json`, text: stringifyComparison(comparison) }],
    );
    await writeFiles(files, `${options.out}/`);
  }
  const isWorse = outcomes.some(({ comparison }) => comparison?.verdict === "regressed");
  const isPartial = isCutShort || outcomes.some(({ comparison }) => comparison === null);
  if (isWorse) process.exitCode = TARGET_MISSED;
  else if (isPartial) process.exitCode = RUN_INVALID;
}

/** A part that has its verdicts early leaves its time to those that follow. */
async function compareParts(
  parts: readonly SelfPart[],
  ref: string,
  { budgetMinutes, blocksMax, seed }: SelfOptions,
  signal: AbortSignal,
  tell: (share: number, note: string) => void,
): Promise<readonly PartOutcome[]> {
  const beganMs = performance.now();
  const spentMinutes = () => (performance.now() - beganMs) / 60_000;
  const outcomes: PartOutcome[] = [];
  for (const [number, part] of parts.entries()) {
    const { name, weight } = part;
    const weightLeft = parts.slice(number).reduce((sum, one) => sum + one.weight, 0);
    const startMinutes = spentMinutes();
    const ownMinutes = Math.max(OWN_MINUTES_MIN, ((budgetMinutes - startMinutes) * weight) / weightLeft);
    const asked = {
      ref,
      seed,
      budgetMinutes: ownMinutes,
      ...(blocksMax === undefined ? {} : { blocksMax }),
      signal,
      tell: (share: number, note: string) =>
        tell((startMinutes + share * ownMinutes) / budgetMinutes, `${name}: ${note}`),
    };
    outcomes.push(signal.aborted ? { name, comparison: null, leftOut: CUT_SHORT } : await comparePart(part, asked));
  }
  return outcomes;
}

const CUT_SHORT = "cut short before there was anything to compare";
/** However late it is: a block or two, so that nothing goes unmeasured without a word. */
const OWN_MINUTES_MIN = 0.5;

/** What cannot be run is named and left out. */
async function comparePart({ name, compare }: SelfPart, asked: PartAsked): Promise<PartOutcome> {
  try {
    const comparison = await compare(asked);
    return { name, comparison, leftOut: comparison === null ? CUT_SHORT : null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name, comparison: null, leftOut: error.message };
  }
}

function partList(text: string): readonly SelfPart[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !selfParts.some((part) => part.name === name));
  if (unknown.length > 0) {
    const expected = selfParts.map(({ name }) => name).join(", ");
    const problems = unknown.map((name) => ({ at: "--only", given: `"${name}"`, expected, mend: "change it" }));
    throw new InputError("Cannot run", problems);
  }
  return selfParts.filter(({ name }) => names.includes(name));
}

await runCommand(
  new Command("bench:self")
    .description("this project against its last release, or the commit before: the engine and the calls of every store")
    .option("--against <commit>", "another commit, branch or tag")
    .option(
      "--budget-minutes <n>",
      "for all parts together",
      positiveNumber("--budget-minutes", BUDGET_MOST),
      BUDGET_MINUTES,
    )
    .option(
      "--blocks-max <n>",
      "of four runs, for each part (default: no limit)",
      wholeNumber("--blocks-max", 1, 1_000),
    )
    .option("--only <parts>", `some, separated by commas: ${selfParts.map(({ name }) => name).join(", ")}`, partList)
    .option("--seed <n>", "of the order of turns", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER), 1)
    .option("--json", "print all comparisons as JSON")
    .option("--out <dir>", "write a comparison file a part there")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
A part whose program is not installed, or that the other commit does not have, is named and left out.
Exit codes: 0 nothing regressed (or nothing can be told), 1 a regression, 2 the input was wrong, 3 cut short, or parts were left out.`,
    )
    .action(benchSelf),
);
