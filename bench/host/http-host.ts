// The site: an HTTP server on the loopback address whose pages go through the session module. It knows nothing of processes or
// scenarios, so that a test can run it in its own.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostSettings } from "./host-settings.ts";
import type { AccessLog } from "./iis-log.ts";
import { internalFault, type Reply } from "./reply.ts";
import { type ServeParts, servePage } from "./serve-page.ts";
import { openWorkerSessions } from "./sessions/open-sessions.ts";
import type { SessionParts, WorkerSessions } from "./sessions/worker-sessions.ts";

export { LOCK_WAIT_HEADER, TOO_BUSY } from "./reply.ts";

/** With nothing under way for so long, nothing more will come from who has been told to stay away. */
const QUIET_MS = 100;

interface Traffic {
  underWay: number;
  lastAtMs: number;
}

export interface HttpHost extends Omit<WorkerSessions, "handling" | "close"> {
  readonly port: number;
  /** Resolves, no longer listening, when requests under way are done, or have been cut off after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface HttpHostParts extends SessionParts, ServeParts {
  readonly log: AccessLog | null;
  /** Real milliseconds since the start of the run; negative before it. */
  readonly runAgeMs: () => number;
  /** Told of whatever goes wrong that is neither the visitor's, the page's nor the store's doing. */
  readonly fault: (error: unknown) => void;
}

/**
 * @returns the host, listening on 127.0.0.1 at a port of the machine's choice.
 * Rejects when the settings are such that the store can never be opened; one that does not answer now is tried again later.
 */
export async function startHttpHost(parts: HttpHostParts): Promise<HttpHost> {
  const sessions = await openWorkerSessions(parts);
  const server = serverFor(parts.settings);
  const traffic: Traffic = { underWay: 0, lastAtMs: parts.clock() };
  let closed = false;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    traffic.underWay++;
    response.once("close", () => {
      traffic.underWay--;
      traffic.lastAtMs = parts.clock();
    });
    answer(parts, sessions, request, response).catch((error: unknown) => {
      // What befalls a request that a closing host has cut off is nobody's fault.
      if (closed) return;
      send(internalFault, response);
      parts.fault(error);
    });
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    counts: sessions.counts,
    census: sessions.census,
    takeStoredMax: sessions.takeStoredMax,
    async close(graceMs) {
      await untilQuiet(parts, traffic, graceMs);
      closed = true;
      const listensNoMore = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await listensNoMore;
      await sessions.close();
    },
  };
}

function serverFor({ tls }: HostSettings): Server {
  const patience = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  if (tls === null) return createServer(patience);
  return createTlsServer({ ...patience, key: tls.keyPem, cert: tls.certificatePem });
}

/** Closing at once would reset requests that have arrived and have not been read yet: they come to light within QUIET_MS. */
async function untilQuiet({ clock }: HttpHostParts, traffic: Traffic, graceMs: number): Promise<void> {
  const closingAtMs = clock();
  while (clock() - closingAtMs < graceMs) {
    if (traffic.underWay === 0 && clock() - Math.max(closingAtMs, traffic.lastAtMs) >= QUIET_MS) return;
    await sleep(10);
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, resolve);
  });
}

async function answer(
  parts: HttpHostParts,
  sessions: WorkerSessions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAtMs = parts.clock();
  const [path, query = ""] = (request.url ?? "/").split("?", 2);
  const { cookie, "user-agent": userAgent } = request.headers;
  const reply = await servePage(parts, sessions, { path, query, cookie, userAgent });
  send(reply, response);
  parts.log?.write(
    {
      method: request.method ?? "GET",
      path,
      query,
      port: request.socket.localPort ?? 0,
      clientAddress: clientAddress(parts.settings, request),
      userAgent,
      cookie,
      setCookie: reply.headers["Set-Cookie"],
      status: reply.status,
      substatus: reply.substatus,
      tookMs: parts.clock() - startedAtMs,
    },
    parts.runAgeMs() * parts.settings.timeScale,
  );
}

function send({ status, reason, headers, body }: Reply, response: ServerResponse): void {
  const all = { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(body), ...headers };
  if (reason === undefined) response.writeHead(status, all);
  else response.writeHead(status, reason, all);
  response.end(body);
}

function clientAddress(settings: HostSettings, request: IncomingMessage): string {
  const forwarded = request.headers["x-forwarded-for"];
  const first = typeof forwarded === "string" ? forwarded.split(",", 1)[0].trim() : "";
  return settings.trustForwardedFor && first !== "" ? first : (request.socket.remoteAddress ?? "-");
}
