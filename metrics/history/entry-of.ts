// What of a run goes down in history: its figures, what comparisons derive from them, and what must agree before two runs belong to one
// series. No histograms: an entry is a few kilobytes, and there will be thousands.

import { machineOf } from "../compare/machine.ts";
import { ruleOf } from "../compare/metric-rules.ts";
import { readingsOf } from "../compare/metric-values.ts";
import type { Figure, RunResult } from "../run-result.ts";
import { HISTORY_ENTRY_SCHEMA, type HistoryEntry, type HistoryMetric } from "./history.ts";
import { setupOf } from "./setup-of.ts";

/**
 * @param result a whole, valid run; that is for the caller to see to.
 * @returns figures the run does not know are left out. A simulated run has no machine: its figures are the same on any.
 */
export function entryOf(result: RunResult): HistoryEntry {
  const { environment, figures } = result;
  const known = new Set(figures.map(({ key }) => key));
  const derived: readonly Figure[] = [...readingsOf(result).values()].filter(({ key }) => !known.has(key));
  return {
    schema: HISTORY_ENTRY_SCHEMA,
    at: new Date(environment.startedAt).toISOString(),
    commit: environment.commit,
    scenario: result.scenario.name,
    driver: result.driver,
    label: result.label,
    machine: result.kind === "simulated" && result.driver !== "engine" ? null : machineOf(environment),
    setup: setupOf(result),
    metrics: [...figures, ...derived].flatMap(({ key, label, unit, value, interval }): HistoryMetric[] =>
      value === null
        ? []
        : [{ key, label, unit, better: betterOf(key, unit), value, low: interval?.low, high: interval?.high }],
    ),
  };
}

/** As comparisons have it; of figures they leave to others, times of requests, memory and utilisation are good when low. */
function betterOf(key: string, unit: string): HistoryMetric["better"] {
  const low = unit === "ms" || unit === "bytes" || key.endsWith("Utilisation");
  return ruleOf(key)?.better ?? (low ? "low" : null);
}
