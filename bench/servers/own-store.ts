// Where a scenario names no connection, the bench starts what its provider needs: a server, a folder, a key, or nothing.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AssertionError } from "../../config/assert.ts";
import { InputError } from "../../config/problem.ts";
import type { Store } from "../../config/scenario.ts";
import type { ManagedServer } from "./managed-server.ts";

export interface OwnStore {
  readonly connections: readonly string[];
  /** null where no process of its own keeps the sessions. */
  readonly server: ManagedServer | null;
  /** Ends the server and removes every file. */
  stop(): Promise<void>;
}

/** Stores for express-session that we know to need a server. */
const providerBehind: Readonly<Record<string, Store["provider"]>> = {
  "connect-redis": "redis",
  "connect-pg-simple": "postgresql",
};

/**
 * @param minuteMs what a minute of session timeout lasts; only the state server needs to know it before it is asked.
 * @throws InputError when there is nothing we could start: SQL Server, a program that is not installed or does not come up, or a
 * temporary folder that cannot be made.
 */
export async function startOwnStore(store: Pick<Store, "provider" | "module">, minuteMs: number): Promise<OwnStore> {
  try {
    return await start(store, minuteMs);
  } catch (error) {
    // What the machine does not give us (room, rights, a library) is no fault of this program.
    if (!(error instanceof Error) || error instanceof InputError || error instanceof AssertionError) throw error;
    throw new InputError("Cannot start a store", [
      {
        at: "store.provider",
        given: store.module === null ? store.provider : `${store.provider} ${store.module}`,
        expected: `a store that starts; it says: ${error.message.trim()}`,
        mend: `see to it (temporary files are in ${tmpdir()}), or name a store of your own in store.connection`,
      },
    ]);
  }
}

async function start({ provider, module }: Pick<Store, "provider" | "module">, minuteMs: number): Promise<OwnStore> {
  switch (provider) {
    case "state-server": {
      const { startStateServer } = await import("./state-server-process.ts");
      return ofServer(await startStateServer({ minuteMs }));
    }
    case "postgresql": {
      const { startPostgreSql } = await import("./postgresql-server.ts");
      return ofServer(await startPostgreSql());
    }
    case "mariadb": {
      const { startMariaDb } = await import("./mariadb-server.ts");
      return ofServer(await startMariaDb());
    }
    case "redis": {
      const { startRedis } = await import("./redis-server.ts");
      return ofServer(await startRedis());
    }
    case "sqlite":
      return ofFolder((folder) => path.join(folder, "sessions.db"));
    case "sealed-cookie":
      return { connections: [randomBytes(32).toString("base64")], server: null, stop: async () => undefined };
    case "express-session": {
      const behind = providerBehind[module ?? ""];
      if (behind !== undefined) return start({ provider: behind, module: null }, minuteMs);
      return module === "session-file-store" ? ofFolder((folder) => folder) : nothing;
    }
    case "in-proc":
    case "module":
      return nothing;
    case "sqlserver":
      throw new InputError("Cannot start a store", [
        {
          at: "store.connection",
          given: "left out",
          expected: 'a SQL Server that is there, as "data source=host;user id=…;password=…"',
          mend: "add it, or take store.provider: postgresql, whose server comes with this package",
        },
      ]);
  }
}

const nothing: OwnStore = { connections: [], server: null, stop: async () => undefined };

function ofServer(server: ManagedServer): OwnStore {
  return { connections: [server.connection], server, stop: () => server.stop() };
}

function ofFolder(connectionIn: (folder: string) => string): OwnStore {
  const folder = mkdtempSync(path.join(tmpdir(), "sessionlab-store-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  return {
    connections: [connectionIn(folder)],
    server: null,
    async stop() {
      process.off("exit", remove);
      remove();
    },
  };
}
