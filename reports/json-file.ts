// JSON files of ours, written and read: one text for one value, whatever order its keys were made in, and mistakes told with their place.

import type * as z from "zod";
import { assert } from "../config/assert.ts";
import type { InputError, Problem } from "../config/problem.ts";

/** JSON with keys in a fixed order, those below by name, lists of plain values on one line, a newline at the end. */
export function stringifyInOrder<T extends object>(value: T, keyOrder: readonly (keyof T & string)[]): string {
  const known = new Set<string>(keyOrder);
  for (const key of Object.keys(value)) assert(known.has(key), `"${key}" has its place in the file`);
  const present = keyOrder.filter((key) => value[key] !== undefined);
  const lines = present.map((key) => `  ${JSON.stringify(key)}: ${written(value[key], "  ")}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function written(value: unknown, indent: string): string {
  if (typeof value === "number") assert(Number.isFinite(value), "numbers in a result are finite");
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => written(item, deeper));
    if (items.length === 0 || value.every((item) => item === null || typeof item !== "object"))
      return `[${items.join(", ")}]`;
    return `[\n${deeper}${items.join(`,\n${deeper}`)}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  if (entries.length === 0) return "{}";
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([key, part]) => `${deeper}${JSON.stringify(key)}: ${written(part, deeper)}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** @param refuse makes the error of what was given instead of JSON. */
export function parseJson(text: string, refuse: (given: string) => InputError): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (error) {
    const given = text.trim() === "" ? "empty" : `not JSON (${(error as SyntaxError).message.replace(/\s+/g, " ")})`;
    throw refuse(given);
  }
}

/** A file with more mistakes than this has one mistake: it is broken. */
const PROBLEMS_MAX = 10;

/** What a schema has against an item, in the form of all our complaints. */
export function problemsOfIssues(item: unknown, issues: readonly z.core.$ZodIssue[], mend: string): readonly Problem[] {
  return issues.slice(0, PROBLEMS_MAX).map((issue) => {
    const given = valueAt(item, issue.path);
    return {
      at: issue.path.map(String).join(".") || "the file",
      given: given === undefined ? "" : shortened(JSON.stringify(given)),
      expected: issue.code === "invalid_type" ? issue.expected : issue.message.replace(/^Invalid \w+: expected /, ""),
      mend,
    };
  });
}

function valueAt(item: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    item,
  );
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
