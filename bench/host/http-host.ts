// The site: an HTTP server on the loopback address whose pages go through the session module. It knows nothing of processes or
// scenarios, so that a test can run it in its own.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { createInProcStore, type InProcStore } from "../providers/in-proc.ts";
import { changeItems } from "../providers/session-items.ts";
import { createAdmission } from "./admission.ts";
import { burn } from "./burn.ts";
import { countCalls, type HostCounts, zeroHostCounts } from "./counts.ts";
import type { HostSettings } from "./host-settings.ts";
import type { AccessLog } from "./iis-log.ts";
import { type PageScript, readPageQuery } from "./page.ts";
import { cookieValue, parseSessionId } from "./session-id.ts";
import { createSessionModule, type Outcome, type Page, type SessionModule } from "./session-module.ts";

/** How long a request waited for its session's lock, on the responses of those that waited. */
export const LOCK_WAIT_HEADER = "x-lock-wait-ms";
export const TOO_BUSY = "Server Too Busy";

/** IIS logs this substatus for "Web server is too busy" (KB318380). */
const TOO_BUSY_SUBSTATUS = 13;
/** With `expirySweepMs` 0 a session should go when its time is over; it goes within so many real milliseconds. */
const SWEEP_MS_MIN = 10;

/** With nothing under way for so long, nothing more will come from who has been told to stay away. */
const QUIET_MS = 100;

interface Traffic {
  underWay: number;
  lastAtMs: number;
}

export interface HttpHost {
  readonly port: number;
  /** @param atMs the moment of the counts, by the host's clock, not before any it has seen; now when absent. */
  counts(atMs?: number): HostCounts;
  stored(): number;
  live(): number;
  /** The most sessions stored at any moment since this was last asked. */
  takeStoredMax(): number;
  /** Resolves, no longer listening, when requests under way are done, or have been cut off after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface HttpHostParts {
  readonly settings: HostSettings;
  readonly clock: Clock;
  readonly roundsPerMs: number;
  readonly log: AccessLog | null;
  /** Real milliseconds since the start of the run; negative before it. */
  readonly runAgeMs: () => number;
}

interface Site {
  readonly module: SessionModule | null;
  readonly store: InProcStore | null;
  counts(atMs?: number): HostCounts;
  takeStoredMax(): number;
}

/** @returns the host, listening on 127.0.0.1 at a port of the machine's choice. */
export async function startHttpHost(parts: HttpHostParts): Promise<HttpHost> {
  const site = createSite(parts.settings, parts.clock);
  const sweepMs = Math.max(SWEEP_MS_MIN, parts.settings.expirySweepMs);
  const sweeping = setInterval(() => site.store?.sweep(), sweepMs);
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  const traffic: Traffic = { underWay: 0, lastAtMs: parts.clock() };
  server.on("request", (request, response) => {
    traffic.underWay++;
    response.once("close", () => {
      traffic.underWay--;
      traffic.lastAtMs = parts.clock();
    });
    void answer(parts, site, request, response);
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    counts: site.counts,
    stored: () => site.store?.stored() ?? 0,
    live: () => site.store?.live() ?? 0,
    takeStoredMax: site.takeStoredMax,
    async close(graceMs) {
      await untilQuiet(parts.clock, traffic, graceMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      clearInterval(sweeping);
    },
  };
}

function createSite(settings: HostSettings, clock: Clock): Site {
  const counts = zeroHostCounts();
  if (settings.store === null) return { module: null, store: null, counts: () => counts, takeStoredMax: () => 0 };
  let storedMax = 0;
  let level = 0;
  let levelSinceMs = clock();
  const changeLevel = (change: -1 | 0 | 1, nowMs: number) => {
    counts.storedSessionMs += level * (nowMs - levelSinceMs);
    levelSinceMs = nowMs;
    level += change;
  };
  const store = createInProcStore({
    clock,
    expirySlideMinMs: settings.expirySlideMinMs,
    events: {
      started(id) {
        counts.started++;
        changeLevel(1, clock());
        storedMax = Math.max(storedMax, store.stored());
        admission.started(id);
      },
      ended(_id, how, lifetimeMs) {
        counts[how]++;
        changeLevel(-1, clock());
        counts.lifetimesMs += lifetimeMs;
      },
    },
  });
  const admission = createAdmission(settings.sessionsMax, store.stored);
  // Classic ASP has no store to call: its sessions are objects of the process, and no calls are reported.
  const counted = settings.technology === "asp" ? store : countCalls(store, counts.storeCalls);
  const module = createSessionModule({ settings, store: counted, admission, counts, clock, delay: (ms) => delay(ms) });
  return {
    module,
    store,
    counts(atMs = clock()) {
      changeLevel(0, atMs);
      return { ...counts, arrivals: admission.arrivals(), refused: admission.refused() };
    },
    takeStoredMax() {
      const max = storedMax;
      storedMax = store.stored();
      return max;
    },
  };
}

/** Closing at once would reset requests that have arrived and have not been read yet: they come to light within QUIET_MS. */
async function untilQuiet(clock: Clock, traffic: Traffic, graceMs: number): Promise<void> {
  const closingAtMs = clock();
  while (clock() - closingAtMs < graceMs) {
    if (traffic.underWay === 0 && clock() - Math.max(closingAtMs, traffic.lastAtMs) >= QUIET_MS) return;
    await delay(10);
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
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAtMs = parts.clock();
  const [path, query = ""] = (request.url ?? "/").split("?", 2);
  const script = readPageQuery(query);
  let substatus = 0;
  if (script === null) {
    response.writeHead(400).end("The query must say what the page does, as in ?session=read-write&cpu=2&changes=1\n");
  } else {
    const outcome = await serve(parts, site, request, script);
    if (outcome.kind === "refused") substatus = TOO_BUSY_SUBSTATUS;
    respond(parts.settings, outcome, response);
  }
  parts.log?.write(
    {
      method: request.method ?? "GET",
      path,
      query,
      port: request.socket.localPort ?? 0,
      clientAddress: clientAddress(parts.settings, request),
      userAgent: request.headers["user-agent"],
      cookie: request.headers.cookie,
      setCookie: response.getHeader("Set-Cookie")?.toString(),
      status: response.statusCode,
      substatus,
      tookMs: parts.clock() - startedAtMs,
    },
    parts.runAgeMs() * parts.settings.timeScale,
  );
}

function serve(parts: HttpHostParts, site: Site, request: IncomingMessage, script: PageScript): Promise<Outcome> {
  const page: Page = async (items) => {
    if (script.cpuMs > 0) burn(script.cpuMs, parts.roundsPerMs);
    if (script.waitMs > 0) await delay(script.waitMs);
    if (items !== null && script.changes) changeItems(items, script.stateBytes);
  };
  if (site.module === null) {
    return page(null).then(() => ({ kind: "served", newSessionId: null, lockWaitMs: 0 }));
  }
  const sessionId = parseSessionId(cookieValue(request.headers.cookie, parts.settings.cookieName));
  return site.module.handle({ ...script, sessionId }, page);
}

function respond(settings: HostSettings, outcome: Outcome, response: ServerResponse): void {
  if (outcome.lockWaitMs > 0) response.setHeader(LOCK_WAIT_HEADER, outcome.lockWaitMs.toFixed(3));
  switch (outcome.kind) {
    case "served":
      if (outcome.newSessionId !== null) {
        const cookie = `${settings.cookieName}=${outcome.newSessionId}; path=/; HttpOnly; SameSite=Lax`;
        response.setHeader("Set-Cookie", cookie);
      }
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 3 }).end("OK\n");
      break;
    case "refused":
      response.writeHead(500, TOO_BUSY).end(`${TOO_BUSY}\n`);
      break;
    case "failed":
      response.writeHead(500, outcome.failure).end(`${outcome.failure}\n`);
  }
}

function clientAddress(settings: HostSettings, request: IncomingMessage): string {
  const forwarded = request.headers["x-forwarded-for"];
  const first = typeof forwarded === "string" ? forwarded.split(",", 1)[0].trim() : "";
  return settings.trustForwardedFor && first !== "" ? first : (request.socket.remoteAddress ?? "-");
}
