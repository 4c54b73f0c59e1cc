import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "../run-here.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sessionlab-plan-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const house = `
name: house
site: { mode: InProc, timeoutMinutes: 20, sessionsMax: 500 }
workload: { arrivals: 0.45, requestsPerVisit: 4, thinkSeconds: 30 }
run: { fidelity: population, durationMinutes: 90, warmupMinutes: 40 }
`;
const write = async (name: string, text: string) => {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
};

describe("what cannot be meant is told at once, with exit code 2", () => {
  const refused = async (text: string, ...args: string[]) => {
    const { exitCode, stderr } = await runHere(["plan", await write("bad.yaml", text), "--quiet", ...args]);
    expect(exitCode).toBe(2);
    return stderr;
  };
  const target = "targets: [{ figure: refusedShare, atMost: 0.1 }]\n";

  test("no targets", async () => {
    expect(await refused(house)).toContain("targets is missing");
  });
  test("targets that contradict each other", async () => {
    const both =
      "targets: [{ figure: storedSessionsMean, atLeast: 500 }, { figure: storedSessionsMean, atMost: 100 }]\n";
    expect(await refused(house + both)).toContain("at least 500 and at most 100");
  });
  test("keys that are none, ranges that go down, keys of the run", async () => {
    expect(await refused(house + target, "--search", "site.serverz=1,2")).toContain('did you mean "servers"?');
    expect(await refused(house + target, "--search", "site.servers=8..1/4")).toContain("write 1..8");
    expect(await refused(house + target, "--search", "run.seed=1,2")).toContain("what can be set at a site");
  });
  test("a search and prices in the file, with their line", async () => {
    const plan = "plan: { search: { site.servers: [0, 1] }, prices: { coresPerMonth: 1 } }\n";
    expect(await refused(house + target + plan)).toContain('did you mean "corePerMonth"?');
    expect(await refused(`${house + target}plan: { search: { site.servers: [0, 1] } }\n`)).toContain(
      "site.servers is 0 (in 1 of 2 settings)",
    );
  });
  test("a timeout in another unit, a confidence in per cent, an unknown fault", async () => {
    expect(await refused(house + target, "--search", "site.timeoutMinutes=0.0003")).toContain("18 ms");
    expect(await refused(house + target, "--confidence", "95")).toContain("write 0.95, or 95%");
    expect(await refused(house + target, "--faults", "fire")).toContain("kill-worker");
  });
  test("formulas alone beside what takes a search", async () => {
    expect(await refused(house + target, "--no-confirm")).toContain("add --instant");
    expect(await refused(house + target, "--instant", "--no-confirm", "--json")).toContain("it takes the search");
  });
});

const planned = `${house}targets: [{ figure: refusedShare, atMost: 0.05 }]
plan:
  search: { site.servers: "1..2/2" }
  prices: { currency: USD, webServerPerMonth: 100 }
`;

test("a plan is printed, and written as page, text and data that report reads again", async () => {
  const file = await write("house.yaml", planned);
  const out = path.join(folder, "out");
  const { exitCode, stdout, stderr } = await runHere(["plan", file, "--out", out, "--workers", "1", "--quiet"]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("✓ 2 servers: 200 USD a month");
  expect((await readdir(out)).sort()).toEqual(["plan.html", "plan.json", "plan.md"]);
  const plan = JSON.parse(await readFile(path.join(out, "plan.json"), "utf8"));
  expect(plan).toMatchObject({
    complete: true,
    confidence: 0.95,
    points: { all: 2 },
    recommendation: { verdict: "meets" },
  });
});

test("where nothing meets the targets, the exit code is 1 and the binding target is named", async () => {
  const file = await write("house.yaml", planned);
  const { exitCode, stdout } = await runHere(["plan", file, "--search", "site.servers=1", "--workers", "1", "--quiet"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("No setting meets the targets");
  expect(stdout).toContain("The binding target is New sessions refused at most 5");
});

test("formulas answer by themselves when asked: Little's law rules out a timeout", async () => {
  // 0.45/s × (90 s + 30 min + 10 s) = 855 sessions; with 20 minutes 585.
  const open = house.replace(", sessionsMax: 500", "").replace("timeoutMinutes: 20", "timeoutMinutes: 30");
  const file = await write("open.yaml", `${open}targets: [{ figure: storedSessionsMean, atMost: 700 }]\n`);
  const search = ["--search", "site.timeoutMinutes=30,20", "--prices", await write("prices.yaml", "corePerMonth: 10")];
  const { exitCode, stdout } = await runHere(["plan", file, ...search, "--instant", "--no-confirm"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("timeoutMinutes 20: from 10 EUR a month (by formulas alone");
  expect(stdout).toContain("1 cheaper of 2 settings are ruled out.");
  expect(stdout).toContain("Stored sessions, mean: 585 by Little's law; at most 700 is asked");
});
