import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { precisionList, repeated } from "../../../cli/simulate/repeat-options.ts";
import { InputError } from "../../../config/problem.ts";
import { concludeSimulation, runReplications } from "../../../sim/simulate.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { runCli } from "../run-cli.ts";
import { runHere } from "../run-here.ts";

const problemsOf = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ at, given, mend }) => `${at} ${given}: ${mend}`);
    throw error;
  }
  return [];
};

describe("how often a simulation is repeated", () => {
  const { run } = scenarioOf("workload: { arrivals: 1 }\nrun: { replications: 4 }");

  test("is read from figures and shares, in per cent or plain", () => {
    expect(precisionList("storedSessionsMean=1%, responseP99Ms=0.02")).toEqual([
      { figure: "storedSessionsMean", relativeHalfWidth: 0.01 },
      { figure: "responseP99Ms", relativeHalfWidth: 0.02 },
    ]);
  });
  test("is refused with every mistake at once", () => {
    expect(problemsOf(() => precisionList("nonsense,storedSessionsMean=0%,refusdShare=1%"))).toEqual([
      '--precision "nonsense": write storedSessionsMean=1%, and more after commas',
      '--precision "storedSessionsMean=0%": change it',
      '--precision "refusdShare=1%": choose one of them',
    ]);
    expect(problemsOf(() => repeated(run, { replicationsMax: 5 }))).toEqual([
      "--replications-max without a precision: add one, or leave this out",
    ]);
    const precision = precisionList("refusedShare=1%");
    expect(problemsOf(() => repeated(run, { precision, replications: 30, replicationsMax: 20 }))).toEqual([
      "--replications 30: lower it, or raise --replications-max",
    ]);
  });
  test("is refused for the times of requests where requests take no time", () => {
    const precision = precisionList("responseP99Ms=5%,storedSessionsMean=1%,coreUtilisation=5%");
    expect(problemsOf(() => repeated({ ...run, fidelity: "population" }, { precision }))).toEqual([
      "the precision asked for of responseP99Ms: leave it out, or use fidelity: requests",
      "the precision asked for of coreUtilisation: leave it out, or use fidelity: requests",
    ]);
  });
  test("stays as the scenario has it where no option says otherwise", () => {
    expect(repeated(run, {})).toEqual(run);
    expect(repeated(run, { antithetic: true, precision: precisionList("refusedShare=1%") })).toEqual({
      ...run,
      antithetic: true,
      precision: [{ figure: "refusedShare", relativeHalfWidth: 0.01, replicationsMax: 1000 }],
    });
  });
});

describe("sessionlab simulate", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sessionlab-repeat-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileOf = (run: string) => {
    const file = path.join(folder, "s.yaml");
    const about = "name: s\nsite: { timeoutMinutes: 2 }\nworkload: { arrivals: 1 }";
    writeFileSync(file, `${about}\nrun: { fidelity: population, durationMinutes: 120, warmupMinutes: 40${run} }\n`);
    return file;
  };

  test("repeats until a figure is known as well as asked, the same for one thread and for two", () => {
    const [one, two] = ["1", "2"].map((workers) => {
      const asked = ["--precision", "storedSessionsMean=1%", "--antithetic", "--workers", workers];
      const { stdout, exitCode } = runCli(["simulate", fileOf(""), "--json", ...asked]);
      expect(exitCode).toBe(0);
      const { environment: _environment, command: _command, ...rest } = JSON.parse(stdout);
      return rest;
    });
    expect(one).toEqual(two);
    expect(one.replications).toBeGreaterThanOrEqual(20);
    expect(one.precision).toEqual([{ figure: "storedSessionsMean", asked: 0.01, reached: expect.any(Number) }]);
    expect(one.precision[0].reached).toBeLessThanOrEqual(0.01);
    expect(one.audit.verdict).toBe("valid");
  });
  test("says of a run cut short how far it had come, and not that more replications should be allowed", () => {
    const asked = "precision: { figure: storedSessionsMean, relativeHalfWidth: 0.0001 }";
    const scenario = scenarioOf(`workload: { arrivals: 1 }\nrun: { fidelity: population, replications: 2, ${asked} }`);
    const records = runReplications({ ...scenario, run: { ...scenario.run, precision: undefined } });
    const { audit } = concludeSimulation(scenario, records, { complete: false });
    expect(audit.findings.at(-1)).toMatch(
      /^Asked for storedSessionsMean to ±0\.01 %: cut short after 2 replications, at ±[\d.]+ %\.$/,
    );
  });
  test("says what it reached where it had to give up", async () => {
    const file = fileOf(
      ", precision: { figure: storedSessionsMean, relativeHalfWidth: 0.0001, replicationsMax: 11 }, replications: 3",
    );
    const { stdout } = await runHere(["simulate", file]);
    expect(stdout).toMatch(
      /Asked for storedSessionsMean to ±0\.01 %, reached ±[\d.]+ % after 11 replications: allow\s+more/,
    );
    expect(stdout).toMatch(
      /Precision, 11 replications\n.*\nStored sessions, mean within ±0\.01 % +±[\d.]+ % {2}✗ not reached/,
    );
  });
});

describe("sessionlab simulate --against", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sessionlab-against-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const capped = (name: string, sessionsMax: number) => {
    const file = path.join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `name: ${name}
site: { timeoutMinutes: 2, sessionsMax: ${sessionsMax} }
workload: { arrivals: 1 }
run: { fidelity: population, durationMinutes: 60, warmupMinutes: 10 }
`,
    );
    return file;
  };

  test("tells how the second scenario differs from the first, on the terminal, as JSON and in the report", () => {
    const [small, large] = [capped("small", 120), capped("large", 140)];
    const out = path.join(folder, "out");
    const { stdout, exitCode } = runCli(["simulate", small, "--against", large, "--out", out]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("large against small, 5 replications under the same luck");
    expect(stdout).toMatch(/New sessions refused \(%\) +[\d.]+ +[\d.]+ +−[\d.]+ ± [\d.]+ +differs/);
    expect(readFileSync(path.join(out, "report.html"), "utf8")).toContain("Difference under the same luck");
    const results = JSON.parse(runCli(["simulate", small, "--against", large, "--json", "--quiet"]).stdout);
    expect(results.map(({ label }: { label: string }) => label)).toEqual(["small", "large"]);
    expect(results[1].paired.differences[0]).toMatchObject({ figure: "storedSessionsMean", differs: true });
    const again = runCli(["report", path.join(out, "small.json"), path.join(out, "large.json")]);
    expect(again.stdout).toContain("large against small");
  });
  test("refuses what a comparison has no use for, and a scenario that is not there", async () => {
    const file = capped("one", 120);
    const asked = ["--mode", "InProc,SQLServer", "--precision", "refusedShare=1%"];
    const { exitCode, stderr } = await runHere(["simulate", file, "--against", file, ...asked]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--precision is given; expected not with --against");
    expect(stderr).toContain("--mode is 2 modes; expected not with --against");
    expect((await runHere(["simulate", file, "--against", path.join(folder, "none.yaml")])).exitCode).toBe(2);
  });
});
