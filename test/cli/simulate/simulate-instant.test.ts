import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "../run-here.ts";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sessionlab-instant-"));
  file = path.join(folder, "small.yaml");
  writeFileSync(
    file,
    `name: small
site: { timeoutMinutes: 5 }
workload: { arrivals: 2 }
run: { durationMinutes: 60, warmupMinutes: 40, replications: 2 }
targets: [{ figure: requestsPerSecond, atMost: 1 }]
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("--instant --no-confirm tells what formulas say and misses a target as a simulation does, without one", async () => {
  const { stdout, exitCode } = await runHere(["simulate", file, "--instant", "--no-confirm"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("By formulas alone, InProc");
  expect(stdout).not.toContain("To repeat");
});

test("--instant is followed by the simulation and by whether it agrees", async () => {
  const { stdout, exitCode } = await runHere(["simulate", file, "--instant", "--quiet"]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/By formulas alone, InProc[\s\S]*To repeat[\s\S]*figures agree with their formulas/);
});

test("--json gives the answer of the formulas as JSON, one a mode", async () => {
  const args = ["simulate", file, "--instant", "--no-confirm", "--json", "--mode", "InProc,SQLServer"];
  const { stdout } = await runHere(args);
  const answers = JSON.parse(stdout);
  expect(answers.map(({ mode }: { mode: string }) => mode)).toEqual(["InProc", "SQLServer"]);
  expect(answers[0].saturation.station).toBe("web cores");
});

test("--no-confirm is refused without --instant, and beside what takes a simulation", async () => {
  const alone = await runHere(["simulate", file, "--no-confirm", "--out", folder]);
  expect(alone.exitCode).toBe(2);
  expect(alone.stderr).toContain("--no-confirm is given; expected with --instant");
  expect(alone.stderr).toContain("--out is given; expected not with --no-confirm");
});
