// A comparison as JUnit XML, which every build server shows: a case a metric. A regression fails; what cannot be told, and a
// regression that is taken on, is skipped with its reason, for neither is a pass.

import type { Comparison } from "../../metrics/compare/comparison.ts";
import { element, type XmlElement, xmlDocument } from "../xml.ts";
import {
  countsInWords,
  howMuch,
  OBJECTIONS_HEAD,
  verdictWord,
  waiverInWords,
  whoAgainstWhom,
  whyOf,
} from "./comparison-words.ts";
import { type MetricRow, metricRows, standingSigns } from "./metric-rows.ts";

export function renderComparisonJunit(comparison: Comparison): string {
  const rows = metricRows(comparison);
  const cases = [wholeCase(comparison, rows), ...rows.map(metricCase)];
  const count = (child: string) => cases.filter(({ children }) => children.some(({ name }) => name === child)).length;
  const counts = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  };
  const { base, scenario } = comparison;
  const startedAt = new Date(base.environment.startedAt).toISOString().slice(0, "2024-05-06T12:00:00".length);
  const suite = element("testsuite", { name: whoAgainstWhom(comparison), ...counts, timestamp: startedAt }, [
    properties(comparison),
    ...cases.map(({ name, children }) =>
      element("testcase", { classname: [scenario, base.label].map(withoutDots).join("."), name }, children),
    ),
  ]);
  return xmlDocument(element("testsuites", { name: "sessionlab compare", ...counts }, [suite]));
}

/** In a class name dots part the packages, not "PostgreSQL 18.4". */
function withoutDots(text: string): string {
  return text.replaceAll(".", "_");
}

function properties({ base, candidate, design, blocks, driver, scenario, seed, command }: Comparison): XmlElement {
  const all = {
    scenario,
    driver,
    design,
    blocks,
    base: base.name,
    baseCommit: base.commit ?? "",
    baseRuns: base.runs,
    candidate: candidate.name,
    candidateCommit: candidate.commit ?? "",
    candidateRuns: candidate.runs,
    seed,
    command,
    sessionlab: candidate.environment.sessionlab,
  };
  return element(
    "properties",
    {},
    Object.entries(all).map(([name, value]) => element("property", { name, value })),
  );
}

interface TestCase {
  readonly name: string;
  readonly children: readonly XmlElement[];
}

/** That there is a comparison at all, and what speaks against it: one cut short before it had a verdict is an error. */
function wholeCase(comparison: Comparison, rows: readonly MetricRow[]): TestCase {
  const { objections, findings, waivers, complete, verdict } = comparison;
  const said = [
    `${verdictWord(comparison)}: ${countsInWords(rows)}; ${howMuch(comparison)}`,
    ...(objections.length === 0 ? [] : [OBJECTIONS_HEAD, ...objections]),
    ...findings,
    ...waivers.map((use) => `Waiver, ${waiverInWords(use)}`),
  ].join("\n");
  const cut = element("error", { message: "cut short before there was a verdict", type: "cut short" }, said);
  const whole = element("system-out", {}, said);
  return {
    name: "The sides were compared",
    children: [!complete && verdict === "cannot tell" ? cut : whole],
  };
}

function metricCase(row: MetricRow): TestCase {
  const { standing, key, label, effect, base, candidate, head, minimumEffect, floor } = row;
  const moved = row.metric.effect === null ? "" : `${effect}. `;
  const message = `${standingSigns[standing]} ${standing}: ${moved}${whyOf(row)}`;
  const figures = `${head}: base ${base}, candidate ${candidate}, minimum effect ${minimumEffect}, floor ${floor}`;
  const said = `${message}\n${figures}`;
  const child =
    standing === "regressed"
      ? element("failure", { message, type: "regressed" }, said)
      : standing === "cannot tell" || standing === "waived"
        ? element("skipped", { message })
        : element("system-out", {}, said);
  return { name: `${label} [${key}]`, children: [child] };
}
