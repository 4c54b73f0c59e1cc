// What a formula may be given, tested before it is worked out. Planners type these numbers, so a wrong one is the user's mistake:
// an InputError that names every wrong argument, what it is and what was expected.

import { InputError, type Problem } from "../../config/problem.ts";

/** Larger systems would take longer than anybody waits, and tell nothing that this many does not. */
export const COUNT_MAX = 1e12;

/** @throws InputError with all the problems there are. */
export function requireAll(formula: string, tests: readonly (Problem | null)[]): void {
  const problems = tests.filter((problem) => problem !== null);
  if (problems.length > 0) throw new InputError(`Cannot work out ${formula}`, problems);
}

export function whole(at: string, value: number, min = 0, max = COUNT_MAX): Problem | null {
  const holds = Number.isInteger(value) && value >= min && value <= max;
  return holds ? null : wrong(at, value, `a whole number from ${min} to ${max}`);
}

/** Beyond these bounds products of a few numbers would overflow, or vanish; no rate and no time of anything lies there. */
const LARGEST = 1e100;
const SMALLEST = 1e-100;

export function notNegative(at: string, value: number): Problem | null {
  const holds = value === 0 || (value >= SMALLEST && value <= LARGEST);
  return holds ? null : wrong(at, value, `0, or a number from ${SMALLEST} to ${LARGEST}`);
}

export function positive(at: string, value: number): Problem | null {
  const holds = value >= SMALLEST && value <= LARGEST;
  return holds ? null : wrong(at, value, `a number above 0 (${SMALLEST} to ${LARGEST})`);
}

/** A load in erlangs: arrival rate × mean holding time. */
export function load(at: string, value: number): Problem | null {
  return value >= 0 && value <= COUNT_MAX ? null : wrong(at, value, `a number from 0 to ${COUNT_MAX}`);
}

/** What is asked of an inverse for which 1, everybody, has an answer, and 0 has none. */
export function shareAboveZero(at: string, value: number): Problem | null {
  return value > 0 && value <= 1 ? null : wrong(at, value, "a share above 0 and up to 1");
}

/** What is asked of a quantile: no number is large enough for certain. */
export function shareBelowOne(at: string, value: number): Problem | null {
  return value >= 0 && value < 1 ? null : wrong(at, value, "a share from 0 to below 1");
}

/** Neither 0 nor 1: what is asked of an inverse, where either end has no answer or too many. */
export function innerShare(at: string, value: number): Problem | null {
  return value > 0 && value < 1 ? null : wrong(at, value, "a share above 0 and below 1");
}

/** @param given what the load comes to; at `limit` and above, the queue grows without end and there is no balance to describe. */
export function balanced(at: string, given: number, limit: number): Problem | null {
  // What is not a number has been told already.
  return given < limit || Number.isNaN(given) || Number.isNaN(limit)
    ? null
    : wrong(at, given, `below ${limit}, or the queue grows without end`);
}

function wrong(at: string, value: number, expected: string): Problem {
  return { at, given: String(value), expected, mend: "change it" };
}
