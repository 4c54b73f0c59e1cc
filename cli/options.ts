// The values that options take, read once and refused with the same kind of message as any other input.

import { maskSecrets } from "../config/connection-strings.ts";
import { InputError } from "../config/problem.ts";
import { type StoreOperation, type StoreProvider, storeOperations, storeProviders } from "../config/scenario.ts";
import { type SessionMode, sessionModes } from "../config/session-settings.ts";
import { type Change, parseChange } from "../config/vary.ts";
import { type BenchDriverName, benchDriverNames } from "../metrics/run-result.ts";
import { providerNamed } from "./bench/named-providers.ts";

/** A parser for commander: a whole number within bounds. */
export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    const expected = `a whole number from ${min} to ${max}`;
    throw new InputError("Cannot run", [{ at: option, given: `"${text}"`, expected, mend: "change it" }]);
  };
}

/** A parser for commander: a number above 0, such as 0.5. */
export function positiveNumber(option: string, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^(\d+\.?\d*|\.\d+)$/.test(text) && value > 0 && value <= max) return value;
    const expected = `a number above 0, at most ${max}`;
    throw new InputError("Cannot run", [{ at: option, given: `"${text}"`, expected, mend: "change it" }]);
  };
}

/** A parser for commander: whole numbers within bounds, separated by commas. */
export function wholeNumbers(option: string, min: number, max: number): (text: string) => number[] {
  const one = wholeNumber(option, min, max);
  return (text) => text.split(",").map(one);
}

/** A parser for commander: one driver of the bench by name. */
export function oneDriver(text: string): BenchDriverName {
  return oneOf("--driver", benchDriverNames, text);
}

/** A parser for commander: one mode. */
export function oneMode(text: string): SessionMode {
  return oneOf("--mode", sessionModes, text);
}

/** A parser for commander: one provider by name. */
export function oneProvider(text: string): StoreProvider {
  return providerNamed(text) ?? oneOf("--provider", storeProviders, text);
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InputError("Cannot run", [
    { at: option, given: `"${text}"`, expected: known.join(", "), mend: "change it" },
  ]);
}

/** A parser for commander: calls of a provider, separated by commas. */
export function operationList(text: string): StoreOperation[] {
  return text.split(",").map((name) => oneOf("--operations", storeOperations, name.trim()));
}

/** A parser for commander: modes, separated by commas; one that is named twice counts once. */
export function modeList(text: string): SessionMode[] {
  const modes = text.split(",").map((name) => {
    const mode = sessionModes.find((known) => known === name.trim());
    if (mode !== undefined) return mode;
    const expected = `${sessionModes.join(", ")}, separated by commas`;
    throw new InputError("Cannot run", [{ at: "--mode", given: `"${name}"`, expected, mend: "change it" }]);
  });
  return [...new Set(modes)];
}

/** "requestsMax", as commander names it, is --requests-max. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The command as it was given, so that a report can say how to repeat the run; secrets in it are masked. */
export function commandLine(): string {
  const words = process.argv.slice(2).map(maskSecrets).map(quoted);
  return ["sessionlab", ...words].join(" ");
}

/** For a shell. One must not carry out what stands in the name of a file. */
function quoted(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  return /[$`\\!"]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : JSON.stringify(word);
}

/** A parser for commander, of an option that may come again: "site.sessionsMax=700". @throws InputError */
export function changeList(text: string, before: readonly Change[] = []): readonly Change[] {
  return [...before, parseChange(text, "--set")];
}
