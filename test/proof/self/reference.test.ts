import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { usualReference } from "../../../proof/self/reference.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";

async function repository(): Promise<{
  folder: string;
  git: (...args: string[]) => void;
  commit: (tag?: string) => void;
}> {
  const folder = await temporaryFolder();
  const git = (...args: string[]) => {
    const author = ["-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...author, ...args], { cwd: folder, stdio: "ignore" });
  };
  git("init");
  writeFileSync(path.join(folder, "file"), "as it was");
  git("add", "file");
  const commit = (tag?: string) => {
    git("commit", "--allow-empty", "--message", "a change");
    if (tag !== undefined) git("tag", tag);
  };
  return { folder, git, commit };
}

test("without a release it is the commit before", async () => {
  const { folder, commit } = await repository();
  commit("nightly");
  commit();
  expect(await usualReference(folder)).toBe("HEAD~1");
});

test("it is the last release, and for a release the one before, unless files have changed since", async () => {
  const { folder, commit } = await repository();
  commit("v0.1.0");
  commit();
  expect(await usualReference(folder)).toBe("v0.1.0");
  commit("v0.2.0");
  expect(await usualReference(folder)).toBe("v0.1.0");
  writeFileSync(path.join(folder, "file"), "as it is");
  expect(await usualReference(folder)).toBe("v0.2.0");
});
