// What is kept of a session only while somebody attends to it: the visitor it belongs to, the request that has it locked, those who
// wait. Most stored sessions wait for their end alone and have no such record.

import { createSlots } from "../engine/slots.ts";
import { NONE } from "./session-rows.ts";

/** Places of the numbers of record r, from r × ATTENTION on. */
export const ATTENTION = 4;
/** The visitor who will come back to it. */
export const OWNER = 0;
export const LOCK_OWNER = 1;
/** Requests that poll for it. */
export const WAITERS = 2;
/** Classic ASP: who has it next. */
export const FIRST_IN_LINE = 3;

interface AttentionTable {
  /** Read afresh after every `take`. */
  readonly columns: { readonly row: Int32Array };
  take(owner: number): number;
  give(record: number): void;
  /** Nobody attends to the session any more. */
  isIdle(record: number): boolean;
}

export function createAttentionTable(): AttentionTable {
  const slots = createSlots({ row: "i32" }, { row: ATTENTION });
  const { columns } = slots;
  return {
    columns,
    take(owner) {
      const record = slots.take();
      const at = record * ATTENTION;
      columns.row[at + OWNER] = owner;
      columns.row[at + LOCK_OWNER] = NONE;
      columns.row[at + WAITERS] = 0;
      columns.row[at + FIRST_IN_LINE] = NONE;
      return record;
    },
    give: slots.give,
    isIdle(record) {
      const { row } = columns;
      const at = record * ATTENTION;
      const unowned = row[at + OWNER] === NONE && row[at + LOCK_OWNER] === NONE;
      return unowned && row[at + WAITERS] === 0 && row[at + FIRST_IN_LINE] === NONE;
    },
  };
}
