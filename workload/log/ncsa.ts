// NCSA common and combined log lines, as Apache, nginx and IIS write them: host, identity, user, [time with its zone], "request",
// status, bytes, and for combined "referer" and "user agent". What follows those is passed over.
// Source: Apache HTTP Server documentation, Log Files; mod_log_config escapes quotes inside values with a backslash.

import { clearRow, type LogRow } from "./row.ts";
import { ncsaTimeMs } from "./time.ts";

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;

/** Fills the row from a line; answers null, or what is broken about the line. */
export function parseNcsaLine(bytes: Uint8Array, start: number, end: number, row: LogRow): string | null {
  clearRow(row, bytes);
  const hostEnd = indexOf(bytes, SPACE, start, end);
  const timeStart = hostEnd < 0 ? -1 : indexOf(bytes, 91, hostEnd, end);
  const timeEnd = timeStart < 0 ? -1 : indexOf(bytes, 93, timeStart, end);
  if (hostEnd <= start || timeEnd < 0) return "no host and [time]";
  row.atMs = ncsaTimeMs(bytes, timeStart + 1, timeEnd);
  if (Number.isNaN(row.atMs)) return "no time that can be read";
  row.clientStart = start;
  row.clientEnd = hostEnd;

  const requestStart = timeEnd + 3;
  if (bytes[timeEnd + 1] !== SPACE || bytes[timeEnd + 2] !== QUOTE || requestStart > end) return 'no "request"';
  const requestEnd = closingQuote(bytes, requestStart, end);
  if (requestEnd < 0) return '"request" without its closing quote';
  takeRequest(bytes, requestStart, requestEnd, row);

  const statusStart = requestEnd + 2;
  const statusEnd = statusStart + 3;
  if (statusEnd > end) return "no status";
  if (bytes[statusStart] === 45 && bytes[statusStart + 1] === SPACE) return takeRest(bytes, statusStart + 1, end, row);
  for (let i = statusStart; i < statusEnd; i++) {
    const digit = bytes[i] - 48;
    if (!(digit >= 0 && digit <= 9)) return "a status that is no number";
    row.status = row.status * 10 + digit;
  }
  return takeRest(bytes, statusEnd, end, row);
}

/** `GET /path?query HTTP/1.1`; a request that is no such thing (an attack, a time-out) leaves method and path empty. */
function takeRequest(bytes: Uint8Array, start: number, end: number, row: LogRow): void {
  const methodEnd = indexOf(bytes, SPACE, start, end);
  if (methodEnd <= start) return;
  for (let i = start; i < methodEnd; i++) {
    const letter = bytes[i] | 32;
    if ((letter < 97 || letter > 122) && bytes[i] !== 45 && bytes[i] !== 95) return;
  }
  row.methodStart = start;
  row.methodEnd = methodEnd;
  row.stemStart = methodEnd + 1;
  let stop = row.stemStart;
  while (stop < end && bytes[stop] !== SPACE && bytes[stop] !== 63) stop++;
  row.stemEnd = stop;
}

/** After the status: bytes; then nothing (common), or referer and user agent (combined) and perhaps more. */
function takeRest(bytes: Uint8Array, statusEnd: number, end: number, row: LogRow): string | null {
  if (bytes[statusEnd] !== SPACE || statusEnd + 1 >= end) return "no count of bytes";
  let bytesEnd = statusEnd + 1;
  while (bytesEnd < end && bytes[bytesEnd] !== SPACE) {
    const digit = bytes[bytesEnd] - 48;
    if ((digit < 0 || digit > 9) && digit !== -3) return "a count of bytes that is no number";
    bytesEnd++;
  }
  if (bytes[bytesEnd + 1] !== QUOTE || bytesEnd + 1 >= end) return null;
  const refererEnd = closingQuote(bytes, bytesEnd + 2, end);
  if (refererEnd < 0) return "referer without its closing quote";
  if (bytes[refererEnd + 2] !== QUOTE || refererEnd + 2 >= end) return null;
  const agentStart = refererEnd + 3;
  const agentEnd = closingQuote(bytes, agentStart, end);
  if (agentEnd < 0) return "user agent without its closing quote";
  row.agentStart = agentStart;
  row.agentEnd = agentEnd;
  return null;
}

function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === byte) return i;
  return -1;
}

/** The quote that ends a value: not escaped, and followed by a space or the end of the line. -1 when there is none. */
function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] === BACKSLASH) i++;
    else if (bytes[i] === QUOTE && (i + 1 === end || bytes[i + 1] === SPACE)) return i;
  }
  return -1;
}
