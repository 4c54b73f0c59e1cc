// Connections to PostgreSQL and MariaDB are URLs. What is ours in them is taken out, the rest belongs to the driver.

import { maskSecrets } from "../../../config/connection-strings.ts";
import { InputError, type Problem } from "../../../config/problem.ts";

export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** `?pool_max=`: connections this store opens at most. */
  readonly poolMax: number;
  /** `?durable=false`: the tables need not outlive a crash of the server. */
  readonly durable: boolean;
  /** For the driver; holds the password. */
  readonly url: string;
}

export interface DatabaseDialect {
  /** "PostgreSQL" */
  readonly name: string;
  /** Without colon; the first is given to the driver. */
  readonly schemes: readonly [string, ...string[]];
  readonly defaultPort: number;
  /** Whether the engine has tables that are not durable. */
  readonly hasUnlogged: boolean;
}

/** Sixteen requests at a time and the job keep two cores busy; servers allow some 100 (PostgreSQL) or 151 connections in all. */
const POOL_MAX_DEFAULT = 20;

/** @throws InputError with everything that is wrong. */
export function parseDatabaseUrl(text: string, dialect: DatabaseDialect): DatabaseAddress {
  const example = `${dialect.schemes[0]}://user:password@127.0.0.1:${dialect.defaultPort}/database`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const problems: Problem[] = [];
  const wrong = (at: string, given: string, expected: string, mend: string) =>
    void problems.push({ at, given, expected, mend });
  if (url === undefined || !dialect.schemes.includes(url.protocol.replace(/:$/, ""))) {
    wrong("store.connection", `"${maskSecrets(text)}"`, `a URL of ${dialect.name}`, `write ${example}`);
    throw new InputError(`Cannot read the ${dialect.name} connection`, problems);
  }
  const database = decode(url.pathname.slice(1));
  if (url.hostname === "") wrong("host", "", "a host name or address", `write ${example}`);
  if (database === "") wrong("database", "", "the database after the host", `write ${example}`);
  if (url.username === "") wrong("user", "", "a user of the database", `write ${example}`);
  const poolMax = url.searchParams.get("pool_max") ?? String(POOL_MAX_DEFAULT);
  if (!/^[1-9]\d{0,3}$/.test(poolMax)) wrong("pool_max", poolMax, "a whole number from 1 to 9999", "leave it out");
  const durable = url.searchParams.get("durable") ?? "true";
  if (!/^(true|false)$/.test(durable)) wrong("durable", durable, "true or false", "leave it out");
  else if (durable === "false" && !dialect.hasUnlogged) {
    wrong("durable", durable, `true, for ${dialect.name} has no tables without a log`, "leave it out");
  }
  if (problems.length > 0) throw new InputError(`Cannot read the ${dialect.name} connection`, problems);
  url.searchParams.delete("pool_max");
  url.searchParams.delete("durable");
  return {
    host: url.hostname,
    port: url.port === "" ? dialect.defaultPort : Number(url.port),
    user: decode(url.username),
    database,
    poolMax: Number(poolMax),
    durable: durable === "true",
    url: url.href.replace(/^[^:]*/, dialect.schemes[0]),
  };
}

/** What stands in a URL percent-encoded; as it is where the encoding is broken. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
