// A real server that a bench or a test starts for itself: on a free port of the loopback address, with its data in a temporary
// folder, gone with everything when it is stopped or when we end.

import type { Census } from "../providers/session-store.ts";

export interface ManagedServer {
  /** Engine and version, "Redis 7.0.15". */
  readonly engine: string;
  /** What the provider of the same name opens; holds the server's own password where it has one. */
  readonly connection: string;
  readonly port: number;
  /** Of the process now running. */
  pid(): number;
  /** kill -9. Resolves when the process is gone. Its data stay. */
  kill(): Promise<void>;
  /** After a kill: the same port, the same data. Resolves when it answers again. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. Does nothing the second time. */
  stop(): Promise<void>;
  /** Where no client can count what is stored, the server does. */
  census?(): Promise<Census>;
}
