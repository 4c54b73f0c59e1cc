// The dependencies of one side: those installed in the project, where both commits agree on them, else what its own lock file says.

import { existsSync, symlinkSync } from "node:fs";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { manifestOf, textOf } from "./manifest.ts";
import { type Preparation, runStep } from "./preparation.ts";

const LOCKS_OF_NPM = ["package-lock.json", "npm-shrinkwrap.json"];
const LOCKS = [...LOCKS_OF_NPM, "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];
const INSTALL_LIMIT_MS = 20 * 60_000;

/**
 * @param repository top folder of the user's own files, worktree of those of the commit.
 * @param inside from either to the project.
 * @throws InputError when they cannot be installed.
 */
export async function provideDependencies(
  repository: string,
  worktree: string,
  inside: string,
  preparation: Preparation,
): Promise<void> {
  const folders = foldersDownTo(inside);
  // A workspace has its lock file at the top.
  const home = folders.findLast((folder) => hasLock(path.join(worktree, folder), LOCKS)) ?? inside;
  const [own, theirs] = [path.join(repository, home), path.join(worktree, home)];
  if (!hasDependencies(theirs) || existsSync(path.join(theirs, "node_modules"))) return;
  const installed = folders.filter((folder) => existsSync(path.join(repository, folder, "node_modules")));
  if (installed.length > 0 && agree(own, theirs)) {
    // Node looks in the node_modules of every folder above a module.
    for (const folder of installed) {
      const place = path.join(worktree, folder, "node_modules");
      if (!existsSync(place)) symlinkSync(path.join(repository, folder, "node_modules"), place, "dir");
    }
    return;
  }
  if (hasLock(theirs, LOCKS_OF_NPM)) {
    const args = ["ci", "--no-audit", "--no-fund", "--prefer-offline"];
    const mend = "see to it and run again";
    const step = { what: "npm ci", file: "npm", args, cwd: theirs, shown: "npm ci", limitMs: INSTALL_LIMIT_MS, mend };
    await runStep(step, preparation);
    return;
  }
  // Whoever says how it is built says how it is installed.
  if (preparation.build !== null) return;
  throw new InputError("Cannot compare", [
    {
      at: `the dependencies of ${preparation.name}`,
      given: "others than those installed here, and without a package-lock.json",
      expected: "a lock file of npm, or the same dependencies on both sides",
      mend: 'say how they are installed: --build "pnpm install --frozen-lockfile && pnpm build"',
    },
  ]);
}

/** "a/b": "", "a" and "a/b". */
function foldersDownTo(inside: string): readonly string[] {
  const steps = inside === "" ? [] : inside.split(path.sep);
  return [0, ...steps.keys().map((at) => at + 1)].map((depth) => steps.slice(0, depth).join(path.sep));
}

function hasLock(folder: string, names: readonly string[]): boolean {
  return names.some((name) => existsSync(path.join(folder, name)));
}

function hasDependencies(folder: string): boolean {
  return manifestOf(folder).workspaces !== undefined || Object.keys(dependenciesOf(folder)).length > 0;
}

function dependenciesOf(folder: string): object {
  const { dependencies, optionalDependencies, devDependencies } = manifestOf(folder);
  return { ...devDependencies, ...optionalDependencies, ...dependencies };
}

/**
 * The same lock file or, without any, the same wishes; and no link among them to a folder of the project: by way of the installed
 * modules that would lead to the files of the working tree, whichever commit asks.
 */
function agree(own: string, theirs: string): boolean {
  const locks = (folder: string) => LOCKS.map((name) => textOf(path.join(folder, name)));
  const ofTheirs = locks(theirs);
  const sameLocks = locks(own).every((text, index) => text === ofTheirs[index]);
  const unlocked = ofTheirs.every((text) => text === null);
  const wishes = Object.values(dependenciesOf(theirs)).map(String);
  const linked =
    manifestOf(theirs).workspaces !== undefined ||
    existsSync(path.join(theirs, "pnpm-workspace.yaml")) ||
    wishes.some((wish) => /^(file|link|workspace|portal):/.test(wish));
  const sameWishes = JSON.stringify(dependenciesOf(own)) === JSON.stringify(dependenciesOf(theirs));
  return sameLocks && !linked && (!unlocked || sameWishes);
}
