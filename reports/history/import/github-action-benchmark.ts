// The history that github-action-benchmark keeps in data.js: `window.BENCHMARK_DATA = {…}`, groups of benchmarks, of each group its
// runs. It is read as JSON and never run. Its ranges mean something else with each tool, and are not taken for intervals.
// Source: github.com/benchmark-action/github-action-benchmark, src/write.ts and src/extract.ts.

import * as z from "zod";
import { InputError, type Problem } from "../../../config/problem.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry, type HistoryMetric } from "../../../metrics/history/history.ts";
import { directionOfUnit } from "../../../metrics/history/unit-direction.ts";
import {
  countOutOfOrder,
  type ForeignFile,
  fileProblem,
  finishMetrics,
  type Imported,
  type ImportOptions,
  outOfOrderFinding,
} from "./imported.ts";
import { isoOf } from "./moment.ts";

const dataSchema = z.object({
  lastUpdate: z.number().optional(),
  entries: z.record(
    z.string(),
    z.array(
      z.object({
        commit: z.object({ id: z.string() }),
        date: z.number(),
        tool: z.string(),
        benches: z.array(
          z.object({
            name: z.string(),
            value: z.union([z.number(), z.string(), z.null()]),
            unit: z.string().optional(),
          }),
        ),
      }),
    ),
  ),
});

export const DATA_JS_PREFIX = /^\s*window\.BENCHMARK_DATA\s*=\s*/;

/** @throws InputError where the file is none of the tool's. */
export function importGithubActionBenchmark({ name, text }: ForeignFile, options: ImportOptions): Imported {
  const { entries: groups, lastUpdate } = parseData(name, text);
  const findings: string[] = [];
  const writtenAt = lastUpdate === undefined ? null : isoOf(lastUpdate);
  if (writtenAt !== null) findings.push(`${name} was last written at ${writtenAt}.`);
  const entries = Object.entries(groups).flatMap(([group, runs]) => {
    let withoutValue = 0;
    const found = runs.map(({ commit, date, tool, benches }): HistoryEntry => {
      const metrics = benches.flatMap(({ name: key, value, unit = "" }): HistoryMetric[] => {
        const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
        if (typeof number === "number" && Number.isFinite(number)) {
          return [{ key, label: key, unit, better: directionOf(tool, unit), value: number }];
        }
        withoutValue += 1;
        return [];
      });
      return {
        schema: HISTORY_ENTRY_SCHEMA,
        at: isoOf(date)!,
        commit: commit.id,
        scenario: options.scenario ?? group,
        driver: null,
        label: options.scenario === undefined ? tool : `${group}, ${tool}`,
        machine: null,
        metrics: finishMetrics(metrics, options),
      };
    });
    findings.push(...outOfOrderFinding(countOutOfOrder(found), `"${group}"`));
    if (withoutValue > 0) findings.push(`"${group}": ${withoutValue} values that are no numbers were left out.`);
    return found;
  });
  return { entries: entries.map((entry) => ({ entry, from: name })), findings };
}

/** What the tool itself takes for good; custom and mixed suites are told by the unit where it says so. */
function directionOf(tool: string, unit: string): "low" | "high" | null {
  if (tool === "customBiggerIsBetter") return "high";
  if (tool === "customSmallerIsBetter") return "low";
  // The unit before the tool: JMH measures ops/s as well as ms/op, and Go's own metrics may be MB/s.
  const byUnit = directionOfUnit(unit);
  if (byUnit !== null) return byUnit;
  if (tool === "benchmarkjs" || tool === "pytest") return "high";
  return ["cargo", "go", "googlecpp", "catch2", "julia", "benchmarkdotnet", "benchmarkluau"].includes(tool)
    ? "low"
    : null;
}

const EXPECTED = "data.js as github-action-benchmark keeps it";
const PROBLEMS_MAX = 10;

function parseData(file: string, text: string): z.infer<typeof dataSchema> {
  const action = `Cannot import "${file}"`;
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(DATA_JS_PREFIX, "").replace(/;\s*$/, ""));
  } catch (error) {
    const given = `broken (${(error as Error).message.replace(/\s+/g, " ")})`;
    throw new InputError(action, [fileProblem(file, given, EXPECTED, "fetch it again from the branch it is kept on")]);
  }
  const parsed = dataSchema.safeParse(raw);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, PROBLEMS_MAX).map((issue): Problem => {
      const at = issue.path.join(".") || "the file";
      return { at, given: "not as it should be", expected: `${issue.message} (${EXPECTED})`, mend: "mend it", file };
    });
    throw new InputError(action, problems);
  }
  const dates = Object.entries(parsed.data.entries).flatMap(([group, runs]) =>
    runs.flatMap(({ date }, index): Problem[] =>
      isoOf(date) !== null
        ? []
        : [
            {
              at: `entries.${group}.${index}.date`,
              given: String(date),
              expected: "milliseconds since 1970",
              mend: "mend it",
              file,
            },
          ],
    ),
  );
  if (dates.length > 0) throw new InputError(action, dates.slice(0, PROBLEMS_MAX));
  return parsed.data;
}
