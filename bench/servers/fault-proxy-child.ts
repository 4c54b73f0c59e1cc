// The proxy in a process of its own, so that it takes no time from the load generator, told what to do over IPC. It ends when its
// parent does, whatever way that ended.

import { createServer, type Server, type Socket } from "node:net";
import type { ProxyCommand, ProxyMode, ProxyReport, ProxyTarget } from "./fault-proxy-control.ts";
import { openProxyLink, type ProxyLink } from "./fault-proxy-link.ts";
import { freePort } from "./free-port.ts";

interface Door {
  readonly target: ProxyTarget;
  readonly port: number;
  /** null while connections are refused. */
  server: Server | null;
}

/** Somebody else may take a free port between our looking and our binding. */
const PORTS_TRIED_MAX = 5;

const doors: Door[] = [];
const links = new Set<ProxyLink>();
let mode: ProxyMode = { kind: "pass" };

process.on("disconnect", () => process.exit(0));
process.on("message", (command: ProxyCommand) => void obey(command).catch(fail));

async function obey(command: ProxyCommand): Promise<void> {
  if (command.kind === "start") {
    for (const target of command.targets) doors.push(await openDoor(target));
    report({ kind: "ready", ports: doors.map(({ port }) => port) });
    return;
  }
  mode = command.mode;
  const isOpen = mode.kind !== "cut";
  for (const link of links) link.setMode(mode);
  await Promise.all(doors.map((door) => setOpen(door, isOpen)));
  report({ kind: "set" });
}

async function openDoor(target: ProxyTarget): Promise<Door> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { target, port, server: await listen(target, port) };
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || attempt === PORTS_TRIED_MAX) throw error;
    }
  }
}

async function setOpen(door: Door, isOpen: boolean): Promise<void> {
  if (isOpen && door.server === null) {
    door.server = await listen(door.target, door.port);
  } else if (!isOpen && door.server !== null) {
    const closing = door.server;
    door.server = null;
    await new Promise((resolve) => closing.close(resolve));
  }
}

function listen(target: ProxyTarget, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => join(near, target));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, backlog: 4096 }, () => resolve(server));
  });
}

function join(near: Socket, target: ProxyTarget): void {
  if (mode.kind === "cut") {
    // It was in the queue when the door closed.
    near.resetAndDestroy();
    return;
  }
  const link: ProxyLink = openProxyLink(near, target, mode, () => links.delete(link));
  links.add(link);
}

function report(message: ProxyReport, then: () => void = () => undefined): void {
  process.send?.(message, then);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  report({ kind: "failed", message }, () => process.exit(1));
}
