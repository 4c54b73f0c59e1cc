// What a sweep or a plan varies: keys of the scenario file, as a user writes them, each with the values it takes. A changed file goes
// through the same schema as any other, so that a value that cannot be is refused where it was asked for.

import { power } from "./elementary.ts";
import { InputError, type Problem } from "./problem.ts";
import { modeOfProvider } from "./resolve-scenario.ts";
import type { StoreProvider } from "./scenario.ts";
import { isWholeKey } from "./whole-keys.ts";

export type VariedValue = number | string | boolean;

/** One key and its values, in the order given. */
export interface Axis {
  /** As in the file: "site.sessionsMax", "workload.arrivals.perSecond". */
  readonly key: string;
  readonly values: readonly VariedValue[];
}

/** One key with one value. */
export interface Change {
  readonly key: string;
  readonly value: VariedValue;
}

/** More are no grid that anybody reads. */
const VALUES_MAX = 10_000;
const RANGE = /^(-?[\d.]+(?:e-?\d+)?)\s*\.\.\s*(-?[\d.]+(?:e-?\d+)?)\s*(?:\/\s*(\d+)\s*(log)?)?$/i;
const KEY = /^[a-zA-Z]+(\.[a-zA-Z]+|\[\d+\])*$/;

/**
 * @param text "site.sessionsMax=20000..100000/9": nine values, evenly from one end to the other; "/9log": evenly on a logarithmic
 *   scale; "site.mode=InProc,StateServer": those named. Ranges and names may be mixed: "1,2,4..16/4".
 * @param option the option it came with, for the message.
 * @throws InputError
 */
export function parseAxis(text: string, option = "--vary"): Axis {
  const refuse = (given: string, expected: string, mend: string) =>
    new InputError("Cannot vary", [{ at: option, given: `"${given}"`, expected, mend }]);
  const equals = text.indexOf("=");
  const key = text.slice(0, Math.max(0, equals)).trim();
  if (!KEY.test(key)) {
    throw refuse(
      text,
      "a key of the scenario file, =, values",
      "write site.sessionsMax=1000..9000/9 or site.mode=InProc,Off",
    );
  }
  const values = text
    .slice(equals + 1)
    .split(",")
    .flatMap((part): readonly VariedValue[] => {
      const word = part.trim();
      if (word === "")
        throw refuse(text, "a value before and after each comma", "take the comma out, or add the value");
      const range = RANGE.exec(word);
      if (range === null) return [plainValue(word)];
      const between = spread(range, refuse);
      // Of a key that holds whole numbers, what a range puts between them is rounded, and what then comes twice is there once.
      return isWholeKey(key) && between[0] >= 1 ? [...new Set(between.map((one) => Math.round(one)))] : between;
    });
  const doubled = values.find((value, i) => values.indexOf(value) < i);
  if (doubled !== undefined) throw refuse(text, "each value once", `leave out one ${doubled}`);
  return { key, values };
}

/** @param text "site.sessionsMax=700". @throws InputError for anything but a key and one value. */
export function parseChange(text: string, option: string): Change {
  const { key, values } = parseAxis(text, option);
  if (values.length === 1) return { key, value: values[0] };
  const expected = "a key and one value";
  throw new InputError("Cannot vary", [
    { at: option, given: `"${text}"`, expected, mend: `write ${key}=${values[0]}, or sweep over several` },
  ]);
}

/** @throws InputError for a key that two axes share, naming it. */
export function expectDistinctKeys(axes: readonly Axis[], option = "--vary"): void {
  const problems: Problem[] = [];
  for (const [i, { key }] of axes.entries()) {
    if (axes.findIndex((axis) => axis.key === key) === i) continue;
    problems.push({
      at: option,
      given: `${key} twice`,
      expected: "each key once",
      mend: "put its values into one list",
    });
  }
  if (problems.length > 0) throw new InputError("Cannot vary", problems);
}

/** Every combination; the last axis changes fastest. */
export function gridOf(axes: readonly Axis[]): readonly (readonly Change[])[] {
  return axes.reduce<readonly (readonly Change[])[]>(
    (points, { key, values }) => points.flatMap((point) => values.map((value) => [...point, { key, value }])),
    [[]],
  );
}

function plainValue(word: string): VariedValue {
  if (word === "true" || word === "false") return word === "true";
  return word !== "" && Number.isFinite(Number(word)) ? Number(word) : word;
}

function spread(
  [word, from, to, steps, log]: RegExpExecArray,
  refuse: (given: string, expected: string, mend: string) => InputError,
): readonly number[] {
  const [low, high] = [Number(from), Number(to)];
  const count = Number(steps ?? 0);
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw refuse(word, "two numbers around ..", "mend the number");
  if (low >= high)
    throw refuse(
      word,
      "a range that goes up: its low end, .., its high end",
      `write ${to}..${from}${steps === undefined ? "" : `/${steps}${log ?? ""}`}`,
    );
  if (steps === undefined) throw refuse(word, "how many values the range has", `write ${word}/5`);
  if (count < 2 || count > VALUES_MAX) throw refuse(word, `2 to ${VALUES_MAX} values`, "change the number after /");
  if (log !== undefined && low <= 0)
    throw refuse(word, "ends above 0 on a logarithmic scale", "leave log out, or begin above 0");
  return Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    const value = log === undefined ? low + (high - low) * share : low * power(high / low, share);
    return i === count - 1 ? high : Number(value.toPrecision(12));
  });
}

/**
 * The data of a scenario file with some of its keys changed; groups that are left out are made. Where the mode changes and no store is
 * named with it, a store that does not go with the mode is dropped; where a store is named and no mode, the mode is the store's.
 */
export function changeTree(raw: unknown, changes: readonly Change[]): unknown {
  if (changes.length === 0 || typeof raw !== "object" || raw === null) return raw;
  const tree = structuredClone(raw) as Record<string, unknown>;
  for (const { key, value } of changes) {
    set(tree, stepsOf(key), value);
  }
  const named = (key: string) => changes.find((change) => change.key === key)?.value;
  const store = tree.store as Record<string, unknown> | undefined;
  const provider = store?.provider as StoreProvider | undefined;
  if (named("store.provider") !== undefined && named("site.mode") === undefined && provider !== undefined) {
    const mode = modeOfProvider[provider];
    if (mode !== undefined) set(tree, ["site", "mode"], mode);
  } else if (named("site.mode") !== undefined && named("store.provider") === undefined && provider !== undefined) {
    if (modeOfProvider[provider] !== named("site.mode")) {
      for (const key of ["provider", "connection", "module"]) delete store?.[key];
    }
  }
  return tree;
}

/** "workload.pages[0].cpuMs" → ["workload", "pages", 0, "cpuMs"]. */
export function stepsOf(key: string): readonly (string | number)[] {
  return [...key.matchAll(/([a-zA-Z]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

function set(tree: Record<string | number, unknown>, steps: readonly (string | number)[], value: VariedValue): void {
  let group = tree;
  for (const step of steps.slice(0, -1)) {
    const below = group[step];
    if (typeof below !== "object" || below === null) group[step] = {};
    group = group[step] as Record<string | number, unknown>;
  }
  group[steps[steps.length - 1]] = value;
}
