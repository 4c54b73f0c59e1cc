// The two sides of a comparison, each ready to run: another program, or the same one told otherwise. Programs are files of a commit in
// a worktree; the candidate's too, so that both are placed and built alike and nothing that is edited meanwhile is measured.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { commitNamed, repositoryOf, snapshot, withoutHookSettings } from "../../bench/against/git.ts";
import { type Project, prepareSide, projectAt } from "../../bench/against/project.ts";
import type { SideName } from "../../bench/against/turns.ts";
import { openWorkplace, type Workplace } from "../../bench/against/workplace.ts";
import { InputError } from "../../config/problem.ts";
import type { Store } from "../../config/scenario.ts";
import type { BenchCommandOptions } from "../bench/bench-options.ts";
import type { AgainstChoice } from "./against-choice.ts";
import { type TurnAsked, turnArguments } from "./turn-arguments.ts";

export interface Side {
  /** As reports name it: "HEAD~1". */
  readonly title: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What its results are to name as their commit; null: what they say themselves. */
  readonly commit: string | null;
  /** Of node. */
  argumentsFor(turn: TurnAsked): readonly string[];
}

export interface Sides {
  readonly base: Side;
  readonly candidate: Side;
  /** Takes away all that was made for them. */
  close(): void;
}

export interface SidesAsked {
  readonly choice: AgainstChoice;
  /** Of the candidate, absolute; null: the one that comes with the program. */
  readonly file: string | null;
  /** What that is for programs that bring none of their own. */
  readonly fileDefault: string;
  readonly options: BenchCommandOptions;
  /** The store that the candidate drives. */
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly tell: (note: string) => void;
}

/** This very program. */
const ownMain = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../main.ts" : "../main.js", import.meta.url));
/** As results have it. */
const HASH_LETTERS = 12;

/** @throws InputError when one of them cannot be had; nothing of either is left then. */
export async function openSides(asked: SidesAsked): Promise<Sides> {
  const { choice } = asked;
  return choice.kind === "commit" ? sidesOfCommits(choice.ref, asked) : sidesOfVariants(choice, asked);
}

/** The same program on both sides, told the same: what is measured is the machine. */
export function openAlikeSides(file: string, options: BenchCommandOptions): Sides {
  const workplace = openWorkplace(null);
  const side = (title: string, name: SideName) => sideOfThisProgram(title, name, file, options, workplace);
  return {
    base: side("the first half", "base"),
    candidate: side("the second half", "candidate"),
    close: workplace.close,
  };
}

function sidesOfVariants(choice: Extract<AgainstChoice, { kind: "variant" }>, asked: SidesAsked): Sides {
  const { options, fileDefault } = asked;
  const file = asked.file ?? fileDefault;
  const workplace = openWorkplace(null);
  const baseFile = choice.scenario ?? file;
  return {
    base: sideOfThisProgram(choice.title, "base", baseFile, choice.options, workplace),
    candidate: sideOfThisProgram("as asked", "candidate", file, options, workplace),
    close: workplace.close,
  };
}

function sideOfThisProgram(
  title: string,
  name: SideName,
  file: string,
  options: BenchCommandOptions,
  workplace: Workplace,
): Side {
  return {
    title,
    cwd: process.cwd(),
    env: environmentOf(workplace, name),
    commit: null,
    argumentsFor: (turn) => [ownMain, ...turnArguments(file, options, turn)],
  };
}

/** What was compiled once is kept, for each side by itself. */
function environmentOf({ folder }: Workplace, name: SideName): NodeJS.ProcessEnv {
  return { ...withoutHookSettings(process.env), NODE_COMPILE_CACHE: path.join(folder, `compiled-${name}`) };
}

async function sidesOfCommits(ref: string, asked: SidesAsked): Promise<Sides> {
  const { options, store, signal, tell } = asked;
  const here = process.cwd();
  const repository = await repositoryOf(here);
  const baseCommit = await commitNamed(repository, ref);
  const project = projectAt(repository, here);
  const module = moduleIn(repository, store);
  if (!project.isSessionlab && !runsModule(store)) throw nothingOfTheProject(ref);
  const workplace = openWorkplace(repository);
  try {
    const { commit, head, changed } = await snapshot(repository, workplace.folder);
    // Names of one length: a path is a thing a program may be slower for.
    const places = {
      base: await workplace.addWorktree("side-1", baseCommit),
      candidate: await workplace.addWorktree("side-2", commit),
    };
    const file = scenarioFile(asked, project, places.candidate);
    const titles = { base: ref, candidate: changed ? "the working tree" : "HEAD" };
    const side = async (name: SideName): Promise<Side> => {
      const env = environmentOf(workplace, name);
      const [place, title] = [places[name], titles[name]];
      const preparation = { name: title, signal, env, build: options.build ?? null, tell };
      await prepareSide(project, place, module === null ? null : path.relative(repository, module), preparation);
      const cwd = path.join(place, path.relative(repository, here));
      await mkdir(cwd, { recursive: true });
      const main = project.isSessionlab ? path.join(place, "cli", "main.ts") : ownMain;
      return {
        title,
        cwd,
        env,
        commit: name === "candidate" ? head.slice(0, HASH_LETTERS) : null,
        argumentsFor: (turn) => [main, ...turnArguments(file, options, turn)],
      };
    };
    return { base: await side("base"), candidate: await side("candidate"), close: workplace.close };
  } catch (error) {
    workplace.close();
    throw error;
  }
}

function runsModule({ provider }: Store): boolean {
  return provider === "module" || provider === "express-session";
}

/**
 * The provider's file; null where it is none.
 * @throws InputError for one outside the repository, which no commit has another version of.
 */
function moduleIn(repository: string, { provider, module }: Store): string | null {
  if (module === null || provider !== "module") return null;
  const file = path.resolve(module);
  if (isInside(repository, file)) return file;
  const expected = `a file of the project in ${repository}`;
  throw new InputError("Cannot compare", [
    { at: "the provider's module", given: `"${module}"`, expected, mend: "name one of the project's own" },
  ]);
}

/** Both sides read the candidate's, so that they are asked the same. */
function scenarioFile({ file, fileDefault }: SidesAsked, project: Project, candidate: string): string {
  const { repository, isSessionlab } = project;
  const asked = file ?? (isSessionlab ? path.join(repository, "scenarios", path.basename(fileDefault)) : fileDefault);
  const inWorktree = path.join(candidate, path.relative(repository, asked));
  // One that git ignores is in no commit.
  return isInside(repository, asked) && existsSync(inWorktree) ? inWorktree : asked;
}

function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function nothingOfTheProject(ref: string): InputError {
  const expected = "a provider of this project: no commit of it would change anything in a store of sessionlab's";
  const mend = "name it with --module ./my-provider.mjs, or compare stores: --against provider=redis";
  return new InputError("Cannot compare", [{ at: "--against", given: `"${ref}"`, expected, mend }]);
}
