// A Plan as a file and back, so that it can be rendered again in another format; what is read back is checked.

import * as z from "zod";
import { maskSecrets } from "../../config/connection-strings.ts";
import { PLAN_SCHEMA, type Plan } from "../../metrics/plan/plan.ts";
import { type AnswerKind, isAnswer, parseAnswer } from "../answer-file.ts";
import { stringifyInOrder } from "../json-file.ts";

/** What it is, what it says, what it rests on. */
const keyOrder: readonly (keyof Plan)[] = [
  "schema",
  "complete",
  "recommendation",
  "binding",
  "alternatives",
  "breaking",
  "sensitivities",
  "assumptions",
  "apply",
  "confidence",
  "currency",
  "prices",
  "situations",
  "searched",
  "points",
  "seen",
  "seed",
  "command",
  "scenario",
  "environment",
];

const number = z.number();
const count = z.int().min(0);
const varied = z.union([number, z.string(), z.boolean()]);
const choice = z.record(z.string(), varied);
const verdict = z.enum(["meets", "misses", "undecided"]);

const evidence = z.looseObject({
  figure: z.string(),
  label: z.string(),
  unit: z.string(),
  limit: z.string(),
  situation: z.string(),
  value: number.nullable(),
  interval: z.looseObject({ low: number, high: number, method: z.string() }).nullable(),
  met: z.boolean().nullable(),
  margin: number.nullable(),
});

const candidate = z.looseObject({
  choice,
  cost: z.looseObject({ total: number, parts: z.array(z.looseObject({ what: z.string(), amount: number })) }),
  verdict,
  targets: z.array(evidence),
  replications: count,
});

const end = z.looseObject({
  factor: number.positive(),
  margin: number.nullable(),
  choice: choice.nullable(),
  cost: number.nullable(),
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

/** Of the scenario, what a report looks at; it was checked in full when it was read. */
const scenario = z.looseObject({ name: z.string(), description: z.string() });

const planSchema = z.looseObject({
  schema: z.literal(PLAN_SCHEMA),
  scenario,
  seed: number,
  command: z.string(),
  complete: z.boolean(),
  confidence: number.gt(0).lt(1),
  currency: z.string(),
  prices: z.string(),
  situations: z.array(
    z.looseObject({ kind: z.enum(["workload", "peak", "fault"]), name: z.string(), description: z.string() }),
  ),
  searched: z.array(z.looseObject({ key: z.string(), values: z.array(varied) })),
  points: z.looseObject({ all: count, simulated: count, settled: count }),
  seen: z.array(z.looseObject({ choice, cost: number, verdict, margin: number.nullable() })).optional(),
  recommendation: candidate.nullable(),
  alternatives: z.array(z.looseObject({ candidate, why: z.string() })),
  binding: z.looseObject({ candidate, target: evidence }).nullable(),
  breaking: z
    .looseObject({ metAt: number, missedAt: number.nullable(), target: evidence.nullable(), why: z.string() })
    .nullable(),
  sensitivities: z.array(z.looseObject({ assumption: z.string(), low: end, high: end })),
  assumptions: z.array(z.string()),
  apply: z.array(z.looseObject({ name: z.string(), text: z.string() })),
  environment,
});

/** JSON with keys in a fixed order and a newline at the end: one text for one plan. No password is in it. */
export function stringifyPlan(plan: Plan): string {
  return stringifyInOrder({ ...(masked(plan) as Plan), apply: plan.apply }, keyOrder);
}

/** Connection strings may stand in the scenario, and among the choices. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return maskSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, masked(part)]));
}

const kind: AnswerKind = {
  name: "plan",
  schema: PLAN_SCHEMA,
  shape: planSchema,
  expected: "a plan.json as plan writes it",
  again: "plan again",
};

/** Whether data says of itself that it is a plan, of this version or another. */
export function isPlan(raw: unknown): boolean {
  return isAnswer(raw, kind);
}

/** @throws InputError with every mistake, when the text is no plan of this schema. */
export function parsePlan(text: string, fileName: string): Plan {
  return parseAnswer(text, fileName, kind) as Plan;
}
