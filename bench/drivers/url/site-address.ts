// The site a user names: where it is reached, how it calls itself, and whether it may be loaded. Load goes to this machine alone
// unless the user says that he may load the site.

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { maskSecrets } from "../../../config/connection-strings.ts";
import { InputError, type Problem } from "../../../config/problem.ts";
import type { TrustedTls } from "../http/http-client.ts";

export interface SiteAddress {
  /** "http://127.0.0.1:8080": no user name, path or query. */
  readonly origin: string;
  /** The page that was named, with its query. */
  readonly startPath: string;
  /** The IP address that all requests go to, found once. */
  readonly address: string;
  readonly port: number;
  readonly hostHeader: string;
  /** null for plain HTTP. */
  readonly tls: TrustedTls | null;
  readonly loopback: boolean;
}

export interface SiteOptions {
  /** The user may load this site though it is not on this machine. */
  readonly remote: boolean;
  /** Any certificate will do. */
  readonly insecure: boolean;
}

export type FindAddress = (name: string) => Promise<string>;

/** @throws InputError for what is no such address, cannot be found, or is elsewhere without leave. */
export async function resolveSite(
  text: string,
  { remote, insecure }: SiteOptions,
  findAddress: FindAddress = askSystem,
): Promise<SiteAddress> {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
    throw refuse(text, "an address such as http://127.0.0.1:8080/", "write it out, with http:// or https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse(text, "no user name or password in it", "bench signs in nowhere; leave them out");
  }
  const overTls = url.protocol === "https:";
  if (insecure && !overTls) {
    throw problem({ at: "--insecure", given: "without TLS", expected: "an https:// address", mend: "leave it out" });
  }
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const address = isIP(name) !== 0 ? name : await findAddress(name).catch(() => null);
  if (address === null) throw refuse(text, "a host that is known here", "check its name");
  const loopback = isLoopback(address);
  if (!loopback && !remote) {
    throw refuse(
      text,
      "an address of this machine (127.0.0.1, localhost)",
      "add --remote if you are allowed to load that site",
    );
  }
  return {
    origin: url.origin,
    startPath: url.pathname + url.search,
    address,
    port: Number(url.port || (overTls ? 443 : 80)),
    hostHeader: url.host,
    tls: overTls ? { servername: isIP(name) === 0 ? name : "", insecure } : null,
    loopback,
  };
}

export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === "::1";
}

async function askSystem(name: string): Promise<string> {
  return (await lookup(name)).address;
}

function refuse(given: string, expected: string, mend: string): InputError {
  return problem({ at: "--url", given: `"${maskSecrets(given)}"`, expected, mend });
}

function problem(found: Problem): InputError {
  return new InputError("Cannot run", [found]);
}
