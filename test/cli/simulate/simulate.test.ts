import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../run-cli.ts";
import { runHere } from "../run-here.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-simulate-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const small = (more = "") => `name: small
site: { timeoutMinutes: 5, sessionsMax: 500 }
workload: { arrivals: 2 }
run: { durationMinutes: 30, warmupMinutes: 15, replications: 2 }
${more}`;

describe("sessionlab simulate", () => {
  test("prints one result as JSON, the same bytes in two processes but for the environment", () => {
    const file = fileOf("small.yaml", small());
    const results = [1, 2].map(() => {
      const { stdout, exitCode } = runCli(["simulate", file, "--json", "--mode", "SQLServer"]);
      expect(exitCode).toBe(0);
      const { environment, ...rest } = JSON.parse(stdout);
      expect(environment.node).toBe(process.version);
      return JSON.stringify(rest);
    });
    expect(results[0]).toBe(results[1]);
    expect(JSON.parse(results[0])).toMatchObject({ kind: "simulated", label: "SQLServer, simulated", complete: true });
  });

  test("ends with 1 when a target is missed, with 0 when all are met", async () => {
    const missed = fileOf("missed.yaml", small("targets: [{ figure: refusedShare, atMost: 0 }]"));
    expect(runCli(["simulate", missed, "--quiet"]).exitCode).toBe(1);
    const met = fileOf("met.yaml", small("targets: [{ figure: failedShare, atMost: 0 }]"));
    expect((await runHere(["simulate", met, "--quiet"])).exitCode).toBe(0);
  });

  test("tells modes apart by how they differ from the first under the same luck, and names the warm-up", async () => {
    const file = fileOf("modes.yaml", small());
    const { stdout } = await runHere(["simulate", file, "--quiet", "--json", "--mode", "InProc,SQLServer"]);
    const [first, second] = JSON.parse(stdout);
    expect(first.paired).toBeUndefined();
    expect(second.paired).toMatchObject({ against: "InProc, simulated", replications: 2 });
    const { stdout: text } = await runHere(["simulate", file, "--quiet", "--mode", "InProc,SQLServer"]);
    expect(text).toContain("SQLServer, simulated against InProc, simulated, 2 replications under the same luck");
    expect(text).toContain("warm-up of 15 min dropped, 15 min measured, 2 replications");
  });

  test("says that the report would have no place before it runs, and makes nothing", async () => {
    const file = fileOf("placed.yaml", small());
    for (const place of [path.join(file, "below", "a-file"), "/proc/no-new-folder"]) {
      const { exitCode, stdout, stderr } = await runHere(["simulate", file, "--quiet", "--out", place]);
      if (place.startsWith(file)) expect(stdout).toBe("");
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("Cannot write the report")]);
    }
    expect(readdirSync(folder).filter((name) => name.includes("placed"))).toEqual(["placed.yaml"]);
  });

  test("lists the mistakes of the scenario and of the files it names at once, and ends with 2", () => {
    const file = fileOf(
      "wrong.yaml",
      `name: wrong
site:
  settings: nowhere.config
  sesionsMax: 3
workload: missing.yaml
store: { calibration: none.yaml }
run: { seed: one }
`,
    );
    const { exitCode, stdout, stderr } = runCli(["simulate", file]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    for (const place of [
      '3:3: site.settings is "nowhere.config", which does not exist',
      "4:3: site.sesionsMax is not a known key",
      '5:1: workload is "missing.yaml", which does not exist',
      '6:10: store.calibration is "none.yaml", which does not exist',
      '7:8: run.seed is "one"; expected a number',
    ]) {
      expect(stderr).toContain(place);
    }
  });

  test.each([
    ["a file that is not there", () => path.join(folder, "absent.yaml"), "not there"],
    ["a folder", () => folder, "a directory"],
    ["an empty file", () => fileOf("empty.yaml", " \n"), "empty"],
    ["a binary file", () => fileOf("binary.yaml", "a\0b"), "binary"],
  ])("refuses %s with one clear error and 2", async (_, file, given) => {
    const { exitCode, stderr } = await runHere(["simulate", file()]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`is ${given}; expected`);
    expect(stderr).not.toContain("    at ");
  });

  test("refuses an unknown mode, a bad seed and an unknown option with 2", async () => {
    const file = fileOf("small.yaml", small());
    for (const args of [
      ["--mode", "InMemory"],
      ["--mode", "inproc"],
      ["--seed", "-1"],
      ["--sede", "1"],
    ]) {
      expect((await runHere(["simulate", file, ...args])).exitCode, args.join(" ")).toBe(2);
    }
  });

  test("takes a web.config in place of a scenario: that site under the lunch-hour workload", async () => {
    const file = fileOf(
      "web.config",
      '<configuration><system.web><sessionState mode="StateServer" timeout="7" sqlConnectionString="data source=h;user id=u;password=hush" /></system.web></configuration>',
    );
    const { exitCode, stdout } = await runHere(["simulate", file, "--json", "--replications", "1"]);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.scenario.site).toMatchObject({ mode: "StateServer", timeoutMs: 420_000 });
    expect(result.settings.sessionState.timeout).toMatchObject({ value: 7, written: "7" });
    expect(stdout).not.toContain("hush");
  });

  test("refuses with 2 what it does not model: sessions in the cookie, a worker that the site has not, a fixed population", async () => {
    const file = fileOf(
      "unmodelled.yaml",
      "name: x\nsite: { mode: Custom }\nstore: { provider: sealed-cookie }\nworkload: { arrivals: 1, population: { sessions: 9 } }\nfaults: [{ kind: kill-worker, atMinutes: 1, worker: 2 }]",
    );
    const { exitCode, stderr } = await runHere(["simulate", file]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("is sealed-cookie; expected a store that keeps sessions");
    expect(stderr).toContain("is kill-worker of worker 2; expected 1: the site has one worker");
    expect(stderr).toContain("workload.population is 9 sessions; expected none");
  });

  test("shows what faults did, those that --faults names alone", async () => {
    const file = fileOf(
      "struck.yaml",
      "name: x\nsite: { mode: StateServer }\nworkload: { arrivals: 1 }\nfaults: [{ kind: kill-store, atMinutes: 3 }, { kind: pause-store, atMinutes: 4 }]\nrun: { durationMinutes: 6, warmupMinutes: 1 }",
    );
    const both = await runHere(["simulate", file, "--quiet"]);
    expect(both.stdout).toMatch(/^kill-store .*session store unreachable/m);
    expect(both.stdout).toMatch(/^pause-store /m);
    const one = await runHere(["simulate", file, "--quiet", "--faults", "pause-store"]);
    expect(one.stdout).not.toContain("kill-store");
    expect((await runHere(["simulate", file, "--faults", "recycle"])).exitCode).toBe(2);
  });

  test("writes the results and the report to --out, and nothing when the input is wrong", async () => {
    const out = path.join(folder, "out");
    const { stdout } = await runHere(["simulate", fileOf("small.yaml", small()), "--out", out, "--quiet"]);
    expect(readdirSync(out).sort()).toEqual(["report.html", "result.json"]);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(path.join(out, "report.html"));
    const nowhere = path.join(folder, "nothing");
    await runHere(["simulate", fileOf("bad.yaml", "name: 3"), "--out", nowhere]);
    expect(readdirSync(folder)).not.toContain("nothing");
  });
});

test("the program knows its version, its commands, and what it was not told", async () => {
  expect(runCli(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = runCli(["--help"]);
  expect(help.exitCode).toBe(0);
  for (const command of [
    "inspect",
    "fit",
    "simulate",
    "bench",
    "report",
    "schema",
    "demo",
    "state-server",
    "verify-store",
    "aspstate-sql",
  ]) {
    expect(help.stdout).toContain(`  ${command}`);
    expect((await runHere([command, "--help"])).stdout, command).toContain("Examples:");
  }
  expect((await runHere(["simulte"])).exitCode).toBe(2);
});
