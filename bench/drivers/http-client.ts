// One request over HTTP/1.1 and what came of it. It never throws: a refused connection or a silent server is an outcome to count.

import { Agent, type IncomingMessage, request as openRequest } from "node:http";

export interface ClientRequest {
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** The Cookie header; empty for none. */
  readonly cookies: string;
  /** The visitor's address, as a balancer would pass it on. */
  readonly clientAddress: string;
}

export type Reply =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly reason: string;
      readonly setCookies: readonly string[];
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

/** Also the User-Agent in the log. */
const USER_AGENT = "sessionlab-bench";

export interface HttpClientOptions {
  /** A server that stays silent this long has failed. */
  readonly silenceMaxMs: number;
  /** Header in which the host tells how long a request waited for its lock. */
  readonly lockWaitHeader: string;
}

export function createHttpClient({ silenceMaxMs, lockWaitHeader }: HttpClientOptions): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 1024 });
  let inFlight = 0;

  function send({ port, path, cookies, clientAddress }: ClientRequest): Promise<Reply> {
    inFlight++;
    return new Promise<Reply>((resolve) => {
      let over = false;
      const settle = (reply: Reply) => {
        if (over) return;
        over = true;
        inFlight--;
        resolve(reply);
      };
      const headers: Record<string, string> = { "user-agent": USER_AGENT, "x-forwarded-for": clientAddress };
      if (cookies !== "") headers.cookie = cookies;
      const request = openRequest({ host: "127.0.0.1", port, path, agent, headers, timeout: silenceMaxMs });
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
};

function failureOf(error: Error): string {
  const code = "code" in error ? String(error.code) : error.name;
  return failureByCode[code] ?? `connection error ${code}`;
}
