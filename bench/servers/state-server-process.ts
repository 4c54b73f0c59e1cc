// A state service of our own for a bench or a test, in a process of its own on a loopback port. Its sessions are in its memory, so a
// kill loses them all, as the end of ASP.NET's state service does.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { assert } from "../../config/assert.ts";
import { forkScript, orKill, tell } from "../fork-script.ts";
import type { StateServerCounters } from "../providers/state-server/server.ts";
import { freePort } from "./free-port.ts";
import type { ManagedServer } from "./managed-server.ts";
import type {
  StateServerCommand,
  StateServerReport,
  StateServerSample,
  StateServerSettings,
} from "./state-server-control.ts";

export interface StateServerProcess extends ManagedServer {
  /** @throws Error when the process has ended. */
  counters(): Promise<StateServerCounters>;
  /** Heap and buffers right after a collection. @throws Error when the process has ended. */
  memoryBytes(): Promise<number>;
}

/** A service that does not come up or go down within this is killed. */
const PATIENCE_MS = 10_000;
const GRACE_MS = 1_000;
/** Somebody else may take a free port between our looking and the service's binding. */
const PORTS_TRIED_MAX = 5;

/**
 * Starts a state service with no sessions.
 * @param settings `port`: a free one when left out.
 * @returns when it listens.
 * @throws Error when it cannot listen there.
 */
export async function startStateServer(
  settings: Omit<StateServerSettings, "port"> & { readonly port?: number },
): Promise<StateServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = settings.port ?? (await freePort());
    try {
      return await startOnPort({ ...settings, port });
    } catch (error) {
      const taken = error instanceof StateServerFailure && error.code === "EADDRINUSE";
      if (!taken || settings.port !== undefined || attempt === PORTS_TRIED_MAX) throw error;
    }
  }
}

class StateServerFailure extends Error {
  override readonly name = "StateServerFailure";
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.code = code;
  }
}

async function startOnPort(settings: StateServerSettings): Promise<StateServerProcess> {
  let life = await begin(settings);
  let stopped = false;
  const sample = (collect: "always" | "seldom") => life.sample(collect);
  const { port } = life;
  return {
    engine: `sessionlab (Node ${process.versions.node})`,
    connection: `tcpip=127.0.0.1:${port}`,
    port,
    pid: () => life.pid,
    kill: () => life.end(),
    async restart() {
      assert(!stopped, "a stopped server is not started again");
      await life.end();
      life = await begin({ ...settings, port });
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await life.stop();
    },
    async census() {
      const { counters, live, memoryBytes } = await sample("seldom");
      return { stored: counters.sessions.active, live, bytes: memoryBytes };
    },
    counters: async () => (await sample("seldom")).counters,
    memoryBytes: async () => (await sample("always")).memoryBytes,
  };
}

/** One process, from its start to its end. */
async function begin(settings: StateServerSettings) {
  const child = forkScript(import.meta.url, "state-server-child", { collects: true });
  const ended = once(child, "exit");
  const waiting = new Map<number, (sample: StateServerSample | null) => void>();
  void ended.then(() => {
    for (const resolve of waiting.values()) resolve(null);
  });
  child.on("message", (message: StateServerReport) => {
    if (message.kind !== "sampled") return;
    waiting.get(message.ticket)?.(message.sample);
    waiting.delete(message.ticket);
  });
  const send = (command: StateServerCommand) => tell(child, command);
  send({ kind: "start", settings });
  const port = await orKill(child, readiness(child, ended), PATIENCE_MS);
  let tickets = 0;

  return {
    port,
    pid: child.pid ?? 0,
    async end(): Promise<void> {
      child.kill("SIGKILL");
      await ended;
    },
    async stop(): Promise<void> {
      send({ kind: "stop", graceMs: GRACE_MS });
      await orKill(child, ended, PATIENCE_MS);
    },
    async sample(collect: "always" | "seldom"): Promise<StateServerSample> {
      const ticket = tickets++;
      const answer = await new Promise<StateServerSample | null>((resolve) => {
        if (!child.connected) {
          resolve(null);
          return;
        }
        waiting.set(ticket, resolve);
        send({ kind: "sample", ticket, collect });
      });
      if (answer === null) throw new Error("the process of the state service has ended");
      return answer;
    },
  };
}

/** The port, once the service listens. */
function readiness(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: StateServerReport) => {
      if (message.kind === "ready") resolve(message.port);
      if (message.kind === "failed") {
        reject(new StateServerFailure(`the state service failed: ${message.message}`, message.code));
      }
    });
    ended.then(() => reject(new StateServerFailure("the state service ended while starting", null)));
  });
}
