import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { reportCommand } from "../../cli/report.ts";
import { writeReport } from "../../cli/write-report.ts";
import { InputError } from "../../config/problem.ts";
import { reportFiles } from "../../reports/formats.ts";
import { parseResult, stringifyResult } from "../../reports/result-file.ts";
import { renderTimeSeriesCsv } from "../../reports/time-series-csv.ts";
import { makeResult } from "../reports/fixture-result.ts";
import { runCli } from "./run-cli.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-report-"));
});

afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const simulated = makeResult({ samples: 500, seriesPoints: 30 });
const measured = makeResult({ kind: "measured", samples: 500, seriesPoints: 30 });

describe("a written report", () => {
  test("of one result is result.json and report.html", async () => {
    const { htmlPath, jsonPaths } = await writeReport([simulated], folder);
    expect((await readdir(folder)).sort()).toEqual(["report.html", "result.json"]);
    expect(htmlPath).toBe(path.join(folder, "report.html"));
    expect(parseResult(await readFile(jsonPaths[0]!, "utf8"), "result.json")).toEqual(simulated);
  });

  test("of several results has one file each, named for its label, and never two of one name", async () => {
    const deep = path.join(folder, "made", "on", "demand");
    await writeReport([simulated, measured, simulated], deep);
    const files = ["inproc-measured.json", "inproc-simulated-2.json", "inproc-simulated.json", "report.html"];
    expect((await readdir(deep)).sort()).toEqual(files);
  });

  test("cannot go where a file stands", async () => {
    const file = path.join(folder, "taken");
    await writeFile(file, "");
    await expect(writeReport([simulated], file)).rejects.toThrow(InputError);
    await expect(writeReport([simulated], path.join(file, "below"))).rejects.toThrow(InputError);
  });

  test("leaves nothing unfinished behind when a file cannot be put in its place", async () => {
    await writeReport([simulated], path.join(folder, "result.json"));
    await expect(writeReport([simulated], folder)).rejects.toThrow(InputError);
    expect(await readdir(folder)).toEqual(["result.json"]);
  });
});

describe("sessionlab report", () => {
  async function run(...args: string[]): Promise<string> {
    let out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      out += String(text);
      return true;
    });
    await reportCommand().parseAsync(args, { from: "user" });
    return out;
  }

  async function save(name: string, text: string): Promise<string> {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  }

  test("prints the summary and last the path of the page, which lies beside the first result", async () => {
    const file = await save("result.json", stringifyResult(simulated));
    const lines = (await run(file)).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^✓ valid/);
    expect(lines.at(-1)).toBe(path.join(folder, "report.html"));
    expect(await readFile(path.join(folder, "report.html"), "utf8")).toContain("InProc, simulated");
  });

  test("puts results of several files, and of a file with a list, side by side", async () => {
    const list = await save("list.json", `[${stringifyResult(simulated)},${stringifyResult(measured)}]`);
    const single = await save("single.json", stringifyResult(makeResult({ mode: "SQLServer" })));
    const out = await run(list, single, "--format", "terminal");
    expect(out).toMatch(/InProc, simulated +InProc, measured +SQLServer, simulated/);
    expect((await readdir(folder)).sort()).toEqual(["list.json", "single.json"]);
  });

  test("with --json prints the results as one list and nothing else", async () => {
    const file = await save("result.json", stringifyResult(simulated));
    expect(JSON.parse(await run(file, "--json"))).toEqual([simulated]);
    expect(await readdir(folder)).toEqual(["result.json"]);
  });

  test("has the exit code of the results: 1 for a missed target, 3 for an invalid run", async () => {
    const met = { ...simulated, targets: [] };
    await run(await save("met.json", stringifyResult(met)), "--format", "terminal");
    expect(process.exitCode).toBe(0);
    const missed = { ...met, targets: [{ figure: "refusedShare", limit: "at most 0", value: 1, met: false }] };
    await run(await save("missed.json", stringifyResult(missed)), "--format", "terminal");
    expect(process.exitCode).toBe(1);
    const invalid = { ...missed, audit: { ...met.audit, verdict: "invalid" as const } };
    await run(await save("invalid.json", stringifyResult(invalid)), "--format", "terminal");
    expect(process.exitCode).toBe(3);
  });

  describe("with --format", () => {
    const two = async () => [
      await save("simulated.json", stringifyResult(simulated)),
      await save("measured.json", stringifyResult(measured)),
    ];

    test("prints a report that is one text, and writes nothing", async () => {
      for (const format of ["text", "markdown", "csv", "junit", "prometheus", "otlp"] as const) {
        const [file] = reportFiles(format, [simulated, measured]);
        expect(await run(...(await two()), "--format", format)).toBe(file!.text);
      }
      expect(JSON.parse(await run(...(await two()), "--format", "json"))).toEqual([simulated, measured]);
      expect((await readdir(folder)).sort()).toEqual(["measured.json", "simulated.json"]);
    });

    test("writes to the file that --out names, or into its folder, and prints the paths", async () => {
      const file = path.join(folder, "made", "series.csv");
      expect(await run(...(await two()), "--format", "csv", "--out", file)).toBe(`${file}\n`);
      expect(await readFile(file, "utf8")).toBe(renderTimeSeriesCsv([simulated, measured]));
      const logs = path.join(folder, "logs");
      const names = ["inproc-simulated.hlog", "inproc-measured.hlog"];
      const printed = await run(...(await two()), "--format", "hlog", "--out", logs);
      expect(printed).toBe(names.map((name) => `${path.join(logs, name)}\n`).join(""));
      expect((await readdir(logs)).sort()).toEqual([...names].sort());
    });

    test("takes a folder for a folder whatever it is called, and html as any other format", async () => {
      const dotted = path.join(folder, "run.d");
      await mkdir(dotted);
      const release = path.join(folder, "1.2");
      const page = path.join(folder, "page.html");
      await run(...(await two()), "--format", "junit", "--out", dotted);
      await run(...(await two()), "--format", "prometheus", "--out", release);
      await run(...(await two()), "--format", "html", "--out", page);
      expect(await readdir(dotted)).toEqual(["junit.xml"]);
      expect(await readdir(release)).toEqual(["sessionlab.prom"]);
      expect(await readFile(page, "utf8")).toContain("<!doctype html>");
    });

    test("wants a folder for several files, and writes none of them without", async () => {
      const file = path.join(folder, "all.hgrm");
      const refused = (...args: string[]) => run(...args).catch((error: unknown) => String(error));
      const expected = /expected a folder for 7 files: inproc-simulated\.lockWait\.hgrm, .*name a folder/;
      expect(await refused(...(await two()), "--format", "hgrm")).toMatch(expected);
      expect(await refused(...(await two()), "--format", "hgrm", "--out", file)).toMatch(expected);
      expect((await readdir(folder)).sort()).toEqual(["measured.json", "simulated.json"]);
    });

    test("has no latencies to give of results that have none", async () => {
      const file = await save("sessions.json", stringifyResult({ ...simulated, histograms: {} }));
      await expect(run(file, "--format", "hlog")).rejects.toThrow(InputError);
    });

    test("and --json at once is refused, unless json, terminal or html is meant", async () => {
      const [file] = await two();
      await expect(run(file!, "--json", "--format", "csv")).rejects.toThrow("--json or --format csv, not both");
      expect(JSON.parse(await run(file!, "--json", "--format", "json"))).toEqual([simulated]);
    });

    test("keeps the exit code of the results", async () => {
      const missed = { ...simulated, targets: [{ figure: "refusedShare", limit: "at most 0", value: 1, met: false }] };
      await run(await save("missed.json", stringifyResult(missed)), "--format", "junit");
      expect(process.exitCode).toBe(1);
    });

    test("that nobody knows ends with one message that lists those there are, and exit code 2", async () => {
      const [file] = await two();
      const { exitCode, stdout, stderr } = runCli(["report", file!, "--format", "pdf"]);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toMatch(/'pdf' is invalid.* html, .*markdown, csv, hlog, hgrm, junit, prometheus, otlp, json/);
    });
  });

  test("names every file that is no result, at once", async () => {
    const good = await save("good.json", stringifyResult(simulated));
    const foreign = await save("foreign.json", "{}");
    const cut = await save("cut.json", stringifyResult(simulated).slice(0, 500));
    const failure = run(good, foreign, cut, path.join(folder, "absent.json")).catch((error: unknown) => error);
    const error = await failure;
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems.map((problem) => path.basename(problem.file ?? ""))).toEqual([
      "foreign.json",
      "cut.json",
      "absent.json",
    ]);
  });
});
