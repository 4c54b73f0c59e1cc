import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sweep } from "../../../metrics/sweep/sweep.ts";
import { runHere } from "../run-here.ts";
import { startCli } from "../start-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-sweep-"));
  writeFileSync(
    path.join(folder, "shop.yaml"),
    `name: shop
site: { mode: InProc, sessionsMax: 30, timeoutMinutes: 5 }
workload: { arrivals: 0.1, requestsPerVisit: 3, thinkSeconds: 20, stateBytes: 2048 }
run: { fidelity: population, durationMinutes: 120, warmupMinutes: 20, seed: 3 }
targets:
  - { figure: refusedShare, atMost: 0.05 }
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sweep = (...args: string[]) => runHere(["sweep", "shop.yaml", "--quiet", ...args], folder);

describe("sessionlab sweep", () => {
  test("tells a grid as JSON, the last axis changing fastest, ten replications each, the same for any number of threads", async () => {
    const args = ["--vary", "site.mode=InProc,SQLServer", "--vary", "site.sessionsMax=10..60/3", "--json"];
    const [one, two] = [await sweep(...args, "--workers", "1"), await sweep(...args, "--workers", "2")];
    expect(one.exitCode).toBe(0);
    const told: Sweep = JSON.parse(one.stdout);
    expect(told).toMatchObject({ schema: "sessionlab.sweep/1", seed: 3, complete: true, pointsAsked: 6 });
    expect(told.points.map(({ at }) => at)).toEqual([
      ["InProc", 10],
      ["InProc", 35],
      ["InProc", 60],
      ["SQLServer", 10],
      ["SQLServer", 35],
      ["SQLServer", 60],
    ]);
    expect(told.points.map(({ replications }) => replications)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(told.points[0]?.figures.refusedShare?.byReplication).toHaveLength(10);
    const plain = ({ command: _command, environment: _environment, ...rest }: Sweep) => rest;
    expect(plain(JSON.parse(two.stdout))).toEqual(plain(told));
  });

  test("prints what turns and a table, and exits 0 though points miss their target", async () => {
    const { stdout, exitCode } = await sweep("--vary", "site.sessionsMax=10..70/7", "--figures", "refusedShare");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("7 of 7 points, 10 replications each, seed 3");
    expect(stdout).toMatch(/New sessions refused: at most 5 % is first met at site\.sessionsMax = \d0/);
    expect(stdout).toMatch(/^10 .*✗$/m);
    expect(stdout).toMatch(/^70 .*✓$/m);
  });

  test("refuses at once targets that no point can meet, and figures asked for that no point will know", async () => {
    const shop = readFileSync(path.join(folder, "shop.yaml"), "utf8");
    writeFileSync(path.join(folder, "torn.yaml"), shop.replace("atMost: 0.05", "atMost: 0.05, atLeast: 0.5"));
    const vary = ["--vary", "site.sessionsMax=20,50", "--quiet", "--out", "never"];
    const torn = await runHere(["sweep", "torn.yaml", ...vary], folder);
    expect(torn.exitCode).toBe(2);
    expect(torn.stderr).toContain("targets is refusedShare at least 0.5 and at most 0.05");
    const blind = await sweep(...vary, "--figures", "responseP99Ms");
    expect(blind.exitCode).toBe(2);
    expect(blind.stderr).toContain("add --fidelity requests, or leave the figure out");
    expect(existsSync(path.join(folder, "never"))).toBe(false);
  });

  test("says so where a run can know none of the targets, instead of calling them missed", async () => {
    const shop = readFileSync(path.join(folder, "shop.yaml"), "utf8");
    writeFileSync(
      path.join(folder, "blind.yaml"),
      shop.replace("refusedShare, atMost: 0.05", "responseP99Ms, atMost: 500"),
    );
    const { stdout, exitCode } = await runHere(
      ["sweep", "blind.yaml", "--quiet", "--vary", "site.sessionsMax=20,50"],
      folder,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("no target is of a figure that a run can know");
    expect(stdout).not.toContain("met at none");
  });

  test("as CSV has a row a point, in numbers as they were varied", async () => {
    const { stdout } = await sweep("--vary", "site.sessionsMax=20,50", "--figures", "refusedShare", "--format", "csv");
    const [head, first, second] = stdout.split("\r\n");
    expect(head).toBe(
      "site.sessionsMax,replications,refusedShare,refusedShare low,refusedShare high,refusedShare at most 0.05",
    );
    expect(first).toMatch(/^20,10,0\.\d+,0\.\d+,0\.\d+,missed$/);
    expect(second).toMatch(/^50,10,/);
  });

  test.each([
    [
      "a 20 ms timeout, and a mode that is none, in one message",
      ["--vary", "site.timeoutMinutes=0.000333,5", "--vary", "site.mode=InProc,Foo"],
      ["which is 20 ms", '"Foo"', "in 2 of 4 points"],
    ],
    ["a key in another unit", ["--vary", "site.timeoutMs=20"], ['did you mean "timeoutMinutes"?']],
    [
      "a warm-up that is longer than the run, at the points where it is",
      ["--vary", "run.warmupMinutes=10..300/3"],
      ["run.warmupMinutes is 155 (in 1 of 3 points)", "300"],
    ],
    ["a range that goes down", ["--vary", "site.sessionsMax=9..1/3"], ["a range that goes up"]],
    ["nothing to vary", [], ["--vary is missing"]],
    [
      "more points than anybody reads",
      ["--vary", "site.sessionsMax=1..10000/5000", "--vary", "site.servers=1..9/9"],
      ["45000 points"],
    ],
    ["a figure that is none", ["--vary", "site.sessionsMax=20,30", "--figures", "foo"], ['"foo"']],
    [
      "a sweep that would take longer than it may",
      ["--vary", "site.sessionsMax=20,30", "--time-limit", "0.000001"],
      ["for 2 points of 20 replications"],
    ],
  ])("refuses %s, with 2, before anything is run or written", async (_, args, said) => {
    const out = path.join(folder, "refused");
    const { exitCode, stdout, stderr } = await sweep(...args, "--out", out);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    for (const words of said) expect(stderr).toContain(words);
    expect(existsSync(out)).toBe(false);
  });

  test("does in a folder only what is missing there, and says so", async () => {
    const out = path.join(folder, "grown");
    await sweep("--vary", "site.sessionsMax=20,30", "--out", out);
    const again = await runHere(["sweep", "shop.yaml", "--vary", "site.sessionsMax=30,40", "--out", out], folder);
    expect(again.stderr).toContain("1 of 2 points are there already.");
    expect(readFileSync(path.join(out, "points.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(3);
    expect(readFileSync(path.join(out, "report.html"), "utf8")).toContain("sessionlab sweep");
    expect(readFileSync(path.join(out, "sweep.csv"), "utf8").split("\r\n")).toHaveLength(4);
  });

  test("ended by Ctrl-C keeps the points that had ended, exits 3, and the same command goes on from there", async () => {
    const out = path.join(folder, "stopped");
    const journal = path.join(out, "points.jsonl");
    const args = [
      "sweep",
      "shop.yaml",
      "--vary",
      "site.sessionsMax=10..160/16",
      "--vary",
      "run.durationMinutes=3000",
      "--workers",
      "1",
      "--out",
      out,
    ];
    const lines = () => (existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length - 1 : 0);
    const run = startCli(folder, args);
    await expect.poll(lines, { timeout: 20_000, interval: 20 }).toBeGreaterThan(1);
    run.child.kill("SIGINT");
    expect(await run.exitCode, run.stderr()).toBe(3);
    const kept = lines();
    expect(kept).toBeLessThan(16);
    expect(run.stderr()).toContain(`Cut short after ${kept} of 16 points.`);
    expect(run.stderr()).toContain(`the same command does the other ${16 - kept}`);
    expect(run.stdout()).toContain("! cut short");
    const rest = startCli(folder, args);
    expect(await rest.exitCode, rest.stderr()).toBe(0);
    expect(rest.stderr()).toContain(`${kept} of 16 points are there already.`);
    expect(lines()).toBe(16);
  }, 60_000);
});
