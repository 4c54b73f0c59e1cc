import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../../config/problem.ts";
import { seriesOf } from "../../../../metrics/history/series-of.ts";
import { type HistoryImportOptions, importHistory } from "../../../../reports/history/import/import-history.ts";
import { parseMoment } from "../../../../reports/history/import/moment.ts";

const options: HistoryImportOptions = { format: null, better: [], where: [], commitTimeMs: () => null };

function entriesOf(name: string, text: string, more: Partial<HistoryImportOptions> = {}) {
  return importHistory([{ name, text }], { ...options, ...more }).entries.map(({ entry }) => entry);
}

function problemsOf(text: string, more: Partial<HistoryImportOptions> = {}, name = "runs.csv"): string {
  try {
    importHistory([{ name, text }], { ...options, ...more });
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("github-action-benchmark", () => {
  const run = (id: string, date: number, benches: readonly object[], tool = "cargo") => ({
    commit: { id, message: "m" },
    date,
    tool,
    benches,
  });
  const dataJs = (groups: object) => `window.BENCHMARK_DATA = ${JSON.stringify({ entries: groups })}`;

  const beside = path.join(import.meta.dirname, "../../../../../shared/data/perf-series/gab-risinglight.data.js.gz");
  const file = existsSync(beside) ? beside : undefined;

  test.skipIf(file === undefined)("a real data.js has 16 runs of 44 benchmarks, none out of order", () => {
    const { entries, findings } = importHistory(
      [{ name: "data.js", text: gunzipSync(readFileSync(file!)).toString() }],
      options,
    );
    expect(entries).toHaveLength(16);
    expect(findings).toEqual([`data.js was last written at ${new Date(1_754_800_651_698).toISOString()}.`]);
    const metrics = entries.flatMap(({ entry }) => entry.metrics);
    expect(new Set(metrics.map(({ key }) => key)).size).toBe(44);
    expect(new Set(metrics.map(({ unit }) => unit))).toEqual(new Set(["ns/iter"]));
    expect(new Set(metrics.map(({ better }) => better))).toEqual(new Set(["low"]));
    expect(entries[0]!.entry).toMatchObject({
      at: "2024-04-16T17:29:05.433Z",
      commit: "a94674d63e2ec81e32ebfb64ab4210233311dc5b",
      scenario: "Rust Benchmark",
      label: "cargo",
      machine: null,
    });
  });

  test("which way is good is told by unit and tool, and by the user before both", () => {
    const better = (tool: string, unit: string, more: Partial<HistoryImportOptions> = {}) =>
      entriesOf("d", dataJs({ g: [run("a", 1e12, [{ name: "x", value: 1, unit }], tool)] }), more)[0]!.metrics[0]!
        .better;
    expect(better("customBiggerIsBetter", "points")).toBe("high");
    expect(better("customSmallerIsBetter", "points")).toBe("low");
    expect(better("jmh", "ops/s")).toBe("high");
    expect(better("jmh", "ms/op")).toBe("low");
    expect(better("go", "MB/s")).toBe("high");
    expect(better("pytest", "iter/sec")).toBe("high");
    expect(better("somethingNew", "points")).toBeNull();
    expect(better("cargo", "ns/iter", { better: [{ key: "x*", better: "high" }] })).toBe("high");
  });

  test("runs out of order are told; what is no number is a gap; a name that stands twice keeps both values", () => {
    const text = dataJs({
      g: [
        run("b", 2e12, [{ name: "x", value: 2, unit: "ms" }]),
        run("a", 1e12, [
          { name: "x", value: "1.5", unit: "ms" },
          { name: "x", value: 3, unit: "ms" },
          { name: "y", value: null, unit: "ms" },
        ]),
      ],
    });
    const { entries, findings } = importHistory([{ name: "data.js", text }], options);
    expect(findings.join(" ")).toContain("1 run is older than the one before");
    expect(findings.join(" ")).toContain("1 values that are no numbers");
    const series = seriesOf(entries.map(({ entry }) => entry));
    expect(series.map(({ key, points }) => [key, points.map(({ value }) => value)])).toEqual([
      ["x", [1.5, 2]],
      ["x #2", [3]],
    ]);
  });

  test("a file that was cut off, or is something else, is refused", () => {
    const whole = dataJs({ g: [run("a", 1e12, [])] });
    expect(problemsOf(whole.slice(0, -10), {}, "data.js")).toContain("data.js: the file is broken");
    expect(problemsOf('window.BENCHMARK_DATA = {"entries": []}', {}, "data.js")).toContain("entries");
    expect(problemsOf(dataJs({ g: [run("a", 1e18, [])] }), {}, "data.js")).toContain(
      "entries.g.0.date is 1000000000000000000",
    );
    expect(problemsOf('{"anything": 1}', {}, "x.json")).toContain("of no known format");
  });
});

describe("asv", () => {
  const benchmarks = JSON.stringify({
    "suite.time_get": {
      unit: "seconds",
      version: "v1",
      params: [
        ["'a'", "'b'"],
        ["1", "2"],
      ],
    },
    "suite.peakmem_get": { unit: "bytes", version: "v1" },
    "suite.track_hits": { unit: "unit", version: "v2" },
    version: 2,
  });
  const columns = ["result", "params", "version", "started_at", "duration", "stats_ci_99_a"];
  const result = (hash: string, date: number, results: string) =>
    `{"version": 2, "commit_hash": "${hash}", "date": ${date}, "env_name": "virtualenv-py3.11", "params": {"machine": "rig"},
      "python": "3.11", "requirements": {}, "result_columns": ${JSON.stringify(columns)}, "results": ${results}, "durations": {}}`;
  const two = result(
    "abc123",
    1.7e12,
    `{"suite.time_get": [[0.5, null, NaN, 0.25], [["'a'", "'b'"], ["1", "2"]], "v1", 1, 2],
      "suite.peakmem_get": [[1048576], [], "v1"], "suite.track_hits": [[7], [], "v1"], "suite.time_failed": [null, [], "v1"]}`,
  );

  test("version 2: parameters become names, NaN and null gaps, seconds and bytes our own units", () => {
    const { entries, findings } = importHistory(
      [
        { name: "results/rig/abc123-py.json", text: two },
        { name: "results/benchmarks.json", text: benchmarks },
        { name: "results/rig/machine.json", text: '{"machine": "rig", "version": 1}' },
      ],
      options,
    );
    expect(entries).toHaveLength(1);
    const { entry } = entries[0]!;
    expect(entry).toMatchObject({ commit: "abc123", scenario: "asv", label: "virtualenv-py3.11", machine: "rig" });
    expect(entry.at).toBe(new Date(1.7e12).toISOString());
    expect(entry.metrics.map(({ key, unit, better, value }) => [key, unit, better, value])).toEqual([
      ["suite.time_get('a', 1)", "s", "low", 0.5],
      ["suite.time_get('b', 2)", "s", "low", 0.25],
      ["suite.peakmem_get", "bytes", "low", 1_048_576],
    ]);
    expect(findings).toEqual([
      "2 values of benchmarks that failed or were skipped are gaps.",
      "1 values were left out: their benchmark has since been changed.",
    ]);
  });

  test("version 1: numbers, objects and lists of results", () => {
    const one = `{"version": 1, "commit_hash": "def456", "date": 1600000000000, "python": "2.7", "params": {"machine": "rig"},
      "requirements": {}, "results": {"time_a": 0.5, "time_b": {"result": [1, 2], "params": [["1", "2"]]},
      "time_c": {"result": 3}, "time_d": null}}`;
    const [entry] = entriesOf("def456.json", one, { format: "asv" });
    expect(entry!.label).toBe("py2.7");
    expect(entry!.metrics.map(({ key, unit, value }) => [key, unit, value])).toEqual([
      ["time_a", "s", 0.5],
      ["time_b(1)", "s", 1],
      ["time_b(2)", "s", 2],
      ["time_c", "s", 3],
    ]);
  });

  test("runs are in the order of their commits' dates, whatever the files are called", () => {
    const files = ["z", "a"].map((name, index) => ({
      name: `${name}.json`,
      text: result(name, 1.7e12 - index * 1000, '{"time_x": [[1], []]}'),
    }));
    expect(importHistory(files, options).entries.map(({ entry }) => entry.commit)).toEqual(["a", "z"]);
  });

  test("every broken file is named", () => {
    const text = (version: number) => two.replace('"version": 2', `"version": ${version}`);
    const files = [
      { name: "cut.json", text: two.slice(0, 200) },
      { name: "new.json", text: text(9) },
      { name: "odd.json", text: two.replace("[[1048576]", '[["many"]') },
    ];
    expect(() => importHistory(files, { ...options, format: "asv" })).toThrow(
      /cut\.json.*not JSON[\s\S]*new\.json.*version 9[\s\S]*odd\.json.*peakmem_get/,
    );
  });
});

describe("tables", () => {
  const otava = `time,commit,metric1,"latency (ms)",comment
2026.01.01 3:00:00 +0100,aaa0,154023,10.43,first
2026.01.02 3:00:00 +0100,aaa1,138455,NaN,"a, b"
2026.01.03 3:00:00 +0100,aaa2,143112,10.29,
`;

  test("Otava's have a time, a commit and metrics, of which a unit may stand behind the name", () => {
    const { entries, findings } = importHistory([{ name: "data/local_sample.csv", text: otava }], options);
    expect(entries.map(({ entry }) => [entry.at, entry.commit, entry.scenario])).toEqual([
      ["2026-01-01T02:00:00.000Z", "aaa0", "local_sample"],
      ["2026-01-02T02:00:00.000Z", "aaa1", "local_sample"],
      ["2026-01-03T02:00:00.000Z", "aaa2", "local_sample"],
    ]);
    expect(
      seriesOf(entries.map(({ entry }) => entry)).map(({ key, unit, better, points }) => [
        key,
        unit,
        better,
        points.length,
      ]),
    ).toEqual([
      ["metric1", "", null, 3],
      ["latency", "ms", "low", 2],
    ]);
    expect(findings).toEqual(["Columns that are no metrics were left out: comment."]);
  });

  test("semicolons, tabs, a byte order mark, CR LF and quotes of either kind are read", () => {
    const text = `\uFEFFtime;commit;x\r\n'2026-01-01';'a;1';"1.5"\r\n2026-01-02;a2;-2e3\r\n`;
    const entries = entriesOf("x.csv", text);
    expect(entries.map(({ commit, metrics }) => [commit, metrics[0]!.value])).toEqual([
      ["a;1", 1.5],
      ["a2", -2000],
    ]);
    expect(entriesOf("x.tsv", "date\tx\n2026-01-01\t7")[0]!.metrics[0]!.value).toBe(7);
  });

  test("without times the repository says when a commit was made", () => {
    const entries = entriesOf("x.csv", "sha,x\nabc,1\ndef,2", {
      commitTimeMs: (commit) => (commit === "abc" ? 1.7e12 : 1.8e12),
    });
    expect(entries.map(({ at }) => Date.parse(at))).toEqual([1.7e12, 1.8e12]);
    expect(problemsOf("sha,x\nabc,1")).toContain('runs.csv:2: sha is "abc"; expected a commit of the repository');
  });

  test("rows of one time stay as many, in their order", () => {
    const { entries, findings } = importHistory(
      [{ name: "x.csv", text: "date,x\n2026-01-01,3\n2026-01-01,1\n2026-01-01,2" }],
      options,
    );
    expect(seriesOf(entries.map(({ entry }) => entry))[0]!.points.map(({ value }) => value)).toEqual([3, 1, 2]);
    expect(findings.join()).toContain("2 rows have the time of another");
  });

  test("what is asked for is taken: columns, rows and names", () => {
    const text = "when,branch,a1,a2,b\n2026-01-01,main,1,2,3\n2026-01-02,dev,4,5,6";
    const where = [{ column: "branch", value: "main" }];
    const entries = entriesOf("x.csv", text, {
      metrics: ["a*"],
      where,
      scenario: "nightly",
      better: [{ key: "a2", better: "high" }],
    });
    expect(entries).toHaveLength(1);
    expect(entries[0]!.scenario).toBe("nightly");
    expect(entries[0]!.metrics.map(({ key, better }) => [key, better])).toEqual([
      ["a1", null],
      ["a2", "high"],
    ]);
  });

  test("what cannot be read is refused with its line", () => {
    expect(problemsOf("date,x\n2026-01-01,1\nyesterday,2")).toContain('runs.csv:3: date is "yesterday"');
    expect(problemsOf("date,x\n2026-01-01,1\n2026-01-02,fast")).toContain('runs.csv:3: x is "fast"');
    expect(problemsOf("date,x\n2026-01-01,1\n2026-01-02")).toContain("runs.csv:3: the row is 1 fields long");
    expect(problemsOf("date,x\n")).toContain("a line of names alone");
    expect(problemsOf("date,word\n2026-01-01,fine")).toContain("without a column of numbers");
    expect(problemsOf("a,b\n1,2")).toContain("--time-column or --commit-column");
    expect(problemsOf("date,x\n2026-01-01,1", { timeColumn: "day" })).toContain(
      '--time-column is "day"; expected one of date, x',
    );
    expect(problemsOf("date,branch,x\n2026-01-01,a,1\n2026-01-02,b,1")).toContain("--where branch=a");
    expect(problemsOf("date,x\n2026-01-01,1", { where: [{ column: "x", value: "2" }] })).toContain("--where");
    expect(problemsOf("hello")).toContain("of no known format");
  });
});

test.each([
  ["2026-11-21", "2026-11-21T00:00:00.000Z"],
  ["2026-11-21T15:04:05Z", "2026-11-21T15:04:05.000Z"],
  ["2026-11-21 15:04:05.1239 -0330", "2026-11-21T18:34:05.123Z"],
  ["2026/11/21 5:04", "2026-11-21T05:04:00.000Z"],
  ["1763737445", "2025-11-21T15:04:05.000Z"],
  ["1763737445123", "2025-11-21T15:04:05.123Z"],
  ["Sat Nov 21 15:04:05 2026 +0100", "2026-11-21T14:04:05.000Z"],
  ["Sat, 21 Nov 2026 15:04:05 GMT", "2026-11-21T15:04:05.000Z"],
  ["2026-02-31", null],
  ["2026-13-01", null],
  ["2026-11-21 25:00", null],
  ["21.11.2026", null],
  ["tomorrow", null],
  ["12", null],
])("the moment %o is %o", (text, moment) => {
  expect(parseMoment(text)).toBe(moment);
});
