// What a comparison asks of git: which commit a name means, and the working tree as it is, as a commit that no branch knows.

import { copyFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { runProgram } from "./guarded-process.ts";

const GIT_LIMIT_MS = 5 * 60_000;

/** Set by a hook that runs us; git would then look there, whatever folder it is told. */
const SET_BY_HOOKS = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

export function withoutHookSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SET_BY_HOOKS.includes(name)));
}

export interface Answer {
  readonly ok: boolean;
  /** Without the newline at the end. */
  readonly text: string;
  /** What git said, for people. */
  readonly said: string;
}

/** @throws InputError where there is no git. */
export async function git(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answer> {
  try {
    const program = { file: "git", args, cwd: folder, env: { ...withoutHookSettings(process.env), ...env } };
    const { exitCode, stdout, said } = await runProgram(program, { limitMs: GIT_LIMIT_MS });
    return { ok: exitCode === 0, text: stdout.trimEnd(), said: said.trim() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw refuse("git", "not found on this machine", "a program that makes worktrees", "install it");
  }
}

/** @throws InputError with what git said. */
async function mustGit(folder: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { ok, text, said } = await git(folder, args, env);
  if (ok) return text;
  throw refuse(`git ${args[0]}`, `a failure: ${said.replaceAll(/\s+/g, " ")}`, "success", "see to it and run again");
}

/** @returns the top folder of the repository that `folder` lies in. @throws InputError where it lies in none. */
export async function repositoryOf(folder: string): Promise<string> {
  const { ok, text } = await git(folder, ["rev-parse", "--show-toplevel"]);
  if (ok && text !== "") return text;
  throw refuse(
    "--against",
    `a commit, in ${folder}`,
    "a folder of a git repository with its files",
    "go to the project",
  );
}

/** @returns the full hash of the commit. @throws InputError where the name means none. */
export async function commitNamed(repository: string, ref: string): Promise<string> {
  const named = !ref.startsWith("-") && ref !== "";
  const { ok, text } = named
    ? await git(repository, ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])
    : { ok: false, text: "" };
  if (ok) return text;
  const shallow = (await git(repository, ["rev-parse", "--is-shallow-repository"])).text === "true";
  const mend = shallow
    ? "this clone is shallow: fetch more of its history (git fetch --unshallow; fetch-depth: 0 in a workflow)"
    : "see git log, or git tag";
  throw refuse("--against", `"${ref}"`, "a commit, branch or tag of this repository", mend);
}

export interface Snapshot {
  readonly commit: string;
  /** Of the branch as it was last committed. */
  readonly head: string;
  /** The working tree has changes; they are in `commit`, which is not `head` then. */
  readonly changed: boolean;
}

/**
 * The working tree as it is, new files and all but what is ignored. Index, branch and stash stay as they are: the commit is put
 * together in an index of its own, and nothing names it, so that git throws it away one day.
 * @param scratch a folder for that index.
 * @throws InputError where there is no commit yet, or a file cannot be read.
 */
export async function snapshot(repository: string, scratch: string): Promise<Snapshot> {
  const head = await commitNamed(repository, "HEAD");
  const index = path.join(scratch, "index");
  const own = path.resolve(repository, await mustGit(repository, ["rev-parse", "--git-path", "index"]));
  // What it knows of unchanged files spares reading them all.
  await copyFile(own, index).catch(() => undefined);
  const env = {
    GIT_INDEX_FILE: index,
    GIT_AUTHOR_NAME: "sessionlab",
    GIT_AUTHOR_EMAIL: "sessionlab@localhost",
    GIT_COMMITTER_NAME: "sessionlab",
    GIT_COMMITTER_EMAIL: "sessionlab@localhost",
  };
  await mustGit(repository, ["add", "--all", "."], env);
  const tree = await mustGit(repository, ["write-tree"], env);
  if (tree === (await mustGit(repository, ["rev-parse", `${head}^{tree}`])))
    return { commit: head, head, changed: false };
  const message = "The working tree as it was measured";
  const commit = await mustGit(repository, ["commit-tree", tree, "-p", head, "-m", message], env);
  return { commit, head, changed: true };
}

function refuse(at: string, given: string, expected: string, mend: string): InputError {
  return new InputError("Cannot compare", [{ at, given, expected, mend }]);
}
