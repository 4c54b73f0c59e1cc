// A RunResult as a file and back. The text has one form for one result, whatever order its keys were made in, so that two machines
// that agree on a run agree on every byte of its file; what is read back is checked, for files wander and get cut off.

import { InputError, type Problem } from "../config/problem.ts";
import { decodeHistogram } from "../metrics/latency-histogram.ts";
import { RUN_RESULT_SCHEMA, type RunResult } from "../metrics/run-result.ts";
import { parseJson, problemsOfIssues, shortened, stringifyInOrder } from "./json-file.ts";
import { runResultSchema } from "./result-schema.ts";

/** The keys of a result as they stand in its file: what it is, what it says, what it rests on. */
const keyOrder: readonly (keyof RunResult)[] = [
  "schema",
  "kind",
  "driver",
  "label",
  "store",
  "command",
  "seed",
  "complete",
  "endedAtMs",
  "replications",
  "precision",
  "turn",
  "audit",
  "targets",
  "figures",
  "paired",
  "counters",
  "measured",
  "faults",
  "study",
  "scenario",
  "settings",
  "histograms",
  "responseIntervals",
  "series",
  "environment",
];

/** JSON with keys in a fixed order, lists of plain values on one line, a newline at the end. */
export function stringifyResult(result: RunResult): string {
  return stringifyInOrder(result, keyOrder);
}

/** @throws InputError when the text is no single result of this schema. */
export function parseResult(text: string, fileName: string): RunResult {
  const results = parseResults(text, fileName);
  if (results.length === 1) return results[0]!;
  const given = `a list of ${results.length} results`;
  throw refuse(fileName, [{ at: "the file", given, expected: "one result", mend: "name a file with one" }]);
}

/**
 * The results of a file: one, or a list as `simulate --json` prints it for several modes.
 * @throws InputError with every mistake, when the text is no result of this schema.
 */
export function parseResults(text: string, fileName: string): readonly RunResult[] {
  const raw = parseJson(text, (given) => {
    const expected = "a result.json as simulate and bench write it";
    return refuse(fileName, [{ at: "the file", given, expected, mend: "name another file, or run again" }]);
  });
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  if (items.length === 0) {
    const problem = {
      at: "the file",
      given: "an empty list",
      expected: "at least one result",
      mend: "name another file",
    };
    throw refuse(fileName, [problem]);
  }
  const prefix = (index: number) => (Array.isArray(raw) ? `[${index}].` : "");
  const problems: Problem[] = [];
  for (const [index, item] of items.entries()) {
    problems.push(...problemsOf(item).map((one) => ({ ...one, at: prefix(index) + one.at })));
    if (problems.length >= PROBLEMS_MAX) break;
  }
  if (problems.length > 0) throw refuse(fileName, problems);
  return items as readonly RunResult[];
}

/** A list of something else is wrong in every item; more than these would help nobody. */
const PROBLEMS_MAX = 20;

const MEND = "run simulate or bench again to get a whole file";
function problemsOf(item: unknown): readonly Problem[] {
  const schema = typeof item === "object" && item !== null && "schema" in item ? item.schema : undefined;
  if (schema !== RUN_RESULT_SCHEMA) {
    const expected = `"${RUN_RESULT_SCHEMA}"`;
    const given = schema === undefined ? "" : shortened(JSON.stringify(schema));
    const ours = typeof schema === "string" && schema.startsWith("sessionlab.run-result/");
    const mend = ours
      ? "use the version of sessionlab that wrote it, or run again"
      : "name a result.json of sessionlab";
    return [{ at: "schema", given, expected, mend }];
  }
  const parsed = runResultSchema.safeParse(item);
  if (parsed.success) return deeperProblems(item as RunResult);
  return problemsOfIssues(item, parsed.error.issues, MEND);
}

/** What a schema cannot say: columns as long as their times, histograms that can be unpacked. */
function deeperProblems(result: RunResult): readonly Problem[] {
  const times = result.series.atMs.length;
  const columns = Object.entries(result.series.columns).filter(([, column]) => column.length !== times);
  const steps = result.study?.kind === "locks" ? result.study.steps : [];
  const histograms = [
    ...Object.entries(result.histograms).map(([name, json]) => [`histograms.${name}`, json] as const),
    ...result.responseIntervals.map(({ histogram }, i) => [`responseIntervals.${i}.histogram`, histogram] as const),
    ...steps.flatMap(({ waits }, i) => (waits === null ? [] : [[`study.steps.${i}.waits`, waits] as const])),
  ].filter(([, json]) => !canDecode(json));
  return [
    ...columns.map(([name, column]) => ({
      at: `series.columns.${name}`,
      given: `${column.length} values long`,
      expected: `${times} values, one for each of series.atMs`,
      mend: MEND,
    })),
    ...histograms.map(([name, json]) => ({
      at: `${name}.data`,
      given: shortened(JSON.stringify(json.data)),
      expected: `an HDR histogram of ${json.count} values, deflated, in base64`,
      mend: MEND,
    })),
  ];
}

function canDecode(json: RunResult["histograms"][string]): boolean {
  try {
    return decodeHistogram(json).totalCount === json.count;
  } catch {
    return false;
  }
}

function refuse(file: string, problems: readonly Problem[]): InputError {
  return new InputError(
    `Cannot read result "${file}"`,
    problems.map((problem) => ({ ...problem, file })),
  );
}
