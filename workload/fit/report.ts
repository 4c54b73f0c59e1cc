// What `sessionlab fit` answers: the facts of the logs, the laws tried on them and the workload made of those chosen. Plain data, the
// same for the JSON output, the summary on the terminal and the comments in the workload file.

import type { Arrivals, CountLaw, Law } from "../../config/scenario.ts";
import { clientsByText } from "../log/client.ts";
import type { BrokenLine, LogCensus, LogFormat } from "../log/read-access-log.ts";
import type { LogEvidence } from "../log/study.ts";
import type { Tally } from "../log/tally.ts";
import { type ArrivalFit, fitArrivals } from "./arrivals.ts";
import type { Candidate, Fit } from "./candidates.ts";
import { fitRequestsPerVisit } from "./requests.ts";
import { fitThinkSeconds } from "./think.ts";

export interface FileCensus {
  readonly file: string;
  readonly census: LogCensus;
}

/** The `workload` part of a scenario file, as far as a log tells it (config/file/workload.ts). */
export interface FittedWorkload {
  readonly arrivals: Arrivals;
  readonly requestsPerVisit: CountLaw;
  readonly thinkSeconds: Law;
  readonly pages: readonly {
    readonly name: string;
    readonly share: number;
    readonly session: "read-write";
    readonly cpuMs: Law;
  }[];
}

export interface FitReport {
  readonly files: readonly string[];
  readonly format: LogFormat | "mixed";
  readonly lines: number;
  readonly headerBlocks: number;
  readonly dataRows: number;
  readonly malformed: {
    readonly count: number;
    readonly first: readonly (BrokenLine & { readonly file: string })[];
  };
  readonly rowsOutOfTimeOrder: number;
  readonly rowsTooLate: number;
  readonly lineEnds: "CRLF" | "LF" | "mixed";
  readonly first: string;
  readonly last: string;
  readonly status: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  readonly timeTakenMs: {
    readonly mean: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
  } | null;
  readonly clientsBy: string;
  readonly gapSeconds: number;
  readonly pagesOnly: boolean;
  readonly staticLeftOut: number;
  readonly clientlessLeftOut: number;
  readonly requests: number;
  readonly clients: number;
  readonly sessions: number;
  readonly requestsPerSessionMean: number;
  readonly requestsPerSessionMedian: number;
  readonly requestsPerSessionP90: number;
  readonly requestsPerSessionMax: number;
  readonly singleRequestSessions: number;
  readonly thinkGaps: number;
  readonly thinkMeanSeconds: number;
  readonly thinkMedianSeconds: number;
  readonly sessionDurationMeanSeconds: number;
  readonly spanSeconds: number;
  readonly arrivalsPerSecond: number | null;
  /** Null where there are not two values to tell it from. */
  readonly standardErrors: {
    readonly arrivalsPerSecond: number | null;
    readonly requestsPerSessionMean: number | null;
    readonly thinkMeanSeconds: number | null;
  };
  readonly arrivalsByHour: {
    readonly hourOfDay: ArrivalFit["hoursOfDay"];
    /** Hours, UTC, in which a session began. */
    readonly series: readonly { readonly hour: string; readonly sessions: number }[];
  };
  readonly fits: {
    readonly thinkSeconds: FitTable<Law> & { readonly resolutionSeconds: number };
    readonly requestsPerSession: FitTable<CountLaw>;
    readonly arrivals: {
      readonly chosen: Arrivals["kind"];
      readonly why: string;
      readonly n: number;
      readonly profileTest: ArrivalFit["profileTest"];
      readonly candidates: ArrivalFit["candidates"];
    };
  };
  readonly workload: FittedWorkload;
}

export interface FitTable<L extends Law | CountLaw> {
  readonly chosen: L["kind"];
  readonly why: string;
  readonly n: number;
  readonly candidates: readonly Candidate<L>[];
}

const HOUR_MS = 3_600_000;

/** @param evidence of logs with at least one session. */
export function fitReport(files: readonly FileCensus[], evidence: LogEvidence): FitReport {
  const { sessions, options, timeTakenMs } = evidence;
  const { requestsPerSession, thinkMs, starts } = sessions;
  const spanMs = sessions.lastMs() - sessions.firstMs();
  const think = fitThinkSeconds(thinkMs, options.gapMs);
  const requests = fitRequestsPerVisit(requestsPerSession);
  const arrivals = fitArrivals(starts, spanMs);
  const sum = (of: (census: LogCensus) => number) => files.reduce((total, { census }) => total + of(census), 0);
  const singles = requestsPerSession.entries();
  return {
    files: files.map(({ file }) => file),
    format: formatOf(files),
    lines: sum((census) => census.lines),
    headerBlocks: sum((census) => census.headerBlocks),
    dataRows: evidence.dataRows,
    malformed: {
      count: sum((census) => census.brokenCount),
      first: files.flatMap(({ file, census }) => census.broken.map((line) => ({ file, ...line }))).slice(0, 5),
    },
    rowsOutOfTimeOrder: sum((census) => census.rowsOutOfTimeOrder),
    rowsTooLate: evidence.rowsTooLate,
    lineEnds: lineEndsOf(
      sum((census) => census.linesEndingInCrLf),
      sum((census) => census.linesEndingInLf),
    ),
    first: moment(evidence.firstMs),
    last: moment(evidence.lastMs),
    status: evidence.status,
    methods: evidence.methods,
    timeTakenMs: timeTakenMs && {
      mean: round3(timeTakenMs.mean()),
      median: timeTakenMs.percentile(0.5),
      p95: timeTakenMs.percentile(0.95),
      max: timeTakenMs.max(),
    },
    clientsBy: clientsByText(evidence.clientsBy),
    gapSeconds: options.gapMs / 1000,
    pagesOnly: options.pagesOnly,
    staticLeftOut: evidence.staticLeftOut,
    clientlessLeftOut: evidence.clientlessLeftOut,
    requests: sessions.requests(),
    clients: sessions.clients(),
    sessions: sessions.sessions(),
    requestsPerSessionMean: round3(requestsPerSession.mean()),
    requestsPerSessionMedian: requestsPerSession.percentile(0.5),
    requestsPerSessionP90: requestsPerSession.percentile(0.9),
    requestsPerSessionMax: requestsPerSession.max(),
    singleRequestSessions: singles.values[0] === 1 ? singles.counts[0] : 0,
    thinkGaps: thinkMs.count(),
    thinkMeanSeconds: round3(thinkMs.mean() / 1000),
    thinkMedianSeconds: thinkMs.percentile(0.5) / 1000,
    sessionDurationMeanSeconds: round3(sessions.durationMsSum() / sessions.sessions() / 1000),
    spanSeconds: spanMs / 1000,
    arrivalsPerSecond: arrivals.perSecond && significant(arrivals.perSecond),
    standardErrors: {
      arrivalsPerSecond: arrivals.standardError && significant(arrivals.standardError),
      requestsPerSessionMean: standardErrorOf(requestsPerSession, 1),
      thinkMeanSeconds: standardErrorOf(thinkMs, 1000),
    },
    arrivalsByHour: {
      hourOfDay: arrivals.hoursOfDay,
      series: [...starts.byHour()].map(([hour, count]) => ({ hour: moment(hour * HOUR_MS), sessions: count })),
    },
    fits: {
      thinkSeconds: { ...tableOf(think), resolutionSeconds: think.resolutionSeconds },
      requestsPerSession: tableOf(requests),
      arrivals: {
        chosen: arrivals.chosen.law.kind,
        why: arrivals.why,
        n: arrivals.n,
        profileTest: arrivals.profileTest,
        candidates: arrivals.candidates,
      },
    },
    workload: {
      arrivals: roundedLaw(arrivals.chosen.law),
      requestsPerVisit: roundedLaw(requests.chosen.law),
      thinkSeconds: roundedLaw(think.chosen.law),
      pages: [{ name: "page", share: 1, session: "read-write", cpuMs: { kind: "constant", value: 0 } }],
    },
  };
}

function standardErrorOf(values: Tally, perUnit: number): number | null {
  return values.count() < 2 ? null : significant(values.standardError() / perUnit);
}

function tableOf<L extends Law | CountLaw>({ chosen, why, n, candidates }: Fit<L>): FitTable<L> {
  return { chosen: chosen.law.kind, why, n, candidates };
}

/** The numbers of a law to six digits, more than any log supports. */
function roundedLaw<L extends object>(law: L): L {
  const rounded = (value: unknown): unknown => {
    if (typeof value === "number") return significant(value);
    return Array.isArray(value) ? value.map(rounded) : value;
  };
  return Object.fromEntries(Object.entries(law).map(([key, value]) => [key, rounded(value)])) as L;
}

function formatOf(files: readonly FileCensus[]): FitReport["format"] {
  const formats = new Set(files.map(({ census }) => census.format).filter((format) => format !== null));
  return formats.size === 1 ? [...formats][0] : "mixed";
}

function lineEndsOf(crLf: number, lf: number): FitReport["lineEnds"] {
  if (crLf > 0 && lf > 0) return "mixed";
  return crLf > 0 ? "CRLF" : "LF";
}

/** UTC to the second, `2010-02-01T01:09:52Z`. */
function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

function round3(value: number): number {
  return Number(value.toFixed(3));
}

function significant(value: number): number {
  return Number(value.toPrecision(6));
}
