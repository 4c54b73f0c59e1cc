// Connection strings as session state uses them: what ASP.NET accepts, which database they name, and how to print one without the
// password in it. Source: .NET reference source, OutOfProcStateClientManager.cs and sqlstateclientmanager.cs.

export interface StateServerAddress {
  readonly host: string;
  readonly port: number;
}

/** `tcpip=host:port` or `tcpip=[ipv6]:port`; undefined when ASP.NET would refuse it. */
export function parseStateConnectionString(text: string): StateServerAddress | undefined {
  const match = /^tcpip=(?:\[([^\]]*)\]|([^:]*)):\s*\+?(\d{1,10})\s*$/.exec(text);
  if (match === null) return undefined;
  const [, ipv6, name] = match;
  const host = ipv6 ?? name ?? "";
  const port = Number(match[3]);
  if (port > 65_535 || !isAscii(host)) return undefined;
  if (ipv6 !== undefined && !/^[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i.test(ipv6)) return undefined;
  return { host, port };
}

export function isLoopback(host: string): boolean {
  return /^(loopback|localhost|127(\.\d{1,3}){3}|::1|0:0:0:0:0:0:0:1)$/i.test(host);
}

/** Keys (lower case, single blanks) and values of `key=value;…`; undefined when it has not that form. */
export function parseConnectionString(text: string): Map<string, string> | undefined {
  const values = new Map<string, string>();
  const part = /\s*(?:;|([^=;]+)=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)(?:;|$))/y;
  while (part.lastIndex < text.trimEnd().length) {
    const match = part.exec(text);
    if (match === null) return undefined;
    if (match[1] === undefined) continue;
    const raw = match[2]!.trim();
    const quoted = /^(["'])(.*)\1$/s.exec(raw);
    const value = quoted === null ? raw : quoted[2]!.replaceAll(quoted[1]! + quoted[1]!, quoted[1]!);
    values.set(match[1].trim().toLowerCase().replace(/\s+/g, " "), value);
  }
  return values;
}

/** The database a SQL Server connection string names, by the keys ASP.NET looks at; empty for none. */
export function databaseOf(text: string): string {
  const values = parseConnectionString(text);
  const keys = ["initial catalog", "database", "attachdbfilename", "extended properties", "initial file name"];
  return keys.map((key) => values?.get(key) ?? "").find((value) => value !== "") ?? "";
}

const secretKey =
  "(?:password|pwd|passwd|access ?key|account ?key|shared ?access ?key|shared ?secret|primary ?key|api ?key|secret|token|sas)";
const secretInString = new RegExp(
  `((?:^|[;,?&\\s])\\s*${secretKey}\\s*=\\s*)("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]+)`,
  "gi",
);
const secretName = new RegExp(`${secretKey}$`, "i");

/** The text with every password, key and token in it replaced by `***`; empty ones stay empty. */
export function maskSecrets(text: string): string {
  return (
    text
      .replace(secretInString, (whole, key: string, value: string) => (value.trim() === "" ? whole : `${key}***`))
      // Up to the last @: a password may hold one that should have been written %40.
      .replace(/(\w+:\/\/[^\s:@/]*:)\S+@/g, "$1***@")
  );
}

/** The value of an attribute of that name, fit to print. */
export function maskAttribute(name: string, value: string): string {
  return secretName.test(name) && value !== "" ? "***" : maskSecrets(value);
}

/** Whether a user name and password, or a key, stand in the text. */
export function holdsCredentials(text: string): boolean {
  return maskSecrets(text) !== text;
}

function isAscii(text: string): boolean {
  return Array.from(text).every((character) => character.codePointAt(0)! < 128);
}
