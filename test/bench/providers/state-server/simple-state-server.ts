// A state service to hold a client against: plain, obvious, in this process, and written from the published rules without a look at
// any other implementation here. Source: [MS-ASP]; .NET reference source, StateRuntime.cs.

import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface SimpleStateServer {
  readonly port: number;
  readonly connection: string;
  /** Each request as it came: first line and headers, in order. */
  readonly requests: { line: string; headers: Map<string, string>; body: Buffer }[];
  /** What is stored, by decoded URI. */
  readonly items: Map<string, Item>;
  /** Connections now open. */
  readonly sockets: Set<Socket>;
  /** Connections ever made. */
  connections(): number;
  stop(): Promise<void>;
}

export interface SimpleSettings {
  readonly port?: number;
  readonly version?: string;
  /** "HTTP/1.1 " or nothing. */
  readonly statusPrefix?: string;
  readonly clock?: () => number;
}

interface Item {
  bytes: Buffer;
  minutes: number;
  expiresAtMs: number;
  cookie: number;
  lockedAtMs: number | null;
  uninitialized: boolean;
}

type Headers = Map<string, string>;
type Reply = { status: number; headers?: Record<string, string | number>; body?: Buffer };

const reasons: Record<number, string> = { 200: "OK", 400: "Bad Request", 404: "Not Found", 423: "Locked" };

/** Gone when the test is over. To be called inside a test. */
export async function startSimpleStateServer(settings: SimpleSettings = {}): Promise<SimpleStateServer> {
  const { version = "4.0.30319", statusPrefix = "HTTP/1.1 ", clock = Date.now } = settings;
  const items = new Map<string, Item>();
  const requests: SimpleStateServer["requests"] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  function touch(key: string): Item | undefined {
    const item = items.get(key);
    if (item === undefined) return undefined;
    if (item.expiresAtMs < clock()) {
      items.delete(key);
      return undefined;
    }
    item.expiresAtMs = clock() + item.minutes * 60_000;
    return item;
  }

  const locked = (item: Item): Reply => {
    const ageSeconds = Math.floor((clock() - (item.lockedAtMs ?? 0)) / 1000);
    return { status: 423, headers: { LockDate: "638000000000000000", LockAge: ageSeconds, LockCookie: item.cookie } };
  };

  function get(item: Item | undefined, headers: Headers): Reply {
    if (item === undefined) return { status: 404 };
    const how = headers.get("exclusive")?.toLowerCase();
    const said: Record<string, string | number> = item.uninitialized ? { ActionFlags: 1 } : {};
    item.uninitialized = false;
    if (how === "release") return { headers: said, ...release(item, headers) };
    if (item.lockedAtMs !== null) return locked(item);
    if (how === "acquire") {
      item.lockedAtMs = clock();
      said.LockCookie = ++item.cookie;
    }
    return { status: 200, headers: { ...said, Timeout: item.minutes }, body: item.bytes };
  }

  function release(item: Item, headers: Headers): Reply {
    const cookie = lockCookie(headers);
    if (cookie === "bad" || cookie === -1) return { status: 400 };
    if (item.lockedAtMs === null) return { status: 200 };
    if (item.cookie !== cookie) return locked(item);
    item.lockedAtMs = null;
    return { status: 200 };
  }

  function put(key: string, item: Item | undefined, headers: Headers, bytes: Buffer): Reply {
    const minutes = headers.has("timeout") ? integer(headers.get("timeout")) : 20;
    if (minutes === null || minutes < 0 || minutes > 525_600) return { status: 400 };
    const flags = headers.has("extraflags") ? integer(headers.get("extraflags")) : 0;
    if (flags === null) return { status: 400 };
    const uninitialized = (flags & 1) === 1;
    if (item !== undefined && uninitialized) return { status: 200 };
    const expiresAtMs = clock() + minutes * 60_000;
    if (item === undefined) {
      items.set(key, { bytes, minutes, expiresAtMs, cookie: 1, lockedAtMs: null, uninitialized });
      return { status: 200 };
    }
    const cookie = lockCookie(headers);
    if (cookie === "bad") return { status: 400 };
    if (item.lockedAtMs !== null && cookie !== item.cookie) return locked(item);
    // In place the mark of an uninitialised session stays; a new timeout makes a new entry, without it.
    if (item.minutes === minutes) items.set(key, { ...item, bytes, lockedAtMs: null });
    else items.set(key, { bytes, minutes, expiresAtMs, cookie, lockedAtMs: null, uninitialized });
    return { status: 200 };
  }

  function remove(key: string, item: Item | undefined, headers: Headers): Reply {
    if (item === undefined) return { status: 404 };
    const cookie = lockCookie(headers);
    if (cookie === "bad") return { status: 400 };
    if (item.lockedAtMs !== null && cookie !== item.cookie) return locked(item);
    items.delete(key);
    return { status: 200 };
  }

  function answer(line: string, headers: Headers, body: Buffer): Buffer {
    const [verb, target = ""] = line.split(" ");
    const key = decodeURIComponent(target.replaceAll("+", " ")).replace(/^\/\//, "/");
    const item = touch(key);
    let reply: Reply = { status: 400 };
    if (verb === "GET") reply = get(item, headers);
    else if (verb === "PUT") reply = put(key, item, headers, body);
    else if (verb === "DELETE") reply = remove(key, item, headers);
    else if (verb === "HEAD") reply = { status: item === undefined ? 404 : 200 };
    const content = reply.body ?? Buffer.alloc(0);
    let head = `${statusPrefix}${reply.status} ${reasons[reply.status]}\r\nX-AspNet-Version: ${version}\r\n`;
    head += `Cache-Control: private\r\nContent-Length: ${content.length}\r\n`;
    for (const [name, value] of Object.entries(reply.headers ?? {})) head += `${name}: ${value}\r\n`;
    return Buffer.concat([Buffer.from(`${head}\r\n`), content]);
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    connections++;
    let received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const end = received.indexOf("\r\n\r\n");
        if (end < 0) return;
        const [line = "", ...fields] = received.toString("latin1", 0, end).split("\r\n");
        const headers = new Map(fields.map((field) => nameAndValue(field)));
        const length = line.startsWith("PUT ") ? Number(headers.get("content-length") ?? 0) : 0;
        if (received.length < end + 4 + length) return;
        const body = Buffer.from(received.subarray(end + 4, end + 4 + length));
        received = received.subarray(end + 4 + length);
        requests.push({ line, headers, body });
        socket.write(answer(line, headers, body));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(settings.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");

  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  onTestFinished(stop);
  const connection = `tcpip=loopback:${address.port}`;
  return { port: address.port, connection, requests, items, sockets, connections: () => connections, stop };
}

function nameAndValue(field: string): [string, string] {
  const colon = field.indexOf(":");
  return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
}

/** -1: there is none. */
function lockCookie(headers: Headers): number | "bad" {
  const text = headers.get("lockcookie") ?? headers.get("lock-cookie");
  if (text === undefined) return -1;
  const cookie = integer(text);
  return cookie === null || cookie < 0 ? "bad" : cookie;
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}
