// What a model of somebody else's can do wrong, told in its own terms: these are mistakes of the model, not of the engine.

import { InputError } from "../../config/problem.ts";
import type { Law } from "../../config/scenario.ts";

export function misuse(action: string, at: string, given: unknown, expected: string, mend: string): InputError {
  const text = typeof given === "object" ? JSON.stringify(given) : String(given);
  return new InputError(action, [{ at, given: text, expected, mend }]);
}

/** @throws InputError unless `value` is whole and within the bounds. */
export function requireWhole(action: string, at: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw misuse(action, at, value, `a whole number, ${min} to ${max}`, "give one within");
}

/** @throws InputError for parameters that no such law has. */
export function requireLaw(action: string, law: Law): void {
  const above = (value: number, min: number) => Number.isFinite(value) && value > min;
  const refuse = (expected: string) => {
    throw misuse(action, "law", law, expected, "mend its parameters");
  };
  if ("max" in law && law.max !== undefined && !(law.max > 0)) refuse("a max above 0, or none");
  switch (law.kind) {
    case "constant":
      if (!Number.isFinite(law.value) || law.value < 0) refuse("a constant value of 0 or more");
      return;
    case "exponential":
      if (!above(law.mean, 0)) refuse("an exponential mean above 0");
      return;
    case "lognormal":
      if (!above(law.mean, 0) || !(law.sigma >= 0)) refuse("a lognormal mean above 0 and a sigma of 0 or more");
      return;
    case "pareto":
      if (!above(law.min, 0) || !above(law.shape, 0)) refuse("a Pareto min and shape above 0");
      return;
    case "empirical": {
      const { quantiles } = law;
      const rising = quantiles.every((value, i) => value >= (i === 0 ? 0 : quantiles[i - 1]));
      if (quantiles.length === 0 || !rising || !quantiles.every(Number.isFinite)) {
        refuse("at least one quantile, from 0 upwards, none below the one before");
      }
      return;
    }
    default:
      refuse("constant, exponential, lognormal, pareto or empirical");
  }
}
