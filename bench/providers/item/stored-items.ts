// A session's items as they came from a store: each stays bytes until a page first reads it, and what no page puts anew is written
// back byte for byte, as a store out of process must for values it has no notion of.
// Source: .NET reference source, SessionStateItemCollection.cs (DeserializeItem, Serialize).

import { SessionItems } from "../session-items.ts";
import { ByteReader } from "./item-bytes.ts";
import { readValue } from "./item-values.ts";

/** Where a value stands in the bytes, and the value once it was read. */
class Slot {
  readonly start: number;
  readonly end: number;
  read = false;
  value: unknown = undefined;

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }
}

export class StoredItems extends SessionItems {
  readonly #bytes: Uint8Array;
  /** The objects that Global.asax declares for the session, as serialised; null where there are none. They go back as they came. */
  readonly staticObjects: Uint8Array | null;

  /**
   * @param bytes held, not copied, and never changed.
   * @param names in the order of their values.
   * @param starts of the values in `bytes`, and behind them the end of the last.
   */
  constructor(
    bytes: Uint8Array,
    names: readonly string[],
    starts: readonly number[],
    staticObjects: Uint8Array | null,
  ) {
    super();
    this.#bytes = bytes;
    this.staticObjects = staticObjects;
    for (const [index, name] of names.entries()) super.set(name, new Slot(starts[index], starts[index + 1]));
    this.dirty = false;
  }

  /** @throws StoreError when the bytes of this item are not a value. */
  override peek(name: string): unknown {
    const kept = super.peek(name);
    if (!(kept instanceof Slot)) return kept;
    if (!kept.read) {
      kept.value = readValue(new ByteReader(this.#bytes, kept.start, kept.end));
      kept.read = true;
    }
    return kept.value;
  }

  override storedBytes(name: string): Uint8Array | null {
    const kept = super.peek(name);
    return kept instanceof Slot ? this.#bytes.subarray(kept.start, kept.end) : null;
  }
}
