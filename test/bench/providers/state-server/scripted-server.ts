// A peer that does on each connection what a test tells it to, be it a state service or not.

import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface ScriptedServer {
  readonly port: number;
  readonly connection: string;
  readonly sockets: Set<Socket>;
  connections(): number;
}

/** Gone when the test is over. To be called inside a test. @param play gets each connection and its number, from 0. */
export async function startScriptedServer(play: (socket: Socket, index: number) => void): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.resume();
    play(socket, connections++);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { port: address.port, connection: `tcpip=127.0.0.1:${address.port}`, sockets, connections: () => connections };
}

export const notFound = "HTTP/1.1 404 Not Found\r\nX-AspNet-Version: 4.0.30319\r\nContent-Length: 0\r\n\r\n";

/** Answers the probe that opens a store; `play` is given each request after it, as text. */
export function afterProbe(play: (socket: Socket, request: string) => void): (socket: Socket) => void {
  return (socket) => {
    socket.on("data", (chunk: Buffer) => {
      const request = chunk.toString("latin1");
      if (request.includes("probe-")) socket.write(notFound);
      else play(socket, request);
    });
  };
}
