// What the groups of a scenario file are put together from: numbers with their bounds and a sentence, and rules between values.

import * as z from "zod";

export const positive = (description: string) => z.number().positive().describe(description);
export const share = (description: string) => z.number().min(0).max(1).describe(description);
export const atLeastZero = (description: string) => z.number().min(0).describe(description);
export const count = (description: string, min: number, max: number) => z.int().min(min).max(max).describe(description);

/** A rule between the values of one group; its `path` is where the user should look. */
export interface Breach {
  readonly path: (string | number)[];
  readonly given: string;
  readonly expected: string;
  readonly mend: string;
}

export function rules<T>(breachesOf: (value: T) => (Breach | false)[]): z.core.CheckFn<T> {
  return ({ value, issues }) => {
    for (const breach of breachesOf(value)) {
      if (breach !== false) issues.push({ code: "custom", input: value, path: breach.path, params: { ...breach } });
    }
  };
}

const rising = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]);

export const inOrder = (key: string, values: readonly number[]): Breach | false =>
  !rising(values) && { path: [key], given: "not in order", expected: "numbers that rise", mend: "sort them" };
