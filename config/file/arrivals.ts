// When visits begin, as a user writes it.

import * as z from "zod";
import { atLeastZero, inOrder, positive, rules } from "./fields.ts";

const rate = (description: string) => z.number().min(0).max(1e6).describe(description);

export const arrivals = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("poisson"), perSecond: rate("Visits a second, at random.").positive() }),
  z.strictObject({ kind: z.literal("constant"), perSecond: rate("Visits a second, evenly spaced.").positive() }),
  z.strictObject({
    kind: z.literal("ramp"),
    fromPerSecond: rate("Visits a second at the start."),
    toPerSecond: rate("Visits a second at the end of the ramp and after it."),
    overMinutes: positive("Length of the ramp.").optional(),
  }),
  z
    .strictObject({
      kind: z.literal("step"),
      fromPerSecond: rate("Visits a second on the first step."),
      byPerSecond: rate("Each step has so many more.").positive(),
      everyMinutes: positive("Length of a step."),
      toPerSecond: rate("The highest step, which lasts to the end.").positive(),
    })
    .check(
      rules(({ fromPerSecond, toPerSecond }) => [
        toPerSecond < fromPerSecond && {
          path: ["toPerSecond"],
          given: String(toPerSecond),
          expected: `at least fromPerSecond, ${fromPerSecond}`,
          mend: "steps go up; change one of the two",
        },
      ]),
    ),
  z.strictObject({
    kind: z.literal("profile"),
    perHour: z.array(z.number().min(0).max(1e9)).min(1).max(168).describe("Visits in each hour; the list repeats."),
    startHour: z.number().min(0).max(168).default(0).describe("Hour of the list at which the run starts."),
  }),
  z.strictObject({
    kind: z.literal("burst"),
    perSecond: rate("Visits a second outside the burst."),
    burstPerSecond: rate("Visits a second inside it."),
    burstAtMinutes: atLeastZero("When it begins."),
    burstMinutes: positive("How long it lasts."),
  }),
  z
    .strictObject({
      kind: z.literal("trace"),
      atSeconds: z
        .array(z.number().min(0))
        .min(1)
        .describe("The moment of every visit, rising, from the start of the run."),
    })
    .check(rules(({ atSeconds }) => [inOrder("atSeconds", atSeconds)])),
]);
