// A length of time in a unit that cannot be meant: who writes 0.0003 minutes had milliseconds in mind. The message says what it would be.

import type { Problem } from "./problem.ts";

const unitMs = { Minutes: 60_000, Seconds: 1_000 } as const;
const UNIT = /(Minutes|Seconds|Ms|Hours)$/;

/** The problem, of a time that is a fraction of its unit and was refused, with that time in smaller units. */
export function inMeantUnits(problem: Problem): Problem {
  const unit = /(Minutes|Seconds)$/.exec(problem.at)?.[1] as keyof typeof unitMs | undefined;
  const value = Number(problem.given);
  if (unit === undefined || problem.given === "" || !(value > 0 && value < 1)) return problem;
  const ms = Number((value * unitMs[unit]).toPrecision(3));
  const name = unit.toLowerCase();
  return {
    ...problem,
    given: `${problem.given} ${name}, which is ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}`,
    mend: `the key counts ${name}: write 20 for 20 ${name}`,
  };
}

/** "timeoutMs" → "timeout": keys that differ in their unit alone mean the same thing. */
export function withoutUnit(key: string): string {
  return key.replace(UNIT, "");
}
