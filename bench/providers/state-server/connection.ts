// One client of the state service: turns whatever pieces its bytes arrive in into requests, and answers them in order. What a
// client can make us hold is bounded: a head up to its limit, a body only as far as it has arrived, and no further requests while
// answers wait to be taken. A body that is not wanted is let through unread.
// Source: [MS-ASP] section 2.1 (connections stay open, one request after the other).

import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import { badHeader, type DecisionTable, FULL, type PutHead, putHead } from "./decision-table.ts";
import { itemKey } from "./item-key.ts";
import type { Outbox } from "./outbox.ts";
import { createRequestHead, findHeadEnd, parseHead, type Verb } from "./request-head.ts";
import type { SessionTable } from "./session-table.ts";

/** What all connections of one service share. */
export interface Service {
  readonly table: SessionTable;
  readonly decisions: DecisionTable;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly receiving: ReceivingBudget;
  readonly headMaxBytes: number;
  readonly itemMaxBytes: number;
  /** Connections that somebody must look after, for what they began is not finished. */
  readonly unfinished: Set<Connection>;
  countReceived(bytes: number): void;
  countMalformed(): void;
}

/** Bodies on their way in, of all connections together. */
export interface ReceivingBudget {
  /** @returns false, and takes nothing, when that is too much. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

export interface Connection {
  /** When the request under way began, or its answers began to wait. Of no meaning while nothing is unfinished. */
  unfinishedSinceMs: number;
  /** Ends after the request under way; at once when there is none. */
  finish(): void;
  destroy(): void;
}

interface ArrivingBody {
  readonly put: PutHead;
  readonly close: boolean;
  readonly length: number;
  bytes: Buffer;
  received: number;
}

const CR = 13;
const LF = 10;
const FIRST_BODY_PIECE_BYTES = 65_536;

/** A head is read and acted upon before the next one is, whosever it is. */
const head = createRequestHead();

export function serveConnection(socket: Socket, service: Service): Connection {
  const { table, decisions, outbox, receiving, headMaxBytes, itemMaxBytes } = service;
  /** The beginning of a head whose end has not come yet. */
  let held: Buffer | null = null;
  let heldBytes = 0;
  let body: ArrivingBody | null = null;
  let unwantedBytes = 0;
  /** Answers wait for the client to take them; `rest` has arrived in the meantime. */
  let waiting = false;
  let rest: Buffer | null = null;
  let finishing = false;
  let ending = false;
  let answered = false;
  /** How often answers were begun of which not all have left. */
  let unsent = 0;
  /** The client sends no more, yet may want its answers. */
  let clientDone = false;
  let lookedAfter = false;

  const connection: Connection = {
    unfinishedSinceMs: 0,
    finish() {
      finishing = true;
      if (!isUnfinished()) ending = true;
      endWhenDone();
      lookAfter();
    },
    destroy: () => socket.destroy(),
  };
  socket.on("data", (chunk: Buffer) => {
    service.countReceived(chunk.length);
    if (!ending) take(chunk);
  });
  socket.on("drain", () => {
    if (!waiting) return;
    waiting = false;
    const chunk = rest;
    rest = null;
    if (chunk !== null && !ending) take(chunk);
    else lookAfter();
    if (!waiting) socket.resume();
    endWhenDone();
  });
  socket.on("end", () => {
    clientDone = true;
    endWhenDone();
  });
  socket.on("close", () => {
    ending = true;
    giveUpBody();
    held = null;
    rest = null;
    service.unfinished.delete(connection);
  });
  // A connection that breaks is closed next, and that is all there is to do about it.
  socket.on("error", () => undefined);
  return connection;

  function isUnfinished(): boolean {
    return heldBytes > 0 || body !== null || unwantedBytes > 0 || waiting || ending;
  }

  function lookAfter(): void {
    const unfinished = isUnfinished() && !socket.destroyed;
    if (unfinished && (answered || !lookedAfter)) connection.unfinishedSinceMs = service.clock();
    if (unfinished === lookedAfter) return;
    lookedAfter = unfinished;
    if (unfinished) service.unfinished.add(connection);
    else service.unfinished.delete(connection);
  }

  function take(chunk: Buffer): void {
    outbox.begin(socket);
    unsent++;
    answered = false;
    let at = 0;
    while (at < chunk.length && !ending) {
      if (at > 0 && !outbox.hasRoomToGoOn()) {
        rest = chunk.subarray(at);
        wait();
        break;
      }
      at = step(chunk, at);
    }
    outbox.end(whenSent);
    lookAfter();
  }

  function whenSent(takesMore: boolean): void {
    unsent--;
    if (!takesMore && !waiting && !socket.destroyed) {
      wait();
      lookAfter();
    }
    endWhenDone();
  }

  function wait(): void {
    waiting = true;
    socket.pause();
  }

  function endWhenDone(): void {
    if (unsent === 0 && (ending || (clientDone && !waiting)) && !socket.writableEnded) socket.end();
  }

  /** @returns how far the chunk has been dealt with. */
  function step(chunk: Buffer, at: number): number {
    if (unwantedBytes > 0) {
      const through = Math.min(unwantedBytes, chunk.length - at);
      unwantedBytes -= through;
      return at + through;
    }
    if (body !== null) return takeBody(body, chunk, at);
    return held === null ? takeHead(chunk, at) : takeRestOfHead(held, chunk, at);
  }

  function takeHead(chunk: Buffer, at: number): number {
    let from = at;
    // Empty lines before a request are no request.
    while (from < chunk.length && (chunk[from] === CR || chunk[from] === LF)) from++;
    if (from === chunk.length) return from;
    const end = findHeadEnd(chunk, from, chunk.length);
    if ((end < 0 ? chunk.length : end) - from > headMaxBytes) return malformed("The head is too long.", chunk.length);
    if (end >= 0) return takeRequest(chunk, from, end, chunk, end);
    heldBytes = chunk.length - from;
    held = Buffer.allocUnsafeSlow(Math.min(headMaxBytes, Math.max(512, heldBytes * 2)));
    chunk.copy(held, 0, from);
    return chunk.length;
  }

  function takeRestOfHead(before: Buffer, chunk: Buffer, at: number): number {
    const piece = Math.min(chunk.length - at, headMaxBytes - heldBytes);
    let whole = before;
    if (heldBytes + piece > whole.length) {
      whole = Buffer.allocUnsafeSlow(Math.min(headMaxBytes, (heldBytes + piece) * 2));
      before.copy(whole, 0, 0, heldBytes);
      held = whole;
    }
    chunk.copy(whole, heldBytes, at, at + piece);
    const end = findHeadEnd(whole, Math.max(0, heldBytes - 3), heldBytes + piece);
    if (end >= 0) {
      const bodyAt = at + end - heldBytes;
      held = null;
      heldBytes = 0;
      return takeRequest(whole, 0, end, chunk, bodyAt);
    }
    heldBytes += piece;
    return heldBytes === headMaxBytes ? malformed("The head is too long.", chunk.length) : at + piece;
  }

  /** A whole head, from `from` to `to` in `bytes`; what follows it is in `chunk` from `at`. @returns as step does. */
  function takeRequest(bytes: Buffer, from: number, to: number, chunk: Buffer, at: number): number {
    const problem = parseHead(bytes, from, to, head);
    if (problem !== null) return malformed(problem, chunk.length);
    if (head.verb === "PUT") return takePut(bytes, chunk, at);
    // What follows an unknown verb cannot be known either.
    const close = closes(head.close || head.verb === "other");
    decisions.answer(head, itemKey(bytes, head.targetFrom, head.targetTo), service.clock(), close);
    return at;
  }

  function takePut(bytes: Buffer, chunk: Buffer, at: number): number {
    const length = head.contentLength;
    if (length < 0) return malformed(badHeader("Content-Length"), chunk.length, "PUT");
    const fault = decisions.faultOfPut(head) ?? (length > itemMaxBytes ? TOO_LARGE : null);
    if (fault !== null) return refusePut(fault, length, at);
    const put = putHead(head, itemKey(bytes, head.targetFrom, head.targetTo));
    const end = at + length;
    if (end <= chunk.length) {
      const received = { bytes: chunk.subarray(at, end), owned: false };
      decisions.answerPut(put, received, service.clock(), closes(head.close));
      return end;
    }
    const firstPiece = Math.min(length, FIRST_BODY_PIECE_BYTES);
    const room = table.hasRoom(put.key, length) ? makeRoom(firstPiece, 0) : null;
    if (room === null) return refusePut(FULL, length, at);
    body = { put, close: head.close, length, bytes: room, received: 0 };
    return takeBody(body, chunk, at);
  }

  function takeBody(arriving: ArrivingBody, chunk: Buffer, at: number): number {
    const piece = Math.min(chunk.length - at, arriving.length - arriving.received);
    const needed = arriving.received + piece;
    if (needed > arriving.bytes.length && !grow(arriving, needed)) {
      giveUpBody();
      head.close = arriving.close;
      return refusePut(FULL, arriving.length - arriving.received, at);
    }
    chunk.copy(arriving.bytes, arriving.received, at, at + piece);
    arriving.received = needed;
    if (needed === arriving.length) {
      giveUpBody();
      const received = { bytes: arriving.bytes, owned: true };
      decisions.answerPut(arriving.put, received, service.clock(), closes(arriving.close));
    }
    return at + piece;
  }

  function grow(arriving: ArrivingBody, needed: number): boolean {
    const capacity = Math.min(arriving.length, Math.max(needed, arriving.bytes.length * 2));
    const larger = makeRoom(capacity, arriving.bytes.length);
    if (larger === null) return false;
    arriving.bytes.copy(larger, 0, 0, arriving.received);
    arriving.bytes = larger;
    return true;
  }

  /** A buffer in place of one that was taken before; null when the budget, or the system, has no more. */
  function makeRoom(bytes: number, takenBefore: number): Buffer | null {
    if (!receiving.take(bytes - takenBefore)) return null;
    try {
      return Buffer.allocUnsafeSlow(bytes);
    } catch {
      receiving.giveBack(bytes - takenBefore);
      return null;
    }
  }

  function giveUpBody(): void {
    if (body !== null) receiving.giveBack(body.bytes.length);
    body = null;
  }

  /** Answers at once, then lets the body through unread. */
  function refusePut(reason: string, bodyBytes: number, at: number): number {
    unwantedBytes = bodyBytes;
    decisions.refuse("PUT", reason, closes(head.close));
    return at;
  }

  /** Nobody can tell where the next request begins, so there is none. */
  function malformed(reason: string, at: number, verb: Verb = "other"): number {
    held = null;
    heldBytes = 0;
    service.countMalformed();
    decisions.refuse(verb, reason, closes(true));
    return at;
  }

  function closes(asked: boolean): boolean {
    answered = true;
    ending = asked || finishing;
    return ending;
  }
}

const TOO_LARGE = "The item is larger than this service takes.";
