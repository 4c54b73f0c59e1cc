// What a page keeps in its session: named items, as a page would put them there, and whether they must be written back. A measured
// session must weigh what it says, so the bytes are real strings of their own, one to 1024 bytes each, never one string shared by
// many sessions.

import { isImmutable } from "./item/net-value.ts";

/**
 * The live object behind `Session["name"]`. InProc keeps this very object; a provider out of process keeps its bytes.
 * `dirty` is set by every change and by handing out a value that could be changed behind our back, as in ASP.NET: merely looking at
 * a list in the session has the whole session written back.
 * Source: .NET reference source, SessionStateItemCollection.cs (s_immutableTypes).
 */
export class SessionItems extends Map<string, unknown> {
  dirty = false;

  override get(name: string): unknown {
    const value = this.peek(name);
    if (!isImmutable(value)) this.dirty = true;
    return value;
  }

  /** The value as it is, for who will not change it: the session stays as clean as it was. */
  peek(name: string): unknown {
    return super.get(name);
  }

  /** The serialised value, where it came from a store and was not put anew; else null. */
  storedBytes(_name: string): Uint8Array | null {
    return null;
  }

  override set(name: string, value: unknown): this {
    this.dirty = true;
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.dirty = true;
    return super.delete(name);
  }

  override clear(): void {
    this.dirty = true;
    super.clear();
  }

  override *entries(): Generator<[string, unknown], undefined> {
    for (const name of this.keys()) yield [name, this.get(name)];
  }

  override *values(): Generator<unknown, undefined> {
    for (const name of this.keys()) yield this.get(name);
  }

  override [Symbol.iterator](): Generator<[string, unknown], undefined> {
    return this.entries();
  }

  override forEach(visit: (value: unknown, name: string, items: Map<string, unknown>) => void, self?: unknown): void {
    for (const [name, value] of this) visit.call(self, value, name, this);
  }
}

/** A session's state is cut into items of at most so many bytes, as a page stores rows and small objects rather than one blob. */
export const ITEM_BYTES_MAX = 1024;

/**
 * What a page does that changes its session: the first time it puts the whole state there, later it writes one of the items anew.
 * @param stateBytes of the whole state, at least 0.
 */
export function changeItems(items: SessionItems, stateBytes: number): void {
  const changesBefore = items.get("changes");
  const changes = typeof changesBefore === "number" ? changesBefore + 1 : 1;
  items.set("changes", changes);
  const itemCount = Math.ceil(stateBytes / ITEM_BYTES_MAX);
  if (changes > 1 && itemCount > 0) {
    const index = changes % itemCount;
    items.set(`item${index}`, freshText(bytesOfItem(index, stateBytes), changes));
    return;
  }
  for (let index = 0; index < itemCount; index++) {
    items.set(`item${index}`, freshText(bytesOfItem(index, stateBytes), index));
  }
}

function bytesOfItem(index: number, stateBytes: number): number {
  return Math.min(ITEM_BYTES_MAX, stateBytes - index * ITEM_BYTES_MAX);
}

/** A string of its own on the heap, one byte a character. `repeat` and slices would only point at shared memory. */
function freshText(bytes: number, salt: number): string {
  return Buffer.alloc(bytes, 97 + (salt % 26)).toString("latin1");
}
