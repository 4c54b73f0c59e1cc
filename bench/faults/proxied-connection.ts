// A store's connection string, taken apart as far as a proxy must know: where it leads, and the same string leading to the proxy.

import { parseStateConnectionString } from "../../config/connection-strings.ts";
import type { Store } from "../../config/scenario.ts";
import type { ProxyTarget } from "../servers/fault-proxy.ts";

export interface ProxyableConnection {
  readonly target: ProxyTarget;
  /** The string with 127.0.0.1 and this port in the place of its own host and port; all else stays. */
  through(port: number): string;
}

const defaultPorts: Readonly<Record<string, number>> = {
  "postgresql:": 5432,
  "postgres:": 5432,
  "mysql:": 3306,
  "mariadb:": 3306,
  "redis:": 6379,
};
const REDIS_PORT = 6379;

/** In any of the forms: a certificate names its host, and the proxy's host is another. */
const ASKS_FOR_TLS = /^rediss:|[?&,;\s](sslmode=(?!disable)|ssl=(?!false|0)|sslcert=|sslrootcert=|encrypt=)/i;

/** @returns null for a store that is not reached over TCP, over TLS, or in a form that we do not know. */
export function proxyableConnection(
  store: Pick<Store, "provider" | "module">,
  text: string,
): ProxyableConnection | null {
  if (ASKS_FOR_TLS.test(text)) return null;
  if (store.provider === "state-server") return stateServer(text);
  const isUrl = /^\w+:\/\//.test(text);
  if (store.provider === "redis" && !isUrl) return stackExchangeRedis(text);
  const asUrl = store.provider === "module" || store.provider === "sqlserver" ? null : URL.parse(text);
  const defaultPort = defaultPorts[asUrl?.protocol ?? ""];
  if (asUrl === null || asUrl.hostname === "" || defaultPort === undefined) return null;
  const { hostname, port } = asUrl;
  return {
    target: { host: unbracketed(hostname), port: port === "" ? defaultPort : Number(port) },
    through(proxyPort) {
      const url = new URL(text);
      url.hostname = "127.0.0.1";
      url.port = String(proxyPort);
      return url.href;
    },
  };
}

function stateServer(text: string): ProxyableConnection | null {
  const address = parseStateConnectionString(text);
  if (address === undefined) return null;
  const host = address.host.toLowerCase() === "loopback" ? "127.0.0.1" : address.host;
  return { target: { host, port: address.port }, through: (port) => `tcpip=127.0.0.1:${port}` };
}

/** `host[:port],password=…`: the server is the part without an equals sign. */
function stackExchangeRedis(text: string): ProxyableConnection | null {
  const parts = text.split(",");
  const place = parts.findIndex((part) => part.trim() !== "" && !part.includes("="));
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(parts[place]?.trim() ?? "") ?? [];
  if (host === undefined) return null;
  return {
    target: { host: unbracketed(host), port: Number(port ?? REDIS_PORT) },
    through: (proxyPort) => parts.with(place, `127.0.0.1:${proxyPort}`).join(","),
  };
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
