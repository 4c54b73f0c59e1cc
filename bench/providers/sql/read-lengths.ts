// How long the state was when it was read, for each lock that is held: the write then knows whether the other column has to be
// emptied. ASP.NET keeps it with the request; here several requests share a store. A lock that is never given back (its owner died)
// would stay for ever, so the oldest are forgotten.
// Source: .NET reference source, sqlstateclientmanager.cs (_rqOrigStreamLen).

const LOCKS_MAX = 100_000;

export interface ReadLengths {
  remember(sessionId: string, lockId: number, length: number): void;
  /** Once; undefined where nothing is known. */
  take(sessionId: string, lockId: number): number | undefined;
}

export function readLengths(locksMax: number = LOCKS_MAX): ReadLengths {
  const lengths = new Map<string, number>();
  const keyOf = (sessionId: string, lockId: number) => `${lockId} ${sessionId}`;
  return {
    remember(sessionId, lockId, length) {
      lengths.set(keyOf(sessionId, lockId), length);
      if (lengths.size <= locksMax) return;
      const [oldest] = lengths.keys();
      lengths.delete(oldest!);
    },
    take(sessionId, lockId) {
      const key = keyOf(sessionId, lockId);
      const length = lengths.get(key);
      lengths.delete(key);
      return length;
    },
  };
}
