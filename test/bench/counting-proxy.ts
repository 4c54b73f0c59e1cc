// Stands between a client and a state service and writes down what crosses the wire, so that a test can hold the number and order of
// round trips against the published ones. It can also hold everything back, or break every connection, as a bad network does.

import { connect, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface CountingProxy {
  readonly port: number;
  readonly connection: string;
  /** Operations seen since the last call, in order: "GET", "GET acquire", "GET release", "PUT", "PUT uninitialized", "DELETE", "HEAD". */
  take(): string[];
  /** Connections are kept and made, but no byte passes. */
  pause(): void;
  resume(): void;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Listens again, at the same port. */
  mend(): Promise<void>;
}

/** Gone when the test is over. To be called inside a test. @param targetPort of the loopback address. */
export async function startCountingProxy(targetPort: number): Promise<CountingProxy> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  let paused = false;
  let port = 0;
  let server = await listen();
  port = portOf(server);
  onTestFinished(cut);

  function join(near: Socket): void {
    const far = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    near.setNoDelay(true);
    near.on(
      "data",
      createRequestWatcher((operation) => seen.push(operation)),
    );
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
      if (paused) socket.pause();
    }
  }

  function listen(): Promise<Server> {
    const listening = createServer(join);
    return new Promise((resolve, reject) => {
      listening.once("error", reject);
      listening.listen(port, "127.0.0.1", () => resolve(listening));
    });
  }

  async function cut(): Promise<void> {
    for (const socket of sockets) socket.resetAndDestroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  return {
    port,
    connection: `tcpip=127.0.0.1:${port}`,
    take: () => seen.splice(0),
    pause() {
      paused = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      paused = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    async mend() {
      server = await listen();
    },
  };
}

/** Names each request as soon as its head is there, and passes over its body. */
function createRequestWatcher(saw: (operation: string) => void): (chunk: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0);
  let bodyLeft = 0;
  return (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const skipped = Math.min(bodyLeft, unread.length);
      bodyLeft -= skipped;
      unread = unread.subarray(skipped);
      const end = unread.indexOf("\r\n\r\n");
      if (bodyLeft > 0 || end < 0) return;
      const head = unread.toString("latin1", 0, end);
      unread = unread.subarray(end + 4);
      saw(operationOf(head));
      if (head.startsWith("PUT ")) bodyLeft = Number(headerOf(head, "Content-Length") ?? 0);
    }
  };
}

function operationOf(head: string): string {
  const verb = head.slice(0, head.indexOf(" "));
  const exclusive = headerOf(head, "Exclusive")?.toLowerCase();
  if (exclusive !== undefined) return `${verb} ${exclusive}`;
  return headerOf(head, "ExtraFlags") === "1" ? `${verb} uninitialized` : verb;
}

function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \t]*(.*?)[ \t]*$`, "im").exec(head.replaceAll("\r", ""))?.[1];
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}
