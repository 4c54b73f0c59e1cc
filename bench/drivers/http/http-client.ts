// One request over HTTP/1.1 and what came of it. It never throws: a refused connection or a silent server is an outcome to count.

import { Agent, type IncomingMessage, request as openRequest } from "node:http";
import { request as openTlsRequest, Agent as TlsAgent } from "node:https";

export interface ClientRequest {
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** The Cookie header; empty for none. */
  readonly cookies: string;
  /** The visitor's address, as a balancer would pass it on. */
  readonly clientAddress: string;
  readonly userAgent: string;
}

export interface Answered {
  readonly kind: "answered";
  readonly status: number;
  readonly reason: string;
  readonly setCookies: readonly string[];
  /** Where a redirect leads; null without one. */
  readonly location: string | null;
  /** 0 where the site does not tell. */
  readonly lockWaitMs: number;
  /** How long the request was held back on our side to keep within a rate: no time of the site's. */
  readonly heldMs?: number;
  /** How long it waited for a free connection before it was sent; left out where there is no limit. */
  readonly queuedMs?: number;
}

export type Reply =
  | Answered
  | {
      readonly kind: "broken";
      readonly failure: string;
      readonly heldMs?: number;
    };

export interface HttpClient {
  send(request: ClientRequest): Promise<Reply>;
  /** Requests sent and not answered yet. */
  inFlight(): number;
  /** Cuts off what is under way. */
  close(): void;
}

/** How a visitor calls himself, in the log too. */
export const USER_AGENT = "sessionlab-bench";

/**
 * A connection to somebody's site that nobody has used for so long is let go: the server may be about to close it, and a request sent
 * at that moment would fail without the site's fault. Shorter than any usual server waits (Node and Apache: 5 s).
 */
const FREE_SOCKET_MS = 4_000;

export interface HttpClientOptions {
  /** A server that stays silent this long has failed. */
  readonly silenceMaxMs: number;
  /** Header in which the host tells how long a request waited for its lock; null: it does not. */
  readonly lockWaitHeader: string | null;
  /** For a site over TLS: the one certificate (PEM) that is trusted, or how another site's is judged. Plain HTTP without. */
  readonly tls?: { readonly ca: string } | TrustedTls | null;
  /** A site that is not our host. It is told nothing of addresses that visitors do not have. Our host, on 127.0.0.1, without. */
  readonly foreign?: { readonly address: string; readonly hostHeader: string };
}

export interface TrustedTls {
  /** As the certificate must name it; empty where the site goes by its address. */
  readonly servername: string;
  /** Any certificate will do. */
  readonly insecure: boolean;
}

/** Keeps connections open and takes as many as it needs. A request that fails is a reply that says so, not an error. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { silenceMaxMs, lockWaitHeader, tls = null, foreign } = options;
  const pooling = {
    keepAlive: true,
    maxSockets: Number.POSITIVE_INFINITY,
    maxFreeSockets: 1024,
    ...(foreign === undefined ? {} : { timeout: FREE_SOCKET_MS }),
  };
  const agent = tls === null ? new Agent(pooling) : new TlsAgent({ ...pooling, ...trustOf(tls) });
  const open = tls === null ? openRequest : openTlsRequest;
  let inFlight = 0;

  function send({ port, path, cookies, clientAddress, userAgent }: ClientRequest): Promise<Reply> {
    inFlight++;
    return new Promise<Reply>((resolve) => {
      let over = false;
      const settle = (reply: Reply) => {
        if (over) return;
        over = true;
        inFlight--;
        resolve(reply);
      };
      const headers: Record<string, string> = { "user-agent": userAgent };
      if (foreign === undefined) headers["x-forwarded-for"] = clientAddress;
      else headers.host = foreign.hostHeader;
      if (cookies !== "") headers.cookie = cookies;
      const request = open({
        host: foreign?.address ?? "127.0.0.1",
        port,
        path,
        agent,
        headers,
        timeout: silenceMaxMs,
      });
      request.once("timeout", () => {
        settle({ kind: "broken", failure: "no answer in time" });
        request.destroy();
      });
      request.once("error", (error) => settle({ kind: "broken", failure: failureOf(error) }));
      request.once("response", (response) => {
        response.once("error", (error) => settle({ kind: "broken", failure: failureOf(error) }));
        response.once("end", () => settle(answered(response, lockWaitHeader)));
        response.resume();
      });
      request.end();
    });
  }

  return { send, inFlight: () => inFlight, close: () => agent.destroy() };
}

function trustOf(tls: { readonly ca: string } | TrustedTls) {
  return "ca" in tls ? tls : { servername: tls.servername, rejectUnauthorized: !tls.insecure };
}

function answered(response: IncomingMessage, lockWaitHeader: string | null): Answered {
  return {
    kind: "answered",
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? "",
    setCookies: response.headers["set-cookie"] ?? [],
    location: response.headers.location ?? null,
    lockWaitMs: lockWaitHeader === null ? 0 : Number(response.headers[lockWaitHeader] ?? 0),
  };
}

const failureByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "connection timed out",
  EADDRNOTAVAIL: "no local port left",
  EMFILE: "no file handle left",
  EHOSTUNREACH: "host not reachable",
  ENETUNREACH: "network not reachable",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate not trusted",
  CERT_HAS_EXPIRED: "certificate has expired",
  CERT_NOT_YET_VALID: "certificate not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "no TLS there",
  EPROTO: "no TLS there",
  HPE_INVALID_CONSTANT: "no HTTP there",
};

/** What a broken connection is counted as. */
export function failureOf(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  return failureByCode[code] ?? `connection error ${code}`;
}
