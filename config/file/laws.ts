// Laws of chance as a user writes them: what a quantity is, each time anew.

import * as z from "zod";
import { atLeastZero, count, inOrder, positive, rules } from "./fields.ts";

const max = positive("Larger draws are cut down to this.").optional();

export const lawSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("constant"), value: atLeastZero("Always this.") }),
  z.strictObject({ kind: z.literal("exponential"), mean: positive("Mean."), max }),
  z.strictObject({
    kind: z.literal("lognormal"),
    mean: positive("Mean of the values."),
    sigma: positive("Standard deviation of their natural logarithm.").max(10),
    max,
  }),
  z
    .strictObject({
      kind: z.literal("pareto"),
      min: positive("Smallest value."),
      shape: positive("Tail exponent; the mean is infinite at 1 or less."),
      max,
    })
    .check(
      rules(({ min, max }) => [
        max !== undefined &&
          max < min && { path: ["max"], given: String(max), expected: `at least min, ${min}`, mend: "raise it" },
      ]),
    ),
  z
    .strictObject({
      kind: z.literal("empirical"),
      quantiles: z
        .array(z.number().min(0))
        .min(1)
        .max(10_001)
        .describe("Values at equally spaced probabilities from 0 to 1, rising."),
    })
    .check(rules(({ quantiles }) => [inOrder("quantiles", quantiles)])),
]);

/** A place where a law stands; a bare number is short for a constant. */
export const lawOf = (description: string) => lawSchema.meta({ description, shorthand: true });

export const countLaw = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fixed"), value: count("Always this.", 1, 100_000) }),
  z.strictObject({ kind: z.literal("geometric"), mean: z.number().min(1).max(100_000).describe("Mean.") }),
  z
    .strictObject({
      kind: z.literal("empirical"),
      values: z.array(z.int().min(1)).min(1).max(10_000),
      weights: z.array(z.number().min(0)).min(1).max(10_000),
    })
    .check(
      rules(({ values, weights }) => [
        values.length !== weights.length && {
          path: ["weights"],
          given: `${weights.length} weights`,
          expected: `${values.length}, one a value`,
          mend: "make the lists equally long",
        },
        weights.every((weight) => weight === 0) && {
          path: ["weights"],
          given: "all 0",
          expected: "one weight above 0 at least",
          mend: "give the weights",
        },
      ]),
    ),
]);
