// Files of answers that are no results (comparisons, plans), read back: told by their schema, refused with every mistake.

import type * as z from "zod";
import { InputError, type Problem } from "../config/problem.ts";
import { parseJson, problemsOfIssues } from "./json-file.ts";

export interface AnswerKind {
  /** "plan": stands in messages and before the version, "sessionlab.plan/1". */
  readonly name: string;
  readonly schema: string;
  readonly shape: z.ZodType;
  /** "a plan.json as plan writes it". */
  readonly expected: string;
  /** "plan again". */
  readonly again: string;
}

/** Whether data says of itself that it is such an answer, of this version or another. */
export function isAnswer(raw: unknown, { name }: Pick<AnswerKind, "name">): boolean {
  if (typeof raw !== "object" || raw === null || !("schema" in raw)) return false;
  return typeof raw.schema === "string" && raw.schema.startsWith(`sessionlab.${name}/`);
}

/** @returns the data, which has the shape. @throws InputError with every mistake, when the text is no such answer of this schema. */
export function parseAnswer(text: string, file: string, kind: AnswerKind): unknown {
  const refuse = (problems: readonly Problem[]) =>
    new InputError(
      `Cannot read ${kind.name} "${file}"`,
      problems.map((problem) => ({ ...problem, file })),
    );
  const whole = `${kind.again} to get a whole file`;
  const raw = parseJson(text, (given) =>
    refuse([{ at: "the file", given, expected: kind.expected, mend: `name another file, or ${kind.again}` }]),
  );
  const schema = typeof raw === "object" && raw !== null && "schema" in raw ? raw.schema : undefined;
  if (schema !== kind.schema) {
    const given = schema === undefined ? "" : JSON.stringify(schema);
    const mend = isAnswer(raw, kind) ? `use the version of sessionlab that wrote it, or ${kind.again}` : whole;
    throw refuse([{ at: "schema", given, expected: `"${kind.schema}"`, mend }]);
  }
  const parsed = kind.shape.safeParse(raw);
  if (!parsed.success) throw refuse(problemsOfIssues(raw, parsed.error.issues, whole));
  return raw;
}
