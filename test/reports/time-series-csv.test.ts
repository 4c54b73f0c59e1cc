import { describe, expect, test } from "vitest";
import type { RunResult } from "../../metrics/run-result.ts";
import { csvText } from "../../reports/csv.ts";
import { renderTimeSeriesCsv } from "../../reports/time-series-csv.ts";
import { makeResult } from "./fixture-result.ts";
import { HOSTILE, hostileResult } from "./hostile.ts";

/** RFC 4180 to the letter, and nothing more: records end in CR LF, a quote stands only in a quoted field. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  const record: string[] = [];
  const token = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    record.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "\r\n") records.push(record.splice(0));
  }
  return records;
}

/** The cells of a column, by its name. */
function column(results: readonly RunResult[], name: string): string[] {
  const [head, ...rows] = parseCsv(renderTimeSeriesCsv(results));
  const at = head!.indexOf(name);
  expect(at, `there is a column ${name}`).toBeGreaterThanOrEqual(0);
  return rows.map((row) => row[at]!);
}

const heads = (result: RunResult) => parseCsv(renderTimeSeriesCsv([result]))[0]!;

/** Three rows of 10, 20 and 30 seconds with columns of which every sum is known. */
function small(change: { site?: object; counters?: object; columns?: RunResult["series"]["columns"] } = {}): RunResult {
  const result = makeResult();
  const columns = {
    stored: [1, 3, 2],
    live: [1, 3, 1],
    started: [1, 2, 0.1],
    refused: [0, 1, 4],
    expired: [0, 0, 1],
    abandoned: [0, 1, 0],
    requests: [5, 6, 7],
    ...change.columns,
  };
  return {
    ...result,
    scenario: { ...result.scenario, site: { ...result.scenario.site, ...change.site } },
    counters: { ...result.counters, ...change.counters },
    series: { atMs: [10_000, 20_000, 30_000], columns },
  };
}

describe("CSV", () => {
  test("quotes what has to be quoted and gives it back unchanged", () => {
    const rows = [
      ["plain", 'say "so"', "a,b", "two\r\nlines", "", " kept "],
      [HOSTILE, "\r", "\n", '"', ",", "é"],
    ];
    expect(parseCsv(csvText(rows))).toEqual(rows);
    expect(csvText([["plain", 1.5, null, 'x"y']])).toBe('plain,1.5,,"x""y"\r\n');
  });
});

describe("the time series as a table", () => {
  test("holds every value of every result, a row a moment, under a header that names the columns", () => {
    const results = [makeResult({ seriesPoints: 20 }), makeResult({ kind: "measured", seriesPoints: 30 })];
    const [head, ...rows] = parseCsv(renderTimeSeriesCsv(results));
    expect(new Set(head).size).toBe(head!.length);
    expect(rows).toHaveLength(50);
    for (const row of rows) expect(row).toHaveLength(head!.length);
    for (const [index, { series }] of results.entries()) {
      const own = rows.filter((row) => row[0] === ["inproc-simulated", "inproc-measured"][index]);
      expect(own.map((row) => Number(row[head!.indexOf("atMs")]))).toEqual(series.atMs);
      for (const [name, values] of Object.entries(series.columns)) {
        expect(own.map((row) => Number(row[head!.indexOf(name)]))).toEqual(values);
      }
    }
    expect(column(results, "cpuShare").slice(0, 20)).toEqual(Array(20).fill(""));
  });

  test("names the runs apart even where their labels are the same", () => {
    const names = column([small(), small()], "run");
    expect(names).toEqual([...Array(3).fill("inproc-simulated"), ...Array(3).fill("inproc-simulated-2")]);
  });

  test("is whole whatever scenario, store and columns are called", () => {
    const [head, ...rows] = parseCsv(renderTimeSeriesCsv([hostileResult()]));
    expect(rows.map((row) => row[head!.indexOf("scenario")])).toEqual([HOSTILE, HOSTILE, HOSTILE]);
    expect(rows.map((row) => row[head!.indexOf(HOSTILE)])).toEqual(["1", "", "-0.5"]);
  });
});

describe("Windows performance counters", () => {
  const app = "\\ASP.NET Applications(__Total__)\\";
  const countersOf = (result: RunResult) => heads(result).filter((name) => name.startsWith("\\"));

  test("of InProc are those of the application: stored sessions are active, counts add up from the start", () => {
    expect(column([small()], `${app}Sessions Active`)).toEqual(["1", "3", "2"]);
    expect(column([small()], `${app}Sessions Total`)).toEqual(["1", "3", "3.1"]);
    expect(column([small()], `${app}Sessions Timed Out`)).toEqual(["0", "0", "1"]);
    expect(column([small()], `${app}Sessions Abandoned`)).toEqual(["0", "1", "1"]);
    expect(column([small()], `${app}Requests Total`)).toEqual(["5", "11", "18"]);
  });

  test("of StateServer are those of the state service, of classic ASP its own, of SQLServer none but the requests", () => {
    expect(countersOf(small({ site: { mode: "StateServer" } }))).toEqual([
      "\\ASP.NET\\State Server Sessions Active",
      "\\ASP.NET\\State Server Sessions Total",
      "\\ASP.NET\\State Server Sessions Timed Out",
      "\\ASP.NET\\State Server Sessions Abandoned",
      `${app}Requests Total`,
    ]);
    expect(countersOf(small({ site: { technology: "asp" } }))).toEqual([
      "\\Active Server Pages\\Sessions Current",
      "\\Active Server Pages\\Sessions Total",
      "\\Active Server Pages\\Sessions Timed Out",
      "\\Active Server Pages\\Requests Total",
    ]);
    expect(countersOf(small({ site: { mode: "SQLServer" } }))).toEqual([`${app}Requests Total`]);
  });

  test("know no refused session: Requests Rejected means requests that the queue turned away", () => {
    for (const technology of ["asp", "aspnet"]) {
      expect(countersOf(small({ site: { technology } })).filter((name) => name.includes("Rejected"))).toEqual([]);
    }
  });

  test("are left out where they would not mean the same: on a farm, and as totals once their process has ended", () => {
    expect(countersOf(small({ site: { servers: 2 } }))).toEqual([]);
    expect(countersOf(small({ counters: { recycles: 1 } }))).toEqual([`${app}Sessions Active`]);
    const stateServer = { mode: "StateServer" };
    expect(countersOf(small({ site: stateServer, counters: { recycles: 1 } }))).toHaveLength(4);
    expect(countersOf(small({ site: stateServer, counters: { lost: 5 } }))).toEqual([
      "\\ASP.NET\\State Server Sessions Active",
      `${app}Requests Total`,
    ]);
  });

  test("leave a field empty for runs that lack the counter, and every total after a row that nobody knows", () => {
    const results = [small(), small({ site: { mode: "SQLServer" } })];
    expect(column(results, `${app}Sessions Active`)).toEqual(["1", "3", "2", "", "", ""]);
    const gap = small({ columns: { expired: [2, null, 3] } });
    expect(column([gap], `${app}Sessions Timed Out`)).toEqual(["2", "", ""]);
  });
});
