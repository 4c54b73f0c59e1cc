// The numbers that a comparison is about: for each metric one value a run, of every figure that a change can make worse, and of what can
// be derived from several of them.

import type { Figure, RunResult } from "../run-result.ts";
import type { MicroCall } from "../study.ts";
import type { MetricValues } from "./judged.ts";
import { journeyMetricKeys, ruleOf } from "./metric-rules.ts";

export type NamedValues = MetricValues & Pick<Figure, "label" | "unit">;

export type Reading = Pick<Figure, "key" | "label" | "unit" | "value">;

/** @param overrides minimum effects by key. @returns the metrics that at least one run knows, in the order of the figures. */
export function metricValues(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  overrides: Readonly<Record<string, number>> = {},
): readonly NamedValues[] {
  const [ofBase, ofCandidate] = [base, candidate].map((runs) => runs.map(readingsOf));
  const named = new Map<string, Reading>();
  for (const readings of [...ofBase, ...ofCandidate]) {
    for (const reading of readings.values()) {
      if (!named.has(reading.key) && reading.value !== null && !isNothing(reading)) named.set(reading.key, reading);
    }
  }
  const valuesOf = (runs: readonly ReadonlyMap<string, Reading>[], key: string) =>
    runs.map((readings) => readings.get(key)?.value ?? Number.NaN);
  return [...named.values()].flatMap(({ key, label, unit }) => {
    const rule = ruleOf(key);
    if (rule === null) return [];
    const minimumEffect = overrides[key] ?? rule.minimumEffect;
    return [
      {
        key,
        label,
        unit,
        rule: { ...rule, minimumEffect },
        base: valuesOf(ofBase, key),
        candidate: valuesOf(ofCandidate, key),
      },
    ];
  });
}

/** Bytes of a kind that a call does not allocate at all. */
function isNothing({ unit, value }: Reading): boolean {
  return unit === "bytes" && value === 0;
}

/** What one run says, by key. */
export function readingsOf(result: RunResult): ReadonlyMap<string, Reading> {
  const readings = result.study?.kind === "micro" ? result.study.calls.flatMap(callReadings) : figureReadings(result);
  return new Map(readings.map((reading) => [reading.key, reading]));
}

function figureReadings(result: RunResult): readonly Reading[] {
  if (result.driver !== "journeys") return result.figures;
  const readings = [...result.figures, cpuPerRequest(result)];
  const place = ({ key }: Reading) => journeyMetricKeys.indexOf(key);
  return readings.filter((reading) => place(reading) >= 0).sort((a, b) => place(a) - place(b));
}

/** What the site's processes worked, spread over the requests they answered. */
function cpuPerRequest({ kind, figures, scenario: { site, run } }: RunResult): Reading {
  const figure = (key: string) => figures.find((one) => one.key === key)?.value ?? null;
  const [busyShare, perSecond] = [figure("coreUtilisation"), figure("requestsPerSecond")];
  // A bench speaks of one core, that of its worker; processor time is real time, requests are told by scenario time.
  const cores = kind === "measured" ? 1 : site.servers * site.workersPerServer * site.coresPerWorker;
  const known = busyShare !== null && perSecond !== null && perSecond > 0;
  const value = known ? (busyShare * cores * 1000) / (perSecond * run.timeScale) : null;
  return { key: "cpuMsPerRequest", label: "Web processor time a request", unit: "ms", value };
}

/**
 * Of a call: its time in the quieter of the rounds, for what else the machine does makes rounds slower and never quicker; its processor
 * time, and what it allocates. Under load, blocks of a micro comparison scattered by 1.6 % so, and by 5.9 % in the middle round.
 */
function callReadings(call: MicroCall): readonly Reading[] {
  const { operation, stateBytes, roundsMedianMs, cpuMs, allocatedBytes, externalBytes } = call;
  const key = `micro.${operation}.${stateBytes}`;
  const label = `${operation}, ${stateBytes} bytes`;
  return [
    { key: `${key}.p50Ms`, label: `${label}, p50`, unit: "ms", value: lowerQuartile(roundsMedianMs) },
    { key: `${key}.cpuMs`, label: `${label}, processor`, unit: "ms", value: cpuMs },
    { key: `${key}.allocatedBytes`, label: `${label}, allocated`, unit: "bytes", value: allocatedBytes },
    { key: `${key}.externalBytes`, label: `${label}, buffers`, unit: "bytes", value: externalBytes },
  ];
}

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 4) - 1];
}
