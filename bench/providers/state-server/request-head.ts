// The head of a request to the state service, read where it lies in the received bytes: no strings are made and nothing is
// allocated. A head that is not HTTP, or after which nobody could tell where the next request begins, is malformed; a header of
// the protocol with an unusable value is not, for what to answer then depends on the request.
// Sources: [MS-ASP] section 2.2; .NET reference source, StateRuntime.cs; RFC 9112 for the lines.

export type Verb = "GET" | "PUT" | "HEAD" | "DELETE" | "other";

/** Numbers are non-negative int32 where they are usable. */
export const ABSENT = -1;
export const UNUSABLE = -2;

export interface RequestHead {
  verb: Verb;
  /** Where the request target lies, in the bytes that were parsed. */
  targetFrom: number;
  targetTo: number;
  timeoutMinutes: number;
  extraFlags: number;
  lockCookie: number;
  /** Read for PUT alone. Clients have been seen to send it with GET and no body after it, so elsewhere it counts for nothing. */
  contentLength: number;
  exclusive: "none" | "acquire" | "release";
  /** The client ends the connection after this request. */
  close: boolean;
}

const HEADERS_MAX = 100;
const INT32_MAX = 2_147_483_647;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const DEL = 127;

export function createRequestHead(): RequestHead {
  return {
    verb: "other",
    targetFrom: 0,
    targetTo: 0,
    timeoutMinutes: ABSENT,
    extraFlags: ABSENT,
    lockCookie: ABSENT,
    contentLength: ABSENT,
    exclusive: "none",
    close: false,
  };
}

/**
 * Looks for the empty line after a head. Lines end in CRLF or in LF alone.
 * @param from where to look; to go on where an earlier look ended, three bytes before that.
 * @returns the index after the empty line; -1 when it has not come yet.
 */
export function findHeadEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to - 1; at++) {
    if (bytes[at] !== LF) continue;
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && at + 2 < to && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/**
 * @param from the first byte of the request line.
 * @param to the end that findHeadEnd found.
 * @returns null when `head` has been filled in; else what is malformed, in words for the answer.
 */
export function parseHead(bytes: Uint8Array, from: number, to: number, head: RequestHead): string | null {
  head.timeoutMinutes = ABSENT;
  head.extraFlags = ABSENT;
  head.lockCookie = ABSENT;
  head.contentLength = ABSENT;
  head.exclusive = "none";
  const lineEnd = endOfLine(bytes, from);
  if (!parseRequestLine(bytes, from, lineEnd, head)) return "The request line is malformed.";
  let at = nextLine(bytes, lineEnd);
  for (let headers = 0; at < to; headers++) {
    const end = endOfLine(bytes, at);
    if (end === at) return null;
    if (headers === HEADERS_MAX) return "There are too many headers.";
    const problem = parseHeader(bytes, at, end, head);
    if (problem !== null) return problem;
    at = nextLine(bytes, end);
  }
  return null;
}

/** The index of the CRLF or LF that ends the line; a head always has one, for it ends in an empty line. */
function endOfLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== LF) at++;
  return at > from && bytes[at - 1] === CR ? at - 1 : at;
}

function nextLine(bytes: Uint8Array, lineEnd: number): number {
  return bytes[lineEnd] === CR ? lineEnd + 2 : lineEnd + 1;
}

function parseRequestLine(bytes: Uint8Array, from: number, to: number, head: RequestHead): boolean {
  // " HTTP/1.x" is nine bytes long.
  const versionFrom = to - 9;
  const minor = bytes[to - 1];
  if (versionFrom <= from || !spells(bytes, versionFrom, " http/1.") || minor < 48 || minor > 57) return false;
  head.close = minor === 48;
  let at = from;
  while (at < versionFrom && bytes[at] >= 65 && bytes[at] <= 90) at++;
  if (at === from || bytes[at] !== SPACE || at >= versionFrom) return false;
  head.verb = verbOf(bytes, from, at);
  head.targetFrom = at + 1;
  head.targetTo = versionFrom;
  if (head.targetFrom >= head.targetTo) return false;
  for (at = head.targetFrom; at < head.targetTo; at++) if (bytes[at] <= SPACE || bytes[at] === DEL) return false;
  return true;
}

/** Verbs are case-sensitive, as in HTTP. */
function verbOf(bytes: Uint8Array, from: number, to: number): Verb {
  switch (bytes[from]) {
    case 71:
      return to - from === 3 && bytes[from + 1] === 69 && bytes[from + 2] === 84 ? "GET" : "other";
    case 80:
      return to - from === 3 && bytes[from + 1] === 85 && bytes[from + 2] === 84 ? "PUT" : "other";
    case 72:
      return to - from === 4 && spells(bytes, from, "head") ? "HEAD" : "other";
    case 68:
      return to - from === 6 && spells(bytes, from, "delete") ? "DELETE" : "other";
    default:
      return "other";
  }
}

function parseHeader(bytes: Uint8Array, lineFrom: number, lineTo: number, head: RequestHead): string | null {
  let colon = lineFrom;
  while (colon < lineTo && bytes[colon] !== COLON) {
    if (bytes[colon] <= SPACE || bytes[colon] >= DEL) return "A header line is malformed.";
    colon++;
  }
  if (colon === lineFrom || colon === lineTo) return "A header line is malformed.";
  let from = colon + 1;
  while (from < lineTo && isBlank(bytes[from])) from++;
  let to = lineTo;
  while (to > from && isBlank(bytes[to - 1])) to--;
  for (let at = from; at < to; at++) {
    if ((bytes[at] < SPACE && bytes[at] !== TAB) || bytes[at] === DEL)
      return "A header value holds a control character.";
  }
  switch (colon - lineFrom) {
    case 7:
      if (spells(bytes, lineFrom, "timeout")) head.timeoutMinutes = merge(head.timeoutMinutes, int32(bytes, from, to));
      break;
    case 9:
      if (spells(bytes, lineFrom, "exclusive")) head.exclusive = exclusiveOf(bytes, from, to);
      break;
    case 10:
      if (spells(bytes, lineFrom, "lockcookie")) head.lockCookie = merge(head.lockCookie, int32(bytes, from, to));
      else if (spells(bytes, lineFrom, "extraflags")) head.extraFlags = merge(head.extraFlags, int32(bytes, from, to));
      else if (spells(bytes, lineFrom, "connection")) parseConnection(bytes, from, to, head);
      break;
    case 11:
      if (spells(bytes, lineFrom, "lock-cookie")) head.lockCookie = merge(head.lockCookie, int32(bytes, from, to));
      break;
    case 14:
      if (spells(bytes, lineFrom, "content-length"))
        head.contentLength = merge(head.contentLength, int32(bytes, from, to));
      break;
    case 17:
      if (spells(bytes, lineFrom, "transfer-encoding")) return "Transfer-Encoding is not part of this protocol.";
  }
  return null;
}

/** One header given twice with two values is no value. */
function merge(before: number, now: number): number {
  return before === ABSENT || before === now ? now : UNUSABLE;
}

/** As Int32.Parse takes it, with a sign, but for a negative number, which no header of the protocol can have. */
function int32(bytes: Uint8Array, from: number, to: number): number {
  const negative = bytes[from] === 45;
  let at = negative || bytes[from] === 43 ? from + 1 : from;
  if (at >= to) return UNUSABLE;
  let value = 0;
  for (; at < to; at++) {
    const digit = bytes[at] - 48;
    if (digit < 0 || digit > 9) return UNUSABLE;
    value = value * 10 + digit;
    if (value > INT32_MAX) return UNUSABLE;
  }
  return negative && value !== 0 ? UNUSABLE : value;
}

function exclusiveOf(bytes: Uint8Array, from: number, to: number): RequestHead["exclusive"] {
  if (to - from !== 7) return "none";
  if (spells(bytes, from, "acquire")) return "acquire";
  return spells(bytes, from, "release") ? "release" : "none";
}

function parseConnection(bytes: Uint8Array, from: number, to: number, head: RequestHead): void {
  if (to - from === 5 && spells(bytes, from, "close")) head.close = true;
  else if (to - from === 10 && spells(bytes, from, "keep-alive")) head.close = false;
}

/** Whether the word, given in lower case, stands there in any case. Only letters are compared without regard to case. */
function spells(bytes: Uint8Array, from: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const expected = word.charCodeAt(i);
    const byte = bytes[from + i];
    if (byte !== expected && (byte + 32 !== expected || byte < 65 || byte > 90)) return false;
  }
  return true;
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
