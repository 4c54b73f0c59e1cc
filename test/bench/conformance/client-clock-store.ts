// A provider of a user's own whose mistake is to ask the web server for the time.

import type { ByteStore } from "../../../bench/providers/byte-store.ts";
import type { ProviderOptions } from "../../../bench/providers/provider-module.ts";
import { openSqlite } from "../../../bench/providers/sql/sqlite.ts";

export function createStore(options: ProviderOptions): Promise<ByteStore> {
  return openSqlite(options.connection ?? ":memory:", options, () => Date.now());
}
