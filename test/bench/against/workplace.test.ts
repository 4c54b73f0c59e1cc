import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { openWorkplace } from "../../../bench/against/workplace.ts";
import { until } from "../processes.ts";
import { gitIn, smallRepository, stateOf } from "./small-repository.ts";

const owner = fileURLToPath(new URL("workplace-owner.ts", import.meta.url));

describe("a workplace", () => {
  test("has the files of a commit, and is gone when it is closed, as often as one likes", async () => {
    const folder = await smallRepository();
    const before = stateOf(folder);
    const workplace = openWorkplace(folder);
    onTestFinished(() => workplace.close());
    const worktree = await workplace.addWorktree("side-1", "HEAD~1");
    expect(existsSync(path.join(worktree, "store.mjs"))).toBe(true);
    expect(existsSync(path.join(worktree, "second.txt"))).toBe(false);
    expect(gitIn(folder, "worktree", "list")).toContain(worktree);
    workplace.close();
    workplace.close();
    expect(existsSync(workplace.folder)).toBe(false);
    expect(stateOf(folder)).toBe(before);
  });

  test("leaves other worktrees of the repository alone", async () => {
    const folder = await smallRepository();
    const other = path.join(path.dirname(folder), "other");
    gitIn(folder, "worktree", "add", "--detach", other, "HEAD");
    const workplace = openWorkplace(folder);
    await workplace.addWorktree("side-1", "HEAD");
    workplace.close();
    expect(await readFile(path.join(other, "second.txt"), "utf8")).toBe("two\n");
    expect(gitIn(folder, "worktree", "list").split("\n")).toHaveLength(2);
  });

  test.each(["SIGTERM", "SIGKILL"] as const)("is gone when its owner is ended by %s", async (signal) => {
    const folder = await smallRepository();
    const before = stateOf(folder);
    const child = spawn(process.execPath, [owner, folder], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    const place = text.toString().trim();
    expect(existsSync(path.join(place, "side-1", "store.mjs"))).toBe(true);
    child.kill(signal);
    await until("the folder is gone", () => !existsSync(place));
    await until("the worktree is struck off", () => stateOf(folder) === before);
  });

  test("tells what git said of a commit that is not there", async () => {
    const folder = await smallRepository();
    const workplace = openWorkplace(folder);
    onTestFinished(() => workplace.close());
    await expect(workplace.addWorktree("side-1", "no-such")).rejects.toThrow(
      /git worktree add is a failure: .*no-such/,
    );
  });
});
