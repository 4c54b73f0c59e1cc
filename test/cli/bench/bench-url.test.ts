import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseResult } from "../../../reports/result-file.ts";
import { createSessions, type PlainSite, startPlainSite } from "../../bench/drivers/url/plain-site.ts";
import { until } from "../../bench/processes.ts";
import type { CliRun } from "../run-cli.ts";
import { runHere } from "../run-here.ts";

const main = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));

let folder: string;
let site: PlainSite | null = null;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-url-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await site?.close();
  site = null;
});

const scenario = `
name: by-path
workload:
  arrivals: { kind: constant, perSecond: 5 }
  requestsPerVisit: 2
  thinkSeconds: { kind: constant, value: 0.1 }
  pages:
    - { name: home, share: 1 }
    - { name: cart, share: 1, path: "/cart?add=1" }
run: { durationMinutes: 0.02, warmupMinutes: 0, sampleSeconds: 0.5 }
`;

/** The program beside this process, which is the site. */
function bench(args: readonly string[], interrupt?: (stderr: string) => boolean): Promise<CliRun> {
  const child = spawn(process.execPath, [main, "bench", ...args], { cwd: folder });
  let [stdout, stderr, interrupted] = ["", "", false];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    if (!interrupted && interrupt?.(stderr) === true) interrupted = child.kill("SIGINT");
  });
  return new Promise((resolve) => child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr })));
}

async function startSite(): Promise<string> {
  const sessions = createSessions("connect.sid");
  site = await startPlainSite((request) => ({ cookies: sessions.welcome(request) }));
  return site.origin;
}

describe("sessionlab bench --url", () => {
  test("drives the site by the scenario's pages and writes the same result as any bench", async () => {
    const origin = await startSite();
    await writeFile(path.join(folder, "by-path.yaml"), scenario);
    const run = await bench(["by-path.yaml", "--url", `${origin}/home`, "--json", "--quiet", "--out", "out"]);
    const result = parseResult(run.stdout, "stdout");
    expect(result).toMatchObject({ label: `${origin}, measured`, driver: "journeys", complete: true });
    expect(result.counters.started).toBe(result.counters.visits);
    expect(new Set(site?.requests.map(({ path: asked }) => asked))).toEqual(new Set(["/home", "/cart?add=1"]));
    expect((await readdir(path.join(folder, "out"))).sort()).toEqual(["report.html", "result.json"]);
    expect(run.exitCode).toBe(result.audit.verdict === "invalid" ? 3 : 0);
  }, 60_000);

  test("needs no scenario, and ends at its bounds with exit code 3", async () => {
    const origin = await startSite();
    const run = await bench(["--url", origin, "--requests-max", "15", "--time-scale", "5", "--quiet"]);
    expect(run).toMatchObject({ exitCode: 3, stderr: "" });
    expect(run.stdout).toMatch(/Session cookie connect\.sid/);
    expect(run.stdout).toMatch(/bound of 15 requests/);
    expect(site?.requests).toHaveLength(15);
  }, 60_000);

  test("is ended by Ctrl-C, with what was measured until then", async () => {
    const origin = await startSite();
    let began = false;
    void until("the load begins", () => (site?.requests.length ?? 0) > 10).then(() => {
      began = true;
    });
    const run = await bench(["--url", origin, "--time-scale", "5"], () => began);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/Ending the load/);
    expect(run.stdout).toMatch(/cut short/);
  }, 60_000);

  test.each([
    [["--url", "http://ann:hunter2@127.0.0.1/"], /expected no user name or password/],
    [["--url", "http://127.0.0.1/", "--mode", "InProc", "--log", "x"], /--mode is together with --url.*\n.*--log/],
    [
      ["--url", "http://127.0.0.1/", "--driver", "memory"],
      /--driver is "memory"; expected journeys or locks with --url/,
    ],
    [
      ["--url", "http://127.0.0.1:1/", "--driver", "locks", "--page", "/a", "--page", "/b"],
      /--page is \/a, \/b; expected one page with --driver locks/,
    ],
    [["scenario.yaml", "--page", "/cart", "--rate-max", "3"], /--page is without --url.*\n.*--rate-max/],
  ])("%j is refused with exit code 2", async (args, message) => {
    const run = await runHere(["bench", ...args]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/hunter2/);
  });
});
