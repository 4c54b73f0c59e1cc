// sessionlab history add: results of runs go down in history, each as one small entry. Only whole and valid runs do.

import { Command } from "commander";
import { InputError, type Problem } from "../../config/problem.ts";
import { entryOf } from "../../metrics/history/entry-of.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { parseResults } from "../../reports/result-file.ts";
import { readInput } from "../load-scenario.ts";
import { addEntries, type NewEntry } from "./history-add.ts";
import { openStore, type StoreOptions } from "./open-history.ts";

interface AddCommandOptions extends StoreOptions {
  readonly allowOlder?: boolean;
  readonly json?: boolean;
}

export function historyAddCommand(): Command {
  return new Command("add")
    .summary("add results of runs")
    .description("adds each result as one small JSON with its figures; all of them, or none where one is refused")
    .argument("<result.json...>", "results as simulate and bench write them")
    .option("--dir <dir>", "the directory of the history; made where it does not exist")
    .option("--branch <name>", "instead: a branch of the repository at hand, made where it does not exist")
    .option("--allow-older", "take runs that are older than the newest of their kind, where their time says")
    .option("--json", "print the names of the new files as a JSON list")
    .addHelpText(
      "after",
      `
A run that is there already, was cut short or is invalid is refused, and so is one that is older than the newest run of its
kind or of a commit that comes before it: the clock may have gone backwards. Nothing there is ever changed.
A branch is moved without touching the working tree; pushing it is up to you.

Exit codes: 0 added, 2 nothing was added.

Examples:
  sessionlab history add out/result.json --dir history
  sessionlab history add out/*.json --branch sessionlab-history && git push origin sessionlab-history`,
    )
    .action(async (files: string[], options: AddCommandOptions) => {
      const store = openStore(options, "Nothing was added");
      const added = await readRuns(files);
      const { places } = await addEntries(store, added, {
        newOnly: false,
        allowOlder: options.allowOlder === true,
        message: `Add ${added.length === 1 ? "a run" : `${added.length} runs`} of ${namesOf(added)}`,
      });
      process.stdout.write(options.json === true ? `${JSON.stringify(places)}\n` : `${places.join("\n")}\n`);
      if (store.afterwards !== null) process.stderr.write(`${store.afterwards}\n`);
    });
}

export function namesOf(entries: readonly NewEntry[]): string {
  const names = [...new Set(entries.map(({ entry }) => entry.scenario))];
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and others` : names.join(", ");
}

/** All files are read before any is complained about. */
async function readRuns(files: readonly string[]): Promise<readonly NewEntry[]> {
  const problems: Problem[] = [];
  const added: NewEntry[] = [];
  for (const from of files) {
    try {
      for (const result of parseResults(await readInput(from, `Cannot read result "${from}"`), from)) {
        const objection = objectionTo(result, from);
        if (objection === null) added.push({ entry: entryOf(result), from });
        else problems.push(objection);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError("Nothing was added", problems);
  return added;
}

/** What would be in the way of every later comparison. */
function objectionTo(result: RunResult, file: string): Problem | null {
  const at = `the run of "${result.scenario.name}", ${result.label}`;
  const expected = "a whole, valid run";
  const { audit, complete, environment, figures } = result;
  if (!complete) return { at, given: "cut short", expected, mend: "run it again to its end", file };
  if (audit.verdict === "invalid") {
    const given = `invalid (${audit.findings.join(" ")})`;
    return { at, given, expected, mend: "see to what its audit found, and run it again", file };
  }
  if (Number.isNaN(Date.parse(environment.startedAt))) {
    const given = JSON.stringify(environment.startedAt);
    return { at: "environment.startedAt", given, expected: "a moment", mend: "run it again", file };
  }
  if (figures.some(({ value }) => value !== null)) return null;
  return { at, given: "without figures", expected, mend: "run it again, for longer", file };
}
