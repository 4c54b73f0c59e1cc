// A history entry as a file and back: one small JSON with its keys in one order, so that one run is one text, and a name by which a
// listing of the folder sorts by time and tells scenario and commit. What is read back is checked; files wander.

import { createHash } from "node:crypto";
import * as z from "zod";
import type { Problem } from "../../config/problem.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry } from "../../metrics/history/history.ts";
import { driverNames } from "../../metrics/run-result.ts";

const number = z.number();
const text = z.string();
/** Names come from far away; none of them tells a terminal what to do. */
const name = text.transform((value) => value.replace(/\p{Cc}/gu, "\uFFFD"));

const entrySchema = z.strictObject({
  schema: z.literal(HISTORY_ENTRY_SCHEMA),
  at: text.refine((at) => isMoment(at), "expected a moment in UTC such as 2026-11-21T15:04:05.000Z"),
  commit: name.nullable(),
  scenario: name,
  driver: z.enum(driverNames).nullable(),
  label: name,
  machine: name.nullable(),
  setup: text.optional(),
  metrics: z.array(
    z.strictObject({
      key: name,
      label: name,
      unit: name,
      better: z.enum(["low", "high"]).nullable(),
      value: number,
      low: number.optional(),
      high: number.optional(),
    }),
  ),
});

/** As Date.toISOString writes it, so that texts sort as moments do. */
function isMoment(at: string): boolean {
  const ms = Date.parse(at);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === at;
}

/** A metric a line: what changes from run to run can be seen in a diff. */
export function stringifyEntry(entry: HistoryEntry): string {
  const { schema, at, commit, scenario, driver, label, machine, setup, metrics } = entry;
  const about = { schema, at, commit, scenario, driver, label, machine, setup };
  const heads = Object.entries(about).filter(([, value]) => value !== undefined);
  const lines = heads.map(([key, value]) => `  "${key}": ${JSON.stringify(value)},\n`);
  const rows = metrics.map(({ key, label: name, unit, better, value, low, high }) =>
    JSON.stringify({ key, label: name, unit, better, value, low, high }),
  );
  return `{\n${lines.join("")}  "metrics": [${rows.map((row) => `\n    ${row}`).join(",")}\n  ]\n}\n`;
}

const COMMIT_DIGITS = 8;
const DIGEST_DIGITS = 12;
const NAME_LENGTH_MAX = 60;

/** "2026-11-21T15-04-05-123Z_ycsb-a_54f4903a_0f3c9a51d2e4.json"; the last part is of the content, so one name has one content. */
export function entryFileName({ at, scenario, commit }: HistoryEntry, content: string): string {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, DIGEST_DIGITS);
  const title = plain(scenario).slice(0, NAME_LENGTH_MAX) || "run";
  const by = plain(commit ?? "").slice(0, COMMIT_DIGITS) || "no-commit";
  return `${at.replace(/[:.]/g, "-")}_${title}_${by}_${digest}.json`;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
}

export interface ReadEntry {
  /** null where there are problems. */
  readonly entry: HistoryEntry | null;
  readonly problems: readonly Problem[];
}

const MEND = "mend it, or move it out of the history; nothing was changed";
const PROBLEMS_MAX = 3;

/** @param file for messages, as the user can find it. */
export function parseEntry(content: string, file: string): ReadEntry {
  const refuse = (problems: readonly Omit<Problem, "file" | "mend">[]): ReadEntry => ({
    entry: null,
    problems: problems.map((problem) => ({ ...problem, mend: MEND, file })),
  });
  let raw: unknown;
  try {
    raw = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (error) {
    const given = content.trim() === "" ? "empty" : `not JSON (${(error as Error).message.replace(/\s+/g, " ")})`;
    return refuse([{ at: "the file", given, expected: "an entry of a history" }]);
  }
  const schema = typeof raw === "object" && raw !== null && "schema" in raw ? raw.schema : undefined;
  if (schema !== HISTORY_ENTRY_SCHEMA) {
    const given = schema === undefined ? "" : JSON.stringify(schema);
    return refuse([{ at: "schema", given, expected: `"${HISTORY_ENTRY_SCHEMA}"` }]);
  }
  const parsed = entrySchema.safeParse(raw);
  if (parsed.success) return { entry: parsed.data, problems: [] };
  return refuse(
    parsed.error.issues.slice(0, PROBLEMS_MAX).map((issue) => {
      const given = JSON.stringify(valueAt(raw, issue.path)) ?? "";
      const expected = issue.code === "invalid_type" ? issue.expected : issue.message.replace(/^.*expected /, "");
      return { at: issue.path.join(".") || "the file", given: given.slice(0, 60), expected };
    }),
  );
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], raw);
}
