// The state of a session whose memory is measured: cut into items as a page of the bench cuts it, but of random text, so that a store
// that compresses finds no more to gain than in a real page.

import { randomBytes } from "node:crypto";
import { ITEM_BYTES_MAX, SessionItems } from "../../providers/session-items.ts";

/** One-byte characters, 64 of them: six bits of chance in each. */
const ALPHABET = Buffer.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", "latin1");
const POOL_BYTES = 1 << 20;

/** @returns a maker of items with so many bytes of text, no two alike. */
export function createContent(): (stateBytes: number) => SessionItems {
  const pool = randomBytes(POOL_BYTES).map((byte) => ALPHABET[byte & 63]) as Buffer;
  /** A string of its own on the heap: decoded, not cut from another string. */
  const text = (bytes: number) => {
    const from = Math.floor(Math.random() * (POOL_BYTES - bytes));
    return pool.toString("latin1", from, from + bytes);
  };
  return (stateBytes) => {
    const items = new SessionItems();
    items.set("changes", 1);
    for (let done = 0; done < stateBytes; done += ITEM_BYTES_MAX) {
      items.set(`item${done / ITEM_BYTES_MAX}`, text(Math.min(ITEM_BYTES_MAX, stateBytes - done)));
    }
    return items;
  };
}
