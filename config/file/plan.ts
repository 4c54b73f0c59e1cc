// The search of a scenario file: which keys "sessionlab plan" may set, to which values, and what it judges them by. No run reads it.

import * as z from "zod";
import { count } from "./fields.ts";
import { priceSchema } from "./prices.ts";
import { targetSchema } from "./targets.ts";

const value = z.union([z.number(), z.string().min(1), z.boolean()]);

export const planSchema = z
  .strictObject({
    search: z
      .record(z.string().regex(/^[a-zA-Z]+(\.[a-zA-Z]+|\[\d+\])*$/), z.union([value, z.array(value).min(1)]))
      .default({})
      .describe(
        'Keys of this file with the values to choose from: a list, or a text such as "1..8/8". Of settings that cost the same, what is written first is preferred.',
      ),
    prices: z
      .union([z.string().min(1), priceSchema])
      .optional()
      .describe("The price file, by its path from here, or the prices themselves."),
    confidence: z
      .number()
      .min(0.5)
      .max(0.9999)
      .default(0.95)
      .describe("With which the recommendation meets every target."),
    replicationsMax: count(
      "After so many a setting that is neither sure to meet nor to miss stays undecided.",
      12,
      768,
    ).default(48),
    peak: z
      .union([
        z.enum(["auto", "none"]),
        z.number().positive().max(1e6).describe("Visits a second at the worst hour, held steadily."),
      ])
      .default("auto")
      .describe(
        "auto: of a profile, a ramp or steps, the highest rate held steadily; a burst is part of the run as it is. none: the run as it is, alone.",
      ),
    faultTargets: z
      .array(targetSchema)
      .optional()
      .describe("What has to be achieved while a fault strikes. Default: the same targets."),
  })
  .describe("What sessionlab plan searches.");

export type PlanFile = z.infer<typeof planSchema>;
