// An access log, read from chunks of bytes cut anywhere, in a bounded amount of memory: lines are found, the format is told from the
// first line that has one, rows are handed on, and what cannot be read is counted and kept to be shown. Nothing here is fatal.

import { parseNcsaLine } from "./ncsa.ts";
import { createRow, type LogRow, textOf } from "./row.ts";
import { createW3cParser } from "./w3c.ts";

export type LogFormat = "w3c" | "ncsa";

export interface BrokenLine {
  /** Counts from 1. */
  readonly line: number;
  /** The beginning of the line. */
  readonly text: string;
  readonly why: string;
}

/** What a reader has seen so far. */
export interface LogCensus {
  /** null until a line told. */
  format: LogFormat | null;
  lines: number;
  /** W3C: how many #Fields lines. */
  headerBlocks: number;
  dataRows: number;
  brokenCount: number;
  /** The first few. */
  readonly broken: BrokenLine[];
  /** Rows with an earlier time than the row before them. */
  rowsOutOfTimeOrder: number;
  linesEndingInCrLf: number;
  linesEndingInLf: number;
  /** A byte 0 was met: no access log has one. */
  binary: boolean;
}

export interface LogReader {
  readonly census: LogCensus;
  /** Reads a chunk; `onRow` is called for every row that ends in it. The chunk may be used again afterwards. */
  push(chunk: Uint8Array): void;
  /** Reads the last line if no line end closed it. */
  end(): void;
}

/** A longer line is broken; its bytes are let go. */
export const LINE_BYTES_MAX = 1 << 20;
const tooLong = "a line of more than 1 MiB";
const BROKEN_KEPT_MAX = 5;
const BROKEN_TEXT_MAX = 120;

/** @param onRow gets the same row object every time: take from it what is needed, at once. */
export function createLogReader(onRow: (row: LogRow) => void): LogReader {
  const census: LogCensus = {
    format: null,
    lines: 0,
    headerBlocks: 0,
    dataRows: 0,
    brokenCount: 0,
    broken: [],
    rowsOutOfTimeOrder: 0,
    linesEndingInCrLf: 0,
    linesEndingInLf: 0,
    binary: false,
  };
  const row = createRow();
  const w3c = createW3cParser();
  let atBeforeMs = Number.NEGATIVE_INFINITY;
  // The beginning of a line whose end has not come yet.
  let carry = new Uint8Array(4096);
  let carryLength = 0;
  let overlong = false;

  function broken(bytes: Uint8Array, start: number, end: number, why: string): void {
    census.brokenCount++;
    if (census.broken.length >= BROKEN_KEPT_MAX) return;
    const text = textOf(bytes, start, Math.min(end, start + BROKEN_TEXT_MAX));
    census.broken.push({ line: census.lines, text: end - start > BROKEN_TEXT_MAX ? `${text}…` : text, why });
  }

  function readRow(bytes: Uint8Array, start: number, end: number): void {
    let why: string | null;
    if (census.format === "w3c") why = w3c.row(bytes, start, end, row);
    else {
      why = parseNcsaLine(bytes, start, end, row);
      if (why === null) census.format = "ncsa";
      else if (census.format === null) why = "no line of an access log";
    }
    if (why !== null) {
      broken(bytes, start, end, why);
      return;
    }
    census.dataRows++;
    if (row.atMs < atBeforeMs) census.rowsOutOfTimeOrder++;
    atBeforeMs = row.atMs;
    onRow(row);
  }

  /** One line without its line feed. */
  function readLine(bytes: Uint8Array, lineStart: number, lineEnd: number, closed: boolean): void {
    census.lines++;
    let start = lineStart;
    let end = lineEnd;
    const crLf = end > start && bytes[end - 1] === 13;
    if (crLf) end--;
    if (end - start > LINE_BYTES_MAX) {
      broken(bytes, start, end, tooLong);
      return;
    }
    if (closed && crLf) census.linesEndingInCrLf++;
    else if (closed) census.linesEndingInLf++;
    if (census.lines === 1 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf)
      start += 3;
    while (end > start && (bytes[end - 1] === 32 || bytes[end - 1] === 9)) end--;
    if (end === start) return;
    if (bytes[start] === 35 && census.format !== "ncsa") {
      w3c.directive(bytes, start, end);
      census.headerBlocks = w3c.headerBlocks();
      if (census.headerBlocks > 0) census.format = "w3c";
      return;
    }
    readRow(bytes, start, end);
  }

  function keep(chunk: Uint8Array, start: number): void {
    const length = chunk.length - start;
    if (overlong || carryLength + length > LINE_BYTES_MAX + 1) {
      if (!overlong) {
        // Enough is kept to show how the line begins, and to find it too long.
        census.lines++;
        broken(joined(chunk, start, Math.min(chunk.length, start + 4096)), 0, carryLength, tooLong);
      }
      overlong = true;
      carryLength = 0;
      return;
    }
    joined(chunk, start, chunk.length);
  }

  /** Appends to the carry, which grows by doubling. */
  function joined(chunk: Uint8Array, start: number, end: number): Uint8Array {
    const length = carryLength + end - start;
    if (length > carry.length) {
      const larger = new Uint8Array(Math.max(length, carry.length * 2));
      larger.set(carry.subarray(0, carryLength));
      carry = larger;
    }
    carry.set(chunk.subarray(start, end), carryLength);
    carryLength = length;
    return carry;
  }

  function push(chunk: Uint8Array): void {
    if (census.format === null && chunk.includes(0)) census.binary = true;
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (overlong) {
        overlong = false;
      } else if (carryLength > 0) {
        readLine(joined(chunk, start, end), 0, carryLength, true);
        carryLength = 0;
      } else readLine(chunk, start, end, true);
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk, start);
  }

  function end(): void {
    if (carryLength > 0) readLine(carry, 0, carryLength, false);
    carryLength = 0;
    overlong = false;
  }

  return { census, push, end };
}
