// A proxy of our own between a site and its store, to slow the way or cut it without touching the store, which may be somebody
// else's. It runs in a process of its own, and what it costs while it does nothing is measured before it is used.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { medianOf } from "../../metrics/confidence.ts";
import { forkScript } from "../fork-script.ts";
import type { ProxyCommand, ProxyMode, ProxyReport, ProxyTarget } from "./fault-proxy-control.ts";

export type { ProxyMode, ProxyTarget } from "./fault-proxy-control.ts";

export interface FaultProxy {
  /** Of 127.0.0.1, one for each target, in order. */
  readonly ports: readonly number[];
  /** What it adds to a round trip while it lets everything pass: the difference of the medians with it and without it. */
  readonly addedMs: number;
  /** Resolves when connections are in that mode. @throws Error when the proxy's process has ended. */
  set(mode: ProxyMode): Promise<void>;
  /** Ends the process and with it every connection. Does nothing the second time. */
  close(): Promise<void>;
}

/** A proxy that does not come up within this is killed. */
const PATIENCE_MS = 10_000;
const ROUND_TRIPS = 200;
/** Before the code is warm, a round trip says nothing. */
const ROUND_TRIPS_UNCOUNTED = 50;
/** As long as a small request to a store. */
const MESSAGE_BYTES = 512;

/** @returns when it listens and has been measured. @throws Error when it does not come up. */
export async function startFaultProxy(targets: readonly ProxyTarget[]): Promise<FaultProxy> {
  const echo = await startEcho();
  const child = forkScript(import.meta.url, "fault-proxy-child");
  try {
    const ready = await ask(child, { kind: "start", targets: [...targets, { host: "127.0.0.1", port: echo.port }] });
    if (ready.kind !== "ready") throw new Error("the proxy was asked for its ports and told something else");
    const addedMs = await measureAdded(echo.port, ready.ports[targets.length]);
    return {
      ports: ready.ports.slice(0, targets.length),
      addedMs,
      async set(mode) {
        await ask(child, { kind: "set", mode });
      },
      close: () => end(child),
    };
  } catch (error) {
    await end(child);
    throw error;
  } finally {
    echo.close();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** One command at a time. @returns the answer. */
function ask(child: ChildProcess, command: ProxyCommand): Promise<ProxyReport> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => settle(new Error(`the proxy did not answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
    const hear = (message: ProxyReport) =>
      settle(message.kind === "failed" ? new Error(`the proxy failed: ${message.message}`) : message);
    const ended = () => settle(new Error("the proxy's process has ended"));
    function settle(outcome: ProxyReport | Error): void {
      clearTimeout(giveUp);
      child.off("message", hear);
      child.off("exit", ended);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
    child.on("message", hear);
    child.once("exit", ended);
    if (!child.connected) ended();
    else child.send(command, (error) => error !== null && settle(error));
  });
}

/** Sends back what it gets. */
async function startEcho(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return {
    port: address.port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Turn by turn, so that what else the machine does strikes both alike. */
async function measureAdded(directPort: number, proxiedPort: number): Promise<number> {
  const [direct, proxied] = await Promise.all([openLine(directPort), openLine(proxiedPort)]);
  const directMs: number[] = [];
  const proxiedMs: number[] = [];
  for (let n = 0; n < ROUND_TRIPS_UNCOUNTED + ROUND_TRIPS; n++) {
    const [without, through] = [await direct.roundTripMs(), await proxied.roundTripMs()];
    if (n < ROUND_TRIPS_UNCOUNTED) continue;
    directMs.push(without);
    proxiedMs.push(through);
  }
  direct.close();
  proxied.close();
  return Math.max(0, medianOf(proxiedMs) - medianOf(directMs));
}

async function openLine(port: number) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  const message = Buffer.alloc(MESSAGE_BYTES);
  return {
    roundTripMs(): Promise<number> {
      const sentAtMs = performance.now();
      let received = 0;
      return new Promise((resolve, reject) => {
        socket.once("error", reject);
        socket.on("data", function hear(chunk) {
          received += chunk.length;
          if (received < MESSAGE_BYTES) return;
          socket.off("data", hear);
          socket.off("error", reject);
          resolve(performance.now() - sentAtMs);
        });
        socket.write(message);
      });
    },
    close: () => socket.destroy(),
  };
}
