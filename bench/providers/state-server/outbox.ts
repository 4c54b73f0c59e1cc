// What the service answers, gathered in one buffer that all connections share until the event loop has handed out everything that
// arrived together. So pipelined requests of one client are answered in one write, and many clients are answered one right after the
// other, which spares the system waking them one by one. A large body is not copied: it is written from where it is kept.
// Sources: [MS-ASP] section 2.2.2 (order of headers); .NET reference source, StateRuntime.cs (a 423 has no body).

import type { Socket } from "node:net";
import { assert } from "../../../config/assert.ts";
import type { StoredItem } from "./session-table.ts";

/**
 * Between `begin` and `end`, answers are for one connection, in order.
 * `close`: the connection ends after this answer, and the answer says so.
 */
export interface Outbox {
  begin(socket: Socket): void;
  ok(close: boolean): void;
  /** As `ok`, and tells that nobody had got the item before. */
  okToFirstGet(close: boolean): void;
  notFound(close: boolean): void;
  /** The item, to somebody who gets it. `lockCookie` goes to the new owner of its lock alone. */
  item(item: StoredItem, lockCookie: number | null, firstRead: boolean, close: boolean): void;
  locked(item: StoredItem, nowMs: number, close: boolean): void;
  /** @param reason a sentence of ours, plain text or markup. */
  badRequest(reason: string, close: boolean): void;
  /** Whether more may be answered before `end`; sends what was gathered where that is a lot. */
  hasRoomToGoOn(): boolean;
  /** What was gathered leaves at the end of this turn of the event loop at the latest; then `sent` is called. */
  end(sent: Sent): void;
  /** Answer bytes ever handed to connections. */
  bytesSent(): number;
}

/** @param takesMore the client is taking its answers; else the socket's "drain" event follows. */
export type Sent = (takesMore: boolean) => void;

/** Answers to one connection that wait for the end of the turn. */
interface Segment {
  readonly socket: Socket;
  readonly from: number;
  readonly to: number;
  readonly sent: Sent;
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
const FIRST_GET = "ActionFlags: 1\r\n";
const CLOSE = "Connection: close\r\n";

export function createOutbox(): Outbox {
  let buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
  let length = 0;
  let bytesSent = 0;
  /** Whom answers are for now, and where those that have not left begin. */
  let socket: Socket | null = null;
  let from = 0;
  let segments: Segment[] = [];
  let lent = false;
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

  function send(to: Socket, part: Buffer): void {
    if (!to.writable) return;
    bytesSent += part.length;
    to.write(part);
  }

  function sendGathered(to: Socket, start: number, end: number): void {
    if (end === start) return;
    send(to, buffer.subarray(start, end));
    // Where the system took less than everything, the connection goes on sending from this buffer, so the next answers need another.
    if (to.writableLength > 0) lent = true;
  }

  function flush(): void {
    const due = segments;
    segments = [];
    for (const segment of due) sendGathered(segment.socket, segment.from, segment.to);
    if (socket !== null) sendGathered(socket, from, length);
    if (lent) buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
    lent = false;
    length = 0;
    from = 0;
    for (const segment of due) segment.sent(!segment.socket.writableNeedDrain);
  }

  return {
    begin(to) {
      assert(socket === null, "one connection is answered at a time");
      socket = to;
      from = length;
    },
    hasRoomToGoOn() {
      assert(socket !== null, "answers are for somebody");
      if (length - from >= CAPACITY_BYTES / 2) flush();
      return !socket.writableNeedDrain;
    },
    end(sent) {
      assert(socket !== null, "answers are for somebody");
      if (segments.length === 0) setImmediate(flush);
      segments.push({ socket, from, to: length, sent });
      socket = null;
    },
    ok: (close) => bytes(close ? ok.closing : ok.staying),
    okToFirstGet: (close) =>
      text(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n${VERSION}${FIRST_GET}${close ? CLOSE : ""}\r\n`),
    notFound: (close) => bytes(close ? notFound.closing : notFound.staying),
    item(item, lockCookie, firstRead, close) {
      const { body } = item;
      const timeout = `Timeout: ${item.timeoutMinutes}\r\n`;
      const flags = firstRead ? FIRST_GET : "";
      const lock = lockCookie === null ? "" : `LockCookie: ${lockCookie}\r\n`;
      const status = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n`;
      text(`${status}${VERSION}${timeout}${flags}${lock}${close ? CLOSE : ""}\r\n`);
      if (body.length <= COPIED_BODY_MAX_BYTES) {
        bytes(body);
      } else {
        assert(socket !== null, "answers are for somebody");
        flush();
        send(socket, body);
        if (socket.writableLength > 0) item.lent = true;
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
