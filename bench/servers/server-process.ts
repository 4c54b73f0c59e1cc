// The life of a real server that we start for ourselves: a temporary folder, a free loopback port, spawn, wait until it answers, kill,
// restart on the same port and data, and an end that leaves no process and no file, even when we end first and whatever ends us.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { assert } from "../../config/assert.ts";
import type { Census } from "../providers/session-store.ts";
import { freePort } from "./free-port.ts";
import { spawnGuard } from "./guard.ts";
import type { ManagedServer } from "./managed-server.ts";
import { descendantsOf, endNow, hasEnded, send } from "./process-end.ts";
import { giveFolder, type SystemUser } from "./system-user.ts";

/** Where a server lives; the same for its whole life, kills and restarts included. */
export interface ServerPlace {
  readonly folder: string;
  readonly port: number;
}

export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** What is particular to one kind of server. */
export interface ServerRecipe {
  /** Short, for folder names and messages: "redis". */
  readonly name: string;
  /** Run as this user, who then owns the folder; null: as ourselves. */
  readonly user: SystemUser | null;
  /** Makes the data, once, before the first start. */
  prepare?(place: ServerPlace): Promise<void>;
  command(place: ServerPlace): ServerCommand;
  /** Asks the server over its own protocol. @returns engine and version, "Redis 7.0.15"; rejects while it does not answer. */
  ask(place: ServerPlace): Promise<string>;
  connection(place: ServerPlace): string;
  /** Ends the server without leaving anything in the system; SIGKILL for one that keeps nothing outside its folder. */
  readonly endSignal: NodeJS.Signals;
  /** Gives back what a SIGKILL leaves in the system outside the folder. */
  afterKill?(place: ServerPlace): Promise<void>;
  census?(place: ServerPlace): Promise<Census>;
}

/** A server that does not answer within this is given up. */
const START_PATIENCE_MS = 60_000;
const END_PATIENCE_MS = 5_000;
const ASK_EVERY_MS = 25;
/** Somebody else may take the port between our looking and the server's binding. */
const PORTS_TRIED_MAX = 5;

/**
 * Starts a server on a free port with fresh data.
 * @returns when it answers.
 * @throws Error with the end of the server's log when it does not come up, and whatever `prepare` throws.
 */
export async function startServer(recipe: ServerRecipe): Promise<ManagedServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePort(recipe);
    } catch (error) {
      const portTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (!portTaken || attempt === PORTS_TRIED_MAX) throw error;
    }
  }
}

/** How to end, at once, each server that is not stopped yet. */
const lives = new Set<() => void>();
const endAllWithUs = () => {
  for (const endWithUs of lives) endWithUs();
};

async function startOnFreePort(recipe: ServerRecipe): Promise<ManagedServer> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), `sessionlab-${recipe.name}-`));
  const place: ServerPlace = { folder, port };
  const life = createLife(recipe, place);
  try {
    if (recipe.user !== null) await giveFolder(folder, recipe.user);
    await recipe.prepare?.(place);
    await life.start();
    const engine = await life.untilItAnswers();
    return {
      engine,
      connection: recipe.connection(place),
      port,
      pid: life.pid,
      async kill() {
        await life.end("SIGKILL");
        await recipe.afterKill?.(place);
      },
      async restart() {
        await life.end("SIGKILL");
        await life.start();
        await life.untilItAnswers();
      },
      stop: life.stop,
      ...(recipe.census && { census: () => recipe.census!(place) }),
    };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

function createLife(recipe: ServerRecipe, place: ServerPlace) {
  const logFile = path.join(place.folder, "server.log");
  let child: ChildProcess | undefined;
  let guard: ChildProcess | undefined;
  let stopped = false;

  /** We end in the ordinary way: nobody can wait for anything any more, so all is done at once. */
  function endWithUs(): void {
    if (child?.pid !== undefined) endNow(child.pid, recipe.endSignal);
    rmSync(place.folder, { recursive: true, force: true });
  }
  if (lives.size === 0) process.on("exit", endAllWithUs);
  lives.add(endWithUs);

  async function start(): Promise<void> {
    assert(!stopped, "a stopped server is not started again");
    assert(child === undefined, "a server is started when it does not run");
    const { file, args } = recipe.command(place);
    const log = openSync(logFile, "a");
    // In a session of its own: Ctrl-C on a terminal reaches us alone.
    const started = spawn(file, args, {
      cwd: place.folder,
      detached: true,
      stdio: ["ignore", log, log],
      ...(recipe.user !== null && { uid: recipe.user.uid, gid: recipe.user.gid }),
    });
    closeSync(log);
    await new Promise<void>((resolve, reject) => {
      started.once("spawn", resolve);
      started.once("error", reject);
    });
    // A server left running must not keep us from ending; that ends it.
    started.unref();
    child = started;
    guard = spawnGuard(started.pid!, recipe.endSignal, place.folder);
  }

  async function untilItAnswers(): Promise<string> {
    const giveUpAtMs = performance.now() + START_PATIENCE_MS;
    for (;;) {
      try {
        return await recipe.ask(place);
      } catch (error) {
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`${recipe.name} ended while starting:\n${await endOf(logFile)}`);
        }
        if (performance.now() > giveUpAtMs) {
          throw new Error(`${recipe.name} did not answer in ${START_PATIENCE_MS} ms:\n${await endOf(logFile)}`, {
            cause: error,
          });
        }
      }
      await delay(ASK_EVERY_MS);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child?.pid === undefined) return;
    const ended = child;
    child = undefined;
    guard?.kill("SIGKILL");
    const family = descendantsOf(ended.pid!);
    ended.kill(signal);
    const patience = AbortSignal.timeout(END_PATIENCE_MS);
    patience.addEventListener("abort", () => ended.kill("SIGKILL"));
    while (ended.exitCode === null && ended.signalCode === null) await delay(5);
    // What the server itself has forked may outlive it by a moment.
    for (const pid of family) if (!hasEnded(pid)) send(pid, "SIGKILL");
    while (!family.every(hasEnded)) await delay(5);
  }

  return {
    start,
    untilItAnswers,
    end,
    pid(): number {
      assert(child?.pid !== undefined, "a process id is asked of a server that runs");
      return child.pid;
    },
    async stop(): Promise<void> {
      if (stopped) return;
      stopped = true;
      await end(recipe.endSignal);
      await rm(place.folder, { recursive: true, force: true, maxRetries: 5 });
      lives.delete(endWithUs);
      if (lives.size === 0) process.removeListener("exit", endAllWithUs);
    },
  };
}

async function endOf(file: string, bytes = 2_000): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return "(no log)";
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, size - bytes));
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
