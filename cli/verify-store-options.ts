// What verify-store takes as `--rule id` and `--option key=value`, read and refused with all mistakes at once.

import type { Rule } from "../bench/conformance/rule.ts";
import { rules } from "../bench/conformance/rules.ts";
import type { ByteStoreOptions } from "../bench/providers/byte-store.ts";
import { InputError, type Problem } from "../config/problem.ts";
import { suggestion } from "../config/setting-values.ts";

type Reader = (text: string) => string | number | boolean | undefined;

const wholeFrom =
  (least: number): Reader =>
  (text) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : undefined;

const truth: Reader = (text) => ({ true: true, false: false })[text];

interface OptionKind {
  readonly read: Reader;
  readonly expected: string;
}

const optionKinds: Readonly<Record<string, OptionKind>> = {
  minuteMs: { read: wholeFrom(50), expected: "what a minute of session timeout lasts, in ms, at least 50" },
  applicationId: { read: (text) => text || undefined, expected: 'an application id, as "/LM/W3SVC/1/ROOT"' },
  executionTimeoutMs: {
    read: wholeFrom(2_500),
    expected: "ms, at least 2500, so that rules can tell before from after",
  },
  networkTimeoutMs: { read: wholeFrom(1), expected: "ms, at least 1" },
  commandTimeoutMs: { read: wholeFrom(1), expected: "ms, at least 1" },
  connectionRetryMs: { read: wholeFrom(0), expected: "ms; 0 for no retry" },
  allowCustomSqlDatabase: { read: truth, expected: "true or false" },
  compression: { read: truth, expected: "true or false" },
};

/** @throws InputError naming every option that is unknown or has a wrong value. */
export function readStoreOptions(texts: readonly string[]): {
  readonly options: Partial<ByteStoreOptions>;
  readonly compression: boolean;
} {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const text of texts) {
    const [, key, given] = /^([^=]*)=(.*)$/s.exec(text) ?? ["", text, undefined];
    const kind = Object.hasOwn(optionKinds, key!) ? optionKinds[key!] : undefined;
    if (kind === undefined) {
      const known = Object.keys(optionKinds);
      const expected = "an option of stores, as key=value";
      problems.push({ at: "--option", given: `"${key}"`, expected, mend: suggestion(key!, known) });
      continue;
    }
    values[key!] = given === undefined ? undefined : kind.read(given);
    if (values[key!] === undefined) {
      const shown = given === undefined ? "" : `"${given}"`;
      problems.push({ at: `--option ${key}`, given: shown, expected: kind.expected, mend: "change it" });
    }
  }
  if (problems.length > 0) throw new InputError("Cannot verify the store", problems);
  const { compression, ...options } = values;
  return { options, compression: compression === true };
}

/** @returns all rules where none is named. @throws InputError naming every one that there is not. */
export function readRules(ids: readonly string[] | undefined): readonly Rule[] {
  if (ids === undefined) return rules;
  const known = rules.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new InputError(
      "Cannot verify the store",
      unknown.map((id) => ({
        at: "--rule",
        given: `"${id}"`,
        expected: "the id of a rule",
        mend: suggestion(id, known),
      })),
    );
  }
  return rules.filter(({ id }) => ids.includes(id));
}
