// sessionlab validate as a user runs it: what it refuses before anything is measured, and a small one from end to end.

import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Calibration } from "../../../config/scenario.ts";
import { parseResult } from "../../../reports/result-file.ts";
import { parseValidation } from "../../../reports/validation/validation-file.ts";
import { childrenOf, until } from "../../bench/processes.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { plainCalibration } from "../../plain-calibration.ts";
import { runCli } from "../run-cli.ts";
import { runHere } from "../run-here.ts";
import { startCli } from "../start-cli.ts";

/** Three real seconds, one of them warm-up; a third of the pages with two more requests at once. */
const small = `
name: small
site: { mode: InProc, timeoutMinutes: 1, sessionsMax: 400, coresPerWorker: 1, lockPollMs: 50 }
workload:
  arrivals: { kind: poisson, perSecond: 2 }
  requestsPerVisit: { kind: geometric, mean: 4 }
  thinkSeconds: { kind: exponential, mean: 5 }
  parallel: { share: 0.3, requests: 2, spacingMs: 0 }
  pages:
    - { name: browse, share: 60, session: read-only, cpuMs: 1 }
    - { name: basket, share: 40, session: read-write, changedShare: 0.8, cpuMs: 1, waitMs: 5 }
  stateBytes: 2000
run: { durationMinutes: 3, warmupMinutes: 1, seed: 3, timeScale: 60 }
`;

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries({ "small.yaml": small, ...files })) {
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const costs = (changes: Partial<Calibration>) =>
  JSON.stringify({ ...plainCalibration("InProc"), name: "mine", ...changes });

describe("what cannot be validated is refused before anything is measured", () => {
  const redis = { provider: "redis" } as const;
  const fitted = { provider: "in-proc", evidence: 'Fitted from "small" (InProc, measured, 900 requests).' } as const;
  test.each([
    { what: "loads beyond the saturation", args: ["--loads", "20%,120%"], says: '"120%"; expected from 1% to 95%' },
    { what: "a load without its sign", args: ["--loads", "20"], says: "write 20%" },
    { what: "a load twice", args: ["--loads", "0.2,20%"], says: "each load once" },
    { what: "loads that are none", args: ["--loads", "low,,high"], says: '"low"; expected shares of the saturation' },
    { what: "an unknown store", args: ["--providers", "oracle"], says: '"oracle"; expected in-proc, state-server' },
    { what: "no seconds", args: ["--seconds", "0"], says: "a number above 0" },
    {
      what: "a store whose costs nobody knows",
      args: ["--providers", "sqlserver"],
      says: "sessionlab calibrate --provider sqlserver",
    },
    {
      what: "costs of another store",
      args: ["--calibration", "redis.json"],
      says: '"mine", which is of redis; expected one of in-proc',
    },
    {
      what: "costs under the name of another store",
      args: ["--providers", "inproc,redis", "--calibration", "inproc=redis.json"],
      says: "expected one of in-proc",
    },
    {
      what: "costs of nobody",
      args: ["--providers", "inproc,redis", "--calibration", "anon.json"],
      says: "does not say whose costs it has",
    },
    { what: "costs twice", args: ["--calibration", "anon.json,anon.json"], says: "a second one of in-proc" },
    {
      what: "costs that were fitted to it",
      args: ["--calibration", "fitted.json"],
      says: 'which was fitted to a run of "small"',
    },
    { what: "costs that are not there", args: ["--calibration", "nowhere.json"], says: "not there" },
  ])("$what", async ({ args, says }) => {
    const folder = await folderWith({
      "redis.json": costs(redis),
      "anon.json": costs({}),
      "fitted.json": costs(fitted),
    });
    const { exitCode, stdout, stderr } = await runHere(["validate", "small.yaml", ...args], folder);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
  });

  test.each([
    {
      what: "requests that take no time",
      from: "run: {",
      to: "run: { fidelity: population,",
      says: "population; expected requests",
    },
    { what: "a site without sessions", from: "mode: InProc", to: "mode: Off", says: "a mode with sessions" },
    { what: "a farm", from: "site: {", to: "site: { servers: 3,", says: "one worker process" },
  ])("$what", async ({ from, to, says }) => {
    const folder = await folderWith({ "other.yaml": small.replace(from, to) });
    const { exitCode, stderr } = await runHere(["validate", "other.yaml"], folder);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });
});

describe("a validation", () => {
  test("sends the same visitors through both worlds, and keeps every run beside its reports", async () => {
    const folder = await folderWith({ "costs.json": costs({ provider: "in-proc" }) });
    const args = ["validate", "small.yaml", "--saturation", "200", "--replications", "3", "--json", "--quiet"];
    const usual = ["--loads", "30%", "--calibration", "costs.json"];
    const run = runCli([...args, ...usual, "--out", "out"], folder);
    expect([0, 1, 3], run.stderr).toContain(run.exitCode);
    const validation = parseValidation(run.stdout, "stdout");
    expect(await readFile(path.join(folder, "out", "validation.json"), "utf8")).toBe(run.stdout);
    expect((await readdir(path.join(folder, "out"))).sort()).toEqual([
      "runs",
      "validation.html",
      "validation.json",
      "validation.md",
    ]);

    const [provider] = validation.providers;
    const [load] = provider!.loads;
    expect(validation).toMatchObject({ complete: true, seed: 3 });
    expect(provider).toMatchObject({ provider: "in-proc", failure: null, calibration: { name: "mine" } });
    expect(provider!.saturation).toMatchObject({ how: "given", requestsPerSecond: 200, bottleneck: "web cores" });
    // 200 × 0.3 of 2 × 4 × 1.6 × 60 a real second; the cap shrinks with the load.
    expect(load!.arrivalsFactor).toBeCloseTo(60 / 768, 9);
    expect(load!.sessionsMax).toBe(Math.round((400 * 60) / 768));
    expect(load!.replications).toBe(3);

    const kept = async (name: string) =>
      parseResult(await readFile(path.join(folder, "out", "runs", name), "utf8"), name);
    const [simulated, measured] = [await kept("in-proc-30-simulated.json"), await kept("in-proc-30-measured.json")];
    expect(measured.kind).toBe("measured");
    // Whoever is due in the last moment may come a moment late on a busy machine, and is then not counted any more.
    expect(simulated.counters.visits - measured.counters.visits).toBeGreaterThanOrEqual(0);
    expect(simulated.counters.visits - measured.counters.visits).toBeLessThanOrEqual(2);
    expect(simulated.scenario.workload).toEqual(measured.scenario.workload);
    const stored = load!.rows.find(({ key }) => key === "storedSessionsMean")!;
    expect(stored.predicted).toBe(simulated.figures.find(({ key }) => key === "storedSessionsMean")!.value);
    expect(stored.measured).toBe(measured.figures.find(({ key }) => key === "storedSessionsMean")!.value);

    const again = await runHere(["report", "out/validation.json", "--format", "markdown"], folder);
    expect(again.stdout).toBe(await readFile(path.join(folder, "out", "validation.md"), "utf8"));
    expect(again.exitCode).toBe(run.exitCode);

    // The same costs judged by what was measured come to the same; others do not; other visitors were not measured.
    await writeFile(path.join(folder, "dear.json"), costs({ provider: "in-proc", pageCpuFactor: 3 }));
    const judge = (...how: string[]) => runHere([...args, ...how, "--measured", "out"], folder);
    expect(parseValidation((await judge(...usual)).stdout, "same costs").providers).toEqual(validation.providers);
    const other = await judge("--loads", "30%", "--calibration", "dear.json");
    const dear = parseValidation(other.stdout, "other costs").providers[0]!;
    const p50 = dear.loads[0]!.rows.find(({ key }) => key === "responseP50Ms")!;
    const before = load!.rows.find(({ key }) => key === "responseP50Ms")!;
    expect(p50.measured).toBe(before.measured);
    expect(p50.predicted).toBeGreaterThan(1.5 * before.predicted!);
    const others = await judge(...usual, "--seed", "4");
    expect(others.exitCode).toBe(2);
    expect(others.stderr).toContain("a run of another scenario, seed or length");
    expect((await judge("--loads", "31%", "--calibration", "costs.json")).stderr).toContain("in-proc-31-measured.json");
  });

  test("ended by Ctrl-C keeps the loads that were done, and leaves no process behind", async () => {
    const folder = await folderWith({});
    const cli = startCli(folder, [
      "validate",
      "small.yaml",
      "--saturation",
      "200",
      "--loads",
      "10%,20%",
      "--out",
      "out",
    ]);
    const done = path.join(folder, "out", "runs", "in-proc-20-simulated.json");
    const giveUpAt = performance.now() + 40_000;
    while (performance.now() < giveUpAt && !(await readFile(done).catch(() => null))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const children = await childrenOf(cli.child.pid!);
    cli.child.kill("SIGINT");
    expect(await cli.exitCode, cli.stderr()).toBe(3);
    expect(cli.stdout()).toContain("cut short");
    const validation = parseValidation(await readFile(path.join(folder, "out", "validation.json"), "utf8"), "file");
    expect(validation.complete).toBe(false);
    expect(validation.providers[0]!.loads.map(({ share }) => share)).toEqual([0.1]);
    for (const pid of children) {
      await until(`process ${pid} has ended`, async () => !(await childrenOf(cli.child.pid!)).includes(pid));
    }
  });
});
