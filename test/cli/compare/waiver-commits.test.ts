import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waiverCommits } from "../../../cli/compare/waiver-commits.ts";

/** Four commits in a row, the second tagged v1. */
let commits: readonly string[] = [];
let folder: string;
const before = process.cwd();

function git(...args: readonly string[]): string {
  const settings = ["-c", "user.name=n", "-c", "user.email=e@example.invalid", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...settings, ...args], { cwd: folder, encoding: "utf8" }).trim();
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sessionlab-waivers-"));
  git("init", "-q");
  commits = ["a", "b", "c", "d"].map((message) => {
    git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  });
  git("tag", "v1", commits[1]!);
  process.chdir(folder);
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

async function covers(range: string, candidate: readonly (string | null)[]): Promise<boolean | null> {
  const waiver = { metric: "a", commits: range, reason: "r" };
  return (await waiverCommits([waiver], candidate))(range);
}

describe("a waiver's commits, where the repository knows them", () => {
  test("from one to another are those after the first, the last among them", async () => {
    const range = `${commits[0]!.slice(0, 8)}..${commits[2]!.slice(0, 8)}`;
    const covered = await Promise.all(commits.map((commit) => covers(range, [commit.slice(0, 12)])));
    expect(covered).toEqual([false, true, true, false]);
  });

  test("from one on are all after it", async () => {
    const covered = await Promise.all(commits.map((commit) => covers(`${commits[1]!.slice(0, 7)}..`, [commit])));
    expect(covered).toEqual([false, false, true, true]);
  });

  test("may be one, by its hash or by a name", async () => {
    expect(await covers(commits[1]!.slice(0, 7), [commits[1]!])).toBe(true);
    expect(await covers("v1", [commits[1]!])).toBe(true);
    expect(await covers("v1", [commits[2]!])).toBe(false);
    expect(await covers(commits[1]!.slice(0, 7), [commits[2]!])).toBe(false);
  });

  test("may begin or end with a name", async () => {
    expect(await covers(`v1..${commits[3]}`, [commits[2]!])).toBe(true);
    expect(await covers("v1..", [commits[1]!])).toBe(false);
  });

  test("must be those of all runs of the candidate", async () => {
    const range = `${commits[0]}..${commits[2]}`;
    expect(await covers(range, [commits[1]!, commits[2]!])).toBe(true);
    expect(await covers(range, [commits[1]!, commits[3]!])).toBe(false);
  });
});

describe("a waiver's commits, where nobody knows them", () => {
  const stranger = "0123456789abcdef0123456789abcdef01234567";

  test("are the candidate's where a hash says so itself", async () => {
    expect(await covers(stranger.slice(0, 9), [stranger])).toBe(true);
    expect(await covers(`fedcba9876..${stranger.slice(0, 9)}`, [stranger])).toBe(true);
    expect(await covers(`${stranger.slice(0, 9)}..fedcba9876`, [stranger])).toBe(false);
    expect(await covers(`${stranger.slice(0, 9)}..`, [stranger])).toBe(false);
    expect(await covers("fedcba9876", [stranger])).toBe(false);
  });

  test("cannot be told otherwise", async () => {
    expect(await covers("fedcba9876..abcdef0123", [stranger])).toBe(null);
    expect(await covers("no-such-tag", [stranger])).toBe(null);
    expect(await covers(`${commits[0]}..${commits[2]}`, [null])).toBe(null);
  });

  test("are no way to give git an option", async () => {
    expect(await covers("--help", [commits[0]!])).toBe(null);
  });
});
