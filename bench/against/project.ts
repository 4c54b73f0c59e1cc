// The npm project that is compared: where it lies in its repository, and what the files of one of its commits need before they run.

import { existsSync } from "node:fs";
import path from "node:path";
import { provideDependencies } from "./dependencies.ts";
import { manifestOf } from "./manifest.ts";
import { type Preparation, runStep } from "./preparation.ts";

export interface Project {
  /** Top folder of its repository. */
  readonly repository: string;
  /** From there to the nearest package.json at or above where the user works; "" for the top folder, null where there is none. */
  readonly inside: string | null;
  /** It is this very program, whose every commit brings a bench of its own. */
  readonly isSessionlab: boolean;
}

/** @param workingFolder in the repository. */
export function projectAt(repository: string, workingFolder: string): Project {
  let folder = workingFolder;
  const isPackage = () => existsSync(path.join(folder, "package.json"));
  while (!isPackage() && folder !== repository && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return {
    repository,
    inside: isPackage() ? path.relative(repository, folder) : null,
    isSessionlab: manifestOf(repository).name === "sessionlab" && existsSync(path.join(repository, "cli", "main.ts")),
  };
}

const BUILD_LIMIT_MS = 30 * 60_000;

/**
 * Makes the files of a commit ready to run: their dependencies, then what the user says builds them, else the project's own build if
 * what is to be run is not there without it.
 * @param worktree top folder of these files.
 * @param needed what is to be run, from there; null where nothing says.
 * @throws InputError with the last lines that a failed command printed.
 */
export async function prepareSide(
  project: Project,
  worktree: string,
  needed: string | null,
  preparation: Preparation,
): Promise<void> {
  const { inside, repository } = project;
  if (inside === null) return;
  await provideDependencies(repository, worktree, inside, preparation);
  const folder = path.join(worktree, inside);
  const hasBuild = typeof manifestOf(folder).scripts?.build === "string";
  const isMissing = needed !== null && !existsSync(path.join(worktree, needed));
  const command = preparation.build ?? (hasBuild && isMissing ? "npm run build" : null);
  if (command === null || preparation.signal.aborted) return;
  await runStep(
    {
      what: "the build",
      file: "/bin/sh",
      args: ["-c", command],
      cwd: folder,
      shown: command,
      limitMs: BUILD_LIMIT_MS,
      mend: "mend the build, or name another with --build",
    },
    preparation,
  );
}
