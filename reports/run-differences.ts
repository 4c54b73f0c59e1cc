// Two runs of one bench never agree to the digit. What was different about them: the scenario, the store, the program, the machine,
// and what else the machine did meanwhile. Without a difference in these, what differs in the figures is chance.

import type { GeneratorAudit, RunResult } from "../metrics/run-result.ts";
import { formatFigure, UNKNOWN } from "./format-number.ts";

export interface RunDifference {
  /** "site.timeoutMs", "Node", "processors used by others". */
  readonly what: string;
  readonly first: string;
  readonly second: string;
}

/** Empty for runs that differ in nothing but when they ran. Names, descriptions, targets and calibrations do not change a measurement. */
export function differencesOf(first: RunResult, second: RunResult): readonly RunDifference[] {
  return [...textDifferences(first, second), ...scenarioDifferences(first, second), ...auditDifferences(first, second)];
}

function* textDifferences(first: RunResult, second: RunResult): Generator<RunDifference> {
  const facts: readonly (readonly [string, (result: RunResult) => string])[] = [
    ["driver", (result) => result.driver],
    ["store", (result) => result.store ?? UNKNOWN],
    ["connections", ({ study }) => (study?.kind === "saturation" ? String(study.connections) : UNKNOWN)],
    ["run", (result) => (result.complete ? "complete" : "cut short")],
    ["audit", (result) => result.audit.verdict],
    ["sessionlab", ({ environment }) => environment.sessionlab],
    ["commit", ({ environment }) => environment.commit ?? UNKNOWN],
    ["Node", ({ environment }) => environment.node],
    ["platform", ({ environment }) => environment.platform],
    ["processor", ({ environment }) => environment.cpu],
    ["cores", ({ environment }) => String(environment.cores)],
    ["memory", ({ environment }) => formatFigure(environment.memoryBytes, "bytes")],
  ];
  for (const [what, of] of facts) {
    if (of(first) !== of(second)) yield { what, first: of(first), second: of(second) };
  }
}

function* scenarioDifferences(first: RunResult, second: RunResult): Generator<RunDifference> {
  const parts = ["site", "store", "workload", "run", "faults"] as const;
  for (const part of parts) yield* valueDifferences(part, first.scenario[part], second.scenario[part]);
}

/** Down to the single values; a value that one of them does not have is unknown there. */
function* valueDifferences(what: string, first: unknown, second: unknown): Generator<RunDifference> {
  if (isBranch(first) && isBranch(second)) {
    for (const key of new Set([...Object.keys(first), ...Object.keys(second)])) {
      yield* valueDifferences(`${what}.${key}`, first[key], second[key]);
    }
  } else if (JSON.stringify(first) !== JSON.stringify(second)) {
    yield { what, first: written(first), second: written(second) };
  }
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function written(value: unknown): string {
  return value === undefined ? UNKNOWN : typeof value === "string" ? value : JSON.stringify(value);
}

/** Figures of the machine move by themselves; these much say that it was not the same machine to work on. */
const SHARE_APART = 0.05;
const LAG_APART_MS = 1;
const CLOCK_STEP_APART_MS = 20;

const auditFigures: readonly {
  readonly key: keyof GeneratorAudit;
  readonly what: string;
  readonly unit: string;
  readonly apart: number;
}[] = [
  { key: "otherLoadShare", what: "processors used by others", unit: "share", apart: SHARE_APART },
  { key: "stealShare", what: "processors given to other machines", unit: "share", apart: SHARE_APART },
  { key: "busyShare", what: "generator busy", unit: "share", apart: SHARE_APART },
  { key: "startLagP99Ms", what: "start lag, p99", unit: "ms", apart: LAG_APART_MS },
  { key: "clockStepMs", what: "clock step", unit: "ms", apart: CLOCK_STEP_APART_MS },
  { key: "siteProcessors", what: "processors of the site's own", unit: "", apart: 0 },
  { key: "droppedStarts", what: "requests never sent", unit: "", apart: 0 },
];

function* auditDifferences(first: RunResult, second: RunResult): Generator<RunDifference> {
  for (const { key, what, unit, apart } of auditFigures) {
    const [a, b] = [first.audit.generator?.[key] ?? null, second.audit.generator?.[key] ?? null];
    const differ = a === null || b === null ? a !== b : Math.abs(a - b) > apart;
    if (differ) yield { what, first: formatFigure(a, unit), second: formatFigure(b, unit) };
  }
}

/** Measured runs of the same driver on the same scenario, mode and provider, in their order; only where there are several. */
export function repeatedRuns(results: readonly RunResult[]): readonly (readonly RunResult[])[] {
  const groups = new Map<string, RunResult[]>();
  for (const result of results.filter(({ kind }) => kind === "measured")) {
    const { name, site, store } = result.scenario;
    const key = JSON.stringify([name, site.mode, store.provider, result.driver]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** The figure by which two runs of one bench are compared first: the median of the response time, or what the experiment is about. */
export function leadFigureApart(first: RunResult, second: RunResult): { label: string; share: number } | null {
  const figures = first.figures.map((figure) => ({
    figure,
    other: second.figures.find(({ key }) => key === figure.key)?.value ?? null,
  }));
  const lead = figures.find(({ figure }) => figure.key === "responseP50Ms") ?? figures[0];
  if (lead === undefined || lead.figure.value === null || lead.figure.value === 0 || lead.other === null) return null;
  return { label: lead.figure.label, share: lead.other / lead.figure.value - 1 };
}
