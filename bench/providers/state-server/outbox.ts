// What the service answers, gathered in one buffer that all connections share, so that the answers to all requests that arrived
// together leave in one write. A large body is not copied: it is written from where it is kept.
// Sources: [MS-ASP] section 2.2.2 (order of headers); .NET reference source, StateRuntime.cs (a 423 has no body).

import type { Socket } from "node:net";
import { assert } from "../../../config/assert.ts";
import type { StoredItem } from "./session-table.ts";

/** The answers are for the connection that `begin` named last; `close`: the connection ends after this answer, and it says so. */
export interface Outbox {
  begin(socket: Socket): void;
  ok(close: boolean): void;
  notFound(close: boolean): void;
  /** The item, to somebody who gets it. `lockCookie` goes to the new owner of its lock alone. */
  item(item: StoredItem, lockCookie: number | null, firstRead: boolean, close: boolean): void;
  locked(item: StoredItem, nowMs: number, close: boolean): void;
  /** @param reason a sentence of ours, plain text without markup. */
  badRequest(reason: string, close: boolean): void;
  /** Sends what was gathered. @returns whether the connection takes more at once. */
  flush(): boolean;
  /** Whether more may be answered before `flush`; sends what was gathered where that is a lot. */
  hasRoomToGoOn(): boolean;
  /** Answer bytes ever handed to connections. */
  bytesSent(): number;
}

const CAPACITY_BYTES = 65_536;
/** No head of ours is longer, nor is a page about a bad request. */
const HEAD_MAX_BYTES = 1_024;
/** From here on a body costs more to copy than a write of its own costs. */
const COPIED_BODY_MAX_BYTES = 16_384;
/** .NET ticks at the beginning of 1970. */
const TICKS_1970 = 621_355_968_000_000_000n;
const TICKS_PER_MS = 10_000n;

const VERSION = "X-AspNet-Version: 4.0.30319\r\nCache-Control: private\r\n";
const CLOSE = "Connection: close\r\n";

export function createOutbox(): Outbox {
  let buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
  let length = 0;
  let bytesSent = 0;
  let socket: Socket | undefined;
  const ok = emptyAnswer("200 OK");
  const notFound = emptyAnswer("404 Not Found");

  function text(head: string): void {
    if (length + HEAD_MAX_BYTES > CAPACITY_BYTES) flush();
    length += buffer.write(head, length, "latin1");
  }

  function bytes(answer: Buffer): void {
    if (length + answer.length > CAPACITY_BYTES) flush();
    buffer.set(answer, length);
    length += answer.length;
  }

  function flush(): boolean {
    assert(socket !== undefined, "answers are for somebody");
    if (length === 0) return !socket.writableNeedDrain;
    send(buffer.subarray(0, length));
    length = 0;
    // Where the system took less than everything, the connection goes on sending from this buffer, so the next answers need another.
    if (socket.writableLength > 0) buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
    return !socket.writableNeedDrain;
  }

  function send(part: Buffer): void {
    bytesSent += part.length;
    if (socket?.writable) socket.write(part);
  }

  return {
    begin(to) {
      assert(length === 0, "the answers to one connection are sent before those to the next");
      socket = to;
    },
    ok: (close) => bytes(close ? ok.closing : ok.staying),
    notFound: (close) => bytes(close ? notFound.closing : notFound.staying),
    item(item, lockCookie, firstRead, close) {
      const { body } = item;
      const timeout = `Timeout: ${item.timeoutMinutes}\r\n`;
      const flags = firstRead ? "ActionFlags: 1\r\n" : "";
      const lock = lockCookie === null ? "" : `LockCookie: ${lockCookie}\r\n`;
      const status = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n`;
      text(`${status}${VERSION}${timeout}${flags}${lock}${close ? CLOSE : ""}\r\n`);
      if (body.length <= COPIED_BODY_MAX_BYTES) {
        bytes(body);
      } else {
        flush();
        send(body);
        if (socket !== undefined && socket.writableLength > 0) item.lent = true;
      }
    },
    locked(item, nowMs, close) {
      const date = `LockDate: ${localTicks(item.lockedAtMs)}\r\n`;
      const age = `LockAge: ${Math.floor((nowMs - item.lockedAtMs) / 1000)}\r\n`;
      const lock = `LockCookie: ${item.lockCookie}\r\n`;
      text(`HTTP/1.1 423 Locked\r\nContent-Length: 0\r\n${VERSION}${date}${age}${lock}${close ? CLOSE : ""}\r\n`);
    },
    badRequest(reason, close) {
      const page = `<html><head><title>Bad Request</title></head>\r\n<body><h1>400 Bad Request</h1>${reason}</body></html>`;
      const status = `HTTP/1.1 400 Bad Request\r\nContent-Length: ${page.length}\r\n`;
      text(`${status}${VERSION}Content-Type: text/html\r\n${close ? CLOSE : ""}\r\n${page}`);
    },
    flush,
    hasRoomToGoOn: () => (length < CAPACITY_BYTES / 2 && socket !== undefined ? !socket.writableNeedDrain : flush()),
    bytesSent: () => bytesSent,
  };
}

function emptyAnswer(status: string): { staying: Buffer; closing: Buffer } {
  const head = `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n${VERSION}`;
  return { staying: Buffer.from(`${head}\r\n`), closing: Buffer.from(`${head}${CLOSE}\r\n`) };
}

/** .NET ticks of this server's local time, which is what clients of version 1 subtract from their own. */
function localTicks(atMs: number): bigint {
  const localMs = Math.floor(atMs) - new Date(atMs).getTimezoneOffset() * 60_000;
  return BigInt(localMs) * TICKS_PER_MS + TICKS_1970;
}
