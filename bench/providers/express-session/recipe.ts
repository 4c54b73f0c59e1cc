// What a recipe for an express-session store is given and what it makes.

import type { ByteStoreOptions } from "../byte-store.ts";
import type { Census } from "../session-store.ts";
import { type FoundModule, findModule } from "./modules.ts";
import type { ExpressStore } from "./shape.ts";

export interface RecipeParts {
  readonly package: FoundModule;
  /** null where none is given. */
  readonly connection: string | null;
  readonly options: ByteStoreOptions;
  /** Where the user works: packages are looked for there first. */
  readonly folder: string;
}

export interface MadeStore {
  readonly store: ExpressStore;
  /** Engine and version of the server behind it; null where there is none, or none that we know. */
  readonly server: string | null;
  readonly survivesRecycle: boolean;
  readonly sharedBetweenServers: boolean;
  readonly census?: () => Promise<Census>;
  close(): Promise<void>;
}

export type Recipe = (parts: RecipeParts) => Promise<MadeStore>;

export type Constructor = new (options?: unknown) => unknown;
export type Factory = (session: unknown) => unknown;

/** The function `session` of express-session, which carries the class that stores are made from. */
export async function expressSession(folder: string): Promise<unknown> {
  return (await findModule("express-session", folder)).exports.default;
}
