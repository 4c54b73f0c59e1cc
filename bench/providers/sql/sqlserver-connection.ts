// Reads the connection string of SQLServer mode, which is one of ADO.NET, for a driver that is not ADO.NET: what means the same is
// carried over, what cannot be had from Node (Windows logins, named pipes, attached files) is refused with the way around it.
// Source: .NET reference source, sqlstateclientmanager.cs; System.Data.SqlClient, SqlConnection.ConnectionString.

import { databaseOf, maskAttribute, maskSecrets, parseConnectionString } from "../../../config/connection-strings.ts";
import { InputError, type Problem } from "../../../config/problem.ts";
import { keysWithoutEffect, type Setting, settingsByKey } from "./sqlserver-keywords.ts";

export interface SqlServerAddress {
  readonly host: string;
  /** null where an instance is named: its port is asked of the SQL Server Browser service. */
  readonly port: number | null;
  readonly instance: string | null;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly encrypt: boolean | "strict";
  readonly trustServerCertificate: boolean;
  readonly connectTimeoutMs: number | null;
  readonly applicationName: string;
  readonly poolMax: number;
}

const ASP_STATE = "ASPState";
/** ADO.NET's. */
const POOL_MAX_DEFAULT = 100;
const SQL_SERVER_PORT = 1433;

/** Resource No_database_allowed_in_sqlConnectionString. */
const NO_DATABASE_ALLOWED =
  "The sqlConnectionString attribute or the connection string it refers to cannot contain the connection options 'Database', " +
  "'Initial Catalog' or 'AttachDbFileName'. In order to allow this, allowCustomSqlDatabase attribute must be set to true and the " +
  "application needs to be granted unrestricted SqlClientPermission. Please check with your administrator if the application does " +
  "not have this permission.";

/**
 * @returns the address; the database is ASPState unless another is named and allowed. Where Encrypt is not named the connection is
 * encrypted and the certificate not looked at, since the password must not travel in the clear: ADO.NET encrypts it in any case.
 * The driver takes true as a wish: it goes on in the clear with a server that cannot encrypt. Only strict insists.
 * @throws InputError with everything that is wrong.
 */
export function parseSqlServerConnection(
  text: string,
  { allowCustomSqlDatabase }: { readonly allowCustomSqlDatabase: boolean },
): SqlServerAddress {
  const problems: Problem[] = [];
  const pairs = parseConnectionString(text);
  if (pairs === undefined) {
    problems.push({
      at: "sqlConnectionString",
      given: `"${maskSecrets(text)}"`,
      expected: "key=value;key=value",
      mend: 'put a value with ; or = in it into double quotes, as in Password="a;b"',
    });
  }
  const values = new Map<Setting, string>();
  for (const [key, value] of pairs ?? []) {
    const setting = Object.hasOwn(settingsByKey, key) ? settingsByKey[key] : undefined;
    if (setting !== undefined) values.set(setting, value);
    else if (!keysWithoutEffect.has(key)) {
      const given = value === "" ? "without a value" : maskAttribute(key, value);
      problems.push({ at: `"${key}"`, given, expected: "a keyword that ADO.NET supports", mend: "leave it out" });
    }
  }
  const wanting = (at: string, given: string, expected: string, mend: string) =>
    void problems.push({ at, given, expected, mend });

  if (!allowCustomSqlDatabase && databaseOf(text) !== "") {
    wanting(
      "database",
      `named ("${databaseOf(text)}")`,
      `none: ${NO_DATABASE_ALLOWED}`,
      "leave it out, or set allowCustomSqlDatabase to true",
    );
  } else if (values.get("file")) {
    wanting("AttachDbFilename", "set", "none", "attach the file on the server and name the database instead");
  }
  const server = pairs === undefined ? undefined : parseServer(values.get("server") ?? "", wanting);
  if (pairs !== undefined) checkLogin(values, wanting);
  const connectTimeout = wholeNumber(values, "connectTimeout", "Connect Timeout", 0, wanting);
  const poolMax = wholeNumber(values, "poolMax", "Max Pool Size", 1, wanting);
  const encrypt = encryption(values, wanting);
  const trust = flag(values, "trust", "TrustServerCertificate", !values.has("encrypt"), wanting);
  if (problems.length > 0 || server === undefined) {
    throw new InputError("Cannot read the SQL Server connection string", problems);
  }
  return {
    ...server,
    database: values.get("database") || ASP_STATE,
    user: values.get("user") ?? "",
    password: values.get("password") ?? "",
    encrypt,
    trustServerCertificate: trust,
    connectTimeoutMs: connectTimeout === undefined ? null : connectTimeout * 1_000,
    applicationName: values.get("application") || "sessionlab",
    poolMax: poolMax ?? POOL_MAX_DEFAULT,
  };
}

type Wanting = (at: string, given: string, expected: string, mend: string) => void;
type Values = ReadonlyMap<Setting, string>;

/** `host`, `host,port`, `host\instance`, each perhaps behind `tcp:`; "." and "(local)" are this machine. */
function parseServer(text: string, wanting: Wanting): Pick<SqlServerAddress, "host" | "port" | "instance"> | undefined {
  const at = "Data Source";
  const [, protocol = "tcp", rest = ""] = /^(?:(\w+):(?!:))?(.*)$/s.exec(text.trim()) ?? [];
  if (!/^tcp$/i.test(protocol) || /^\\\\/.test(rest) || /^\(localdb\)/i.test(rest)) {
    wanting(
      at,
      `"${text}"`,
      "a server reached over TCP",
      "write tcp:host,port, and switch TCP/IP on in the server's configuration",
    );
    return undefined;
  }
  const [, host = "", instance, port] = /^([^,\\]+)(?:\\([^,\\]+))?(?:,\s*(\d{1,5})\s*)?$/.exec(rest.trim()) ?? [];
  if (host.trim() === "" || Number(port ?? 1) > 65_535 || Number(port ?? 1) === 0) {
    wanting(
      at,
      text.trim() === "" ? "" : `"${text}"`,
      "host, host,port or host\\instance",
      "write Data Source=localhost,1433",
    );
    return undefined;
  }
  const name = host.trim().replace(/^\[(.*)\]$/, "$1");
  return {
    host: /^(\.|\(local\))$/i.test(name) ? "localhost" : name,
    port: port !== undefined ? Number(port) : instance === undefined ? SQL_SERVER_PORT : null,
    instance: port === undefined ? (instance ?? null) : null,
  };
}

function checkLogin(values: Values, wanting: Wanting): void {
  const integrated = values.get("integrated") ?? "false";
  const mend = "give User ID=…;Password=… of a SQL Server login instead, which the server must allow (mixed mode)";
  if (/^(true|yes|sspi)$/i.test(integrated)) {
    wanting("Integrated Security", integrated, "false, for there is no SSPI outside Windows' own clients", mend);
  } else if (!/^(false|no)$/i.test(integrated)) {
    wanting("Integrated Security", integrated, "true, false, yes, no or SSPI", "leave it out");
  } else if (!values.get("user")) {
    wanting("User ID", "", "a SQL Server login", "give User ID=…;Password=…");
  }
}

function encryption(values: Values, wanting: Wanting): boolean | "strict" {
  const text = values.get("encrypt") ?? "true";
  if (/^strict$/i.test(text)) return "strict";
  if (/^(true|yes|mandatory)$/i.test(text)) return true;
  if (/^(false|no|optional)$/i.test(text)) return false;
  wanting("Encrypt", text, "true, false or strict", "leave it out to have the connection encrypted");
  return true;
}

function flag(values: Values, setting: Setting, at: string, otherwise: boolean, wanting: Wanting): boolean {
  const text = values.get(setting);
  if (text === undefined) return otherwise;
  if (!/^(true|yes|false|no)$/i.test(text)) wanting(at, text, "true or false", "leave it out");
  return /^(true|yes)$/i.test(text);
}

function wholeNumber(
  values: Values,
  setting: Setting,
  at: string,
  least: number,
  wanting: Wanting,
): number | undefined {
  const text = values.get(setting);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,7}$/.test(text.trim()) && number >= least) return number;
  wanting(at, text, `a whole number from ${least}`, "leave it out");
  return undefined;
}
