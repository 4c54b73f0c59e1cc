import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { reportCommand } from "../../../cli/report.ts";
import { InputError } from "../../../config/problem.ts";
import { stringifyPlan } from "../../../reports/plan/plan-file.ts";
import { stringifyResult } from "../../../reports/result-file.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { hopeless, plan } from "../../reports/plan/fixture-plan.ts";

let folder: string;
let file: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-report-plan-"));
  file = path.join(folder, "plan.json");
  await writeFile(file, stringifyPlan(plan));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => reportCommand().exitOverride().parseAsync(args, { from: "user" });

describe("sessionlab report with a plan", () => {
  test("prints the answer and writes the page beside it", async () => {
    await run(file);
    expect(printed).toContain("✓ 3 servers, StateServer, timeout 20 min: 412 EUR a month");
    expect(printed.endsWith(`${path.join(folder, "plan.html")}\n`)).toBe(true);
    expect(await readFile(path.join(folder, "plan.html"), "utf8")).toContain("<h1>3 servers");
    expect(process.exitCode).toBe(0);
  });

  test.each([
    ["markdown", "### ✓ ticket sale"],
    ["json", '{\n  "schema": "sessionlab.plan/1"'],
    ["text", "ticket sale: what to run"],
  ])("as %s is printed, and nothing is written", async (format, start) => {
    await run(file, "--format", format);
    expect(printed.startsWith(start)).toBe(true);
    expect(await readdir(folder)).toEqual(["plan.json"]);
  });

  test("ends with 1 where no setting meets the targets", async () => {
    await writeFile(file, stringifyPlan(hopeless));
    await run(file, "--format", "terminal");
    expect(process.exitCode).toBe(1);
  });

  test("refuses formats of results, a plan among results and a broken plan", async () => {
    await expect(run(file, "--format", "hlog")).rejects.toThrow(InputError);
    const result = path.join(folder, "result.json");
    await writeFile(result, stringifyResult(makeResult({ samples: 100, seriesPoints: 10 })));
    await expect(run(result, file)).rejects.toThrow(/one plan alone/);
    await writeFile(file, '{ "schema": "sessionlab.plan/1" }');
    await expect(run(file)).rejects.toThrow(/Cannot read plan/);
  });
});
