// A set of 64-bit keys in eight bytes a place: it counts millions of different clients where strings or a Map would take gigabytes.

export interface KeySet {
  /** Adds a key; false when it was there. */
  add(low: number, high: number): boolean;
  size(): number;
}

/** Places are searched one after the other from the key's own; at seven tenths the table doubles. */
export function createKeySet(): KeySet {
  let mask = 1023;
  let keys = new Uint32Array(2 * (mask + 1));
  let size = 0;

  /** The place of the key, or the free place where it belongs. The key 0, 0 marks a free place. */
  function placeOf(table: Uint32Array, tableMask: number, low: number, high: number): number {
    let place = low & tableMask;
    for (;;) {
      const at = 2 * place;
      if ((table[at] === low && table[at + 1] === high) || (table[at] === 0 && table[at + 1] === 0)) return at;
      place = (place + 1) & tableMask;
    }
  }

  function double(): void {
    const largerMask = 2 * mask + 1;
    const larger = new Uint32Array(2 * (largerMask + 1));
    for (let at = 0; at < keys.length; at += 2) {
      if (keys[at] === 0 && keys[at + 1] === 0) continue;
      const to = placeOf(larger, largerMask, keys[at], keys[at + 1]);
      larger[to] = keys[at];
      larger[to + 1] = keys[at + 1];
    }
    keys = larger;
    mask = largerMask;
  }

  return {
    add(low, high) {
      const lowKey = low === 0 && high === 0 ? 1 : low;
      const at = placeOf(keys, mask, lowKey, high);
      if (keys[at] !== 0 || keys[at + 1] !== 0) return false;
      keys[at] = lowKey;
      keys[at + 1] = high;
      size++;
      if (size > 0.7 * (mask + 1)) double();
      return true;
    },
    size: () => size,
  };
}
