// A git repository for one test: an npm project of two commits, with a provider module.

import { execFileSync } from "node:child_process";
import { copyFile, mkdir, realpath, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { withoutHookSettings } from "../../../bench/against/git.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const provider = fileURLToPath(new URL("../../../scenarios/providers/locking-map.mjs", import.meta.url));

export function gitIn(folder: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"];
  const env = withoutHookSettings(process.env);
  return execFileSync("git", [...who, ...args], { cwd: folder, env, encoding: "utf8", stdio: "pipe" }).trim();
}

/** To be called inside a test. @returns its top folder; store.mjs is the provider, ignored.txt is ignored. */
export async function smallRepository(): Promise<string> {
  const folder = path.join(await realpath(await temporaryFolder()), "project");
  await mkdir(folder);
  gitIn(folder, "init", "--quiet");
  await writeFile(path.join(folder, ".gitignore"), "ignored.txt\nnode_modules\n");
  await writeFile(path.join(folder, "package.json"), '{ "name": "small", "type": "module" }\n');
  await copyFile(provider, path.join(folder, "store.mjs"));
  gitIn(folder, "add", "--all");
  gitIn(folder, "commit", "--quiet", "-m", "one");
  await writeFile(path.join(folder, "second.txt"), "two\n");
  gitIn(folder, "add", "--all");
  gitIn(folder, "commit", "--quiet", "-m", "two");
  return folder;
}

/** All that a comparison must leave as it was. */
export function stateOf(folder: string): string {
  const asked = [
    ["rev-parse", "HEAD"],
    ["symbolic-ref", "HEAD"],
    ["status", "--porcelain"],
    ["diff", "--cached"],
    ["stash", "list"],
    ["worktree", "list"],
    ["for-each-ref"],
  ];
  return asked.map((args) => gitIn(folder, ...args)).join("\n--\n");
}
