// YAML or JSON text against a schema: every mistake at once, each with its line and column and, for an unknown key, the key that was
// probably meant. Shared by scenarios, workload files and calibrations.

import { closest, distance } from "fastest-levenshtein";
import { type Alias, type Document, isMap, isNode, isPair, LineCounter, parseDocument, visit } from "yaml";
import type * as z from "zod";
import { withoutUnit } from "./meant-units.ts";
import type { Problem } from "./problem.ts";

export type Path = readonly (string | number)[];

export interface ParsedText<T> {
  /** What the text says, defaults filled in; null when there are problems. */
  readonly value: T | null;
  /** The text as data, before the schema; undefined where it is no YAML. */
  readonly raw: unknown;
  readonly problems: readonly Problem[];
  /** Where in the text a path stands, or the nearest thing above it that does. */
  locate(path: Path): { line: number; column: number };
}

/**
 * @param file how the user named the text, for messages.
 * @param prepare a last change to the raw data before the schema sees it (shorthands spelled out).
 */
export function parseWithSchema<T>(
  text: string,
  file: string,
  schema: z.ZodType<T>,
  prepare: (raw: unknown) => unknown = (raw) => raw,
): ParsedText<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const locate = (path: Path) => positionOf(document, lines, path);
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      const given = error.message.split("\n")[0].replace(/ at line .*$/, "");
      return {
        at: "the text",
        given: `not YAML here (${given})`,
        expected: "YAML or JSON",
        mend: "mend the syntax",
        file,
        line,
        column: col,
      };
    });
    return { value: null, raw: undefined, problems, locate };
  }
  const aliases = unknownAliases(document);
  if (aliases.length > 0) {
    const problems = aliases.map(({ source, range }) => {
      const { line, col } = lines.linePos(range?.[0] ?? 0);
      const expected = "a text, or the name of something marked with & further up";
      const at = { at: "the text", file, line, column: col };
      return { ...at, given: `an alias, *${source}, of nothing`, expected, mend: `put it in quotes: "*${source}"` };
    });
    return { value: null, raw: undefined, problems, locate };
  }
  const raw = prepare(document.toJS() ?? {});
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { value: parsed.data, raw, problems: [], locate };
  const problems = parsed.error.issues
    .flatMap((issue) => problemsOf(issue, [], raw, schema))
    .map(({ path, ...problem }) => {
      const { line, column } = locate(path);
      return { ...problem, file, line, column };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return { value: null, raw, problems, locate };
}

/** An unquoted text that begins with a star is an alias to YAML, which finds out only on use that there is nothing behind it. */
function unknownAliases(document: Document.Parsed): readonly Alias.Parsed[] {
  const found: Alias.Parsed[] = [];
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) === undefined) found.push(node as Alias.Parsed);
    },
  });
  return found;
}

type Issue = z.core.$ZodIssue;
type Found = Pick<Problem, "at" | "given" | "expected" | "mend"> & { path: Path };

function problemsOf(issue: Issue, above: Path, raw: unknown, root: z.ZodType): Found[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  const given = valueAt(raw, path);
  const at = nameOf(path);
  const base = { path, at, given: given === undefined ? "" : show(given) };
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, root, raw));
    case "invalid_union": {
      const branches = issue.errors.filter(
        (errors) => !errors.some((e) => e.code === "invalid_type" && e.path.length === 0),
      );
      if (branches.length === 1) return branches[0].flatMap((inner) => problemsOf(inner, path, raw, root));
      const kinds = "options" in issue ? (issue.options as unknown[]) : undefined;
      if (kinds !== undefined) {
        return [{ ...base, expected: `one of ${kinds.join(", ")}`, mend: suggestion(given, kinds) }];
      }
      const types = issue.errors
        .flat()
        .flatMap((e) =>
          e.code === "invalid_type" && e.path.length === 0 ? [typeNames[e.expected] ?? e.expected] : [],
        );
      const expected = types.length === 0 ? "another value" : [...new Set(types)].join(" or ");
      return [{ ...base, expected, mend: given === undefined ? "add it" : "change it" }];
    }
    case "invalid_value":
      return [{ ...base, expected: `one of ${issue.values.join(", ")}`, mend: suggestion(given, issue.values) }];
    case "invalid_type":
      return [
        {
          ...base,
          expected: typeNames[issue.expected] ?? `a value of type ${issue.expected}`,
          mend:
            given === undefined
              ? "add it"
              : isNumberType(issue.expected) && typeof given === "string"
                ? "leave out quotes and units"
                : "change it",
        },
      ];
    case "too_small":
    case "too_big":
      return [{ ...base, expected: boundOf(issue), mend: "change it, or leave it out to get the default" }];
    case "custom":
      return [{ ...base, ...(issue.params as Pick<Problem, "given" | "expected" | "mend">), path }];
    default:
      return [{ ...base, expected: issue.message, mend: "change it" }];
  }
}

const typeNames: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "a group of keys",
};

function isNumberType(expected: string): boolean {
  return expected === "number" || expected === "int";
}

function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const things = issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
  if (issue.code === "too_small") return `${issue.inclusive ? "at least" : "more than"} ${issue.minimum}${things}`;
  return `${issue.inclusive ? "at most" : "less than"} ${issue.maximum}${things}`;
}

function unknownKey(key: string, path: Path, root: z.ZodType, raw: unknown): Found {
  const known = keysAt(root, path, raw);
  const probable = nearest(key, known);
  return {
    path: [...path, key],
    at: nameOf([...path, key]),
    given: "not a known key",
    expected: `one of ${known.join(", ")}`,
    mend: probable === undefined ? "take it out" : `did you mean "${probable}"?`,
  };
}

function suggestion(given: unknown, options: readonly unknown[]): string {
  const probable = typeof given === "string" ? nearest(given, options.map(String)) : undefined;
  return probable === undefined ? "choose one of them" : `did you mean "${probable}"?`;
}

/** The likeliest of `options` when it is near enough to be meant. */
function nearest(word: string, options: readonly string[]): string | undefined {
  if (options.length === 0) return undefined;
  const same =
    options.find((option) => option.toLowerCase() === word.toLowerCase()) ??
    options.find((option) => withoutUnit(option) === withoutUnit(word));
  const probable = same ?? closest(word, options);
  return same !== undefined || distance(word, probable) <= Math.max(2, word.length / 3) ? probable : undefined;
}

/** The keys that the schema knows at a path, following the data where the schema leaves a choice. */
function keysAt(root: z.ZodType, path: Path, raw: unknown): string[] {
  let schema: z.core.$ZodType | undefined = choose(root, raw);
  let data = raw;
  for (const step of path) {
    data = valueAt(data, [step]);
    const def: z.core.$ZodTypeDef | undefined = schema?._zod.def;
    if (def?.type === "object") schema = (def as z.core.$ZodObjectDef).shape[step];
    else if (def?.type === "array") schema = (def as z.core.$ZodArrayDef).element;
    schema = schema === undefined ? undefined : choose(schema, data);
  }
  const def = schema?._zod.def;
  return def?.type === "object" ? Object.keys((def as z.core.$ZodObjectDef).shape) : [];
}

/** Unwraps defaults and optionals, and picks the branch of a union that the data means. */
function choose(schema: z.core.$ZodType, data: unknown): z.core.$ZodType {
  const def = schema._zod.def;
  if ("innerType" in def) return choose(def.innerType as z.core.$ZodType, data);
  if (def.type !== "union") return schema;
  const branches = (def as z.core.$ZodUnionDef).options.map((option) => choose(option, data));
  const ofKind = (branch: z.core.$ZodType) => {
    if (branch._zod.def.type !== "object") return false;
    const kind = (branch._zod.def as z.core.$ZodObjectDef).shape.kind;
    return kind === undefined
      ? typeof data === "object"
      : (kind._zod.values?.has(valueAt(data, ["kind"]) as string) ?? false);
  };
  const ofType = Array.isArray(data) ? (branch: z.core.$ZodType) => branch._zod.def.type === "array" : ofKind;
  return branches.find(ofType) ?? branches[0];
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** "run.precision[0].figure". */
export function nameOf(path: Path): string {
  if (path.length === 0) return "the file";
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The key of a pair where there is one (the place a reader looks for), else the value, else the parent. */
function positionOf(document: Document.Parsed, lines: LineCounter, path: Path): { line: number; column: number } {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === String(last))
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}
