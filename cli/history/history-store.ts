// What a place for a history can do, be it a directory or a branch: keep small files by name, and add to them. It never changes or
// removes one.

export interface StoredFile {
  readonly name: string;
  readonly content: string;
}

export interface HistoryFiles {
  /** In order of their names. */
  readonly files: readonly StoredFile[];
  /** What `append` must be told, so that nothing another writer added since is passed over; null where there is nothing yet. */
  readonly version: string | null;
}

export interface HistoryStore {
  /** For messages: "the directory history", "the branch sessionlab-history". */
  readonly name: string;
  /** How the user finds a file of it: "history/2026….json", "sessionlab-history:2026….json". */
  readonly placeOf: (file: string) => string;
  /**
   * @param onShare is told now and then how much has been read, 0 to 1.
   * @throws InputError where there is no such place, or it cannot be read; one that does not exist yet is empty with `orEmpty`.
   */
  readonly read: (options: {
    readonly orEmpty: boolean;
    readonly onShare?: (share: number) => void;
  }) => Promise<HistoryFiles>;
  /**
   * Adds files, all or none; names must be new.
   * @returns false, with nothing added, when somebody else wrote since `version`: read again.
   */
  readonly append: (files: readonly StoredFile[], version: string | null, message: string) => Promise<boolean>;
  /** What to do next, where something is: how to push a branch. */
  readonly afterwards: string | null;
}
