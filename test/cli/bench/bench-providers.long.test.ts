import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { childrenOf, isRunning } from "../../bench/processes.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { startCli } from "../start-cli.ts";

/** Three quarters of a second. */
const scenario = `
name: small-ycsb
site: { mode: InProc, timeoutMinutes: 20, sessionStart: false }
workload:
  arrivals: { kind: constant, perSecond: 100 }
  population: { sessions: 30, choice: { kind: zipfian } }
  requestsPerVisit: 1
  pages:
    - { name: read, share: 1, session: read-only, cpuMs: 0 }
    - { name: update, share: 1, session: read-write, cpuMs: 0 }
  stateBytes: 1000
run: { durationMinutes: 0.0125, warmupMinutes: 0, seed: 5 }
`;

async function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env, text = scenario) {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "small.yaml"), text);
  return { folder, ...startCli(folder, ["bench", "small.yaml", ...args], env) };
}

describe("bench --providers", () => {
  test("runs the same stream over all of them, in rounds, and reports them together", async () => {
    const args = ["--providers", "inproc,express-session:memorystore", "--straight", "--rounds", "2"];
    const { folder, exitCode, stdout } = await start([...args, "--json", "--out", "out", "--quiet"]);
    // 3 where a machine with other work made a run invalid.
    expect([0, 3]).toContain(await exitCode);
    const results = JSON.parse(stdout());
    expect(results).toHaveLength(2);
    const requests = results.map((result: { counters: { requests: number } }) => result.counters.requests);
    expect(new Set(requests)).toEqual(new Set([2 * 74]));
    expect(new Set(results.map((result: { label: string }) => result.label))).toEqual(
      new Set(["InProc, measured", expect.stringContaining("memorystore")]),
    );
    for (const { seed, scenario } of results) expect([seed, scenario.run.seed]).toEqual([5, 5]);
    const files = await readdir(path.join(folder, "out"));
    expect(files).toContain("report.html");
    expect(files.filter((name) => name.endsWith(".json"))).toHaveLength(2);
  });

  test("names a store that cannot be started, runs the others, and ends with 3", async () => {
    const nowhere = await temporaryFolder();
    const env = { ...process.env, PATH: nowhere };
    const { exitCode, stdout } = await start(
      ["--providers", "redis,inproc", "--straight", "--rounds", "1", "--quiet"],
      env,
    );
    expect(await exitCode).toBe(3);
    const words = stdout().replaceAll(/\s+/g, " ");
    expect(words).toContain("✗ not run redis: Cannot start Redis: redis-server is missing");
    expect(words).toContain("run apt-get install redis-server");
    expect(stdout()).toMatch(/(1|—) {2}inproc/);
  });

  test("ends with 2 when none of them can be run, with the reason", async () => {
    const env = { ...process.env, PATH: await temporaryFolder() };
    const { exitCode, stdout, stderr } = await start(["--providers", "redis", "--rounds", "1", "--quiet"], env);
    expect(await exitCode).toBe(2);
    expect(stdout()).toBe("");
    expect(stderr()).toContain("install redis-server");
  });

  test.each([
    [["--providers", "inproc", "--mode", "InProc"], "--mode; expected none of them beside --providers"],
    [["--rounds", "2"], "--rounds is 2; expected none without --providers"],
  ])("refuses %j before anything is run", async (args, said) => {
    const { exitCode, stderr } = await start(args);
    expect(await exitCode).toBe(2);
    expect(stderr()).toContain(said);
  });

  test("ended by Ctrl-C, it ranks what was measured until then and leaves no process", async () => {
    const long = scenario.replace("0.0125", "5");
    const args = ["--providers", "stateserver,inproc", "--rounds", "1", "--json", "--out", "out"];
    const { child, exitCode, stdout, stderr } = await start(args, process.env, long);
    await expect.poll(stderr, { timeout: 30_000 }).toContain("measuring");
    const children = await childrenOf(child.pid!);
    expect(children.length).toBeGreaterThan(0);
    child.kill("SIGINT");
    expect(await exitCode).toBe(3);
    const results = JSON.parse(stdout());
    expect(results).toMatchObject([{ label: expect.stringContaining("StateServer"), complete: false }]);
    expect(stderr()).toContain("inproc was not run: cut short before its turn came");
    expect(children.filter(isRunning)).toEqual([]);
  });
});
