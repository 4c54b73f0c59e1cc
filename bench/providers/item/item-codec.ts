// A whole session as ASP.NET's StateServer and SQLServer modes store it, byte for byte: what is written here an ASP.NET application
// reads, and the other way round. Names that differ in case alone are two items here and one there: a page that shares its sessions
// with ASP.NET must not use both.
//
//   int32 timeoutMinutes | byte hasItems | byte hasStaticObjects | [items] | [static objects] | 0xFF
//   items: int32 count | int32 index of the item without a name, or -1 | names | count × int32 end of a value | values
//
// Source: .NET reference source, SessionStateUtil.cs, SessionStateItemCollection.cs.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { assert } from "../../../config/assert.ts";
import type { SessionItems } from "../session-items.ts";
import { StoreError } from "../store-error.ts";
import { ByteReader, ByteWriter } from "./item-bytes.ts";
import { writeValue } from "./item-values.ts";
import { cannotSerialise, invalidState } from "./state-errors.ts";
import { StoredItems } from "./stored-items.ts";

export interface CodedItem {
  /** Whole, of 32 bits. */
  readonly timeoutMinutes: number;
  readonly items: SessionItems;
}

/**
 * The name under which SessionItems holds the one item that a .NET session may have without a name. No UTF-8 text can be this, so
 * it is never the name of another.
 */
export const NO_NAME = "\uD800";

/** A compressed session is not inflated beyond this: a few kilobytes could otherwise ask for gigabytes. */
export const INFLATED_BYTES_MAX = 64 * 1024 * 1024;

const END = 0xff;
const TIMEOUT_MINUTES_MAX = 2 ** 31 - 1;
/** Least that an item takes beside its value's payload and its name's letters: length of the name, end of the value, type. */
const ITEM_BYTES_MIN = 6;

/**
 * @param compress raw Deflate, with the one byte behind it that keeps a database from trimming a zero at the end.
 * @throws StoreError in ASP.NET's words when an item cannot be serialised.
 */
export function encodeItem({ timeoutMinutes, items }: CodedItem, { compress }: { compress: boolean }): Uint8Array {
  assert(Number.isInteger(timeoutMinutes), "a serialised timeout is whole minutes");
  assert(Math.abs(timeoutMinutes) <= TIMEOUT_MINUTES_MAX, "a serialised timeout has 32 bits");
  const writer = new ByteWriter();
  writer.whole(timeoutMinutes, 4);
  writer.byte(items.size > 0 ? 1 : 0);
  const staticObjects = items instanceof StoredItems ? items.staticObjects : null;
  writer.byte(staticObjects === null ? 0 : 1);
  if (items.size > 0) writeItems(writer, items);
  if (staticObjects !== null) writer.bytes(staticObjects);
  writer.byte(END);
  const bytes = writer.finish();
  if (!compress) return bytes;
  const deflated = deflateRawSync(bytes);
  const padded = new Uint8Array(deflated.length + 1);
  padded.set(deflated);
  padded[deflated.length] = END;
  return padded;
}

function writeItems(writer: ByteWriter, items: SessionItems): void {
  const names = [...items.keys()];
  writer.whole(names.length, 4);
  writer.whole(names.indexOf(NO_NAME), 4);
  for (const name of names) if (name !== NO_NAME) writer.text(name);
  const endsAt = writer.reserve(4 * names.length);
  const valuesAt = writer.length;
  for (const [index, name] of names.entries()) {
    const stored = items.storedBytes(name);
    if (stored === null) writeItem(writer, name, items.peek(name));
    else writer.bytes(stored);
    writer.int32At(endsAt + 4 * index, writer.length - valuesAt);
  }
}

/** ASP.NET's words do not say which item is to blame; the cause does. */
function writeItem(writer: ByteWriter, name: string, value: unknown): void {
  try {
    writeValue(writer, value);
  } catch (error) {
    if (!(error instanceof StoreError && error.cause instanceof Error)) throw error;
    throw cannotSerialise(`item "${name}": ${error.cause.message}`);
  }
}

/**
 * @param bytes held by the items for as long as they live, and not to be changed.
 * @returns items that are clean and read one by one as a page asks for them.
 * @throws StoreError of kind "state" when the bytes are not a session; for a single value only once it is read.
 */
export function decodeItem(
  bytes: Uint8Array,
  { compressed }: { compressed: boolean },
): CodedItem & { readonly items: StoredItems } {
  const reader = new ByteReader(compressed ? inflate(bytes) : bytes);
  const timeoutMinutes = reader.signed(4);
  const hasItems = reader.byte() !== 0;
  const hasStaticObjects = reader.byte() !== 0;
  const { names, ends } = hasItems ? readTable(reader) : { names: [], ends: [] };
  const values = reader.bytes(ends.at(-1) ?? 0);
  // The length of a static object is known only to who can read it, so all that stands before the last byte is taken for them.
  const staticObjects = hasStaticObjects ? reader.bytes(Math.max(0, reader.left - 1)) : null;
  if (reader.byte() !== END) throw invalidState("the end byte is not where it should be");
  return { timeoutMinutes, items: new StoredItems(values, names, [0, ...ends], staticObjects) };
}

/** Names and ends of values, checked against each other and against what is left. */
function readTable(reader: ByteReader): { names: string[]; ends: number[] } {
  const count = reader.signed(4);
  if (count <= 0) return { names: [], ends: [] };
  const nameless = reader.signed(4);
  if (count * ITEM_BYTES_MIN - 1 > reader.left) {
    throw invalidState(`${count} items are announced, and ${reader.left} bytes are left`);
  }
  const names = Array.from({ length: count }, (_, index) => (index === nameless ? NO_NAME : reader.text()));
  if (new Set(names).size < count) throw invalidState("two items have one name");
  const ends: number[] = [];
  for (let previous = 0; ends.length < count; previous = ends[ends.length - 1]) {
    const end = reader.signed(4);
    if (end <= previous) throw invalidState(`a value begins at ${previous} and ends at ${end}`);
    ends.push(end);
  }
  return { names, ends };
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new StoreError("state", `A compressed session is longer than ${INFLATED_BYTES_MAX} bytes.`, {
        cause: error,
      });
    }
    throw invalidState(`the compressed session cannot be inflated: ${error instanceof Error ? error.message : error}`);
  }
}
