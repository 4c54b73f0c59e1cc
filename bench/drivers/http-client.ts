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

export type Reply =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly reason: string;
      readonly setCookies: readonly string[];
      /** Where a redirect leads; null without one. */
      readonly location: string | null;
      readonly lockWaitMs: number;
    }
  | { readonly kind: "broken"; readonly failure: string };

export interface HttpClient {
  send(request: ClientRequest): Promise<Reply>;
  /** Requests sent and not answered yet. */
  inFlight(): number;
  /** Cuts off what is under way. */
  close(): void;
}

/** How a visitor calls himself, in the log too. */
export const USER_AGENT = "sessionlab-bench";

export interface HttpClientOptions {
  /** A server that stays silent this long has failed. */
  readonly silenceMaxMs: number;
  /** Header in which the host tells how long a request waited for its lock. */
  readonly lockWaitHeader: string;
  /** For a site over TLS: the one certificate (PEM) that is trusted. Plain HTTP without. */
  readonly tls?: { readonly ca: string } | null;
}

export function createHttpClient({ silenceMaxMs, lockWaitHeader, tls = null }: HttpClientOptions): HttpClient {
  const pooling = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 1024 };
  const agent = tls === null ? new Agent(pooling) : new TlsAgent({ ...pooling, ca: tls.ca });
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
      const headers: Record<string, string> = { "user-agent": userAgent, "x-forwarded-for": clientAddress };
      if (cookies !== "") headers.cookie = cookies;
      const request = open({ host: "127.0.0.1", port, path, agent, headers, timeout: silenceMaxMs });
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

function answered(response: IncomingMessage, lockWaitHeader: string): Reply {
  return {
    kind: "answered",
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? "",
    setCookies: response.headers["set-cookie"] ?? [],
    location: response.headers.location ?? null,
    lockWaitMs: Number(response.headers[lockWaitHeader] ?? 0),
  };
}

const failureByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ETIMEDOUT: "connection timed out",
  EADDRNOTAVAIL: "no local port left",
  EMFILE: "no file handle left",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate not trusted",
};

function failureOf(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  return failureByCode[code] ?? `connection error ${code}`;
}
