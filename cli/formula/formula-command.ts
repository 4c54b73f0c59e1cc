// One formula as a command: its arguments read and refused like any other input, its answer printed with the equation and its source,
// so that who uses the figure can check it.

import { styleText } from "node:util";
import { Command, Option } from "commander";
import { InputError, type Problem } from "../../config/problem.ts";
import { wrap } from "../../reports/text-table.ts";
import { flagOf } from "../options.ts";
import { terminal } from "../terminal.ts";

export interface Argument {
  /** As the formula calls it: "serviceSeconds" is given as --service-seconds. */
  readonly name: string;
  readonly about: string;
  /** number: also as a percentage, "1%". numbers: several, separated by commas. flag: given or not. Else: one of these words. */
  readonly kind?: "number" | "numbers" | "flag" | readonly string[];
  readonly needed?: true;
}

export interface Answer {
  readonly key: string;
  readonly value: number | readonly number[] | null;
  /** What follows the figure: "s", "/s"; for a share its percentage is added. */
  readonly unit?: string;
  /** Why there is no value. */
  readonly why?: string;
}

export interface Formula<Given> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly equation: string;
  readonly source: string;
  /** Arguments only. */
  readonly examples: readonly string[];
  /** May throw InputError in the names of the arguments. */
  readonly solve: (given: Given) => readonly Answer[];
}

export function formulaCommand<Given extends object>(formula: Formula<Given>): Command {
  const command = new Command(formula.name)
    .summary(formula.summary)
    .description(`${formula.title}: ${formula.summary}`);
  for (const argument of formula.arguments) command.addOption(optionOf(argument));
  return command
    .option("--json", "machine-readable, on standard output")
    .addHelpText("after", `\n${formula.equation}\nSource: ${formula.source}\n\nExamples:\n${examplesOf(formula)}`)
    .action(({ json, ...given }: { readonly json?: true }) => {
      const answers = solve(formula, given as Given);
      process.stdout.write(json === true ? asJson(formula, given, answers) : asText(formula, given, answers));
    });
}

function solve<Given extends object>(formula: Formula<Given>, given: Given): readonly Answer[] {
  const action = `Cannot work out ${formula.title}`;
  const missing = formula.arguments.filter(({ name, needed }) => needed === true && !(name in given));
  if (missing.length > 0) {
    const problems = missing.map(({ name, about }) => ({
      at: flagOf(name),
      given: "",
      expected: about,
      mend: "give it",
    }));
    throw new InputError(action, problems);
  }
  try {
    return formula.solve(given);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const known = formula.arguments.map(({ name }) => name);
    throw new InputError(
      action,
      error.problems.map((problem) => inFlags(problem, known)),
    );
  }
}

/** A formula speaks of its arguments, the user of his options. */
function inFlags(problem: Problem, known: readonly string[]): Problem {
  const at = problem.at
    .split(" ")
    .map((word) => (known.includes(word) ? flagOf(word) : word))
    .join(" ");
  return { ...problem, at };
}

/** @throws InputError unless all but one of the arguments are given, so that the one left out is what is asked. */
export function leftOut(title: string, given: object, names: readonly string[]): string {
  const absent = names.filter((name) => !(name in given));
  if (absent.length === 1) return absent[0];
  const all = names.map(flagOf).join(", ");
  const stated = names.filter((name) => name in given).map(flagOf);
  throw new InputError(`Cannot work out ${title}`, [
    {
      at: "the choice of options",
      given: stated.length === 0 ? "empty" : stated.join(", "),
      expected: `all but one of ${all}`,
      mend: "leave out the one you ask for",
    },
  ]);
}

function optionOf({ name, about, kind = "number" }: Argument): Option {
  const flag = flagOf(name);
  if (kind === "flag") return new Option(flag, about);
  if (kind === "number") return new Option(`${flag} <number>`, about).argParser((text) => numberOf(flag, text));
  if (kind === "numbers") {
    return new Option(`${flag} <numbers>`, about).argParser((text) =>
      text.split(",").map((one) => numberOf(flag, one)),
    );
  }
  return new Option(`${flag} <word>`, about).choices(kind);
}

function numberOf(flag: string, text: string): number {
  const [, digits, percent] = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%?)\s*$/i.exec(text) ?? [];
  const value = percent === "%" ? Number(digits) / 100 : Number(digits);
  if (digits !== undefined && Number.isFinite(value)) return value;
  throw new InputError("Cannot work out the formula", [
    { at: flag, given: `"${text}"`, expected: "a number, such as 12, 0.05 or 5%", mend: "change it" },
  ]);
}

function examplesOf({ name, examples }: { readonly name: string; readonly examples: readonly string[] }): string {
  return examples.map((example) => `  sessionlab formula ${name} ${example}`).join("\n");
}

function asJson<Given>({ name, equation, source }: Formula<Given>, given: object, answers: readonly Answer[]): string {
  const answer = Object.fromEntries(answers.map(({ key, value }) => [key, value]));
  return `${JSON.stringify({ formula: name, given, answer, equation, source }, null, 2)}\n`;
}

function asText<Given>({ title, equation, source }: Formula<Given>, given: object, answers: readonly Answer[]): string {
  const { columns } = terminal();
  const names = [...Object.keys(given), ...answers.map(({ key }) => key)].map(words);
  const width = Math.max(...names.map((name) => name.length));
  const row = (key: string, text: string) => `  ${words(key).padEnd(width)}  ${text}`;
  const foot = [equation, `Source: ${source}`].flatMap((text) => wrap(`  ${text}`, Math.min(columns, 120), 2));
  const lines = [
    title,
    "",
    ...Object.entries(given).map(([key, value]) => row(key, String(value))),
    "",
    ...answers.map((answer) => styleText("bold", row(answer.key, figure(answer)))),
    "",
    ...foot.map((line) => styleText("dim", line)),
  ];
  return `${lines.join("\n")}\n`;
}

function figure({ value, unit = "", why }: Omit<Answer, "key">): string {
  if (value === null) return `unknown${why === undefined ? "" : `: ${why}`}`;
  if (typeof value !== "number") return value.map((one) => figure({ value: one, unit })).join(", ");
  if (unit === "share") return `${plain(value)} (${plain(value * 100)} %)`;
  return unit === "" || unit.startsWith("/") ? `${plain(value)}${unit}` : `${plain(value)} ${unit}`;
}

/** Whole numbers whole, others to seven significant digits. */
function plain(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(7)));
}

/** "refusedShare" reads as "refused share". */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
