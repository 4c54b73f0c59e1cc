// One request as an access log has it, without a string made: a row points into the bytes it was read from, so that twenty million
// rows cost no garbage. A reader fills one row over and over; whoever wants to keep it takes a record.

/** Spans are half open, [start, end) within `bytes`; an empty span means that the log does not have the value. */
export interface LogRow {
  bytes: Uint8Array;
  /** UTC, ms since 1970. */
  atMs: number;
  /** HTTP status; 0 where the log has none. */
  status: number;
  /** -1 where it is not logged. */
  timeTakenMs: number;
  clientStart: number;
  clientEnd: number;
  agentStart: number;
  agentEnd: number;
  /** The Cookie header of the request. */
  cookieStart: number;
  cookieEnd: number;
  /** The Set-Cookie header of the response. */
  setCookieStart: number;
  setCookieEnd: number;
  methodStart: number;
  methodEnd: number;
  /** The path, without the query. */
  stemStart: number;
  stemEnd: number;
}

/** A row with its values taken out. */
export interface LogRecord {
  readonly atMs: number;
  readonly client: string;
  readonly userAgent: string;
  readonly cookies: string;
  readonly method: string;
  readonly stem: string;
  readonly status: number;
  readonly timeTakenMs: number | null;
}

export function createRow(): LogRow {
  return {
    bytes: new Uint8Array(0),
    atMs: 0,
    status: 0,
    timeTakenMs: -1,
    clientStart: 0,
    clientEnd: 0,
    agentStart: 0,
    agentEnd: 0,
    cookieStart: 0,
    cookieEnd: 0,
    setCookieStart: 0,
    setCookieEnd: 0,
    methodStart: 0,
    methodEnd: 0,
    stemStart: 0,
    stemEnd: 0,
  };
}

/** Forgets the line before: every span empty, no status, no time taken. */
export function clearRow(row: LogRow, bytes: Uint8Array): void {
  row.bytes = bytes;
  row.status = 0;
  row.timeTakenMs = -1;
  row.clientStart = row.clientEnd = 0;
  row.agentStart = row.agentEnd = 0;
  row.cookieStart = row.cookieEnd = 0;
  row.setCookieStart = row.setCookieEnd = 0;
  row.methodStart = row.methodEnd = 0;
  row.stemStart = row.stemEnd = 0;
}

const decoder = new TextDecoder();

/** The text of some bytes; what is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

export function recordOf(row: LogRow): LogRecord {
  const { bytes } = row;
  return {
    atMs: row.atMs,
    client: textOf(bytes, row.clientStart, row.clientEnd),
    userAgent: textOf(bytes, row.agentStart, row.agentEnd),
    cookies: textOf(bytes, row.cookieStart, row.cookieEnd),
    method: textOf(bytes, row.methodStart, row.methodEnd),
    stem: textOf(bytes, row.stemStart, row.stemEnd),
    status: row.status,
    timeTakenMs: row.timeTakenMs < 0 ? null : row.timeTakenMs,
  };
}
