import { beforeAll, describe, expect, test } from "vitest";
import { defaultSettings } from "../../config/session-settings.ts";
import type { RunResult } from "../../metrics/run-result.ts";
import { figureRows, formatCell } from "../../reports/figure-rows.ts";
import { renderHdrLog } from "../../reports/hdr-log.ts";
import { escapeHtml } from "../../reports/html/markup.ts";
import { renderHtml } from "../../reports/html/page.ts";
import { renderMarkdown } from "../../reports/markdown.ts";
import { parseResult, stringifyResult } from "../../reports/result-file.ts";
import { renderTerminal } from "../../reports/terminal.ts";
import { renderTimeSeriesCsv } from "../../reports/time-series-csv.ts";
import { makeResult } from "./fixture-result.ts";

const four = [
  makeResult({ seriesPoints: 720 }),
  makeResult({ mode: "StateServer", latencyMs: 15, seriesPoints: 720 }),
  makeResult({ mode: "SQLServer", latencyMs: 21, seriesPoints: 720 }),
  makeResult({ kind: "measured", samples: 4000, completeTo: 5_400_000, seriesPoints: 720 }),
];

/** What lies in the page to be taken away is looked into by tests of its own; packed, it may hold any letters. */
const withoutFiles = (page: string) => page.replace(/ href="data:[^"]*"/g, "");

describe("the page of four results", () => {
  let page = "";
  beforeAll(async () => {
    page = await renderHtml(four);
  });

  test("asks nobody for anything: the only address in it is the name of SVG", () => {
    const addresses = new Set(page.match(/https?:\/\/[^"'\s<)%]*/g) ?? []);
    expect([...addresses].filter((address) => address !== "http://www.w3.org/2000/svg")).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=/i);
  });

  test("is the same to the byte when rendered again", async () => {
    expect(await renderHtml(four)).toBe(page);
  });

  test("stays under 950 kB, all that can be taken away included", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(950_000);
  });

  test("shows every figure of every result as the terminal does", () => {
    for (const row of figureRows(four)) {
      expect(page).toContain(row.label);
      for (const cell of row.cells)
        expect(page).toContain(escapeHtml(formatCell(cell, row.scale)).replace(" ± ", "\u00a0±\u00a0"));
    }
  });

  test("shows each closed form with its sum, each command, and where a run was cut short", () => {
    for (const result of four) {
      expect(page).toContain(escapeHtml(result.command));
      for (const figure of result.figures)
        if (figure.closedForm) expect(page).toContain(escapeHtml(figure.closedForm.sum));
    }
    const head = page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
    expect(head).toContain("cut short at 1 h 30 min of 2 h");
  });

  test("compares the pair that was both simulated and measured", () => {
    expect(page).toContain("InProc: the measured run against the simulated one");
    expect(page).not.toContain("SQLServer: the measured run against the simulated one");
  });

  test("says that a cost is assumed", () => {
    expect(page).toContain("! Assumed costs");
  });

  test("gives every chart a name for those who cannot see it, and every table a caption", () => {
    const charts = page.match(/<svg class="chart"[^>]*>/g) ?? [];
    expect(charts.length).toBeGreaterThan(8);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]+"/);
    expect(page.match(/<table(?: class="many")?><caption>/g)?.length).toBe(page.match(/<table/g)?.length);
  });

  test("has no id twice", () => {
    const ids = page.match(/\sid="[^"]*"/g) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("opens and closes every element", () => {
    const open: string[] = [];
    for (const [, closing, name, rest] of page.matchAll(/<(\/?)([a-z0-9]+)((?:\s[^<>]*)?)>/gi)) {
      if (/^(meta|br)$/.test(name!) || rest!.endsWith("/")) continue;
      if (closing === "") open.push(name!);
      else expect(open.pop(), `closed by ${name}`).toBe(name);
    }
    expect(open).toEqual([]);
  });
});

describe("text from data", () => {
  const hostile = `<script>alert("1")</script>&'`;
  const everywhere: RunResult = {
    ...makeResult({ name: hostile }),
    label: hostile,
    command: hostile,
    audit: { verdict: "doubtful", findings: [hostile], percentileMax: 99.9, generator: null },
    figures: makeResult().figures.map((figure) => ({ ...figure, label: `${figure.label}${hostile}` })),
  };

  test("is escaped wherever it stands", async () => {
    const page = await renderHtml([everywhere, everywhere]);
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;");
  });
});

describe("settings", () => {
  const defaults = defaultSettings();
  const secret = "data source=db;user id=sa;Password=geheim;timeout=5";
  const written: RunResult = {
    ...makeResult(),
    settings: {
      ...defaults,
      sessionState: {
        ...defaults.sessionState,
        timeout: { value: 25, written: "00:25:00", origin: "web.config:12" },
        sqlConnectionString: { value: secret, written: secret, origin: "web.config:13" },
      },
    },
  };

  test("stand with the file and line they came from", async () => {
    expect(await renderHtml([written])).toContain("25 (written &quot;00:25:00&quot;)<small>web.config:12</small>");
  });

  test("give away no password", async () => {
    const page = await renderHtml([written]);
    expect(page).not.toContain("geheim");
    expect(page).toContain("Password=•••;timeout=5");
  });
});

test("a result read back from its file makes the same page and the same summary as when it was fresh", async () => {
  const fresh: RunResult = { ...makeResult({ seriesPoints: 50 }), settings: defaultSettings() };
  const stored = parseResult(stringifyResult(fresh), "result.json");
  expect(await renderHtml([stored])).toBe(await renderHtml([fresh]));
  const options = { color: false, columns: 100 };
  expect(renderTerminal([stored], options)).toBe(renderTerminal([fresh], options));
});

describe("a run that repeats an earlier one", () => {
  const first = makeResult({ kind: "measured", samples: 500 });
  const environment = { ...first.environment, startedAt: "2024-05-07T09:00:00.000Z" };

  test("is told apart from it by what was different about it", async () => {
    const page = await renderHtml([first, { ...first, environment: { ...environment, node: "v25.1.0" } }]);
    expect(page).toContain("What differed between repeated runs");
    expect(page).toMatch(/<th scope="row">Node<\/th><td class="text">v24\.0\.0<\/td><td class="text">v25\.1\.0<\/td>/);
  });

  test("says so where nothing was", async () => {
    expect(await renderHtml([first, { ...first, environment }])).toContain("Nothing differed in scenario, store");
  });
});

test("how well the load generator kept its moments stands beside where the run was made", async () => {
  const page = await renderHtml([makeResult({ kind: "measured", samples: 500 })]);
  expect(page).toMatch(/start lag, p99<\/th><td>[\d.]+ (ms|µs)/);
  expect(await renderHtml([makeResult({ samples: 500 })])).not.toContain("start lag, p99");
});

describe("the first words of every report", () => {
  const runs = [makeResult({ samples: 50 }), makeResult({ kind: "measured", samples: 50, completeTo: 5_400_000 })];

  test("are whether it may be believed", async () => {
    const page = await renderHtml(runs);
    const words = page
      .slice(page.indexOf("<header>"))
      .replace(/<[^>]+>/g, " ")
      .trim();
    expect(words).toMatch(/^sessionlab report · ! doubtful: 1 of 2 runs/);
    expect(renderMarkdown(runs)).toMatch(/^### sessionlab, ! doubtful: 1 of 2 runs: /);
    expect(renderTerminal(runs, { color: false, columns: 100 })).toMatch(/^✓ valid .*\n! doubtful /);
    expect(renderHdrLog(runs[1]!)).toMatch(/^#\[Logged by .*; the run is doubtful\]\n/);
    expect(renderTimeSeriesCsv(runs)).toMatch(/^run,scenario,mode,kind,store,verdict,/);
  });
});

describe("the least a result can hold", () => {
  test("makes a page still", async () => {
    const bare = { ...makeResult(), figures: [], targets: [], histograms: {}, series: { atMs: [], columns: {} } };
    const page = await renderHtml([bare]);
    expect(page).toContain("no targets set");
    expect(withoutFiles(page)).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("a single sample, a series of nulls and figures of zero make a page still", async () => {
    const result = makeResult({ samples: 1, seriesPoints: 1 });
    const empty = {
      ...result,
      series: {
        atMs: [1000],
        columns: { stored: [null], live: [null], memoryBytes: [null], started: [0], refused: [0] },
      },
      figures: result.figures.map(({ interval: _, closedForm: __, ...figure }) => ({ ...figure, value: 0 })),
    };
    expect(withoutFiles(await renderHtml([empty]))).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("no number on the page of eight results is a slip of arithmetic", async () => {
    const page = await renderHtml(
      [...four, ...four].map((result, index) => ({ ...result, label: `${result.label} ${index}` })),
    );
    expect(withoutFiles(page)).not.toMatch(/NaN|undefined|Infinity/);
  });
});
