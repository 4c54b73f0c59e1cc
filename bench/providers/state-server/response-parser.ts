// Reads the answers of a state service off one connection, however the network cuts them. The peer is not trusted: whatever is not
// an answer of this protocol is told apart at the first byte or line that shows it, and nothing grows past a bound.
// Source: [MS-ASP] §2.2; the status line may lack its "HTTP/1.1 ", as servers that real clients work with send it. RFC 9112 for lines
// that end in LF alone, and for HTTP/1.0, whose connections end after an answer unless it says that they do not.

import { findHeadEnd } from "./request-head.ts";

/** What a state service said. Numbers are null where it did not say them. */
export interface Answer {
  readonly status: AnswerStatus;
  /** X-AspNet-Version, "4.0.30319". */
  readonly version: string | null;
  readonly timeoutMinutes: number | null;
  readonly lockCookie: number | null;
  readonly lockAgeSeconds: number | null;
  /** 100 ns since the year 1, in the local time of the server; too large to be exact, good to some 10 µs. */
  readonly lockDateTicks: number | null;
  /** Bit 0: nobody has read this session yet. */
  readonly actionFlags: number;
  /** Content-Length as sent; null when absent. */
  readonly contentLength: number | null;
  /** The server said that it ends the connection after this answer. */
  readonly closes: boolean;
  readonly body: Uint8Array;
}

/** OK, bad request, no such session, locked: the protocol has no others. */
export type AnswerStatus = 200 | 400 | 404 | 423;

/** The peer sent what no state service sends. The message is a clause that completes "it …". */
export class MalformedAnswer extends Error {
  override readonly name = "MalformedAnswer";
}

export interface ResponseParser {
  /** Before each request. @param hasBody false for HEAD, whose answer has none whatever Content-Length says. */
  expect(hasBody: boolean): void;
  /** @returns the answer once it is whole. @throws MalformedAnswer */
  push(chunk: Buffer): Answer | undefined;
  /** Bytes of the answer, or what should be one, have come. */
  begun(): boolean;
  /** More bytes came than the answer has: what follows on this connection cannot be trusted. */
  surplus(): boolean;
}

/** A real head has some 200 bytes. */
const HEAD_BYTES_MAX = 8192;
const INT32_MAX = 2_147_483_647;
const noBytes = Buffer.alloc(0);

export function createResponseParser(bodyBytesMax: number): ResponseParser {
  let hasBody = true;
  let head: Buffer = noBytes;
  let answer: Mutable<Answer> | null = null;
  let parts: Buffer[] = [];
  let bytesMissing = 0;
  let tooMuch = false;

  function readHead(chunk: Buffer): Buffer | undefined {
    const searchFrom = Math.max(0, head.length - 3);
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const end = findHeadEnd(head, searchFrom, head.length);
    if (end < 0) {
      checkStart(head);
      if (head.length > HEAD_BYTES_MAX) throw new MalformedAnswer("sent headers without end");
      return undefined;
    }
    if (end > HEAD_BYTES_MAX) throw new MalformedAnswer("sent headers without end");
    answer = parseHead(head.toString("latin1", 0, end));
    bytesMissing = hasBody ? (answer.contentLength ?? 0) : 0;
    if (bytesMissing > bodyBytesMax) {
      throw new MalformedAnswer(`announced ${bytesMissing} bytes, which is more than ${bodyBytesMax}`);
    }
    return head.subarray(end);
  }

  return {
    expect(withBody) {
      hasBody = withBody;
      head = noBytes;
      answer = null;
      parts = [];
      bytesMissing = 0;
    },
    push(chunk) {
      const bytes = answer === null ? readHead(chunk) : chunk;
      if (bytes === undefined || answer === null) return undefined;
      if (bytes.length > bytesMissing) tooMuch = true;
      if (bytesMissing > 0) parts.push(bytes.length > bytesMissing ? bytes.subarray(0, bytesMissing) : bytes);
      bytesMissing -= Math.min(bytesMissing, bytes.length);
      if (bytesMissing > 0) return undefined;
      answer.body = parts.length <= 1 ? (parts[0] ?? noBytes) : Buffer.concat(parts);
      return answer;
    },
    begun: () => head.length > 0,
    surplus: () => tooMuch,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const statusLine = /^(?:HTTP\/1\.([01]) )?(200|400|404|423)(?: [^\r\n]*)?$/;

/** A peer of another kind is known by its first line, often by its first byte; no need to wait until it has said all it has to say. */
function checkStart(bytes: Buffer): void {
  const lineEnd = bytes.indexOf("\n");
  const line = bytes.toString("latin1", 0, lineEnd < 0 ? bytes.length : lineEnd).replace(/\r$/, "");
  if (lineEnd < 0 ? /^[H24]/.test(line) : statusLine.test(line)) return;
  throw new MalformedAnswer(`began its answer with ${quoted(line)}`);
}

function parseHead(text: string): Mutable<Answer> {
  const lines = text.trimEnd().split(/\r?\n/);
  const [, minorVersion, status] = statusLine.exec(lines[0]!) ?? [];
  if (status === undefined) throw new MalformedAnswer(`began its answer with ${quoted(lines[0]!)}`);
  const answer: Mutable<Answer> = {
    status: Number(status) as AnswerStatus,
    version: null,
    timeoutMinutes: null,
    lockCookie: null,
    lockAgeSeconds: null,
    lockDateTicks: null,
    actionFlags: 0,
    contentLength: null,
    closes: minorVersion === "0",
    body: noBytes,
  };
  for (let i = 1; i < lines.length; i++) readHeader(answer, lines[i]!);
  return answer;
}

function readHeader(answer: Mutable<Answer>, line: string): void {
  const colon = line.indexOf(":");
  if (colon <= 0) throw new MalformedAnswer(`sent the header ${quoted(line)}`);
  const value = line.slice(colon + 1).trim();
  switch (line.slice(0, colon).toLowerCase()) {
    case "content-length":
      if (answer.contentLength !== null) throw new MalformedAnswer("sent Content-Length twice");
      answer.contentLength = wholeNumber(line, value, 0, INT32_MAX);
      break;
    case "x-aspnet-version":
      answer.version = value;
      break;
    case "timeout":
      answer.timeoutMinutes = wholeNumber(line, value, 0, INT32_MAX);
      break;
    case "lockcookie":
      answer.lockCookie = wholeNumber(line, value, -INT32_MAX - 1, INT32_MAX);
      break;
    case "lockage":
      answer.lockAgeSeconds = wholeNumber(line, value, -INT32_MAX - 1, INT32_MAX);
      break;
    case "lockdate":
      answer.lockDateTicks = wholeNumber(line, value, -(2 ** 63), 2 ** 63);
      break;
    case "actionflags":
      answer.actionFlags = wholeNumber(line, value, 0, INT32_MAX);
      break;
    case "transfer-encoding":
      throw new MalformedAnswer(`sent the header ${quoted(line)}`);
    case "connection":
      if (/^(close|keep-alive)$/i.test(value)) answer.closes = value.toLowerCase() === "close";
  }
}

function wholeNumber(line: string, value: string, min: number, max: number): number {
  const number = /^[+-]?\d{1,19}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) throw new MalformedAnswer(`sent the header ${quoted(line)}`);
  return number;
}

/** Fit to print, whatever it was. */
function quoted(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, ".");
  return `"${printable.length > 60 ? `${printable.slice(0, 60)}…` : printable}"`;
}
