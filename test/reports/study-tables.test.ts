import { describe, expect, test } from "vitest";
import type { RunResult } from "../../metrics/run-result.ts";
import type { Study } from "../../metrics/study.ts";
import { reportFiles, textFormats } from "../../reports/formats.ts";
import { renderMarkdown } from "../../reports/markdown.ts";
import { parseResult, stringifyResult } from "../../reports/result-file.ts";
import { waitStairs } from "../../reports/studies/lock-waits.ts";
import { studyCubes } from "../../reports/studies/study-cube.ts";
import { studyCsv, studyTables } from "../../reports/studies/study-tables.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { makeResult } from "./fixture-result.ts";
import { makeFaultResult, makeStudyResult } from "./fixture-study.ts";

const kinds: readonly Study["kind"][] = ["saturation", "slo", "micro", "memory", "locks", "engine"];
const every = [makeResult(), makeFaultResult(), ...kinds.map((kind) => makeStudyResult(kind))];
const terminal = (results: readonly RunResult[]) => renderTerminal(results, { color: false, columns: 160 });
const line = (text: string, head: string) => text.split("\n").find((one) => one.startsWith(head));

describe("an experiment alone", () => {
  test("has a row a size, a call or a number at once, and a column a measure", () => {
    expect(line(terminal([makeStudyResult("memory")]), "4 KiB, used_memory")).toMatch(/5\.001 ± 0\.15 .* 97 +15$/);
    expect(line(terminal([makeStudyResult("micro")]), "getItem, 64 KiB")).toMatch(/0\.3099 ± 0\.012/);
    expect(line(terminal([makeStudyResult("locks")]), "32 ")).toMatch(/96\.88 .* 40 +24 +0 +640$/);
    expect(line(terminal([makeStudyResult("slo")]), "Requests, highest that meet them (/s)")).toMatch(/985 ± 15$/);
    expect(line(terminal([makeStudyResult("saturation")]), "Rounds")).toMatch(/ 8$/);
  });

  test("comes back from its file as it was", () => {
    for (const kind of kinds) {
      const result = makeStudyResult(kind);
      const back = parseResult(stringifyResult(result), "result.json");
      expect(terminal([back])).toBe(terminal([result]));
    }
  });

  test("says how long it went on when it was cut short, not how much of the scenario it saw", () => {
    expect(terminal([{ ...makeStudyResult("slo"), complete: false }])).toContain("cut short after 1 min 1 s");
  });
});

describe("targets of the scenario", () => {
  const asked = [
    { figure: "refusedShare", limit: "at most 0.01", value: null, met: null },
    { figure: "sloRequestsPerSecond", limit: "at least 900", value: 985, met: true },
  ];

  test("that are about visitors' figures do not count against an experiment", () => {
    const text = terminal([{ ...makeStudyResult("slo"), targets: asked }]);
    expect(text).toContain("✓ valid  Redis 7.0.15, slo  the target met".replace("valid  ", "valid     "));
    expect(text).not.toContain("refused");
    expect(terminal([{ ...makeStudyResult("locks"), targets: asked.slice(0, 1) }])).toContain(
      "no target speaks of this experiment",
    );
  });

  test("have their figure's name even where no run knows the figure", () => {
    const unknown = { ...makeResult(), figures: [], targets: asked.slice(0, 1) };
    expect(terminal([unknown])).toMatch(/New sessions refused at most 1 % +— {2}\? unknown/);
  });
});

describe("experiments side by side", () => {
  const stores = [
    makeStudyResult("memory"),
    makeStudyResult("memory", { store: "PostgreSQL 18.4", factor: 1.02 }),
    makeStudyResult("memory", { store: "SQLite 3.50.4", factor: 1.5 }),
  ];

  test("are compared by the measure that each gives first, whatever it is called", () => {
    const [first, ...others] = stores as [RunResult, ...RunResult[]];
    const study = first.study as Extract<Study, { kind: "memory" }>;
    const renamed = { ...study, measures: study.measures.map((one) => ({ ...one, name: `${one.name} elsewhere` })) };
    const [cube] = studyCubes([{ ...first, study: renamed }, ...others]);
    const row = cube!.rows.findIndex(({ values }) => values[0] === "first" && values[1] === 4096);
    expect(cube!.cells.every((own) => own[row]![0]!.value !== null)).toBe(true);
  });

  test("have the best marked, and those that cannot be told from it", () => {
    const [table] = studyTables(studyCubes(stores)[0]!);
    expect(table!.rows[0]!.standings).toEqual(["even", "even", null]);
    expect(line(renderMarkdown(stores), "| 4 KiB |")).toMatch(/≈ best \| .* ≈ best \| [\d.]+ ± [\d.]+ \|$/);
  });

  test("leave a cell empty where one has no such row", () => {
    const study = stores[1]!.study as Extract<Study, { kind: "memory" }>;
    const fewer = { ...study, measures: study.measures.map((one) => ({ ...one, lines: one.lines.slice(1) })) };
    const [table] = studyTables(studyCubes([stores[0]!, { ...stores[1]!, study: fewer }])[0]!);
    expect(table!.rows[0]!.cells[1]).toBe("—");
  });
});

test("every format takes runs, runs with faults and experiments together", () => {
  for (const format of textFormats) {
    const files = reportFiles(format, every);
    expect(files.length, format).toBeGreaterThan(0);
    for (const { text } of files) {
      const slips = text.replace(/HISTF[\w+/=]+/g, "").match(/.{0,30}(NaN|undefined|\[object).{0,30}/g);
      expect(slips, format).toBeNull();
    }
  }
});

test("tables of data have the series of the runs, and what each kind of experiment found", () => {
  const files = reportFiles("csv", every);
  const names = [
    "series.csv",
    "saturation.csv",
    "slo.csv",
    "micro.csv",
    "memory.csv",
    "locks.csv",
    "engine.csv",
    "slo-probes.csv",
  ];
  expect(files.map(({ name }) => name)).toEqual(names);
  expect(reportFiles("csv", [makeStudyResult("micro")]).map(({ name }) => name)).toEqual(["micro.csv"]);
  const [head, first] = studyCsv(studyCubes([makeStudyResult("memory")])[0]!).split("\r\n");
  expect(head).toMatch(/^run,measure,stateBytes,bytesPerSession,bytesPerSessionLow,bytesPerSessionHigh,/);
  expect(first).toMatch(/^redis-7-0-15-memory,used_memory,256,1088\.8,/);
});

test("faults are told one by one, with what failed of each kind", () => {
  const text = terminal([makeFaultResult()]);
  expect(line(text, "kill-store")).toMatch(/1 h +4 s +4\.60 s +621 +243: http 500 212, connection refused 31$/);
  expect(line(text, "recycle")).toMatch(/not seen +— +0$/);
});

test("waits stand on stairs of the poll: every answered request on one of them", () => {
  const { study } = makeStudyResult("locks");
  for (const step of (study as Extract<Study, { kind: "locks" }>).steps) {
    const stairs = waitStairs(step, 500);
    expect(stairs.reduce((sum, { requests }) => sum + requests, 0)).toBe(step.requests);
    expect(stairs[0]).toEqual({ stair: 0, requests: 20 });
    const polls = stairs.reduce((sum, { stair, requests }) => sum + stair * requests, 0);
    expect(polls).toBe(step.polls);
  }
});
