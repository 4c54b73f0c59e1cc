import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { historyCommand } from "../../../cli/history/history.ts";
import { addEntries } from "../../../cli/history/history-add.ts";
import { branchStore } from "../../../cli/history/history-branch.ts";
import { directoryStore } from "../../../cli/history/history-directory.ts";
import { readEntries } from "../../../cli/history/history-read.ts";
import { InputError } from "../../../config/problem.ts";
import { entryOf } from "../../../metrics/history/entry-of.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import type { HistoryReport } from "../../../reports/history/history-report.ts";
import { stringifyResult } from "../../../reports/result-file.ts";
import { makeResult } from "../../reports/fixture-result.ts";
import { runCli } from "../run-cli.ts";

let folder: string;
let dir: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-history-"));
  dir = path.join(folder, "history");
});

afterEach(async () => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const base = makeResult({ kind: "measured", samples: 200, seriesPoints: 5 });

function runAt(day: number, more: Partial<RunResult> = {}): RunResult {
  const startedAt = new Date(Date.UTC(2026, 0, day, 12)).toISOString();
  return { ...base, environment: { ...base.environment, startedAt, commit: `abcdef${day}` }, ...more };
}

async function save(name: string, ...results: readonly RunResult[]): Promise<string> {
  const file = path.join(folder, name);
  const texts = results.map(stringifyResult);
  await writeFile(file, texts.length === 1 ? texts[0]! : `[${texts.join(",")}]`);
  return file;
}

async function history(...args: readonly string[]): Promise<string> {
  let out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  await historyCommand().parseAsync([...args], { from: "user" });
  return out;
}

async function refused(...args: readonly string[]): Promise<string> {
  try {
    await history(...args);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** A table of 40 runs, whose second metric gets worse by a fifth at the 21st. */
async function importSteps(rows = 40): Promise<void> {
  const lines = Array.from({ length: rows }, (_, index) => {
    const day = new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
    const noise = ((index * 37) % 11) / 100;
    return `${day},c0ffee${String(index).padStart(2, "0")},${10 + noise},${(index < 20 ? 100 : 120) + noise},${index % 7 === 0 ? "" : 5 + noise}`;
  });
  const file = path.join(folder, "nightly.csv");
  await writeFile(file, `time,commit,steady (ms),step (ms),gappy (ms)\n${lines.join("\n")}\n`);
  await history("import", file, "--dir", dir);
}

describe("history add", () => {
  test("puts each run into a small file of its own and prints where", async () => {
    const out = await history("add", await save("two.json", runAt(1), runAt(2)), "--dir", dir, "--json");
    const names = (await readdir(dir)).sort();
    expect(names).toHaveLength(2);
    expect(JSON.parse(out)).toEqual(names.map((name) => path.join(dir, name)));
    expect(JSON.parse(await readFile(path.join(dir, names[0]!), "utf8"))).toEqual(
      JSON.parse(JSON.stringify(entryOf(runAt(1)))),
    );
  });

  test("refuses a run that is there already, names its file, and adds none of the others", async () => {
    await history("add", await save("one.json", runAt(1)), "--dir", dir);
    const [present] = await readdir(dir);
    const told = await refused("add", await save("both.json", runAt(2), runAt(1)), "--dir", dir);
    expect(told).toContain(present);
    expect(told).toContain("Nothing was added");
    expect(await readdir(dir)).toEqual([present]);
  });

  test("refuses runs that were cut short, are invalid, or are no results, all at once, with the mend", async () => {
    const invalid = { audit: { ...base.audit, verdict: "invalid" as const, findings: ["The generator was late."] } };
    await writeFile(path.join(folder, "foreign.json"), '{"name": "jquery"}');
    const told = await refused(
      "add",
      await save("cut.json", runAt(1, { complete: false })),
      await save("bad.json", runAt(2, invalid)),
      path.join(folder, "foreign.json"),
      "--dir",
      dir,
    );
    expect(told).toMatch(/cut\.json.*cut short/);
    expect(told).toMatch(/bad\.json.*The generator was late\./);
    expect(told).toMatch(/foreign\.json.*schema/);
    await expect(readdir(dir)).rejects.toThrow();
  });

  test("refuses a run that is older than the newest of its kind, unless that is meant", async () => {
    await history("add", await save("new.json", runAt(9)), "--dir", dir);
    const older = await save("old.json", runAt(2));
    const told = await refused("add", older, "--dir", dir);
    expect(told).toContain("older than the newest run of its kind, of 2026-01-09T12:00:00.000Z");
    expect(told).toContain("--allow-older");
    await history("add", await save("other.json", runAt(2, { label: "Redis, measured" })), "--dir", dir);
    await history("add", older, "--dir", dir, "--allow-older");
    expect(await readdir(dir)).toHaveLength(3);
  });

  test("of a run that is there already says that alone, not that the clock went backwards", async () => {
    const first = await save("one.json", runAt(1));
    await history("add", first, "--dir", dir);
    await history("add", await save("two.json", runAt(2)), "--dir", dir);
    const told = await refused("add", first, "--dir", dir);
    expect(told).toContain("in the history already");
    expect(told).not.toContain("--allow-older");
    const third = await save("three.json", runAt(3));
    expect(await refused("add", third, third, "--dir", dir)).toContain("is in these files too");
  });

  test("adds nothing to a history that is broken", async () => {
    await mkdir(dir);
    await writeFile(path.join(dir, "package.json"), "{}");
    expect(await refused("add", await save("one.json", runAt(1)), "--dir", dir)).toContain("package.json");
    expect(await readdir(dir)).toEqual(["package.json"]);
  });

  test("that is interrupted adds nothing, and leaves nothing behind", async () => {
    const store = directoryStore(dir);
    const files = Array.from({ length: 200 }, (_, index) => ({ name: `${index}.json`, content: "{}" }));
    const added = store.append(files, null, "");
    process.emit("SIGINT");
    await expect(added).rejects.toThrow(/^Nothing was added.+interrupted/);
    expect(await readdir(dir)).toEqual([]);
  });

  test("wants one place, which can be written to", async () => {
    const file = await save("one.json", runAt(1));
    expect(await refused("add", file)).toContain("a directory, or --branch and a name");
    expect(await refused("add", file, "--dir", dir, "--branch", "h")).toContain("both a directory");
    expect(await refused("add", file, "--dir", file)).toContain("the directory is a file");
  });
});

describe("history import", () => {
  test("again with --new-only adds what is new", async () => {
    await importSteps(10);
    await expect(importSteps(12)).rejects.toThrow(/in the history already/);
    const out = await history("import", path.join(folder, "nightly.csv"), "--dir", dir, "--new-only", "--json");
    expect(JSON.parse(out)).toMatchObject({ runs: 2, known: 10, metrics: 3, undirected: 0 });
    expect(await readdir(dir)).toHaveLength(12);
  });

  test("tells options that cannot be read, files that are not there, and folders without any", async () => {
    expect(await refused("import", "x.csv", "--dir", dir, "--better", "p50")).toContain("high or low");
    expect(await refused("import", "x.csv", "--dir", dir, "--where", "branch")).toContain("--where");
    expect(await refused("import", "x.csv", "--dir", dir, "--separator", "ab")).toContain("--separator");
    const told = await refused("import", path.join(folder, "x.csv"), folder, "--dir", dir);
    expect(told).toContain("x.csv: the file is not there");
    expect(told).toContain("a folder without JSON files");
  });
});

describe("history", () => {
  const report = async (...args: readonly string[]) =>
    JSON.parse(await history(dir, ...args, "--json")) as HistoryReport;

  test("names the commits between which a metric got worse, and stays silent of steady ones", async () => {
    await importSteps();
    const out = await history(dir);
    expect(out).toContain("✗ 1 change for the worse in 1 metric of 3");
    expect(out).toContain("nightly · imported  40 runs, 2026-01-01 to 2026-02-09");
    expect(out).toMatch(/✗ worse +\+20\.0 % +100\.\d → 120\.\d ms +2026-01-21 +c0ffee19\.\.c0ffee20 +p </);
    expect(out).toContain("2 metrics without a change");
    expect(out).toContain("! Not in every run: gappy (34 of 40). A gap is no change.");
    expect(process.exitCode).toBeUndefined();
    expect(await history(dir, "--all")).toMatch(/gappy.*in 34 of 40 runs/);
  });

  test("as JSON has the trends, and what stands", async () => {
    await importSteps();
    const { schema, runs, trends, standing } = await report();
    expect([schema, runs, trends.length]).toEqual(["sessionlab.history/1", 40, 3]);
    expect(trends[0]!.series.key).toBe("step");
    expect(standing).toHaveLength(1);
    expect(standing[0]).toMatchObject({ key: "step", unit: "ms", sure: true, waiver: null });
    expect(standing[0]!.changePoint).toMatchObject({ index: 20, afterCommit: "c0ffee19", byCommit: "c0ffee20" });
  });

  test("fails only where it is asked to, and not on what is waived", async () => {
    await importSteps();
    const waivers = path.join(folder, "waivers.yaml");
    await writeFile(
      waivers,
      '- metric: st*p\n  commits: c0ffee20\n  reason: the price of a safer cookie\n- metric: gone\n  commits: "*"\n  reason: old\n',
    );
    const out = await history(dir, "--fail-on-regression", "--waivers", waivers);
    expect(process.exitCode).toBeUndefined();
    expect(out).toContain("waived: the price of a safer cookie");
    expect(out).toContain("The waiver of gone for * covers no change that stands.");
    await history(dir, "--fail-on-regression");
    expect(process.exitCode).toBe(1);
  });

  test("shows the metrics, scenarios and runs that are asked for", async () => {
    await importSteps();
    expect(
      (await report("--metric", "st*", "--metric", "gappy")).trends.map(({ series }) => series.key).sort(),
    ).toEqual(["gappy", "steady", "step"]);
    expect((await report("--metric", "steady")).trends).toHaveLength(1);
    expect((await report("--since", "2026-02-01")).runs).toBe(9);
    expect((await report("--since", "c0ffee30")).runs).toBe(10);
    expect((await report("--scenario", "night*")).runs).toBe(40);
    expect(await refused(dir, "--metric", "nothing")).toContain("metrics steady, step, gappy");
    expect(await refused(dir, "--since", "someday")).toContain("--since");
    expect(await refused(dir, "--max-p-value", "2")).toContain("--max-p-value");
  });

  test("writes a page and JSON where --out says", async () => {
    await importSteps(8);
    const out = path.join(folder, "report");
    await history(dir, "--out", out);
    expect((await readdir(out)).sort()).toEqual(["history.html", "history.json"]);
    expect(await readFile(path.join(out, "history.html"), "utf8")).toContain("</html>");
  });

  test("with broken or foreign files or a run twice names them all and changes nothing", async () => {
    await importSteps(3);
    const [first, second] = (await readdir(dir)).sort() as [string, string];
    await cp(path.join(dir, first), path.join(dir, "copy-of-the-first.json"));
    await writeFile(path.join(dir, second), (await readFile(path.join(dir, second), "utf8")).slice(0, 100));
    await writeFile(path.join(dir, "result.json"), stringifyResult(base));
    await writeFile(path.join(dir, "README.md"), "what this is");
    const before = await readdir(dir);
    const told = await refused(dir);
    expect(told).toContain(`copy-of-the-first.json: the run is the same as that of`);
    expect(told).toContain(`${second}: the file is not JSON`);
    expect(told).toContain("result.json: schema is");
    expect(told).not.toContain("README");
    expect(await readdir(dir)).toEqual(before);
  });

  test("is not there, or is empty", async () => {
    expect(await refused(dir)).toContain("the directory is not there");
    await mkdir(dir);
    expect(await refused(dir)).toContain("sessionlab history add");
    expect(await refused()).toContain("a directory, or --branch and a name");
  });
});

describe("a history on a branch", () => {
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  const added = (day: number) => [{ entry: entryOf(runAt(day)), from: "result.json" }];
  const options = { newOnly: false, allowOlder: true, message: "Add a run" };

  beforeEach(async () => {
    git("init", "-q", "-b", "main");
    git("config", "user.name", "Somebody");
    git("config", "user.email", "somebody@localhost");
    await writeFile(path.join(folder, "work.txt"), "mine");
    git("add", "work.txt");
    git("commit", "-q", "-m", "first");
  });

  test("has a commit an addition, and neither the working tree nor its index is touched", async () => {
    await writeFile(path.join(folder, "staged.txt"), "half done");
    git("add", "staged.txt");
    const store = branchStore("perf/history", folder);
    await addEntries(store, added(1), options);
    const { places } = await addEntries(store, added(2), options);
    expect(git("rev-list", "--count", "perf/history")).toBe("2");
    expect(git("ls-tree", "--name-only", "perf/history").split("\n")).toHaveLength(2);
    expect(git("show", places[0]!)).toContain("2026-01-02T12:00:00.000Z");
    expect(git("status", "--porcelain")).toBe("A  staged.txt");
    expect(git("branch", "--show-current")).toBe("main");
    const read = readEntries(store, await store.read({ orEmpty: false }));
    expect(read.map(({ entry }) => entry.at.slice(0, 10))).toEqual(["2026-01-01", "2026-01-02"]);
  });

  test("of two writers at once loses neither's runs", async () => {
    const days = [1, 2, 3];
    await Promise.all(days.map((day) => addEntries(branchStore("history", folder), added(day), options)));
    expect(git("ls-tree", "--name-only", "history").split("\n")).toHaveLength(days.length);
  });

  test("refuses a run of an earlier commit than the run before: the clock may have been set", async () => {
    const earlier = git("rev-parse", "HEAD");
    await writeFile(path.join(folder, "work.txt"), "changed");
    const dated = { ...process.env, GIT_COMMITTER_DATE: "2040-01-01T00:00:00Z" };
    execFileSync("git", ["commit", "-q", "-a", "-m", "second"], { cwd: folder, env: dated });
    const of = (day: number, commit: string) => runAt(day, { environment: { ...runAt(day).environment, commit } });
    const file = await save("runs.json", of(1, git("rev-parse", "HEAD")), of(2, earlier));
    const { exitCode, stderr } = runCli(["history", "add", "runs.json", "--dir", "history"], folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`of commit ${earlier.slice(0, 12)}, which comes before`);
    await history("add", file, "--dir", dir, "--allow-older");
    const shown = runCli(["history", "history"], folder);
    expect([shown.exitCode, shown.stderr]).toEqual([0, ""]);
    expect(shown.stdout.replace(/\s+/g, " ")).toContain(
      `1 run is of an older commit than the run before, the last at 2026-01-02 12:00 of ${earlier.slice(0, 12)}: the clock went backwards`,
    );
  });

  test("is told to read again when somebody else moved it meanwhile", async () => {
    const store = branchStore("history", folder);
    await addEntries(store, added(1), options);
    const { version } = await store.read({ orEmpty: false });
    await addEntries(store, added(2), options);
    expect(await store.append([{ name: "late.json", content: "{}" }], version, "late")).toBe(false);
    expect(git("ls-tree", "--name-only", "history")).not.toContain("late.json");
  });

  test("is refused where it is somebody's branch of other things, checked out, no name, or outside a repository", async () => {
    git("branch", "feature");
    const add = (branch: string, where = folder) => addEntries(branchStore(branch, where), added(1), options);
    await expect(add("feature")).rejects.toThrow(/with other files/);
    await expect(add("-d")).rejects.toThrow(/no name of a branch/);
    await add("history");
    git("switch", "-q", "history");
    await expect(addEntries(branchStore("history", folder), added(2), options)).rejects.toThrow(/checked out/);
    const outside = await mkdtemp(path.join(tmpdir(), "sessionlab-outside-"));
    await expect(add("history", outside)).rejects.toThrow(/outside a repository/);
    await rm(outside, { recursive: true });
  });
});
