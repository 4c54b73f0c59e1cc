// What the memory driver fills and weighs: a store somewhere, with ways to put sessions into it, to have the expired ones removed, and
// to tell what memory is taken now.

/** One way of telling the memory. */
export interface Measure {
  readonly name: string;
  /** Readings come in steps of so many bytes. */
  readonly resolutionBytes: number;
}

export interface Reading {
  /** Ours that are in the store, expired ones not yet removed included; null where it cannot be counted. */
  readonly stored: number | null;
  /** In the order of the measures. */
  readonly bytes: readonly number[];
}

export interface MemorySubject {
  /** Engine and version of the store; null where there is none to name. */
  readonly engine: string | null;
  /** The first is the one the figures speak of. */
  readonly measures: readonly Measure[];
  /** Sessions that were there before. */
  readonly othersStored: number;
  /** Puts a new session there for each size. @throws StoreError when the store cannot keep them. */
  add(stateBytes: readonly number[], timeoutMs: number): Promise<void>;
  /** Garbage is collected first, where the memory is a heap. */
  read(): Promise<Reading>;
  /** What the store's own sweep or job would do now; nothing where it does it unasked. */
  removeExpired(): Promise<void>;
  /** Whatever was started for it is gone afterwards. */
  close(): Promise<void>;
}

/** How a store can be weighed, by its provider and by whose it is. */
export interface SubjectKind {
  /**
   * true: each filling gets a store as new. false: one store, in which every filling stands on those before it, since it would not
   * give its room back in between.
   */
  readonly freshEachTime: boolean;
  /** Sessions may go as soon as their time is over, and not only when `removeExpired` is called. */
  readonly expiresByItself: boolean;
  /** Nobody else uses it. */
  readonly ours: boolean;
  /** Put into each new store before anything counts: with fewer its readings mean nothing yet. */
  readonly baseSessions: number;
  /** What a minute of session timeout lasts in it. */
  readonly minuteMs: number;
  /** @throws InputError when it cannot be started or opened. */
  open(): Promise<MemorySubject>;
  /** What outlived the subjects is gone afterwards. */
  close(): Promise<void>;
}
