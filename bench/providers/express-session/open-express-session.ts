// An express-session store by the name of its package: found, made, asked once, and put behind the contract of the session module.

import type { ByteStoreOptions } from "../byte-store.ts";
import type { OpenedStore } from "../opened-store.ts";
import { expressSessionStore } from "./express-session-store.ts";
import { findModule } from "./modules.ts";
import { makeExpressStore } from "./recipes.ts";
import { PROBE_ID } from "./shape.ts";

/**
 * @param packageName of npm; "express-session" for its own MemoryStore.
 * @param connection null where none is given.
 * @throws InputError when it is not installed or cannot be made, StoreError when what is behind it does not answer.
 */
export async function openExpressSessionStore(
  packageName: string,
  connection: string | null,
  options: ByteStoreOptions,
  folder: string = process.cwd(),
): Promise<OpenedStore> {
  const found = await findModule(packageName, folder);
  const made = await makeExpressStore({ package: found, connection, options, folder });
  const store = expressSessionStore({
    ...made,
    name: packageName,
    clock: Date.now,
    timeoutMs: options.networkTimeoutMs,
  });
  const close = async () => store.close?.();
  try {
    await store.getItem(PROBE_ID);
  } catch (error) {
    await close();
    throw error;
  }
  const version = found.version === null ? packageName : `${packageName} ${found.version}`;
  return { store, engine: made.server === null ? version : `${version} on ${made.server}`, close };
}
