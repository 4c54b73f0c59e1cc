// A Redis of our own for a bench or a test: Debian's redis-server on a free loopback port, with a password, keeping nothing on disk
// unless told to.

import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";
import { askRedisEngine } from "../providers/redis/redis-connection.ts";
import type { ManagedServer } from "./managed-server.ts";
import { type ServerPlace, startServer } from "./server-process.ts";

export interface RedisServerOptions {
  /** Letters and digits; a random one when left out. "" starts a server that asks for none. */
  readonly password?: string;
  /** Every write goes to the append-only file, so that a restart finds the sessions again; false by default. */
  readonly appendOnly?: boolean;
}

/** The binary, or undefined where this machine has none. */
export function findRedisServer(): string | undefined {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, "redis-server"))
    .find(isExecutable);
}

/**
 * Starts redis-server with an empty database.
 * @throws InputError when redis-server is not installed.
 */
export async function startRedis(options: RedisServerOptions = {}): Promise<ManagedServer> {
  const binary = findRedisServer();
  if (binary === undefined) {
    throw new InputError("Cannot start Redis", [
      { at: "redis-server", given: "", expected: "on the PATH", mend: "run apt-get install redis-server" },
    ]);
  }
  const password = options.password ?? randomBytes(18).toString("hex");
  const connection = ({ port }: ServerPlace) =>
    password === "" ? `redis://127.0.0.1:${port}/0` : `redis://:${password}@127.0.0.1:${port}/0`;
  return startServer({
    name: "redis",
    user: null,
    // The password stands in a file that only we can read, not on the command line that everybody can.
    async prepare(place) {
      const lines = [
        "bind 127.0.0.1",
        "protected-mode yes",
        "daemonize no",
        'save ""',
        `appendonly ${options.appendOnly === true ? "yes" : "no"}`,
        ...(password === "" ? [] : [`requirepass ${password}`]),
      ];
      await writeFile(configurationOf(place), `${lines.join("\n")}\n`, { mode: 0o600 });
    },
    command: (place) => ({
      file: binary,
      args: [configurationOf(place), "--port", String(place.port), "--dir", place.folder],
    }),
    ask: (place) => askRedisEngine(connection(place)),
    connection,
    endSignal: "SIGKILL",
  });
}

function configurationOf(place: ServerPlace): string {
  return path.join(place.folder, "redis.conf");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
