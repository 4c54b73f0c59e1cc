// A history on a branch of its own in the repository at hand. Objects are made one by one and the branch is moved last, from where it
// was read to the new commit and only then: of two writers at once, one is told to read again. Source: git-update-ref(1), gitcore-tutorial.

import { InputError } from "../../config/problem.ts";
import { HISTORY_ENTRY_SCHEMA } from "../../metrics/history/history.ts";
import { type GitAnswer, type GitInput, git } from "../git.ts";
import type { HistoryStore, StoredFile } from "./history-store.ts";

const REMOTE = "origin";

/** Git in one repository. */
type Git = (args: readonly string[], input?: Omit<GitInput, "folder">) => Promise<GitAnswer>;

/** @param folder in the repository; without it, where the command runs. */
export function branchStore(branch: string, folder?: string): HistoryStore {
  const ask: Git = (args, input) => git(args, { ...input, folder });
  const ref = `refs/heads/${branch}`;
  return {
    name: `the branch ${branch}`,
    placeOf: (file) => `${branch}:${file}`,
    afterwards: `The branch is local; to share it: git push ${REMOTE} ${branch}`,
    async read({ orEmpty }) {
      await expectBranchName(ask, branch);
      const tip = await tipOf(ask, branch);
      if (tip === null && orEmpty) return { files: [], version: null };
      if (tip === null) {
        throw refuse(
          branch,
          "not there",
          "a branch that history add made",
          `fetch it: git fetch ${REMOTE} ${branch}:${branch}`,
        );
      }
      return { files: await filesOf(ask, tip), version: tip };
    },
    async append(files, version, message) {
      if (version !== null) await expectHistory(ask, branch, version);
      await expectNotCheckedOut(ask, branch);
      const commit = await commitOf(ask, files, version, message);
      // A branch that was only on the remote is made here: it must still not exist.
      const before = (await hashOf(ask, ref)) === null ? NOTHING : (version ?? NOTHING);
      const { exitCode, stderr } = await ask(["update-ref", "-m", message, ref, commit, before]);
      if (exitCode === 0) return true;
      if (/cannot lock ref/.test(stderr) && !/[Pp]ermission denied|Read-only/.test(stderr)) return false;
      throw refuse(branch, `not to be moved (${firstLine(stderr)})`, "a repository that can be written to", "check it");
    },
  };
}

/** What stands for "no such branch yet": git-update-ref(1). */
const NOTHING = "";

async function expectBranchName(ask: Git, branch: string): Promise<void> {
  const inside = await ask(["rev-parse", "--git-dir"]);
  if (inside.exitCode === null) {
    throw refuse(branch, "asked for without git", "git on the path", "install git, or keep the history in a directory");
  }
  if (inside.exitCode !== 0) {
    const mend = "go into the repository, or keep the history in a directory";
    throw refuse(branch, "asked for outside a repository", "a git repository at hand", mend);
  }
  const named = await ask(["check-ref-format", "--branch", branch]);
  if (named.exitCode !== 0 || named.stdout.trim() !== branch) {
    throw refuse(branch, "no name of a branch", "a name such as sessionlab-history", "change it");
  }
}

/** The commit a name stands for; null where there is none. */
async function hashOf(ask: Git, name: string): Promise<string | null> {
  const { exitCode, stdout } = await ask(["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
  return exitCode === 0 ? stdout.trim() : null;
}

/** A fresh clone has the branch only as its remote has it. */
async function tipOf(ask: Git, branch: string): Promise<string | null> {
  return (await hashOf(ask, `refs/heads/${branch}`)) ?? (await hashOf(ask, `refs/remotes/${REMOTE}/${branch}`));
}

interface TreeFile {
  readonly line: string;
  readonly hash: string;
  readonly name: string;
  readonly isBlob: boolean;
}

/** What lies at the top of a commit's tree. */
async function treeOf(ask: Git, commit: string): Promise<readonly TreeFile[]> {
  const { stdout } = await expectGit(ask, ["ls-tree", "-z", commit]);
  return stdout.split("\0").flatMap((line) => {
    const [, kind, hash, name] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return kind === undefined ? [] : [{ line, hash: hash!, name: name!, isBlob: kind === "blob" }];
  });
}

async function filesOf(ask: Git, commit: string): Promise<readonly StoredFile[]> {
  const blobs = (await treeOf(ask, commit)).filter(({ name, isBlob }) => isBlob && name.endsWith(".json"));
  const { bytes } = await expectGit(ask, ["cat-file", "--batch"], {
    input: blobs.map(({ hash }) => `${hash}\n`).join(""),
  });
  // "<hash> blob <size in bytes>\n<content>\n", one after the other.
  let at = 0;
  return blobs.map(({ name }) => {
    const headEnd = bytes.indexOf("\n", at);
    const size = Number(bytes.subarray(at, headEnd).toString().split(" ")[2]);
    at = headEnd + 1 + size + 1;
    return { name, content: bytes.subarray(headEnd + 1, headEnd + 1 + size).toString() };
  });
}

/** Entries are not put on a branch somebody uses for something else, be it by a slip of the pen. */
async function expectHistory(ask: Git, branch: string, tip: string): Promise<void> {
  if ((await treeOf(ask, tip)).length === 0) return;
  if ((await filesOf(ask, tip)).some(({ content }) => content.includes(`"${HISTORY_ENTRY_SCHEMA}"`))) return;
  const mend = "name another, or one that does not exist yet";
  throw refuse(branch, "a branch with other files", "a branch that holds a history, or a new one", mend);
}

/** Moving it there would make the working tree look as if the new files had been deleted. */
async function expectNotCheckedOut(ask: Git, branch: string): Promise<void> {
  const { stdout } = await expectGit(ask, ["worktree", "list", "--porcelain"]);
  if (!stdout.split("\n").includes(`branch refs/heads/${branch}`)) return;
  const mend = "check out another branch, or add to the directory itself with --dir";
  throw refuse(branch, "checked out in a working tree", "a branch nobody works on", mend);
}

async function commitOf(
  ask: Git,
  files: readonly StoredFile[],
  parent: string | null,
  message: string,
): Promise<string> {
  const kept = parent === null ? [] : (await treeOf(ask, parent)).map(({ line }) => line);
  const hashes = await blobsOf(ask, files);
  const added = files.map(({ name }, index) => `100644 blob ${hashes[index]}\t${name}`);
  const tree = await expectGit(ask, ["mktree", "-z"], {
    input: [...kept, ...added].map((line) => `${line}\0`).join(""),
  });
  const parents = parent === null ? [] : ["-p", parent];
  const commit = await expectGit(ask, ["commit-tree", tree.stdout.trim(), ...parents, "-m", message], {
    env: await author(ask),
  });
  return commit.stdout.trim();
}

/** Makes objects of the contents, one process for all. @returns their hashes. Source: git-fast-import(1). */
async function blobsOf(ask: Git, files: readonly StoredFile[]): Promise<readonly string[]> {
  const input = files.map(({ content }, index) => {
    const mark = index + 1;
    return `blob\nmark :${mark}\ndata ${Buffer.byteLength(content)}\n${content}\nget-mark :${mark}\n`;
  });
  const { stdout } = await expectGit(ask, ["fast-import", "--quiet"], { input: input.join("") });
  return stdout.trim().split("\n");
}

/** Build servers often have nobody's name. */
async function author(ask: Git): Promise<Readonly<Record<string, string>>> {
  if ((await ask(["var", "GIT_COMMITTER_IDENT"])).exitCode === 0) return {};
  const [name, email] = ["sessionlab", "sessionlab@localhost"];
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

async function expectGit(ask: Git, args: readonly string[], input?: GitInput): Promise<GitAnswer> {
  const answer = await ask(args, input);
  if (answer.exitCode === 0) return answer;
  const given = `failing (${firstLine(answer.stderr)})`;
  const problem = {
    at: `git ${args[0]}`,
    given,
    expected: "a sound repository that can be written to",
    mend: "check it",
  };
  throw new InputError("Cannot use the branch", [problem]);
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]!;
}

function refuse(branch: string, given: string, expected: string, mend: string): InputError {
  return new InputError("Cannot use the branch", [{ at: `"${branch}"`, given, expected, mend }]);
}
