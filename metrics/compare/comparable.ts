// Which results may be held against each other. A difference of mode, store or program is what is being compared; a difference of
// machine, visitors or experiment is none of theirs, and would be taken for it.

import type { Problem } from "../../config/problem.ts";
import type { RunResult } from "../run-result.ts";
import { machineOf } from "./machine.ts";

interface Trait {
  readonly at: string;
  readonly of: (result: RunResult) => unknown;
  readonly mend: string;
  /** Only measurements have it. */
  readonly measured?: boolean;
}

const ANOTHER = "compare results that agree in this, or add --force";

/** What all results of a comparison must have in common. */
const traits: readonly Trait[] = [
  { at: "kind", of: ({ kind }) => kind, mend: "sessionlab report shows a prediction beside a measurement" },
  { at: "driver", of: ({ driver }) => driver, mend: ANOTHER },
  {
    at: "machine",
    of: ({ environment }) => machineOf(environment),
    mend: "run both on one machine: bench --against does",
    measured: true,
  },
  { at: "workload", of: ({ scenario }) => scenario.workload, mend: ANOTHER },
  { at: "run", of: ({ scenario }) => runOf(scenario), mend: ANOTHER },
  { at: "experiment", of: ({ study }) => experimentOf(study), mend: ANOTHER },
  { at: "faults", of: ({ scenario }) => scenario.faults, mend: ANOTHER },
];

/** How long and how compressed; not which luck, nor how often. */
function runOf({ run }: RunResult["scenario"]): unknown {
  const { seed, replications, precision, antithetic, ...rest } = run;
  return rest;
}

/** What was asked of an experiment beyond its scenario, where its figures do not name it: more connections make another saturation. */
function experimentOf(study: RunResult["study"]): string {
  switch (study?.kind) {
    case "saturation":
      return `${study.connections} connections`;
    case "slo":
      return `p99 within ${study.responseP99MsMax} ms, failed share within ${study.failedShareMax}`;
    case "locks":
      return `requests at once: ${study.steps.map(({ concurrency }) => concurrency).join(", ")}`;
    case "memory":
      return `state bytes: ${study.measures[0]?.lines.map(({ stateBytes }) => stateBytes).join(", ") ?? "none"}`;
    default:
      return "";
  }
}

/** Why these must not be compared; empty when they may be. */
export function objectionsTo(base: readonly RunResult[], candidate: readonly RunResult[]): readonly Problem[] {
  const [first] = base;
  const measured = [...base, ...candidate].every(({ kind }) => kind === "measured");
  const different = traits.flatMap(({ at, of, mend, measured: ofMeasured = false }): readonly Problem[] => {
    if (ofMeasured && !measured) return [];
    const other = [...base, ...candidate].find((result) => !isSame(of(result), of(first)));
    if (other === undefined) return [];
    const [place, given, expected] = firstDifference(at, of(other), of(first));
    return [{ at: place, given: inWords(given), expected: `the same in all: ${inWords(expected)}`, mend }];
  });
  return [...different, ...mixedSides(base, "base"), ...mixedSides(candidate, "candidate")];
}

/** A side is runs of one site and store. */
function mixedSides(side: readonly RunResult[], name: string): readonly Problem[] {
  const labels = [...new Set(side.map(({ label }) => label))];
  if (labels.length < 2) return [];
  return [
    { at: name, given: labels.join("; "), expected: "runs of one site and store", mend: "name those of one only" },
  ];
}

/** What only one of them has is a setting that the program of the other did not know yet. */
function isSame(one: unknown, other: unknown): boolean {
  if (!isTree(one) || !isTree(other)) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return false;
  return Object.keys(one).every((key) => !Object.hasOwn(other, key) || isSame(one[key], other[key]));
}

/** The first place in two trees at which they differ, and what stands there: "workload.arrivals.perSecond", 100, 50. */
function firstDifference(
  at: string,
  one: unknown,
  other: unknown,
): readonly [at: string, one: unknown, other: unknown] {
  if (!isTree(one) || !isTree(other) || Array.isArray(one) !== Array.isArray(other)) return [at, one, other];
  const key = Object.keys(one).find((name) => Object.hasOwn(other, name) && !isSame(one[name], other[name]));
  return key === undefined ? [at, one, other] : firstDifference(`${at}.${key}`, one[key], other[key]);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function inWords(value: unknown): string {
  if (value === undefined) return "none";
  return short(typeof value === "string" ? value : JSON.stringify(value));
}

function short(text: string): string {
  const LENGTH = 80;
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

/** Why a run says nothing; null for one that counts. */
export function whyLeftOut({ audit, complete }: RunResult): string | null {
  if (!complete) return "cut short";
  return audit.verdict === "invalid" ? `invalid: ${audit.findings[0] ?? "no reason is known"}` : null;
}
