// Small sites of our own for the tests of bench --url, each a function from a request to an answer: what real frameworks do with
// cookies, one habit at a time.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface PlainAnswer {
  readonly status?: number;
  readonly location?: string;
  readonly cookies?: readonly string[];
  readonly afterMs?: number;
}

export interface PlainRequest {
  readonly path: string;
  readonly cookies: ReadonlyMap<string, string>;
  readonly userAgent: string;
  readonly headers: IncomingMessage["headers"];
}

export interface PlainSite {
  readonly origin: string;
  /** All that came, in order. */
  readonly requests: readonly PlainRequest[];
  close(): Promise<void>;
}

export async function startPlainSite(
  answer: (request: PlainRequest) => PlainAnswer | Promise<PlainAnswer>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<PlainSite> {
  const requests: PlainRequest[] = [];
  const hear = async (incoming: IncomingMessage) => {
    const request = {
      path: incoming.url ?? "",
      cookies: cookiesOf(incoming.headers.cookie ?? ""),
      userAgent: incoming.headers["user-agent"] ?? "",
      headers: incoming.headers,
    };
    requests.push(request);
    return answer(request);
  };
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  server.on("request", async (incoming, response) => {
    const { status = 200, location, cookies = [], afterMs = 0 } = await hear(incoming);
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (location !== undefined) response.setHeader("location", location);
    if (cookies.length > 0) response.setHeader("set-cookie", cookies);
    response.statusCode = status;
    response.end("page");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function newId(): string {
  return randomBytes(16).toString("base64url");
}

/** Sessions as most frameworks keep them: an id that is not known is replaced. */
export function createSessions(name: string, attributes = "; path=/; HttpOnly") {
  const known = new Set<string>();
  return {
    known,
    /** The Set-Cookie header of who has no session; none for who has. */
    welcome({ cookies }: PlainRequest): string[] {
      if (known.has(cookies.get(name) ?? "")) return [];
      const id = newId();
      known.add(id);
      return [`${name}=${id}${attributes}`];
    },
  };
}

function cookiesOf(header: string): Map<string, string> {
  const pairs = header.split("; ").filter((pair) => pair.includes("="));
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
