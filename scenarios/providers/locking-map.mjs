// A provider of one's own: the sessions in a Map of the worker's process, with the locks that ASP.NET's providers have. Copy it and
// put a database of yours in place of the Map.
//
//   store: { provider: module, module: ./providers/locking-map.mjs }
//
// A provider is a module that exports createStore(options) and answers
//   - a store of bytes, as here: the methods below, whose state is the bytes that ASP.NET would send to a state server or a database;
//   - or a store made for express-session (get, set, destroy, touch), which has no locks.
// options: connection (store.connection, or null), minuteMs (what a minute of timeout really lasts: less than 60000 in a
// compressed run), applicationId, networkTimeoutMs, commandTimeoutMs, executionTimeoutMs. createStore may be async, and should ask
// its database something, so that a wrong connection is told before the run. Whatever a method throws is counted as a failed
// request; an error named "StoreError" with a kind ("unreachable", "timeout", "login", "schema", "protocol", "full" or "state")
// says more. "sessionlab verify-store ./locking-map.mjs" tells which rules of ASP.NET's contract a provider keeps.

const nothing = { item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false };

export function createStore({ minuteMs }) {
  /** id -> { item: { bytes, timeoutMinutes }, expiresAtMs, lockId, lockedAtMs (null: not locked), uninitialized } */
  const sessions = new Map();

  const now = () => performance.now();

  /** Every call comes through here: a session past its time is gone, any other has its time start anew. */
  function find(id) {
    const session = sessions.get(id);
    if (session === undefined) return undefined;
    if (session.expiresAtMs <= now()) {
      sessions.delete(id);
      return undefined;
    }
    session.expiresAtMs = now() + session.item.timeoutMinutes * minuteMs;
    return session;
  }

  function findOwned(id, lockId) {
    const session = find(id);
    return session !== undefined && session.lockedAtMs !== null && session.lockId === lockId ? session : undefined;
  }

  function put(id, item, uninitialized) {
    const expiresAtMs = now() + item.timeoutMinutes * minuteMs;
    sessions.set(id, { item, expiresAtMs, lockId: 1, lockedAtMs: null, uninitialized });
  }

  function get(id, exclusive) {
    const session = find(id);
    if (session === undefined) return nothing;
    if (session.lockedAtMs !== null) {
      return { ...nothing, locked: true, lockAgeMs: now() - session.lockedAtMs, lockId: session.lockId };
    }
    const initialize = session.uninitialized;
    session.uninitialized = false;
    if (exclusive) {
      session.lockId++;
      session.lockedAtMs = now();
    }
    return { ...nothing, item: session.item, lockId: exclusive ? session.lockId : null, initialize };
  }

  return {
    /** Reports name it. */
    engine: "locking-map 1",
    capabilities: {
      exclusiveLocks: true,
      sessionEnd: false,
      survivesRecycle: false,
      sharedBetweenServers: false,
      liveReferences: false,
      heldByClient: false,
    },
    getItem: async (id) => get(id, false),
    getItemExclusive: async (id) => get(id, true),
    async setAndReleaseItemExclusive(id, item, lockId, newItem) {
      const session = newItem ? undefined : findOwned(id, lockId);
      if (newItem) put(id, item, false);
      if (session === undefined) return;
      session.item = item;
      session.lockedAtMs = null;
      session.expiresAtMs = now() + item.timeoutMinutes * minuteMs;
    },
    async releaseItemExclusive(id, lockId) {
      const session = findOwned(id, lockId);
      if (session !== undefined) session.lockedAtMs = null;
    },
    async removeItem(id, lockId) {
      return findOwned(id, lockId) !== undefined && sessions.delete(id);
    },
    async resetItemTimeout(id) {
      find(id);
    },
    async createUninitializedItem(id, empty) {
      if (find(id) === undefined) put(id, empty, true);
    },
    /** Optional: for the samples of a run. */
    async census() {
      const live = [...sessions.values()].filter(({ expiresAtMs }) => expiresAtMs > now()).length;
      return { stored: sessions.size, live, bytes: null };
    },
    /** Optional: the job that removes what has expired, started each minute. */
    async deleteExpired() {
      const before = sessions.size;
      for (const [id, { expiresAtMs }] of sessions) if (expiresAtMs <= now()) sessions.delete(id);
      return { sessions: before - sessions.size, lifetimesMs: null };
    },
    async close() {
      sessions.clear();
    },
  };
}
