import { existsSync, readdirSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseComparison } from "../../../reports/comparison/comparison-file.ts";
import { parseResult } from "../../../reports/result-file.ts";
import { gitIn, smallRepository, stateOf } from "../../bench/against/small-repository.ts";
import { isRunning, until } from "../../bench/processes.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { runCli } from "../run-cli.ts";
import { startCli } from "../start-cli.ts";

const short = ["--driver", "micro", "--seconds", "0.1", "--sessions", "60", "--operations", "getItem"];
const ofSmall = ["bench", "--module", "./store.mjs", ...short, "--against", "HEAD~1"];

describe("bench --against", () => {
  test("compares a project's provider with that of a commit, and keeps every run", async () => {
    const folder = await smallRepository();
    // Of both sides only the candidate's says so: what is changed and not committed is measured.
    await writeFile(
      path.join(folder, "store.mjs"),
      (await readFile(path.join(folder, "store.mjs"), "utf8")).replace("locking-map 1", "locking-map 2"),
    );
    const before = stateOf(folder);
    // A path from the top of the machine means the file of either side.
    const words = ofSmall.map((word) => (word === "./store.mjs" ? path.join(folder, "store.mjs") : word));
    const out = path.join(await temporaryFolder(), "out");
    await mkdir(path.join(out, "base"), { recursive: true });
    await writeFile(path.join(out, "base", "007.json"), "of an earlier comparison");
    const run = runCli([...words, "--blocks-max", "1", "--json", "--quiet", "--out", out], folder);
    expect(run).toMatchObject({ exitCode: 0 });
    const comparison = parseComparison(run.stdout, "stdout");
    expect(comparison).toMatchObject({ design: "interleaved", blocks: 1, complete: true, verdict: "cannot tell" });
    expect(comparison.base).toMatchObject({ name: "HEAD~1", store: "locking-map 1", runs: 2 });
    expect(comparison.candidate).toMatchObject({ name: "the working tree", store: "locking-map 2", runs: 2 });
    expect(comparison.base.commit).not.toBe(comparison.candidate.commit);
    expect(parseComparison(await readFile(path.join(out, "comparison.json"), "utf8"), "file")).toEqual(comparison);
    for (const file of ["base/001.json", "base/002.json", "candidate/001.json", "candidate/002.json"]) {
      const result = parseResult(await readFile(path.join(out, file), "utf8"), file);
      expect(result.turn?.block).toBe(0);
    }
    expect(readdirSync(path.join(out, "base"))).toEqual(["001.json", "002.json"]);
    expect(stateOf(folder)).toBe(before);
    const again = runCli(["compare", path.join(out, "base"), path.join(out, "candidate"), "--json"]);
    expect(
      parseComparison(again.stdout, "again").metrics.map(({ key, verdict, base }) => [key, verdict, base]),
    ).toEqual(comparison.metrics.map(({ key, verdict, base }) => [key, verdict, base]));
  });

  test.each([
    ["one interrupt", ["SIGINT"], 3],
    ["two interrupts", ["SIGINT", "SIGINT"], 130],
    ["a kill", ["SIGKILL"], null],
  ] as const)("leaves no process, folder or worktree after %s", async (_what, signals, exitCode) => {
    const folder = await smallRepository();
    // A store that never comes up, and for two interrupts would not end at the first.
    const marker = path.join(path.dirname(folder), "at-work");
    const hangs = `
      import { writeFileSync } from "node:fs";
      ${signals.length > 1 ? 'process.on("SIGTERM", () => undefined);' : ""}
      writeFileSync(${JSON.stringify(marker)}, String(process.pid));
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    `;
    await appendFile(path.join(folder, "store.mjs"), hangs);
    gitIn(folder, "commit", "--quiet", "--all", "-m", "three");
    const place = await temporaryFolder();
    const before = stateOf(folder);
    const words = [...ofSmall.slice(0, -1), "HEAD", "--quiet"];
    const cli = startCli(folder, words, { ...process.env, TMPDIR: place });
    onTestFinished(() => void cli.child.kill("SIGKILL"));
    await until("the store is at work", () => existsSync(marker));
    const turn = Number(await readFile(marker, "utf8"));
    for (const [index, signal] of signals.entries()) {
      // Two within a moment count as one.
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, 400));
      cli.child.kill(signal);
    }
    expect(await cli.exitCode).toBe(exitCode);
    await until("the repository is as it was", () => stateOf(folder) === before);
    await until("no folder is left", () => readdirSync(place).length === 0);
    await until("no run is left", () => !isRunning(turn));
  });

  test.each<[string, readonly string[], RegExp]>([
    ["a name that is no commit", [...ofSmall.slice(0, -1), "no-such"], /--against is "no-such"/],
    [
      "stores of ours, which no commit of a project changes",
      ["bench", ...short, "--against", "HEAD~1"],
      /name it with --module/,
    ],
    [
      "a module outside the project",
      ["bench", ...short, "--module", "../x.mjs", "--against", "HEAD~1"],
      /the provider's module is "..\/x.mjs"/,
    ],
    [
      "a build that fails",
      [...ofSmall, "--build", "echo no; exit 5"],
      /Cannot prepare HEAD~1: the build is a failure.*\nno/s,
    ],
  ])("refuses %s with exit code 2", async (_what, words, message) => {
    const folder = await smallRepository();
    const before = stateOf(folder);
    const run = runCli([...words, "--quiet"], folder);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toMatch(message);
    expect(stateOf(folder)).toBe(before);
  });
});

describe("bench --calibrate-noise", () => {
  test("keeps what alike runs differ by, and says what can be decided", async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, "noise.json");
    const words = [
      "bench",
      "--calibrate-noise",
      ...short,
      "--mode",
      "InProc",
      "--blocks-max",
      "1",
      "--noise-file",
      file,
    ];
    const run = runCli([...words, "--quiet"], folder);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toMatch(/getItem, 4096 bytes, p50 .*2\.5 %/);
    expect(run.stdout.trim().endsWith(file)).toBe(true);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ driver: "micro", blocks: 1 });
  });
});
