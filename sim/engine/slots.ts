// Numbered places for things that come and go (sessions, requests, visits): columns of numbers that grow together, and a free list,
// so that a place is used again and no object is made.

import { assert } from "../../config/assert.ts";

type Column = Float64Array | Int32Array | Uint8Array;
type ColumnKind = "f64" | "i32" | "u8";
type ColumnOf<K extends ColumnKind> = K extends "f64" ? Float64Array : K extends "i32" ? Int32Array : Uint8Array;

export interface Slots<S extends Record<string, ColumnKind>> {
  /** The columns. Read this property afresh after every `take`: growing replaces them. */
  readonly columns: { readonly [K in keyof S]: ColumnOf<S[K]> };
  /** Places in use. */
  readonly used: number;
  /** One above the highest place ever used. */
  readonly top: number;
  /** A free place; its columns hold whatever was there before. */
  take(): number;
  give(slot: number): void;
}

const arrayOf = { f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const;

/**
 * @param shape the columns by name, each with the kind of its numbers. @param widths columns that need several numbers a place: those
 *   of place p stand from p × width on.
 * @returns an empty table; it grows as places are taken, and never shrinks.
 */
export function createSlots<S extends Record<string, ColumnKind>>(
  shape: S,
  widths: Partial<Record<keyof S, number>> = {},
): Slots<S> {
  let capacity = 256;
  const widthOf = (name: string) => widths[name] ?? 1;
  const made = Object.entries(shape).map(([name, kind]) => [name, new arrayOf[kind](capacity * widthOf(name))]);
  // A record put together name by name would become a dictionary beyond some twenty columns, and each look at a column a search.
  const columns: Record<string, Column> = { ...Object.fromEntries(made) };
  let nextFree = new Int32Array(capacity);
  let firstFree = -1;
  // Fields, no accessors: an engine is slow to reach what an accessor of a literal gives.
  const slots = { columns: columns as Slots<S>["columns"], used: 0, top: 0, take, give };

  function grow(): void {
    capacity *= 2;
    for (const [name, kind] of Object.entries(shape)) {
      const larger = new arrayOf[kind](capacity * widthOf(name));
      larger.set(columns[name]);
      columns[name] = larger;
    }
    const larger = new Int32Array(capacity);
    larger.set(nextFree);
    nextFree = larger;
  }

  function take(): number {
    slots.used++;
    if (firstFree >= 0) {
      const slot = firstFree;
      firstFree = nextFree[slot];
      return slot;
    }
    if (slots.top === capacity) grow();
    return slots.top++;
  }

  function give(slot: number): void {
    assert(slots.used > 0, "only a used place is given back");
    slots.used--;
    nextFree[slot] = firstFree;
    firstFree = slot;
  }

  return slots;
}
