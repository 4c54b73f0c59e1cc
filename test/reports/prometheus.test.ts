import { describe, expect, test } from "vitest";
import type { RunResult } from "../../metrics/run-result.ts";
import { renderPrometheus } from "../../reports/prometheus.ts";
import { makeResult } from "./fixture-result.ts";
import { HOSTILE, hostileResult } from "./hostile.ts";

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"';

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
}

/** Text format 0.0.4, strictly: HELP and TYPE once, before the samples of their name, which stand together; no sample twice. */
function parse(text: string): readonly Sample[] {
  expect(text.endsWith("\n")).toBe(true);
  const samples: Sample[] = [];
  const families = new Map<string, string>();
  const seen = new Set<string>();
  let family = "";
  let help = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const helpLine = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\\\n]|\\\\[\\\\n])*)$`).exec(line);
    const typeLine = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`).exec(line);
    if (helpLine !== null) {
      help = helpLine[1]!;
      expect(families.has(help), `${help} is told once`).toBe(false);
    } else if (typeLine !== null) {
      family = typeLine[1]!;
      expect(family).toBe(help);
      families.set(family, typeLine[2]!);
    } else {
      const match = new RegExp(
        `^(${NAME})\\{((?:${LABEL},?)*)\\} (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?|[+-]Inf|NaN)$`,
      ).exec(line);
      expect(match, `a sample: ${line}`).not.toBeNull();
      const [, name, list, , , value] = match!;
      const suffixes = families.get(family) === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      expect(suffixes.map((suffix) => family + suffix)).toContain(name);
      const pairs = [...list!.matchAll(new RegExp(LABEL, "g"))].map(
        (one) => [one[1]!, withoutEscapes(one[2]!)] as const,
      );
      expect(new Set(pairs.map(([label]) => label)).size).toBe(pairs.length);
      const identity = JSON.stringify([name, [...pairs].sort()]);
      expect(seen.has(identity), `${line} comes once`).toBe(false);
      seen.add(identity);
      samples.push({ name: name!, labels: Object.fromEntries(pairs), value: Number(value) });
    }
  }
  return samples;
}

function only(samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = samples.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  expect(found, name).toHaveLength(1);
  return found[0]!.value;
}

const measured: RunResult = { ...makeResult({ kind: "measured", mode: "SQLServer" }), store: "PostgreSQL 18.4" };

describe("Prometheus text", () => {
  test("keeps to the grammar for one run, for several and for two with the same label", () => {
    expect(parse(renderPrometheus([measured])).length).toBeGreaterThan(60);
    const twice = parse(renderPrometheus([measured, makeResult(), measured]));
    expect([...new Set(twice.map((one) => one.labels.run))]).toEqual([
      "sqlserver-measured",
      "inproc-simulated",
      "sqlserver-measured-2",
    ]);
  });

  test("names scenario, mode, kind and store of every sample; a run without a store has no such label", () => {
    for (const { labels } of parse(renderPrometheus([measured]))) {
      expect(labels).toMatchObject({
        scenario: "Lunch hour at a bookshop",
        mode: "SQLServer",
        kind: "measured",
        store: "PostgreSQL 18.4",
      });
    }
    for (const { labels } of parse(renderPrometheus([makeResult()]))) expect(labels).not.toHaveProperty("store");
  });

  test("gives counters and figures in base units, and nothing that the run does not know", () => {
    const samples = parse(renderPrometheus([measured]));
    const figure = (key: string) => measured.figures.find((one) => one.key === key)!.value!;
    expect(only(samples, "sessionlab_sessions_started_total")).toBe(measured.counters.started);
    expect(only(samples, "sessionlab_sessions_stored")).toBe(measured.counters.stored);
    expect(only(samples, "sessionlab_request_failures_total", { reason: "request timed out" })).toBe(2);
    expect(only(samples, "sessionlab_store_calls_total", { operation: "getItemExclusive" })).toBe(20_000);
    expect(only(samples, "sessionlab_response_p99_seconds")).toBeCloseTo(figure("responseP99Ms") / 1000, 12);
    expect(only(samples, "sessionlab_memory_mean_bytes")).toBe(figure("memoryMeanBytes"));
    expect(only(samples, "sessionlab_refused_ratio")).toBe(figure("refusedShare"));
    expect(only(samples, "sessionlab_requests_per_second")).toBe(figure("requestsPerSecond"));
    const few = parse(renderPrometheus([makeResult({ samples: 500 })]));
    expect(few.filter((one) => one.name === "sessionlab_response_p99_seconds")).toEqual([]);
  });

  test("tells over how many passes the counters are sums: a bench runs once, whatever a simulation is asked", () => {
    const ofBoth = [makeResult(), makeResult({ kind: "measured" })].map(({ scenario, ...result }) => ({
      ...result,
      scenario: { ...scenario, run: { ...scenario.run, replications: 10 } },
    }));
    const samples = parse(renderPrometheus(ofBoth));
    expect(only(samples, "sessionlab_run_replications", { kind: "simulated" })).toBe(10);
    expect(only(samples, "sessionlab_run_replications", { kind: "measured" })).toBe(1);
  });

  test("has a histogram of response times whose buckets only grow and end in the count", () => {
    const samples = parse(renderPrometheus([measured]));
    const buckets = samples.filter((one) => one.name === "sessionlab_lock_wait_time_seconds_bucket");
    for (const [index, { value }] of buckets.entries()) {
      expect(value).toBeGreaterThanOrEqual(buckets[index - 1]?.value ?? 0);
    }
    expect(buckets.at(-1)!.labels.le).toBe("+Inf");
    const count = measured.histograms.lockWait!.count;
    expect(buckets.at(-1)!.value).toBe(count);
    expect(only(samples, "sessionlab_lock_wait_time_seconds_count")).toBe(count);
    expect(only(samples, "sessionlab_lock_wait_time_seconds_sum")).toBeCloseTo(count * 0.5, 0);
    // Every wait of the fixture lasts 500 ms: none is below a quarter of a second, all are within half a second.
    const upTo = (le: string) => only(samples, "sessionlab_lock_wait_time_seconds_bucket", { le });
    expect([upTo("0.25"), upTo("0.5")]).toEqual([0, count]);
  });

  test("says whether the run may be believed and which targets it met", () => {
    const invalid: RunResult = {
      ...measured,
      targets: [
        { figure: "a", limit: "at most 1", value: 2, met: false },
        { figure: "b", limit: "at most 1", value: null, met: null },
      ],
      audit: { ...measured.audit, verdict: "invalid" },
    };
    const samples = parse(renderPrometheus([invalid]));
    expect(only(samples, "sessionlab_run_verdict", { verdict: "invalid" })).toBe(1);
    expect(only(samples, "sessionlab_run_verdict", { verdict: "valid" })).toBe(0);
    expect(only(samples, "sessionlab_target_met")).toBe(0);
  });

  test("keeps to the grammar whatever things are called, and gives their names back", () => {
    const samples = parse(renderPrometheus([hostileResult()]));
    const reasons = samples.filter((one) => one.name === "sessionlab_request_failures_total");
    expect(reasons.map((one) => one.labels.reason)).toEqual([HOSTILE.toWellFormed()]);
  });
});
