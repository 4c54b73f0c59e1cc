// What a provider costs, as a file a user can write.

import * as z from "zod";
import { lawSchema } from "./file/laws.ts";
import { type ParsedText, parseWithSchema } from "./parse-with-schema.ts";
import { type Calibration, storeProviders } from "./scenario.ts";

const cost = z.strictObject({
  webCpuMs: z.number().min(0),
  webCpuMsPerKiB: z.number().min(0),
  storeMs: lawSchema,
  storeMsPerKiB: z.number().min(0),
});

const calibrationSchema: z.ZodType<Calibration> = z.strictObject({
  name: z.string().min(1),
  provider: z.enum(storeProviders).optional().describe("Whose costs they are."),
  machine: z
    .strictObject({
      cpu: z.string(),
      cores: z.int().min(1),
      platform: z.string(),
      node: z.string(),
      store: z.string().nullable(),
      sessionlab: z.string(),
      measuredOn: z.string(),
    })
    .optional(),
  intervals: z.record(z.string(), z.strictObject({ low: z.number(), high: z.number() })).optional(),
  evidence: z.string().min(1).describe("How the figures came about."),
  measured: z.boolean(),
  requestCpuMs: lawSchema,
  pageCpuFactor: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .describe("What a millisecond of a page's processor time takes here."),
  waking: z
    .strictObject({ cpuMsMax: z.number().min(0), afterMs: z.number().positive() })
    .optional()
    .describe(
      "What a request takes more, the longer its worker had none before it: cpuMsMax x (1 - e^(-pause/afterMs)).",
    ),
  clientRoundTripMs: lawSchema.default({ kind: "constant", value: 0 }),
  networkRoundTripMs: lawSchema,
  storeConcurrency: z.int().min(1).max(100_000),
  operations: z.strictObject({
    getItem: cost,
    getItemExclusive: cost,
    setAndReleaseItemExclusive: cost,
    releaseItemExclusive: cost,
    removeItem: cost,
    resetItemTimeout: cost,
    createUninitializedItem: cost,
  }),
  memory: z.strictObject({
    fixedBytes: z.number().min(0),
    bytesPerSession: z.number().min(0),
    bytesPerStateByte: z.number().min(0),
    reuseAfterMs: z
      .number()
      .positive()
      .optional()
      .describe("Until what a write replaced can be used again; the store's files do not shrink. Left out: at once."),
  }),
});

export function parseCalibration(text: string, file: string): ParsedText<Calibration> {
  return parseWithSchema(text, file, calibrationSchema);
}
