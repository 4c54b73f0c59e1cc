// One connection to the state service: connect, then one request at a time, each with its own time limit. It never rejects; how an
// exchange ended is a value, for its user to decide whether to try again.

import { connect, type Socket } from "node:net";
import { assert } from "../../../config/assert.ts";
import type { StateServerAddress } from "../../../config/connection-strings.ts";
import { type Answer, createResponseParser, MalformedAnswer } from "./response-parser.ts";

export interface WireRequest {
  /** Verb, URI and headers up to and with the empty line; ASCII. */
  readonly head: string;
  readonly body: Uint8Array | null;
  /** False for HEAD. */
  readonly answerHasBody: boolean;
  /** Carried out twice it leaves the store as when carried out once. */
  readonly repeatable: boolean;
}

/** How far an exchange came; the words are those of ASP.NET's own event (State_Server_detailed_error_phase1 and on). */
export type Phase =
  | "Connecting to the state server"
  | "Sending request to the state server"
  | "Reading response from the state server";

export interface Failed {
  readonly kind: "failed";
  readonly how: "broken" | "timeout" | "malformed";
  readonly phase: Phase;
  /** Bytes of an answer had come. */
  readonly answerBegun: boolean;
  readonly cause: Error;
}

export type Exchanged = { readonly kind: "answered"; readonly answer: Answer } | Failed;

export interface ClientConnection {
  /** Only one at a time, and only while `open`. @param timeLeftMs Infinity for no limit. */
  exchange(request: WireRequest, timeLeftMs: number): Promise<Exchanged>;
  /** Exchanges that ended with an answer. */
  answers(): number;
  /** May be used for another exchange. */
  open(): boolean;
  destroy(): void;
}

interface Pending {
  readonly resolve: (exchanged: Exchanged) => void;
  readonly timer: ReturnType<typeof setTimeout> | null;
}

/** @param onGone called once, when the connection can no longer be used. */
export function openClientConnection(
  address: StateServerAddress,
  responseBytesMax: number,
  onGone: (connection: ClientConnection) => void,
): ClientConnection {
  const parser = createResponseParser(responseBytesMax);
  const socket: Socket = connect({ host: address.host, port: address.port, noDelay: true });
  let pending: Pending | null = null;
  let answers = 0;
  let connected = false;
  let gone = false;

  const connection: ClientConnection = {
    exchange(request, timeLeftMs) {
      assert(!gone && pending === null, "a connection carries one request at a time, while it lasts");
      return new Promise((resolve) => {
        const expire = () => end("timeout", new Error("no whole answer in time"));
        const timer = timeLeftMs === Number.POSITIVE_INFINITY ? null : setTimeout(expire, timerMs(timeLeftMs));
        pending = { resolve, timer };
        parser.expect(request.answerHasBody);
        send(socket, request);
      });
    },
    answers: () => answers,
    open: () => !gone,
    destroy: () => end("broken", new Error("the connection was closed by its owner")),
  };

  function settle(exchanged: Exchanged): void {
    if (pending === null) return;
    const { resolve, timer } = pending;
    pending = null;
    if (timer !== null) clearTimeout(timer);
    resolve(exchanged);
  }

  function leave(): void {
    gone = true;
    socket.destroy();
    onGone(connection);
  }

  function end(how: Failed["how"], cause: Error): void {
    if (gone) return;
    const failed: Failed = { kind: "failed", how, phase: phaseNow(), answerBegun: parser.begun(), cause };
    leave();
    settle(failed);
  }

  function phaseNow(): Phase {
    if (!connected) return "Connecting to the state server";
    return parser.begun() || socket.writableLength === 0
      ? "Reading response from the state server"
      : "Sending request to the state server";
  }

  function read(chunk: Buffer): Answer | undefined {
    if (pending === null) throw new MalformedAnswer("sent what nobody asked for");
    return parser.push(chunk);
  }

  function receive(chunk: Buffer): void {
    if (gone) return;
    let answer: Answer | undefined;
    try {
      answer = read(chunk);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      end("malformed", error);
      return;
    }
    if (answer === undefined) return;
    answers++;
    // An answer that came before all of the request had left, or that has something behind it, makes the next one a guess.
    if (answer.closes || parser.surplus() || socket.writableLength > 0) leave();
    settle({ kind: "answered", answer });
  }

  socket.on("connect", () => {
    connected = true;
  });
  socket.on("data", receive);
  socket.on("end", () => end("broken", new Error("the state server closed the connection")));
  socket.on("error", (error) => end("broken", error));
  socket.on("close", () => end("broken", new Error("the connection was closed")));
  return connection;
}

/** A timer that is asked for more fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

function timerMs(ms: number): number {
  return Math.min(Math.max(0, ms), TIMER_MS_MAX);
}

/** Beyond this, copying the body behind the head costs more than handing both to the kernel. */
const COPIED_BODY_BYTES_MAX = 16_384;

/** Head and body leave together, so that a small request is one packet. */
function send(socket: Socket, { head, body }: WireRequest): void {
  if (body === null) {
    socket.write(head, "latin1");
  } else if (body.length <= COPIED_BODY_BYTES_MAX) {
    const whole = Buffer.allocUnsafe(head.length + body.length);
    whole.write(head, "latin1");
    whole.set(body, head.length);
    socket.write(whole);
  } else {
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
  }
}
