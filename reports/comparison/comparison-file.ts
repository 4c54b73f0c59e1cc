// A Comparison as a file and back, so that it can be rendered again in another format; what is read back is checked.

import * as z from "zod";
import { COMPARISON_SCHEMA, type Comparison, comparisonVerdicts } from "../../metrics/compare/comparison.ts";
import { driverNames } from "../../metrics/run-result.ts";
import { type AnswerKind, isAnswer, parseAnswer } from "../answer-file.ts";
import { stringifyInOrder } from "../json-file.ts";

/** What it is, what it says, what it rests on. */
const keyOrder: readonly (keyof Comparison)[] = [
  "schema",
  "verdict",
  "design",
  "driver",
  "scenario",
  "blocks",
  "complete",
  "seed",
  "command",
  "falseDiscoveryRate",
  "objections",
  "findings",
  "base",
  "candidate",
  "metrics",
  "waivers",
];

const number = z.number();
const count = z.int().min(0);
const verdict = z.enum(comparisonVerdicts);

const waiver = z.looseObject({
  metric: z.string(),
  commits: z.string(),
  reason: z.string(),
  until: z.string().optional(),
});

const environment = z.looseObject({
  startedAt: z.iso.datetime(),
  wallSeconds: number,
  sessionlab: z.string(),
  commit: z.string().nullable(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: number,
});

const side = z.looseObject({
  name: z.string(),
  label: z.string(),
  store: z.string().nullable(),
  commit: z.string().nullable(),
  runs: count,
  runsLeftOut: count,
  environment,
});

const metric = z.looseObject({
  key: z.string(),
  label: z.string(),
  unit: z.string(),
  rule: z.looseObject({
    better: z.enum(["low", "high"]),
    scale: z.enum(["relative", "absolute"]),
    minimumEffect: number.positive(),
  }),
  base: number.nullable(),
  candidate: number.nullable(),
  effect: z
    .looseObject({
      value: number,
      interval: z.looseObject({ low: number, high: number, method: z.string() }).nullable(),
    })
    .nullable(),
  verdict,
  improved: z.boolean(),
  reason: z.string(),
  evidence: z.looseObject({ worse: number, noWorse: number }).nullable(),
  moreRuns: count.nullable(),
  floor: number.nullable(),
  undecidable: z.boolean(),
  waiver: waiver.nullable(),
  runs: z.looseObject({ base: z.array(number), candidate: z.array(number) }),
});

const comparisonSchema = z.looseObject({
  schema: z.literal(COMPARISON_SCHEMA),
  verdict,
  design: z.enum(["interleaved", "sets", "single"]),
  driver: z.enum(driverNames),
  scenario: z.string(),
  blocks: count,
  complete: z.boolean(),
  seed: number,
  command: z.string(),
  falseDiscoveryRate: number,
  objections: z.array(z.string()),
  findings: z.array(z.string()),
  base: side,
  candidate: side,
  metrics: z.array(metric),
  waivers: z.array(z.looseObject({ waiver, use: z.enum(["used", "idle", "expired", "elsewhere"]) })),
});

/** JSON with keys in a fixed order and a newline at the end: one text for one comparison. */
export function stringifyComparison(comparison: Comparison): string {
  return stringifyInOrder(comparison, keyOrder);
}

const kind: AnswerKind = {
  name: "comparison",
  schema: COMPARISON_SCHEMA,
  shape: comparisonSchema,
  expected: "a comparison.json as compare and bench --against write it",
  again: "compare again",
};

/** Whether data says of itself that it is a comparison, of this version or another. */
export function isComparison(raw: unknown): boolean {
  return isAnswer(raw, kind);
}

/** @throws InputError with every mistake, when the text is no comparison of this schema. */
export function parseComparison(text: string, fileName: string): Comparison {
  return parseAnswer(text, fileName, kind) as Comparison;
}
