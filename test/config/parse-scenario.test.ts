import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseScenario, parseWorkload } from "../../config/parse-scenario.ts";
import type { Problem } from "../../config/problem.ts";
import { scenarioJsonSchema } from "../../config/scenario-file.ts";
import { figureKinds } from "../../metrics/figures.ts";

const figureKeys = figureKinds.map((kind) => kind.key);
const problemsOf = (text: string) => parseScenario(text, "s.yaml", figureKeys).problems;
const places = (problems: readonly Problem[]) => problems.map(({ line, column, at }) => `${line}:${column} ${at}`);

describe("a scenario file", () => {
  test("says one thing about one wrong value, and how to mend it in terms of what belongs there", () => {
    const problems = problemsOf(`name: lunch
workload: { thinkSeconds: 20s, arrivals: 1 }
run: { timeScale: 0, durationMinutes: "60" }
`);
    expect(problems.map(({ at, expected, mend }) => [at, expected, mend])).toEqual([
      ["workload.thinkSeconds", "a group of keys", "change it"],
      ["run.timeScale", "at least 1", "change it, or leave it out to get the default"],
      ["run.durationMinutes", "a number", "leave out quotes and units"],
    ]);
  });

  test("says what may stand where several things may", () => {
    const said = (text: string) => problemsOf(text).map(({ at, expected, mend }) => [at, expected, mend]);
    expect(said("name: lunch")).toEqual([["workload", "a text or a group of keys", "add it"]]);
    expect(said("name: lunch\nworkload: [1]")).toEqual([["workload", "a text or a group of keys", "change it"]]);
  });

  test("refuses a precision of a figure that does not exist, wider than the figure itself, or with too few replications", () => {
    const asking = (precision: string) =>
      problemsOf(`name: x\nworkload: { arrivals: 1 }\nrun:\n  replications: 20\n  precision: ${precision}`);
    const said = (precision: string) => asking(precision).map(({ at, given, mend }) => `${at} ${given}: ${mend}`);
    expect(said("{ figure: refusdShare, relativeHalfWidth: 5, replicationsMax: 10 }")).toEqual([
      'run.precision.figure "refusdShare": choose one of them',
      "run.precision.relativeHalfWidth 5: change it, or leave it out to get the default",
      "run.precision.replicationsMax 10: raise it, or lower run.replications",
    ]);
    expect(said("[{ figure: refusedShare, relativeHalfWidth: 1%, halfWidth: 1 }]")).toEqual([
      'run.precision[0].relativeHalfWidth "1%": leave out quotes and units',
      "run.precision[0].halfWidth not a known key: take it out",
    ]);
    expect(asking("{ figure: refusedShare, relativeHalfWidth: 0.1 }")).toEqual([]);
  });

  test("lists every mistake at once, each at its line and column", () => {
    const problems = problemsOf(`name: lunch
sit: {}
site:
  mode: inproc
  timeoutMinutes: 0.5
  sesionsMax: 5
workload:
  arrivals: { kind: poison }
  thinkSeconds: { kind: exponential, mean: "30 s", foo: 1 }
  pages: [{ name: basket }]
run:
  warmupMinutes: 500
  seed: -1
targets:
  - { figure: refusedShar, atMost: 0.1 }
  - { figure: refusedShare }
faults:
  - { kind: recycle, atMinutes: 999 }
`);
    expect(places(problems)).toEqual([
      "2:1 sit",
      "4:3 site.mode",
      "5:3 site.timeoutMinutes",
      "6:3 site.sesionsMax",
      "8:15 workload.arrivals.kind",
      "9:38 workload.thinkSeconds.mean",
      "9:52 workload.thinkSeconds.foo",
      "10:11 workload.pages[0].share",
      "12:3 run.warmupMinutes",
      "13:3 run.seed",
      "15:7 targets[0].figure",
      "16:5 targets[1]",
      "18:22 faults[0].atMinutes",
    ]);
  });

  test.each([
    ["an unknown key", "sesionsMax: 5", 'did you mean "sessionsMax"?'],
    ["a mode in other letters", "mode: sqlserver", 'did you mean "SQLServer"?'],
  ])("suggests what was meant by %s", (_, line, mend) => {
    expect(problemsOf(`name: x\nsite: { ${line} }\nworkload: { arrivals: 1 }`)[0].mend).toBe(mend);
  });

  test.each([
    ["a cap below 0", "site: { sessionsMax: -1 }", "site.sessionsMax", "at least 0"],
    [
      "a timeout over a year in process",
      "site: { mode: InProc, timeoutMinutes: 600000 }",
      "site.timeoutMinutes",
      "one year",
    ],
    [
      "classic ASP with a state server",
      "site: { technology: asp, mode: StateServer }",
      "site.mode",
      "InProc or Off: classic ASP keeps its sessions in the worker process",
    ],
    ["more recycles than a run can hold", "site: { recycleEveryMinutes: 0.000001 }", "site.recycleEveryMinutes", "0.1"],
    [
      "weights that do not fit the values",
      "workload: { arrivals: 1, requestsPerVisit: { kind: empirical, values: [1, 2], weights: [1] } }",
      "workload.requestsPerVisit.weights",
      "2, one a value",
    ],
    [
      "quantiles out of order",
      "workload: { arrivals: 1, thinkSeconds: { kind: empirical, quantiles: [3, 1] } }",
      "workload.thinkSeconds.quantiles",
      "numbers that rise",
    ],
    [
      "a trace out of order",
      "workload: { arrivals: { kind: trace, atSeconds: [2, 1] } }",
      "workload.arrivals.atSeconds",
      "numbers that rise",
    ],
    [
      "a Pareto law cut below its start",
      "workload: { arrivals: 1, thinkSeconds: { kind: pareto, min: 5, shape: 2, max: 1 } }",
      "workload.thinkSeconds.max",
      "at least min, 5",
    ],
    [
      "pages nobody visits",
      "workload: { arrivals: 1, pages: [{ name: a, share: 0 }] }",
      "workload.pages",
      "one share above 0",
    ],
    ["a million samples", "run: { durationMinutes: 500000, sampleSeconds: 1 }", "run.sampleSeconds", "100,000 samples"],
    ["a user's provider without its path", "store: { provider: module }", "store.module", "the path of the provider"],
    [
      "a module for a provider that takes none",
      "store: { provider: redis, module: x.js }",
      "store.module",
      "store.provider: module, or express-session",
    ],
    ["a list where a group is due", "site: []", "site", "a group of keys"],
    ["a rate of zero", "workload: { arrivals: 0 }", "workload.arrivals.perSecond", "more than 0"],
  ])("refuses %s and says what is expected", (_, text, at, expected) => {
    const whole = `name: x\n${text}${text.startsWith("workload") ? "" : "\nworkload: { arrivals: 1 }"}`;
    const [problem, ...others] = problemsOf(whole);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ at, expected: expect.stringContaining(expected), line: 2 });
  });

  test("that is no YAML is one problem with the first place", () => {
    expect(places(problemsOf("name: [unclosed"))[0]).toMatch(/^1:\d+ the text$/);
  });

  test("may be JSON", () => {
    expect(parseScenario('{"name": "x", "workload": {"arrivals": 2}}', "s.json", figureKeys).problems).toEqual([]);
  });

  test("of one line has a default for everything else", () => {
    const { value } = parseScenario("name: x\nworkload: { arrivals: 2 }", "s.yaml", figureKeys);
    expect(value).toMatchObject({
      site: { servers: 1, lockPollMs: 500, deleteJobSeconds: 60 },
      workload: { arrivals: { kind: "poisson", perSecond: 2 }, requestsPerVisit: { kind: "geometric", mean: 10 } },
      run: { seed: 1, timeScale: 1, fidelity: "requests" },
    });
  });
});

test("a workload file takes bare numbers for laws", () => {
  const { value } = parseWorkload("arrivals: 3\nthinkSeconds: 12\nrequestsPerVisit: 5", "w.yaml");
  expect(value).toMatchObject({
    arrivals: { kind: "poisson", perSecond: 3 },
    thinkSeconds: { kind: "constant", value: 12 },
    requestsPerVisit: { kind: "fixed", value: 5 },
  });
});

describe("the bundled scenarios", () => {
  const folder = new URL("../../scenarios/", import.meta.url);
  test.each(readdirSync(folder).filter((name) => name.endsWith(".yaml")))("%s can be read", (name) => {
    expect(parseScenario(readFileSync(new URL(name, folder), "utf8"), name, figureKeys).problems).toEqual([]);
  });
  test("stand beside the schema as the program knows it (npm run schema writes it)", () => {
    const published = JSON.parse(readFileSync(new URL("scenario.schema.json", folder), "utf8"));
    expect(published).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });
});
