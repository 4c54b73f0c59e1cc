// First come, first served, one at a time for each key: how classic ASP runs the requests of one session.

export interface Turns {
  /** Somebody has the turn of this key, so that one more would wait. */
  taken(key: string): boolean;
  /** Runs `work` once everybody who came before under this key is done, whether or not they failed. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const lastByKey = new Map<string, Promise<unknown>>();
  return {
    taken: (key) => lastByKey.has(key),
    take(key, work) {
      const before = lastByKey.get(key);
      const mine = before === undefined ? work() : before.then(work, work);
      lastByKey.set(key, mine);
      const leave = () => {
        if (lastByKey.get(key) === mine) lastByKey.delete(key);
      };
      mine.then(leave, leave);
      return mine;
    },
  };
}
