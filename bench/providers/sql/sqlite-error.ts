// What SQLite answers when it cannot, told in the terms of a store. A failure that is none of SQLite's is a mistake of ours and stays
// what it is. Source: sqlite.org/rescode.html (the lowest eight bits are the primary code).

import { StoreError, type StoreErrorKind } from "../store-error.ts";

const SQLITE_BUSY = 5;

const kindByCode: ReadonlyMap<number, StoreErrorKind> = new Map<number, StoreErrorKind>([
  // SQLITE_ERROR: a table of that name has other columns.
  [1, "schema"],
  // SQLITE_BUSY, SQLITE_LOCKED: another process went on writing for longer than the command timeout.
  [SQLITE_BUSY, "timeout"],
  [6, "timeout"],
  // SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN.
  [8, "unreachable"],
  [10, "unreachable"],
  [14, "unreachable"],
  // SQLITE_CORRUPT, SQLITE_NOTADB: the file is something else.
  [11, "schema"],
  [26, "schema"],
  // SQLITE_NOMEM, SQLITE_FULL.
  [7, "full"],
  [13, "full"],
  // SQLITE_TOOBIG: a session of more than a thousand million bytes.
  [18, "state"],
]);

/** Another process was writing. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === SQLITE_BUSY;
}

/** @returns a StoreError with SQLite's own words for what SQLite could not do, anything else as it is. */
export function sqliteError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ERR_INVALID_STATE") {
    return new StoreError("unreachable", "The SQLite session database is closed.", { cause: error });
  }
  if (error.code !== "ERR_SQLITE_ERROR") return error;
  const message = `The SQLite session database cannot be used: ${error.message}.`;
  return new StoreError(kindByCode.get(codeOf(error)) ?? "protocol", message, { cause: error });
}

/** 0 where there is none. */
function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}
