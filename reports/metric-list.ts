// What monitoring systems are told of a run: its counters, figures, latencies and verdicts, once, in base units; prometheus.ts and
// otlp.ts only write them down. Counters are of the whole run, figures and latencies of the part after the warm-up.

import { decodeHistogram, recordedValues } from "../metrics/latency-histogram.ts";
import type { Counters, Figure, HistogramJson, RunResult } from "../metrics/run-result.ts";
import { modeOf, replicationsOf } from "./figure-rows.ts";

export interface Point {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Counts of values up to each bound and above the one before; the last one counts what is above all bounds. */
export interface Buckets {
  readonly boundsSeconds: readonly number[];
  readonly counts: readonly number[];
  readonly count: number;
  readonly sumSeconds: number;
}

export type Metric = {
  /** Words joined by underscores, without unit: "response_p99". */
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  /** "seconds", "bytes", "ratio", "per_second", or "" for plain numbers; another word where a figure has a unit of its own. */
  readonly unit: string;
} & (
  | { readonly kind: "gauge" | "counter"; readonly points: readonly Point[] }
  | { readonly kind: "histogram"; readonly buckets: Buckets }
);

/** Everything that the run knows; what it does not know is left out. */
export function metricsOf(result: RunResult): readonly Metric[] {
  const histograms = Object.keys(result.histograms)
    .sort()
    .map((key): Metric => {
      const help = `${latencyHelp[key] ?? `Times of ${key}.`} As exact as the HDR histogram, to 0.1 %.`;
      const buckets = bucketsOf(result.histograms[key]!);
      return { name: `${snakeCase(key)}_time`, help, unit: "seconds", kind: "histogram", buckets };
    });
  // An experiment sends requests of its own, which are no visitors' and which its figures speak of.
  const counters = result.study !== null && result.counters.requests === 0 ? [] : countersOf(result.counters);
  return [...verdicts(result), ...counters, ...result.figures.flatMap(figureOf), ...histograms];
}

/** What tells one run from another. */
export function runLabels(result: RunResult, runName: string): Readonly<Record<string, string>> {
  const { scenario, kind, driver, store } = result;
  return {
    run: runName,
    scenario: scenario.name,
    mode: modeOf(result),
    kind,
    ...(driver === "journeys" ? {} : { driver }),
    ...(store === null ? {} : { store }),
  };
}

function verdicts(result: RunResult): readonly Metric[] {
  const { audit, targets, complete } = result;
  const judged = targets.flatMap(({ figure, limit, met }) =>
    met === null ? [] : [{ labels: { figure, limit }, value: met ? 1 : 0 }],
  );
  const audits = (["valid", "doubtful", "invalid"] as const).map((verdict) => ({
    labels: { verdict },
    value: audit.verdict === verdict ? 1 : 0,
  }));
  const gauge = (name: string, help: string, points: readonly Point[]): Metric => ({
    name,
    help,
    unit: "",
    kind: "gauge",
    points,
  });
  return [
    gauge("run_verdict", "1 for the verdict of the audit: may the run be believed?", audits),
    gauge("run_complete", "1 when the run came to its end, 0 when it was cut short.", [
      { labels: {}, value: complete ? 1 : 0 },
    ]),
    gauge("run_replications", "Replications of the run; the counters are sums over them.", [
      { labels: {}, value: replicationsOf(result) },
    ]),
    ...(judged.length === 0 ? [] : [gauge("target_met", "1 for a target met, 0 for one missed.", judged)]),
  ];
}

/** Counters that are one number each. `stored` is a level, the records of failures and store calls have labels. */
type PlainCounter = Exclude<keyof Counters, "stored" | "failures" | "storeCalls">;

const plainCounters: Readonly<Record<PlainCounter, readonly [name: string, help: string]>> = {
  visits: ["visits", "People who came."],
  arrivals: ["session_arrivals", "Times a new session was wanted."],
  started: ["sessions_started", "Sessions started."],
  refused: ["sessions_refused", "New sessions refused at the cap."],
  expired: ["sessions_expired", "Sessions removed because their time was over."],
  abandoned: ["sessions_abandoned", "Sessions ended by the application."],
  lost: ["sessions_lost", "Sessions gone because a worker or service ended."],
  revived: ["sessions_revived", "Expired sessions that an access brought back before they were deleted."],
  requests: ["requests", "Requests made."],
  completed: ["requests_completed", "Requests finished without an error."],
  failed: ["requests_failed", "Requests that failed."],
  lockWaits: ["lock_waits", "Requests that found their session locked."],
  lockPolls: ["lock_polls", "Times a request asked again for a locked session."],
  lockBreaks: ["lock_breaks", "Locks broken because their holder ran too long."],
  lostUpdates: ["lost_updates", "Writes that overwrote one their writer had not read."],
  recycles: ["recycles", "Worker processes recycled."],
};

function countersOf(counters: Counters): readonly Metric[] {
  const counter = (name: string, help: string, points: readonly Point[]): readonly Metric[] =>
    points.length === 0 ? [] : [{ name, help, unit: "", kind: "counter", points }];
  const labelled = (label: string, counts: Readonly<Record<string, number>>) =>
    Object.keys(counts)
      .sort()
      .map((key) => ({ labels: { [label]: key }, value: counts[key]! }));
  const help = "Sessions in the store at the end of the run, expired ones that are not yet removed among them.";
  return [
    ...(Object.keys(plainCounters) as PlainCounter[]).flatMap((key) =>
      counter(...plainCounters[key], [{ labels: {}, value: counters[key] }]),
    ),
    ...counter("request_failures", "Requests that failed, by reason.", labelled("reason", counters.failures)),
    ...counter("store_calls", "Calls of the session store.", labelled("operation", counters.storeCalls)),
    { name: "sessions_stored", help, unit: "", kind: "gauge", points: [{ labels: {}, value: counters.stored }] },
  ];
}

/** Units of figures: the base unit, what one of them is in it, and the ending that says so in a key. */
const units: Readonly<Record<string, readonly [base: string, factor: number, keyEnding: RegExp]>> = {
  "": ["", 1, /$/],
  ms: ["seconds", 0.001, /Ms$/],
  s: ["seconds", 1, /Seconds$/],
  bytes: ["bytes", 1, /Bytes$/],
  share: ["ratio", 1, /Share$/],
  "/s": ["per_second", 1, /PerSecond$/],
};

function figureOf({ key, label, unit, value }: Figure): readonly Metric[] {
  if (value === null || !Number.isFinite(value)) return [];
  const [base, factor, keyEnding] = units[unit] ?? [snakeCase(unit), 1, /$/];
  const name = snakeCase(key.replace(keyEnding, ""));
  const points = [{ labels: {}, value: factor === 1 ? value : Number((value * factor).toPrecision(15)) }];
  return [{ name, help: `${label}.`, unit: base, kind: "gauge", points }];
}

const latencyHelp: Readonly<Record<string, string>> = {
  response: "Response times from the moment a request was due.",
  service: "Service times from the moment a request was sent.",
  lockWait: "Waits for a locked session.",
  startLag: "Lag of the load generator behind the moments that requests were due.",
};

const boundsMs = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 120_000,
];

function bucketsOf(json: HistogramJson): Buckets {
  const counts = [...boundsMs, Number.POSITIVE_INFINITY].map(() => 0);
  const histogram = decodeHistogram(json);
  for (const { us, count } of recordedValues(histogram)) {
    const above = boundsMs.findIndex((boundMs) => us <= boundMs * 1000);
    counts[above === -1 ? boundsMs.length : above]! += count;
  }
  const sumSeconds = json.count === 0 ? 0 : (histogram.mean * json.count) / 1_000_000;
  return { boundsSeconds: boundsMs.map((ms) => ms / 1000), counts, count: json.count, sumSeconds };
}

/** "responseP99" → "response_p99"; what is no letter or digit becomes an underscore. */
function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}
