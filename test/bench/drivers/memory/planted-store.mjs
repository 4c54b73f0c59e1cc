// A store whose memory is known to the byte: OVERHEAD_BYTES + the bytes of the session's state, and nothing else, on the heap of the
// process that holds it. All tables are made at the start; of each session it keeps one string, of which V8 (64 bits, without pointer
// compression) takes a header of 16 bytes and a byte a character, in whole words of 8.

const OVERHEAD_BYTES = 1_000;
const HEADER_BYTES = 16;
const SESSIONS_MAX = 1 << 15;

const nothing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

export function createStore() {
  const planted = new Array(SESSIONS_MAX).fill(null);
  const expiresAtMs = new Float64Array(SESSIONS_MAX);
  let count = 0;

  return {
    contract: "items",
    engine: "planted 1",
    capabilities: {
      exclusiveLocks: false,
      sessionEnd: false,
      survivesRecycle: false,
      sharedBetweenServers: false,
      liveReferences: false,
      heldByClient: false,
    },
    getItem: async () => nothing,
    getItemExclusive: async () => nothing,
    async setAndReleaseItemExclusive(_id, { items, timeoutMs }) {
      let stateBytes = 0;
      for (const name of items.keys()) {
        const value = items.peek(name);
        if (typeof value === "string") stateBytes += value.length;
      }
      if (stateBytes % 8 !== 0) throw new Error("sizes are whole words");
      if (count === SESSIONS_MAX) throw new Error("full");
      expiresAtMs[count] = performance.now() + timeoutMs;
      planted[count++] = Buffer.alloc(OVERHEAD_BYTES + stateBytes - HEADER_BYTES, 97).toString("latin1");
      return undefined;
    },
    releaseItemExclusive: async () => undefined,
    removeItem: async () => false,
    resetItemTimeout: async () => undefined,
    createUninitializedItem: async () => undefined,
    /** All go together, when the last has expired. */
    census: async () => {
      if (count > 0 && expiresAtMs[count - 1] < performance.now()) {
        planted.fill(null, 0, count);
        count = 0;
      }
      return { stored: count, live: count, bytes: null };
    },
  };
}
