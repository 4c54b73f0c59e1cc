// Which place a history is in, as the options of its commands name it.

import { InputError } from "../../config/problem.ts";
import { branchStore } from "./history-branch.ts";
import { directoryStore } from "./history-directory.ts";
import type { HistoryStore } from "./history-store.ts";

export interface StoreOptions {
  readonly dir?: string;
  readonly branch?: string;
}

/** @throws InputError unless exactly one of the two is named. */
export function openStore({ dir, branch }: StoreOptions, action: string): HistoryStore {
  if (dir !== undefined && branch === undefined) return directoryStore(dir);
  if (branch !== undefined && dir === undefined) return branchStore(branch);
  const given = dir === undefined ? "" : `both a directory ("${dir}") and a branch ("${branch}")`;
  const expected = "a directory, or --branch and a name";
  throw new InputError(action, [{ at: "the place of the history", given, expected, mend: "name one" }]);
}
