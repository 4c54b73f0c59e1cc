import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compareCommand } from "../../../cli/compare/compare.ts";
import { reportError } from "../../../cli/report-error.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { parseComparison, stringifyComparison } from "../../../reports/comparison/comparison-file.ts";
import { COMMENT_MARKER } from "../../../reports/comparison/markdown.ts";
import { stringifyResult } from "../../../reports/result-file.ts";
import { cannotTellComparison, makeComparison } from "../../reports/comparison/fixture-comparison.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { runCli } from "../run-cli.ts";

let folder: string;
let stdout: string;
let stderr: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-compare-"));
  vi.stubEnv("XDG_STATE_HOME", folder);
  vi.stubEnv("GITHUB_STEP_SUMMARY", "");
});

afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** @returns the exit code; what was printed stands in stdout and stderr. */
async function run(...args: readonly string[]): Promise<number> {
  stdout = "";
  stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    await compareCommand().exitOverride().parseAsync(args.map(inFolder), { from: "user" });
  } catch (error) {
    return reportError(error);
  }
  return Number(process.exitCode);
}

/** "base.json" is the one in the folder of the test. */
function inFolder(word: string): string {
  return /\.json$|\.yaml$|\/$/.test(word) ? path.join(folder, word) : word;
}

async function save(name: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), text);
}

const sample = makeResult({ samples: 500, seriesPoints: 3 });

/** A run of one figure, begun at that minute. */
function runAt(minute: number, lockWaitShare: number, changes: Partial<RunResult> = {}): RunResult {
  const startedAt = new Date(Date.UTC(2026, 4, 6, 12, minute)).toISOString();
  const figure = {
    key: "lockWaitShare",
    label: "Requests that waited for a lock",
    unit: "share",
    value: lockWaitShare,
  };
  return {
    ...sample,
    seed: minute,
    figures: [figure],
    histograms: {},
    responseIntervals: [],
    ...changes,
    environment: { ...sample.environment, startedAt },
  };
}

const shares = [0.1, 0.101, 0.102, 0.103, 0.104, 0.105, 0.106, 0.107];

/** Folders of eight simulated runs a side; the candidate's have `more` lock waits. */
async function saveSides(more: number, commit: string | null = null): Promise<void> {
  for (const [index, share] of shares.entries()) {
    await save(`base/${index}.json`, stringifyResult(runAt(index, share)));
    const worse = runAt(index + 20, share + more);
    const environment = { ...worse.environment, commit };
    await save(`candidate/${index}.json`, stringifyResult({ ...worse, environment }));
  }
}

describe("sessionlab compare", () => {
  test("of two folders with a regression tells it, and ends with 1", async () => {
    await saveSides(0.1);
    expect(await run("base/", "candidate/")).toBe(1);
    expect(stdout).toMatch(/^✗ regressed {2}.*candidate.* against .*base/);
    expect(stdout).toContain("Requests that waited for a lock (%)   ✗ regressed   +10.0 pp");
  });

  test("of lists of files says the same as of their folders", async () => {
    await saveSides(0.1);
    const files = (side: string) => shares.map((_, index) => `${side}/${index}.json`);
    const lists = ["--base", ...files("base"), "--candidate", ...files("candidate")];
    expect(await run(...lists, "--json")).toBe(1);
    const [ofLists, first] = [parseComparison(stdout, "-"), path.join(folder, "base", "0.json")];
    expect(ofLists.base.name).toBe(`${first} and 7 more`);
    await run("base/", "candidate/", "--json");
    expect(parseComparison(stdout, "-").metrics).toEqual(ofLists.metrics);
  });

  test("ends with 0 where all is no worse, and where it cannot tell, which --strict makes 3", async () => {
    await saveSides(0);
    expect(await run("base/", "candidate/")).toBe(0);
    expect(stdout).toMatch(/^✓ no worse/);
    expect(await run("base/0.json", "candidate/0.json")).toBe(0);
    expect(stdout).toMatch(/^\? cannot tell/);
    expect(await run("base/0.json", "candidate/0.json", "--strict")).toBe(3);
  });

  test("heeds another minimum effect, and refuses one of no metric", async () => {
    await saveSides(0.1);
    await run("base/", "candidate/", "--min-effect", "lockWaitShare=50%", "--json");
    expect(parseComparison(stdout, "-").metrics).toMatchObject([{ verdict: "no worse", rule: { minimumEffect: 0.5 } }]);
    expect(await run("base/", "candidate/", "--min-effect", "lockWaits=50%")).toBe(2);
    expect(stderr).toContain('--min-effect is "lockWaits"; expected metrics of these results: lockWaitShare');
    expect(await run("base/", "candidate/", "--min-effect", "lockWaitShare=-5%")).toBe(2);
  });

  test("says that a noise file about something else was of no use", async () => {
    await saveSides(0);
    const noise = { machine: "another", driver: "micro", scenario: "ycsb-a", label: "Redis, micro" };
    const rest = { schema: "sessionlab.noise/1", measuredAt: "2026-05-06T12:00:00.000Z", blocks: 8, floors: [] };
    await save("noise.json", JSON.stringify({ ...rest, ...noise }));
    expect(await run("base/", "candidate/", "--noise-file", "noise.json")).toBe(0);
    expect(stdout).toContain("The noise floors are of Redis, micro on another, and were not used.");
  });

  test("with --out writes it for people, bots and build servers, whatever it prints", async () => {
    await saveSides(0.1);
    const out = path.join(folder, "out");
    expect(await run("base/", "candidate/", "--format", "markdown", "--out", out)).toBe(1);
    expect(stdout.startsWith(COMMENT_MARKER)).toBe(true);
    expect((await readdir(out)).sort()).toEqual(["comparison.html", "comparison.json", "comparison.md", "junit.xml"]);
    expect(await readFile(path.join(out, "comparison.md"), "utf8")).toBe(stdout);
    expect(await readFile(path.join(out, "junit.xml"), "utf8")).toContain('<failure message="✗ regressed');
    expect(stderr).toMatch(/^✗ regressed /);
    // From the folder alone it can be told again.
    expect(await run(`${out}/comparison.json`.slice(folder.length + 1), "--format", "markdown")).toBe(1);
    expect(stdout).toBe(await readFile(path.join(out, "comparison.md"), "utf8"));
  });

  test("with --format github annotates, and writes the summary of the job where there is one", async () => {
    await saveSides(0.1);
    await save("summary/already.txt", "Before.\n");
    vi.stubEnv("GITHUB_STEP_SUMMARY", path.join(folder, "summary", "already.txt"));
    await run("base/", "candidate/", "--format", "github");
    expect(stdout).toMatch(/^::error title=Regressed%3A Requests that waited for a lock \(%25\)::/);
    expect(await readFile(path.join(folder, "summary", "already.txt"), "utf8")).toMatch(/^Before\.\n<!-- sessionlab/);
  });
});

describe("a waiver file", () => {
  test("takes a regression on: it is told, and fails nothing", async () => {
    await saveSides(0.1, "abc123456789");
    await save("waivers.yaml", '- metric: lock*\n  commits: "abc1234"\n  reason: one writer at a time\n');
    expect(await run("base/", "candidate/", "--waivers", "waivers.yaml")).toBe(0);
    expect(stdout).toContain("! waived");
    expect(stdout).toContain("used: lock* for abc1234: one writer at a time.");
  });

  test("that is over, or about other commits, changes nothing, and is told of", async () => {
    await saveSides(0.1, "abc123456789");
    await save(
      "waivers.yaml",
      `- { metric: "*", commits: "*", reason: r, until: 2020-01-01 }
- { metric: "*", commits: fedcba98, reason: r }
- { metric: memory*, commits: "*", reason: r }
`,
    );
    expect(await run("base/", "candidate/", "--waivers", "waivers.yaml")).toBe(1);
    expect([...stdout.matchAll(/^ {2}· (\w+): .* for/gm)].map(([, use]) => use)).toEqual([
      "expired",
      "elsewhere",
      "idle",
    ]);
  });

  test("with a mistake is refused, with its place", async () => {
    await saveSides(0.1);
    await save("waivers.yaml", '- metric: a\n  commits: "*"\n');
    expect(await run("base/", "candidate/", "--waivers", "waivers.yaml")).toBe(2);
    expect(stderr).toContain("waivers.yaml:1:3: [0].reason is missing");
  });
});

describe("what must not be compared is refused", () => {
  test("a run with itself, be it named twice, linked or copied", async () => {
    await save("a.json", stringifyResult(runAt(1, 0.1)));
    await save("copy.json", stringifyResult(runAt(1, 0.1)));
    expect(await run("a.json", "a.json")).toBe(2);
    expect(stderr).toContain("a.json: the file is named twice; expected each run once");
    expect(await run("a.json", "copy.json")).toBe(2);
    expect(stderr).toMatch(/copy\.json: the file is the same run as .*a\.json/);
  });

  test("a simulation with a measurement, which a report shows beside each other", async () => {
    await save("simulated.json", stringifyResult(runAt(1, 0.1)));
    await save("measured.json", stringifyResult(runAt(2, 0.1, { kind: "measured" })));
    expect(await run("simulated.json", "measured.json")).toBe(2);
    expect(stderr).toContain("sessionlab report shows a prediction beside a measurement");
    expect(await run("simulated.json", "measured.json", "--force")).toBe(0);
    expect(stdout).toMatch(/^! These should not have been compared, and were because of --force:/);
  });

  test("files that are broken, foreign or not there, all in one message", async () => {
    await save("cut.json", stringifyResult(runAt(1, 0.1)).slice(0, 400));
    await save("foreign.json", '{"benchmarks": []}');
    expect(await run("--base", "cut.json", "foreign.json", "--candidate", "nowhere.json")).toBe(2);
    expect(stderr.trim().split("\n  ")).toEqual([
      "Cannot compare:",
      expect.stringContaining("cut.json: the file is not JSON"),
      expect.stringContaining("foreign.json: schema is missing"),
      expect.stringContaining("nowhere.json: the file is not there"),
    ]);
  });

  test("a folder without results, though one with a comparison among them will do", async () => {
    await save("empty/notes.txt", "");
    await save("a.json", stringifyResult(runAt(1, 0.1)));
    expect(await run("empty/", "a.json")).toBe(2);
    expect(stderr).toContain("the folder is without any result");
    await save("side/b.json", stringifyResult(runAt(2, 0.1)));
    await save("side/comparison.json", stringifyComparison(makeComparison()));
    expect(await run("side/", "a.json")).toBe(0);
  });

  test("one side alone, and sides named in two ways", async () => {
    await save("a.json", stringifyResult(runAt(1, 0.1)));
    expect(await run("a.json")).toBe(2);
    expect(stderr).toContain("candidate is missing");
    expect(await run()).toBe(2);
    expect(await run("a.json", "--candidate", "a.json")).toBe(2);
    expect(stderr).toContain("a side is given as an argument and as an option");
  });
});

describe("a comparison that was made already", () => {
  test("is rendered again, from its file or its folder, and ends as it did", async () => {
    await save("out/comparison.json", stringifyComparison(makeComparison()));
    expect(await run("out/comparison.json")).toBe(1);
    const ofFile = stdout;
    expect(await run("out/")).toBe(1);
    expect(stdout).toBe(ofFile);
    await save("cut.json", stringifyComparison(cannotTellComparison));
    expect(await run("cut.json")).toBe(3);
  });

  test("takes nothing that would have made it another", async () => {
    await save("comparison.json", stringifyComparison(makeComparison()));
    expect(await run("comparison.json", "--force", "--seed", "3")).toBe(2);
    expect(stderr).toContain("the options is --force, --seed");
  });

  test("that is broken is refused", async () => {
    await save("comparison.json", stringifyComparison(makeComparison()).replace('"blocks": 14', '"blocks": "many"'));
    expect(await run("comparison.json")).toBe(2);
    expect(stderr).toContain('blocks is "many"');
    await save("comparison.json", stringifyComparison(makeComparison()).slice(0, 300));
    expect(await run("comparison.json")).toBe(2);
    expect(stderr).toContain("comparison.json: the file is not JSON");
  });
});

test("a user sees it as a command of the program, with its help", () => {
  const { exitCode, stdout: help } = runCli(["compare", "--help"]);
  expect(exitCode).toBe(0);
  expect(help).toContain("sessionlab compare out/comparison.json --format markdown");
});
