// A connection to the state service that sends bytes as they are given and reads answers as they come, for tests that care about
// bytes. It shares nothing with the client provider.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import {
  listenStateServer,
  type StateServer,
  type StateServerOptions,
} from "../../../../bench/providers/state-server/server.ts";

export interface Answer {
  readonly status: number;
  /** In the order in which they came, names as written. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Everything, as it came. */
  readonly text: string;
}

export interface RawConnection {
  readonly socket: Socket;
  send(bytes: string | Buffer): void;
  /** The next answer; null when the connection ends first. */
  answer(): Promise<Answer | null>;
  /** Sends and reads one answer, which must come. */
  ask(bytes: string | Buffer): Promise<Answer>;
  /** Resolves when the service has closed the connection. */
  readonly closed: Promise<unknown>;
}

/** A service in this process on a free port, gone with the test. */
export async function startService(options: Partial<StateServerOptions> = {}): Promise<StateServer> {
  const server = await listenStateServer({ port: 0, ...options });
  onTestFinished(() => server.stop(0));
  return server;
}

/** A connection that ends with the test. */
export async function openRaw(port: number): Promise<RawConnection> {
  const connection = await openUnowned(port);
  onTestFinished(() => {
    connection.socket.destroy();
  });
  return connection;
}

export async function openUnowned(port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let buffer = Buffer.alloc(1_024);
  let from = 0;
  let to = 0;
  let ended = false;
  let wake: () => void = () => undefined;
  socket.on("data", (chunk) => {
    if (to + chunk.length > buffer.length) {
      const larger = Buffer.alloc(Math.max(buffer.length, (to - from + chunk.length) * 2));
      buffer.copy(larger, 0, from, to);
      buffer = larger;
      to -= from;
      from = 0;
    }
    to += chunk.copy(buffer, to);
    wake();
  });
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      ended = true;
      wake();
      resolve();
    });
  });
  await once(socket, "connect");
  async function answer(): Promise<Answer | null> {
    for (;;) {
      const whole = parseAnswer(buffer.subarray(from, to));
      if (whole !== null) {
        from += whole.bytes;
        return whole.answer;
      }
      if (ended) return null;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    socket,
    closed,
    send: (bytes) => void socket.write(bytes),
    answer,
    async ask(bytes) {
      socket.write(bytes);
      const got = await answer();
      if (got === null) throw new Error("the service closed the connection and did not answer");
      return got;
    },
  };
}

export function header(answer: Answer, name: string): string | undefined {
  return answer.headers.find(([given]) => given === name)?.[1];
}

/** A request with no body. */
export function request(verb: string, target: string, ...headers: string[]): string {
  return `${[`${verb} ${target} HTTP/1.1`, "Host: 127.0.0.1:42424", ...headers].join("\r\n")}\r\n\r\n`;
}

export function put(target: string, body: string, ...headers: string[]): string {
  return request("PUT", target, ...headers, `Content-Length: ${Buffer.byteLength(body, "latin1")}`) + body;
}

function parseAnswer(bytes: Buffer): { answer: Answer; bytes: number } | null {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const lines = bytes.toString("latin1", 0, headEnd).split("\r\n");
  const headers = lines.slice(1).map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  const length = Number(headers.find(([name]) => name === "Content-Length")?.[1]);
  const end = headEnd + 4 + length;
  if (bytes.length < end) return null;
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(lines[0])?.[1]);
  const body = bytes.toString("latin1", headEnd + 4, end);
  return { answer: { status, headers, body, text: bytes.toString("latin1", 0, end) }, bytes: end };
}
