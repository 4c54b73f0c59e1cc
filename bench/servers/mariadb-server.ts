// A MariaDB server for one run: mariadbd of the system's package, as a user without rights, with a random password, over TCP on the
// loopback address only, its data in a temporary folder. Settings are MariaDB's own but for a small buffer pool, so a commit is on disk
// when it is answered.

import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, chown, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { InputError } from "../../config/problem.ts";
import { engineName } from "../providers/sql/mariadb-engine.ts";
import type { ManagedServer } from "./managed-server.ts";
import { runToEnd } from "./run-to-end.ts";
import { startServer } from "./server-process.ts";
import { unprivilegedUser } from "./system-user.ts";

const USER = "sessionlab";
const DATABASE = "aspstate";

export interface MariaDbServerOptions {
  /** false: a commit may be lost when the machine (not the server) fails. Faster; for tests. */
  readonly durable: boolean;
}

/**
 * @returns when it answers, with an empty database.
 * @throws InputError when MariaDB is not installed.
 */
export async function startMariaDb({ durable }: MariaDbServerOptions = { durable: true }): Promise<ManagedServer> {
  const mariadbd = await findProgram("mariadbd");
  const installDb = await findProgram("mariadb-install-db");
  const user = await unprivilegedUser();
  const password = randomBytes(18).toString("base64url");
  const connectionTo = (port: number) => `mariadb://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return startServer({
    name: "mariadb",
    user,
    // It keeps nothing outside its folder, and nobody wants the data any more.
    endSignal: "SIGKILL",
    async prepare({ folder }) {
      const file = path.join(folder, "account.sql");
      await writeFile(file, accountOf(password), { mode: 0o600 });
      if (user !== null) await chown(file, user.uid, user.gid);
      const accounts = ["--auth-root-authentication-method=socket", "--skip-test-db", `--extra-file=${file}`];
      // In a folder shared with others, two installations at once meet in the same temporary tables.
      const data = ["--no-defaults", `--datadir=${dataOf(folder)}`, `--tmpdir=${folder}`, "--innodb-log-file-size=48M"];
      await runToEnd(installDb, [...data, ...accounts], { cwd: folder, user });
      await rm(file);
    },
    command: ({ folder, port }) => ({
      file: mariadbd,
      args: [
        "--no-defaults",
        `--datadir=${dataOf(folder)}`,
        `--tmpdir=${folder}`,
        `--port=${port}`,
        "--bind-address=127.0.0.1",
        `--socket=${path.join(folder, "mariadb.sock")}`,
        `--pid-file=${path.join(folder, "mariadb.pid")}`,
        "--innodb-buffer-pool-size=64M",
        "--innodb-log-file-size=48M",
        `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
      ],
    }),
    async ask({ port }) {
      const connection = await createConnection(connectionTo(port).replace(/^mariadb:/, "mysql:"));
      // A server that goes away while we hang up has told us already what we asked.
      connection.on("error", () => undefined);
      try {
        const [rows] = await connection.query<RowDataPacket[]>("SELECT version() AS version");
        return engineName(rows[0]?.version);
      } finally {
        connection.destroy();
      }
    },
    connection: ({ port }) => connectionTo(port),
  });
}

/** Statements that the installer has the server run before it ever listens. */
function accountOf(password: string): string {
  return [
    `CREATE DATABASE ${DATABASE};`,
    "FLUSH PRIVILEGES;",
    `CREATE USER ${USER}@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO ${USER}@'127.0.0.1' WITH GRANT OPTION;`,
    "",
  ].join("\n");
}

function dataOf(folder: string): string {
  return path.join(folder, "data");
}

/** @throws InputError when it is nowhere. */
async function findProgram(name: string): Promise<string> {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/usr/bin", "/usr/local/sbin"];
  for (const folder of folders) {
    const file = path.join(folder, name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== "" && isThere) return file;
  }
  throw new InputError("Cannot start MariaDB", [
    {
      at: name,
      given: "",
      expected: "a program of MariaDB's server on the PATH",
      mend: "run `apt-get install mariadb-server`, or name a server of your own in store.connection",
    },
  ]);
}
