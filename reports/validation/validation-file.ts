// A Validation as a file and back, so that it can be rendered again; what is read back is checked.

import * as z from "zod";
import { InputError, type Problem } from "../../config/problem.ts";
import { storeProviders } from "../../config/scenario.ts";
import { rowVerdicts, VALIDATION_SCHEMA, type Validation } from "../../metrics/validation/validation.ts";
import { parseJson, problemsOfIssues, stringifyInOrder } from "../json-file.ts";

const keyOrder: readonly (keyof Validation)[] = [
  "schema",
  "complete",
  "seed",
  "command",
  "providers",
  "scenario",
  "environment",
];

const number = z.number();
const count = z.int().min(0);
const audit = z.enum(["valid", "doubtful", "invalid"]);
const texts = z.array(z.string());
const interval = z.looseObject({ low: number, high: number, method: z.string() }).nullable();

const row = z.looseObject({
  key: z.string(),
  label: z.string(),
  unit: z.string(),
  predicted: number.nullable(),
  predictedInterval: interval,
  measured: number.nullable(),
  measuredRange: z.looseObject({ low: number, high: number }).nullable(),
  error: number.nullable(),
  difference: number.nullable(),
  bound: z.looseObject({ relative: number, absolute: number.optional() }).nullable(),
  noise: number.nullable(),
  verdict: z.enum(rowVerdicts),
});

const load = z.looseObject({
  share: number,
  requestsPerSecond: number,
  arrivalsFactor: number,
  sessionsMax: count.nullable(),
  runs: count,
  runsCounted: count,
  replications: count,
  audit,
  findings: texts,
  rows: z.array(row),
  distribution: z.looseObject({
    percentiles: z.array(number),
    predictedMs: z.array(number.nullable()),
    measuredMs: z.array(number.nullable()),
  }),
});

const provider = z.looseObject({
  provider: z.enum(storeProviders),
  label: z.string(),
  calibration: z.looseObject({
    name: z.string(),
    from: z.string(),
    evidence: z.string(),
    measured: z.boolean(),
    machine: z.looseObject({ cpu: z.string(), cores: count, measuredOn: z.string(), node: z.string() }).nullable(),
    warnings: texts,
  }),
  saturation: z
    .looseObject({
      requestsPerSecond: number,
      interval,
      how: z.enum(["measured", "given"]),
      predictedPerSecond: number,
      bottleneck: z.enum(["web cores", "store"]),
      audit,
      findings: texts,
    })
    .nullable(),
  loads: z.array(load),
  notes: texts,
  failure: z.string().nullable(),
});

const validationSchema = z.looseObject({
  schema: z.literal(VALIDATION_SCHEMA),
  complete: z.boolean(),
  seed: number,
  command: z.string(),
  providers: z.array(provider),
  scenario: z.looseObject({ name: z.string(), description: z.string(), run: z.looseObject({ timeScale: number }) }),
  environment: z.looseObject({
    startedAt: z.iso.datetime(),
    wallSeconds: number,
    sessionlab: z.string(),
    commit: z.string().nullable(),
    node: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: count,
    memoryBytes: number,
  }),
});

/** JSON with keys in a fixed order and a newline at the end: one text for one validation. */
export function stringifyValidation(validation: Validation): string {
  return stringifyInOrder(validation, keyOrder);
}

/** Whether a text says of itself that it is a validation, of this version or another. */
export function isValidationText(text: string): boolean {
  return /^\uFEFF?\s*\{\s*"schema":\s*"sessionlab\.validation\//.test(text);
}

const MEND = "validate again to get a whole file";

/** @throws InputError with every mistake, when the text is no validation of this schema. */
export function parseValidation(text: string, fileName: string): Validation {
  const refuse = (problems: readonly Problem[]) =>
    new InputError(
      `Cannot read validation "${fileName}"`,
      problems.map((problem) => ({ ...problem, file: fileName })),
    );
  const raw = parseJson(text, (given) => {
    const expected = "a validation.json as validate writes it";
    return refuse([{ at: "the file", given, expected, mend: "name another file, or validate again" }]);
  });
  const parsed = validationSchema.safeParse(raw);
  if (!parsed.success) throw refuse(problemsOfIssues(raw, parsed.error.issues, MEND));
  return raw as Validation;
}
