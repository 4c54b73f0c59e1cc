// What it takes to open the store of a site. Plain JSON: the runner decides it, the host's process opens it. It holds passwords and
// is never printed or kept in a result.

import type { StoreProvider } from "../../config/scenario.ts";
import type { ByteStoreOptions } from "./byte-store.ts";

export interface StoreSettings {
  readonly provider: StoreProvider;
  /** One for each partition; empty for a provider that needs none (in-proc, sealed-cookie, sqlite in memory). */
  readonly connections: readonly string[];
  /** Of express-session: the package of the store. Of module: the path of the provider. Else null. */
  readonly module: string | null;
  /** The serialised state is deflated. */
  readonly compression: boolean;
  readonly options: ByteStoreOptions;
}
