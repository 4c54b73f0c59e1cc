import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { RUN_RESULT_SCHEMA, type RunResult } from "../../../metrics/run-result.ts";
import { childrenOf, isListening, isRunning, until } from "../../bench/processes.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { runCli } from "../run-cli.ts";
import { runHere } from "../run-here.ts";
import { type StartedCli, startCli } from "../start-cli.ts";

/** Twenty seconds of real time, unless somebody ends it. */
const scenario = `
name: ten-minutes
description: "1/s x (4 s + 60 s + 10 s): some 74 sessions."
site: { mode: InProc, timeoutMinutes: 1 }
workload:
  arrivals: { kind: poisson, perSecond: 1 }
  requestsPerVisit: { kind: geometric, mean: 3 }
  thinkSeconds: { kind: exponential, mean: 2 }
  pages: [{ name: page, share: 1, session: read-write, changedShare: 1 }]
  stateBytes: { kind: constant, value: 1000 }
run: { durationMinutes: 10, warmupMinutes: 0, seed: 1, timeScale: 30 }
`;

function bench(folder: string, ...args: string[]): StartedCli {
  return startCli(folder, ["bench", ...args]);
}

/** As a terminal does it: to the whole process group. */
function pressCtrlC({ child }: StartedCli): void {
  process.kill(-(child.pid ?? 0), "SIGINT");
}

async function folderWithScenario(text = scenario): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "scenario.yaml"), text);
  return folder;
}

/** @returns the host's process, once the host has answered requests. */
async function hostUnderLoad({ child }: StartedCli, folder: string): Promise<number> {
  let hosts: number[] = [];
  await until("a host has answered some dozens of requests", async () => {
    hosts = await childrenOf(child.pid ?? 0);
    const log = (await readdir(folder)).find((name) => name.endsWith(".part"));
    return hosts.length > 0 && log !== undefined && (await stat(path.join(folder, log))).size > 5_000;
  });
  return hosts[0];
}

describe("sessionlab bench", () => {
  test("an interrupt ends the load, keeps and marks what was measured, and leaves no process, port or half-written file", async () => {
    const folder = await folderWithScenario();
    const run = bench(folder, "scenario.yaml", "--json", "--log", "u_ex.log", "--out", "out");
    const host = await hostUnderLoad(run, folder);
    pressCtrlC(run);
    expect(await run.exitCode).toBe(3);
    const result = JSON.parse(run.stdout()) as RunResult;
    expect(result).toMatchObject({ schema: RUN_RESULT_SCHEMA, kind: "measured", complete: false });
    expect(result.counters.requests).toBeGreaterThan(10);
    expect(run.stderr()).toContain("Ctrl-C again");
    expect(isRunning(host)).toBe(false);
    expect((await readdir(folder)).sort()).toEqual(["out", "scenario.yaml", "u_ex.log"]);
    expect(
      (await readdir(path.join(folder, "out"))).filter((name) => !/^(report\.html|result\.json)$/.test(name)),
    ).toEqual([]);
    const row = (await readFile(path.join(folder, "u_ex.log"), "utf8")).split("\r\n").find((line) => /^\d/.test(line));
    const port = Number(row?.split(" ")[6]);
    expect(port).toBeGreaterThan(0);
    expect(await isListening(port)).toBe(false);
  });

  test("a second interrupt ends everything at once, and still leaves nothing", async () => {
    // Some pages take five seconds: a run that is ended waits for them a while.
    const slow = "{ name: slow, share: 1, waitMs: 5000 }";
    const folder = await folderWithScenario(scenario.replace("changedShare: 1 }]", `changedShare: 1 }, ${slow}]`));
    const run = bench(folder, "scenario.yaml", "--log", "u_ex.log", "--out", "out");
    const host = await hostUnderLoad(run, folder);
    pressCtrlC(run);
    await until("the first has been heard", () => run.stderr().includes("Ctrl-C again"));
    // Two within a moment count as one, so it is pressed until it is heard.
    const pressing = setInterval(() => run.child.exitCode ?? pressCtrlC(run), 100);
    const exitCode = await run.exitCode.finally(() => clearInterval(pressing));
    expect(exitCode).toBe(130);
    expect(run.stdout()).toBe("");
    await until("the host is gone", () => !isRunning(host));
    expect(await readdir(folder)).toEqual(["scenario.yaml"]);
  });

  test.each([
    [
      "a store that keeps no sessions of the mode",
      "mode: InProc",
      "mode: SQLServer",
      ["--mode", "SQLServer", "--provider", "redis"],
      /store\.provider is redis/,
    ],
    [
      "a store out of process in process",
      "",
      "",
      ["--mode", "InProc", "--provider", "redis"],
      /--mode is InProc.*Custom/,
    ],
    ["a provider nobody knows", "", "", ["--provider", "reddis"], /--provider is "reddis"/],
    [
      "a connection string without a port",
      "mode: InProc",
      "mode: StateServer",
      ["--connection", "tcpip=localhost"],
      /tcpip=<server>:<port>/,
    ],
    [
      "a port that refuses",
      "mode: InProc",
      "mode: StateServer",
      ["--connection", "tcpip=127.0.0.1:1"],
      /Unable to make the session state request/,
    ],
    [
      "a SQL Server that nobody named",
      "mode: InProc",
      "mode: SQLServer",
      ["--provider", "sqlserver"],
      /store\.connection is left out/,
    ],
    [
      "a database that is not there, its password untold,",
      "mode: InProc",
      "mode: SQLServer",
      ["--connection", "postgresql://planner:hu@sh@127.0.0.1:1/sessions"],
      /^(?!.*sh@).*store\.connection is "postgresql:\/\/\*\*\*@127.*Unable to connect/s,
    ],
    [
      "a connection in process, its password untold,",
      "",
      "",
      ["--connection", "redis://:hu@sh@127.0.0.1:1"],
      /^(?!.*sh@).*--connection is an address; expected none in mode InProc/s,
    ],
    [
      "an option that the driver would not heed",
      "",
      "",
      ["--driver", "memory", "--log", "x.log"],
      /--log is with --driver memory/,
    ],
    ["a log in a folder that is not there", "", "", ["--log", "missing/u_ex.log"], /--log.*folder/],
    ["a log that is a folder", "", "", ["--log", "."], /--log.*not a folder/],
    ["a time scale of nothing", "", "", ["--time-scale", "0"], /--time-scale.*whole number/],
  ])("%s is refused with exit code 2 before anything starts", async (_name, from, to, args, message) => {
    const folder = await folderWithScenario(scenario.replace(from, to));
    const words = ["bench", "scenario.yaml", ...args];
    // Where a connection was tried, the program must also end by itself.
    const run = args.includes("--connection") ? runCli(words, folder) : await runHere(words, folder);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
  });

  test("a provider alone brings the mode it belongs to", async () => {
    const folder = await folderWithScenario(scenario.replace("durationMinutes: 10", "durationMinutes: 1"));
    const run = bench(folder, "scenario.yaml", "--quiet", "--json", "--provider", "sqlite", "--time-scale", "60");
    expect([0, 3]).toContain(await run.exitCode);
    expect((JSON.parse(run.stdout()) as RunResult).label).toMatch(/^SQLServer on SQLite .*, measured$/);
  });

  test("a whole run prints its figures and ends with 0 or, on a machine too busy to measure on, with 3", async () => {
    const folder = await folderWithScenario(scenario.replace("durationMinutes: 10", "durationMinutes: 1"));
    const run = bench(folder, "scenario.yaml", "--quiet", "--json", "--seed", "5", "--time-scale", "40");
    const exitCode = await run.exitCode;
    const result = JSON.parse(run.stdout()) as RunResult;
    expect(exitCode).toBe(result.audit.verdict === "invalid" ? 3 : 0);
    expect(result).toMatchObject({ complete: true, seed: 5, scenario: { run: { timeScale: 40 } } });
    expect(run.stderr()).toBe("");
  });
});
