// Where a comparison works: a temporary folder with a git worktree for each commit. Folder and worktrees are gone when it is over,
// however it is over: closed, ended by an error or an interrupt, or killed, when a guard takes it all away.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { git, withoutHookSettings } from "./git.ts";

export interface Workplace {
  readonly folder: string;
  /** Files of a commit in a folder of that name. @returns the folder. @throws InputError with what git said. */
  addWorktree(name: string, commit: string): Promise<string>;
  /** A second call does nothing. */
  close(): void;
}

/**
 * Takes away every worktree below $2 and then the folder itself; again while a process that is being killed still writes there. git
 * may have a worktree on its list whose folder is gone already: then all such are struck off.
 */
const CLEAR_AWAY = `
n=0
while [ $n -lt 20 ]; do
  for side in "$2"/*/; do
    if [ -e "$side/.git" ]; then git -C "$1" worktree remove --force --force "$side"; fi
  done
  rm -rf "$2"
  if ! [ -e "$2" ]; then break; fi
  n=$((n+1)); sleep 0.3
done
if git -C "$1" worktree list --porcelain | grep -qF "worktree $2/"; then git -C "$1" worktree prune; fi
`;

/** @param repository its top folder; null where no worktree will be wanted. */
export function openWorkplace(repository: string | null): Workplace {
  // git tells real paths.
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "sessionlab-against-")));
  // Database servers of a run started by root are another user, and their programs may lie in here.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  const shell = (script: string) => ["-c", script, "sh", repository ?? folder, folder];
  const clearAway = repository === null ? 'rm -rf "$2"' : CLEAR_AWAY;
  const options = { cwd: "/", env: withoutHookSettings(process.env) };
  const guard = spawn("/bin/sh", shell(`read _; ${clearAway}`), {
    ...options,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.once("error", () => undefined);
  guard.unref();
  const { stdin } = guard;
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref();

  let closed = false;
  function close(): void {
    if (closed) return;
    closed = true;
    process.off("exit", close);
    spawnSync("/bin/sh", shell(clearAway), { ...options, stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
    guard.kill("SIGKILL");
  }
  process.once("exit", close);

  return {
    folder,
    close,
    async addWorktree(name, commit) {
      const place = path.join(folder, name);
      // A hook after checkout is the project's own business, and may take minutes.
      const args = ["-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", "--force", place, commit];
      const { ok, said } = await git(repository ?? folder, args);
      if (ok) return place;
      const given = `a failure: ${said.replaceAll(/\s+/g, " ")}`;
      throw new InputError("Cannot compare", [
        { at: "git worktree add", given, expected: "the files of a commit", mend: "see to it and run again" },
      ]);
    },
  };
}
