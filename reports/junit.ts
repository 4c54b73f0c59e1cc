// Targets as JUnit XML, which every build server shows: a suite a run, a case a target, and one case for the run itself. Only a run
// that may be believed passes or fails a target; an invalid one is an error, and its targets are skipped, not judged.

import type { RunResult } from "../metrics/run-result.ts";
import { modeOf } from "./figure-rows.ts";
import { targetRows, verdictSigns } from "./verdict.ts";
import { element, type XmlElement, xmlDocument } from "./xml.ts";

type Outcome = "passed" | "failures" | "errors" | "skipped";

interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  readonly children: readonly XmlElement[];
}

export function renderJunit(results: readonly RunResult[]): string {
  const suites = results.map((result) => ({ result, cases: casesOf(result) }));
  const all = suites.flatMap(({ cases }) => cases);
  const seconds = results.reduce((sum, result) => sum + result.environment.wallSeconds, 0);
  return xmlDocument(
    element(
      "testsuites",
      { name: "sessionlab", ...counts(all), time: seconds.toFixed(3) },
      suites.map(({ result, cases }) => suite(result, cases)),
    ),
  );
}

function suite(result: RunResult, cases: readonly TestCase[]): XmlElement {
  const { environment, scenario } = result;
  const properties = {
    scenario: scenario.name,
    mode: modeOf(result),
    kind: result.kind,
    driver: result.driver,
    store: result.store ?? "",
    seed: result.seed,
    command: result.command,
    sessionlab: environment.sessionlab,
    commit: environment.commit ?? "",
  };
  return element(
    "testsuite",
    {
      name: result.label,
      ...counts(cases),
      time: environment.wallSeconds.toFixed(3),
      timestamp: new Date(environment.startedAt).toISOString().slice(0, "2024-05-06T12:00:00".length),
    },
    [
      element(
        "properties",
        {},
        Object.entries(properties).map(([name, value]) => element("property", { name, value })),
      ),
      ...cases.map(({ name, children }) =>
        element(
          "testcase",
          { classname: [scenario.name, result.label].map(withoutDots).join("."), name, time: 0 },
          children,
        ),
      ),
    ],
  );
}

/** In a class name dots part the packages, not "PostgreSQL 18.4". */
function withoutDots(text: string): string {
  return text.replaceAll(".", "_");
}

function counts(cases: readonly TestCase[]): Readonly<Record<"tests" | "failures" | "errors" | "skipped", number>> {
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  return { tests: cases.length, failures: count("failures"), errors: count("errors"), skipped: count("skipped") };
}

function casesOf(result: RunResult): readonly TestCase[] {
  const valid = result.audit.verdict !== "invalid";
  const targets = targetRows([result]).map(({ figure, limit, cells }): TestCase => {
    const { met, text } = cells[0]!;
    const name = `${figure}: ${limit}`;
    if (!valid) return skipped(name, `the run is invalid; the value, ${text}, is not judged`);
    if (met === null) return skipped(name, "the run cannot tell this figure");
    if (met) return { name, outcome: "passed", children: [] };
    const message = `${figure} is ${text}; wanted ${limit}`;
    return { name, outcome: "failures", children: [element("failure", { message, type: "target missed" }, message)] };
  });
  return [runCase(result), ...targets];
}

function skipped(name: string, message: string): TestCase {
  return { name, outcome: "skipped", children: [element("skipped", { message })] };
}

function runCase({ audit: { verdict, findings } }: RunResult): TestCase {
  const name = "The run may be believed";
  const said = `${verdictSigns[verdict]} ${verdict}\n${findings.join("\n")}`;
  if (verdict === "valid") return { name, outcome: "passed", children: [] };
  if (verdict === "doubtful") return { name, outcome: "passed", children: [element("system-out", {}, said)] };
  const message = findings.join(" ") || "the run is invalid";
  return { name, outcome: "errors", children: [element("error", { message, type: "invalid run" }, said)] };
}
