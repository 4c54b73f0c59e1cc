// What the experiments of one kind found, as one body of cells: rows (a call and a size, a number of requests at once) by measures
// by results. Terminal, Markdown, HTML and the downloads are cut from it, so that they never tell two stories.

import type { Estimate, RunResult } from "../../metrics/run-result.ts";
import type {
  EngineCase,
  EngineStudy,
  LockStep,
  LockStudy,
  MemoryLine,
  MemoryStudy,
  MicroCall,
  MicroStudy,
  SaturationStudy,
  SloStudy,
  Study,
} from "../../metrics/study.ts";
import type { Better } from "../best.ts";
import type { FigureCell } from "../figure-rows.ts";
import { formatFigure } from "../format-number.ts";
import { waitPercentileMs } from "./lock-waits.ts";

export interface Measure {
  /** As a column of a table of data: "meanMs". */
  readonly key: string;
  readonly label: string;
  /** As in a Figure. */
  readonly unit: string;
  readonly better: Better | null;
  /** One of the few that a summary has room for. */
  readonly main: boolean;
}

export interface StudyRow {
  /** "getItem, 4.000 KiB" */
  readonly label: string;
  /** The same as data, a value for each of `StudyCube.rowKeys`. */
  readonly values: readonly (string | number)[];
}

export interface StudyCube {
  readonly kind: Study["kind"];
  readonly caption: string;
  /** Head of the rows; "" where there is one row alone. */
  readonly rowHead: string;
  readonly rowKeys: readonly string[];
  readonly rows: readonly StudyRow[];
  readonly measures: readonly Measure[];
  readonly results: readonly RunResult[];
  /** [result][row][measure]; a row that a result does not have is null in every cell. */
  readonly cells: readonly (readonly (readonly FigureCell[])[])[];
}

export function studiesOf<K extends Study["kind"]>(
  results: readonly RunResult[],
  kind: K,
): readonly { readonly result: RunResult; readonly index: number; readonly study: Extract<Study, { kind: K }> }[] {
  return results.flatMap((result, index) =>
    result.study?.kind === kind ? [{ result, index, study: result.study as Extract<Study, { kind: K }> }] : [],
  );
}

/** One cube for each kind of experiment among the results. */
export function studyCubes(results: readonly RunResult[]): readonly StudyCube[] {
  return [
    cubeOf(results, "saturation", saturation),
    cubeOf(results, "slo", slo),
    cubeOf(results, "micro", micro),
    cubeOf(results, "memory", memory),
    cubeOf(results, "locks", locks),
    cubeOf(results, "engine", engine),
  ].filter((cube) => cube !== null);
}

interface Shape<S, Row> {
  readonly caption: string;
  readonly rowHead: string;
  readonly rowKeys: readonly string[];
  readonly rowsOf: (study: S) => readonly Row[];
  /** @param alone is this the only result, so that a row can say more of it? */
  readonly labelOf: (row: Row, alone: boolean) => string;
  /** Rows of two results with equal values are the same row. */
  readonly valuesOf: (row: Row, alone: boolean) => readonly (string | number)[];
  readonly measures: readonly (Measure & { readonly of: (row: Row) => Estimate | number | null })[];
}

function cubeOf<K extends Study["kind"], Row>(
  results: readonly RunResult[],
  kind: K,
  shape: Shape<Extract<Study, { kind: K }>, Row>,
): StudyCube | null {
  const studies = studiesOf(results, kind);
  if (studies.length === 0) return null;
  const alone = studies.length === 1;
  const keyOf = (row: Row) => JSON.stringify(shape.valuesOf(row, alone));
  const found = studies.map(({ study }) => new Map(shape.rowsOf(study).map((row) => [keyOf(row), row])));
  const all = new Map(found.flatMap((rows) => [...rows]));
  const unknown = shape.measures.map((): FigureCell => ({ value: null }));
  return {
    kind,
    caption: shape.caption,
    rowHead: shape.rowHead,
    rowKeys: shape.rowKeys,
    rows: [...all.values()].map((row) => ({ label: shape.labelOf(row, alone), values: shape.valuesOf(row, alone) })),
    measures: shape.measures,
    results: studies.map(({ result }) => result),
    cells: found.map((rows) =>
      [...all.keys()].map((key) => {
        const row = rows.get(key);
        return row === undefined ? unknown : shape.measures.map((measure) => cellOf(measure.of(row)));
      }),
    ),
  };
}

function cellOf(found: Estimate | number | null): FigureCell {
  if (found === null || typeof found === "number") return { value: found };
  return found.interval === null ? { value: found.value } : { value: found.value, interval: found.interval };
}

const wholeStudy = { rowHead: "", rowKeys: [], labelOf: () => "", valuesOf: () => [] } as const;

function measure<Row>(
  key: string,
  label: string,
  unit: string,
  of: (row: Row) => Estimate | number | null,
  better: Better | null = null,
  main = false,
) {
  return { key, label, unit, better, main, of };
}

const saturation: Shape<SaturationStudy, SaturationStudy> = {
  ...wholeStudy,
  caption: "As fast as it goes: a closed loop, each connection sending its next request once the last is answered",
  rowsOf: (study) => [study],
  measures: [
    measure("requestsPerSecond", "Requests", "/s", (study) => study.requestsPerSecond, "higher", true),
    measure("slowestRoundPerSecond", "Slowest round", "/s", (study) => Math.min(...study.roundsRequestsPerSecond)),
    measure("quickestRoundPerSecond", "Quickest round", "/s", (study) => Math.max(...study.roundsRequestsPerSecond)),
    measure("rounds", "Rounds", "", (study) => study.roundsRequestsPerSecond.length),
    measure("connections", "Connections", "", (study) => study.connections),
    measure("hostBusyShare", "Site's process busy, of one core", "share", (study) => study.hostBusyShare),
    measure("generatorBusyShare", "Load generator busy, of one core", "share", (study) => study.generatorBusyShare),
  ],
};

const slo: Shape<SloStudy, SloStudy> = {
  ...wholeStudy,
  caption:
    "The highest rate that meets the objectives; the interval is the bracket: met at its low end, missed at its high end",
  rowsOf: (study) => [study],
  measures: [
    measure(
      "requestsPerSecond",
      "Requests, highest that meet them",
      "/s",
      (study) => study.requestsPerSecond,
      "higher",
      true,
    ),
    measure("sessions", "Sessions stored at that rate", "", (study) => study.sessions, "higher", true),
    measure("memoryBytes", "Memory at that rate", "bytes", (study) => study.memoryBytes, null, true),
    measure("responseP99MsMax", "Objective: response p99 at most", "ms", (study) => study.responseP99MsMax),
    measure("failedShareMax", "Objective: requests failed at most", "share", (study) => study.failedShareMax),
    measure("probes", "Rates tried", "", (study) => study.probes.length),
  ],
};

const micro: Shape<MicroStudy, MicroCall> = {
  caption: "Single calls of the provider, one after the other; the providers took turns",
  rowHead: "Call and size",
  rowKeys: ["operation", "stateBytes"],
  rowsOf: (study) => study.calls,
  labelOf: (call) => `${call.operation}, ${sizeText(call.stateBytes)}`,
  valuesOf: (call) => [call.operation, call.stateBytes],
  measures: [
    measure("meanMs", "Mean", "ms", (call) => call.meanMs, "lower", true),
    measure("p50Ms", "p50", "ms", (call) => call.p50Ms, "lower"),
    measure("p99Ms", "p99", "ms", (call) => call.p99Ms, "lower", true),
    measure("cpuMs", "CPU", "ms", (call) => call.cpuMs, "lower"),
    measure("allocatedBytes", "Allocated", "bytes", (call) => call.allocatedBytes, "lower"),
    measure("externalBytes", "Allocated outside the heap", "bytes", (call) => call.externalBytes, "lower"),
    measure("samples", "Samples", "", (call) => call.samples),
  ],
};

interface NamedLine extends MemoryLine {
  readonly measureName: string;
  /** The measure that the figures speak of. */
  readonly first: boolean;
}

const memory: Shape<MemoryStudy, NamedLine> = {
  caption:
    "Memory of a session: the slope of the store's memory over its sessions, by the measure that each store gives first",
  rowHead: "State of a session",
  rowKeys: ["measure", "stateBytes"],
  rowsOf: (study) =>
    study.measures.flatMap(({ name, lines }, place) =>
      lines.map((line) => ({ ...line, measureName: name, first: place === 0 })),
    ),
  labelOf: ({ stateBytes, measureName, first }, alone) =>
    `${sizeText(stateBytes)}${first && !alone ? "" : `, ${measureName}`}`,
  // Stores have other names for what is first of each of them; there they are compared.
  valuesOf: ({ stateBytes, measureName, first }, alone) => [first && !alone ? "first" : measureName, stateBytes],
  measures: [
    measure("bytesPerSession", "Of one session", "bytes", (line) => line.bytesPerSession, "lower", true),
    measure("interceptBytes", "Without sessions", "bytes", (line) => line.interceptBytes, "lower"),
    measure("afterExpiryBytes", "After expiry", "bytes", (line) => line.afterExpiryBytes),
    measure("reclaimedShare", "Given back after expiry", "share", (line) => line.reclaimedShare, "higher", true),
    measure("points", "Readings", "", (line) => line.points.length),
  ],
};

const locks: Shape<LockStudy, LockStep> = {
  caption: "Requests of one session at once: each waits until the one before it lets the session go",
  rowHead: "At once",
  rowKeys: ["concurrency"],
  rowsOf: (study) => study.steps,
  labelOf: (step) => String(step.concurrency),
  valuesOf: (step) => [step.concurrency],
  measures: [
    measure("requestsPerSecond", "Requests", "/s", (step) => step.requestsPerSecond, "higher", true),
    measure("polledShare", "Found it locked", "share", (step) => step.polledShare),
    measure("waitP50Ms", "Wait p50", "ms", (step) => waitPercentileMs(step, 50), "lower"),
    measure("waitP99Ms", "Wait p99", "ms", (step) => waitPercentileMs(step, 99), "lower", true),
    measure("polls", "Polls", "", (step) => step.polls),
    measure("timeOuts", "Timed out", "", (step) => step.timeOuts),
    measure("queueRefusals", "Refused by the queue", "", (step) => step.queueRefusals),
    measure("lostUpdates", "Lost updates", "", (step) => step.lostUpdates),
    measure("otherFailures", "Failed otherwise", "", otherFailures),
    measure("requests", "Answered", "", (step) => step.requests),
  ],
};

const engine: Shape<EngineStudy, EngineCase> = {
  caption: "Simulations, each run in a process of its own; all took turns in every round; medians, least to most",
  rowHead: "Simulation",
  rowKeys: ["case"],
  rowsOf: (study) => study.cases,
  labelOf: ({ label }) => label,
  valuesOf: ({ name }) => [name],
  measures: [
    measure("eventsPerSecond", "Events", "/s", (one) => one.eventsPerSecond, "higher", true),
    measure("wholeEventsPerSecond", "Events, whole process", "/s", (one) => one.wholeEventsPerSecond, "higher", true),
    measure("timesW2", "Time an event, of W2's", "", (one) => one.timesW2),
    measure("wholeTimesW2", "Time an event, of W2's, whole process", "", (one) => one.wholeTimesW2),
    measure("events", "Events a run", "", (one) => one.eventsPerRun),
    measure("arrayBytesPerSession", "Arrays per session", "bytes", (one) => one.arrayBytesPerSession, "lower"),
    measure("rssMaxBytes", "Resident, highest", "bytes", (one) => one.rssMaxBytes, "lower"),
    measure("gcShare", "Collecting", "share", (one) => one.gcShare, "lower"),
  ],
};

/** null where there were none: a column of zeros says nothing. */
function otherFailures({ failures }: LockStep): number | null {
  return Object.values(failures).reduce((sum, count) => sum + count, 0) || null;
}

/** "4 KiB": sizes are chosen, and round. */
export function sizeText(bytes: number): string {
  return formatFigure(bytes, "bytes").replace(/\.0+(?= )/, "");
}
