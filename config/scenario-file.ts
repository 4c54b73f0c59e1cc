// The scenario as a user writes it: minutes, seconds and rates in the key names, a default for what may be left out, a sentence for
// every field. One schema serves the parser, the types and the published scenario.schema.json; its groups are in file/.

import * as z from "zod";
import { faultSchema } from "./file/faults.ts";
import { atLeastZero, count, positive, rules } from "./file/fields.ts";
import { planSchema } from "./file/plan.ts";
import { siteSchema } from "./file/site.ts";
import { storeSchema } from "./file/store.ts";
import { targetSchema } from "./file/targets.ts";
import { workloadSchema } from "./file/workload.ts";

const precisionSchema = z
  .strictObject({
    figure: z.string().describe("Key of a figure in the result: storedSessionsMean, refusedShare, responseP99Ms …"),
    relativeHalfWidth: positive("Half the width of its 95 % interval, relative to it: 0.01 is ±1 %.").max(1),
    replicationsMax: count("After so many replications it is given up.", 2, 10_000).default(1000),
  })
  .describe("How well a figure is to be known.");

const runSchema = z
  .strictObject({
    fidelity: z
      .enum(["requests", "population"])
      .default("requests")
      .describe("population: sessions and memory only; requests take no time."),
    durationMinutes: positive("Length of the run, scenario time.").max(525_600).default(120),
    warmupMinutes: atLeastZero("The first part, left out of the figures.").default(40),
    drainMinutes: atLeastZero("After the duration no visit begins; those under way may finish for so long.").default(0),
    seed: count("Same seed, same visitors, same result.", 0, Number.MAX_SAFE_INTEGER).default(1),
    replications: count("Independent repeats of a simulation; a bench runs once.", 1, 10_000).default(5),
    precision: z
      .union([precisionSchema, z.array(precisionSchema).min(1)])
      .optional()
      .describe("A simulation is repeated until these figures are known so well; replications is then the least."),
    antithetic: z
      .boolean()
      .default(false)
      .describe(
        "Replications come in pairs, the second of each with its luck turned round; an odd number is rounded up.",
      ),
    timeScale: z
      .number()
      .min(1)
      .max(100_000)
      .describe("Scenario time runs so many times faster than real time.")
      .default(1),
    sampleSeconds: positive("Spacing of the time series. Default: a 240th of the duration.").optional(),
  })
  .check(
    rules(({ durationMinutes, warmupMinutes, sampleSeconds, replications, precision = [] }) => [
      ...[precision].flat().map(
        ({ replicationsMax }, index) =>
          replicationsMax < replications && {
            path: Array.isArray(precision) ? ["precision", index, "replicationsMax"] : ["precision", "replicationsMax"],
            given: String(replicationsMax),
            expected: `at least run.replications, ${replications}`,
            mend: "raise it, or lower run.replications",
          },
      ),
      warmupMinutes >= durationMinutes && {
        path: ["warmupMinutes"],
        given: String(warmupMinutes),
        expected: `less than run.durationMinutes, ${durationMinutes}`,
        mend: "shorten the warm-up or lengthen the run",
      },
      sampleSeconds !== undefined &&
        (durationMinutes * 60) / sampleSeconds > 100_000 && {
          path: ["sampleSeconds"],
          given: String(sampleSeconds),
          expected: "at most 100,000 samples a run",
          mend: "sample less often",
        },
    ]),
  );

const targetsSchema = z
  .array(targetSchema)
  .default([])
  .describe("What the site has to achieve; a run that misses one ends with exit code 1.");

export const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(100).describe("Short; stands over every report."),
  description: z.string().default("").describe("What the scenario is for, and the sum that says what to expect."),
  site: siteSchema.prefault({}),
  workload: z.union([z.string().min(1), workloadSchema]).describe("Inline, or the path of a file made by fit."),
  store: storeSchema.prefault({}),
  run: runSchema.prefault({}),
  faults: z.array(faultSchema).default([]).describe("What goes wrong, and when."),
  targets: targetsSchema,
  plan: planSchema.optional(),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;

/** The published schema (draft 2020-12); bare numbers are allowed where a law may be written short. */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(scenarioSchema, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      const meta = z.globalRegistry.get(zodSchema);
      if (meta?.shorthand !== true || jsonSchema.oneOf === undefined) return;
      jsonSchema.oneOf.push({ type: "number" });
      delete jsonSchema.shorthand;
    },
  });
}
