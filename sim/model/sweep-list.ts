// The sessions that have expired since the last sweep, in that order, for the next one to remove.

interface SweepList {
  length(): number;
  at(index: number): number;
  add(session: number): void;
  clear(): void;
}

export function createSweepList(): SweepList {
  let sessions = new Int32Array(256);
  let length = 0;
  return {
    length: () => length,
    at: (index) => sessions[index],
    add(session) {
      if (length === sessions.length) {
        const longer = new Int32Array(length * 2);
        longer.set(sessions);
        sessions = longer;
      }
      sessions[length++] = session;
    },
    clear() {
      length = 0;
    },
  };
}
