// The W3C extended log format as IIS writes it. What a column means is said by the last #Fields line, which may come again, and
// change, at any time: after a restart, after midnight, after someone ticked another box in the log settings. Times are UTC.
// Source: W3C working draft WD-logfile-960323; IIS documentation of W3C logging.

import { clearRow, type LogRow, textOf } from "./row.ts";
import { timeOfDayMs, w3cDateMs } from "./time.ts";

const DAY_MS = 86_400_000;

// What a column is to us. Everything else is passed over.
const OTHER = 0;
const DATE = 1;
const TIME = 2;
const CLIENT = 3;
const AGENT = 4;
const COOKIE = 5;
const SET_COOKIE = 6;
const METHOD = 7;
const STEM = 8;
const STATUS = 9;
const TIME_TAKEN = 10;

const roleOf: Readonly<Record<string, number>> = {
  date: DATE,
  time: TIME,
  "c-ip": CLIENT,
  "cs(user-agent)": AGENT,
  "cs(cookie)": COOKIE,
  "sc(set-cookie)": SET_COOKIE,
  "set-cookie": SET_COOKIE,
  "cs-method": METHOD,
  "cs-uri-stem": STEM,
  "sc-status": STATUS,
  "time-taken": TIME_TAKEN,
};

export interface W3cParser {
  /** Takes a `#` line. */
  directive(bytes: Uint8Array, start: number, end: number): void;
  /** Fills the row from a data line; answers null, or what is broken about the line. */
  row(bytes: Uint8Array, start: number, end: number, row: LogRow): string | null;
  /** How many #Fields lines there were. */
  headerBlocks(): number;
}

export function createW3cParser(): W3cParser {
  let roles: number[] | null = null;
  let headerBlocks = 0;
  // Without a date column, the day is that of the last #Date line, and the next one once the time has jumped back by half a day.
  let dayMs = Number.NaN;
  let timeBeforeMs = 0;

  function directive(bytes: Uint8Array, start: number, end: number): void {
    const text = textOf(bytes, start, end);
    const colon = text.indexOf(":");
    const name = text.slice(1, colon === -1 ? undefined : colon).toLowerCase();
    if (name === "fields") {
      headerBlocks++;
      const names = text.slice(colon + 1).split(/[ \t]+/);
      roles = names.filter((field) => field !== "").map((field) => roleOf[field.toLowerCase()] ?? OTHER);
    } else if (name === "date") {
      const at = start + colon + 1 + (text.slice(colon + 1).length - text.slice(colon + 1).trimStart().length);
      dayMs = w3cDateMs(bytes, at, Math.min(at + 10, end));
      const timeMs = timeOfDayMs(bytes, at + 11, Math.min(at + 19, end));
      timeBeforeMs = Number.isNaN(timeMs) ? 0 : timeMs;
    }
  }

  function row(bytes: Uint8Array, start: number, end: number, into: LogRow): string | null {
    if (roles === null) return "no #Fields line before it";
    clearRow(into, bytes);
    let dateMs = Number.NaN;
    let timeMs = Number.NaN;
    let column = 0;
    let dated = false;
    for (let at = start; at <= end; column++) {
      let stop = at;
      while (stop < end && bytes[stop] !== 32 && bytes[stop] !== 9) stop++;
      const missing = stop - at === 1 && bytes[at] === 45;
      switch (missing ? OTHER : roles[column]) {
        case DATE:
          dateMs = w3cDateMs(bytes, at, stop);
          dated = true;
          break;
        case TIME:
          timeMs = timeOfDayMs(bytes, at, stop);
          break;
        case CLIENT:
          into.clientStart = at;
          into.clientEnd = stop;
          break;
        case AGENT:
          into.agentStart = at;
          into.agentEnd = stop;
          break;
        case COOKIE:
          into.cookieStart = at;
          into.cookieEnd = stop;
          break;
        case SET_COOKIE:
          into.setCookieStart = at;
          into.setCookieEnd = stop;
          break;
        case METHOD:
          into.methodStart = at;
          into.methodEnd = stop;
          break;
        case STEM:
          into.stemStart = at;
          into.stemEnd = stop;
          break;
        case STATUS:
          into.status = statusOf(bytes, at, stop);
          break;
        case TIME_TAKEN:
          into.timeTakenMs = timeTakenMsOf(bytes, at, stop);
          break;
      }
      at = stop + 1;
    }
    if (column !== roles.length) return `${column} fields where #Fields names ${roles.length}`;
    if (Number.isNaN(timeMs)) return "no time that can be read";
    if (!dated) {
      if (timeMs < timeBeforeMs - DAY_MS / 2) dayMs += DAY_MS;
      timeBeforeMs = timeMs;
      dateMs = dayMs;
    }
    if (Number.isNaN(dateMs)) return "no date that can be read";
    if (into.status < 0) return "a status that is no number";
    into.atMs = dateMs + timeMs;
    return null;
  }

  return { directive, row, headerBlocks: () => headerBlocks };
}

/** A whole number of up to three digits; -1 when it is none. */
function statusOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 3) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** IIS writes whole milliseconds; a number with a point is in seconds, as the W3C draft has it. -1 when it is no number. */
function timeTakenMsOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let decimals = -1;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 48;
    if (digit === -2 && decimals < 0) decimals = 0;
    else if (digit < 0 || digit > 9) return -1;
    else {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
    }
  }
  return decimals < 0 ? value : Math.round((value / 10 ** decimals) * 1000);
}
