import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { commitNamed, repositoryOf, snapshot } from "../../../bench/against/git.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { gitIn, smallRepository, stateOf } from "./small-repository.ts";

describe("a snapshot of the working tree", () => {
  test("holds what is changed, new, staged and removed, and not what git ignores", async () => {
    const folder = await smallRepository();
    await writeFile(path.join(folder, "second.txt"), "changed\n");
    await writeFile(path.join(folder, "new.txt"), "new\n");
    await writeFile(path.join(folder, "staged.txt"), "staged\n");
    await writeFile(path.join(folder, "ignored.txt"), "ignored\n");
    gitIn(folder, "add", "staged.txt");
    gitIn(folder, "rm", "--quiet", "store.mjs");
    const { commit, head, changed } = await snapshot(folder, await temporaryFolder());
    expect(changed).toBe(true);
    expect(head).toBe(gitIn(folder, "rev-parse", "HEAD"));
    const files = gitIn(folder, "ls-tree", "--name-only", commit).split("\n");
    expect(files).toEqual([".gitignore", "new.txt", "package.json", "second.txt", "staged.txt"]);
    expect(gitIn(folder, "show", `${commit}:second.txt`)).toBe("changed");
  });

  test("leaves index, branch, stash and files as they were", async () => {
    const folder = await smallRepository();
    await writeFile(path.join(folder, "second.txt"), "changed\n");
    await writeFile(path.join(folder, "staged.txt"), "staged\n");
    gitIn(folder, "add", "staged.txt");
    const before = stateOf(folder);
    await snapshot(folder, await temporaryFolder());
    expect(stateOf(folder)).toBe(before);
  });

  test("of a tree without changes is the commit itself", async () => {
    const folder = await smallRepository();
    const { commit, head, changed } = await snapshot(folder, await temporaryFolder());
    expect([commit, changed]).toEqual([head, false]);
  });
});

describe("a commit", () => {
  test("is found by branch, tag, hash and way from another, from any folder of the repository", async () => {
    const folder = await smallRepository();
    gitIn(folder, "tag", "v1", "HEAD~1");
    const below = path.join(folder, "below");
    await mkdir(below);
    const repository = await repositoryOf(below);
    const first = gitIn(folder, "rev-parse", "v1");
    expect(repository).toBe(folder);
    for (const ref of ["v1", "HEAD~1", "main~1", first, first.slice(0, 8)]) {
      expect(await commitNamed(repository, ref)).toBe(first);
    }
  });

  test("that a name does not mean is refused, and so is what looks like an option", async () => {
    const folder = await smallRepository();
    for (const ref of ["no-such", "-x", "", "HEAD~9", "--all"]) {
      await expect(commitNamed(folder, ref), ref).rejects.toThrow(/expected a commit, branch or tag/);
    }
  });

  test("that a shallow clone has not is refused with what to fetch", async () => {
    const folder = await smallRepository();
    const clone = path.join(await temporaryFolder(), "clone");
    gitIn(folder, "clone", "--quiet", "--depth", "1", `file://${folder}`, clone);
    await expect(commitNamed(clone, "HEAD~1")).rejects.toThrow(/fetch --unshallow/);
  });

  test("in a folder without a repository is refused", async () => {
    await expect(repositoryOf(await temporaryFolder())).rejects.toThrow(/a folder of a git repository/);
  });
});
