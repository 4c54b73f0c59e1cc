// A thread of the saturation driver: so many visitors, each with a connection of autocannon and a session of his own, who ask for the
// next page the moment they have the last. What is counted lies in shared memory, so that the runner can read it at any moment
// without a word; autocannon's latencies are not looked at, for a closed loop leaves out the time that nobody asked in.

import { parentPort, workerData } from "node:worker_threads";
import autocannon, { type Client, type HeadersInfo } from "autocannon";
import { assert } from "../../../config/assert.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { machineClock } from "../../clock.ts";
import { TOO_BUSY } from "../../host/http-host.ts";
import { createBrowser, type Surfer } from "../http/browser.ts";
import { createCookieJar, noCookies } from "../http/cookie-jar.ts";
import { createHttpClient, failureOf, USER_AGENT } from "../http/http-client.ts";
import { addressOf, pagePath, pathOfPage } from "../journeys/page-path.ts";

export interface SaturationTask {
  readonly scenario: Scenario;
  readonly port: number;
  /** Of the site's certificate; null: plain HTTP. */
  readonly caPem: string | null;
  /** The thread's visitors are this visit and those after it. */
  readonly firstVisit: number;
  readonly connections: number;
  /** The load ends by itself after so long, should nobody end it. */
  readonly durationMsMax: number;
  readonly silenceMaxMs: number;
  /** One number, written by this thread alone: requests completed under load. */
  readonly completed: Int32Array;
}

export type SaturationOrder = "load" | "measure" | "stop";

export interface SaturationCounts {
  readonly requests: number;
  readonly completed: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly refusedSeen: number;
  /** Sign-ins, which come before the load, are among these as well. */
  readonly redirects: number;
}

export type SaturationReport =
  | { readonly kind: "signed-in" }
  | { readonly kind: "stopped"; readonly counts: SaturationCounts; readonly busyShare: number };

/**
 * Requests of each visitor that are written before the load begins and asked again and again in turn: writing one takes as long as
 * sending it. So many hold the mix of pages.
 */
const PAGES_PREPARED = 64;
/** Cookies of our host are for the whole site. */
const ANY_PAGE = "/";
const SET_COOKIE = "set-cookie";

interface Visitor extends Surfer {
  readonly visit: number;
  step: number;
}

const task = workerData as SaturationTask;
const { scenario } = task;
const journeys = createJourneys(scenario.workload, scenario.run.seed);
const failures: Record<string, number> = {};
let requests = 0;
let completed = 0;
let refusedSeen = 0;
let redirects = 0;

function settle(status: number, reason: string): void {
  if (status < 300) completed++;
  else if (status === 500 && reason === TOO_BUSY) refusedSeen++;
  else fail(status === 500 ? reason : `http ${status}`);
}

function fail(kind: string): void {
  failures[kind] = (failures[kind] ?? 0) + 1;
}

/** Every visitor comes in as a browser would, whatever way the site has of finding out whether he takes cookies. */
async function signIn(): Promise<Visitor[]> {
  const client = createHttpClient({
    silenceMaxMs: task.silenceMaxMs,
    lockWaitHeader: null,
    tls: task.caPem === null ? null : { ca: task.caPem },
  });
  const browse = createBrowser({
    send: client.send,
    port: () => task.port,
    clock: machineClock,
    whenEnded: new Promise(() => undefined),
    onRedirect() {
      redirects++;
    },
  });
  try {
    return await Promise.all(
      Array.from({ length: task.connections }, async (_, index) => {
        const visitor = welcome(task.firstVisit + index);
        requests++;
        const reply = await browse(visitor, entryPath(visitor.visit));
        assert(reply !== null, "nobody ends the run while its visitors come in");
        if (reply.kind === "broken") fail(reply.failure);
        else settle(reply.status, reply.reason);
        return visitor;
      }),
    );
  } finally {
    client.close();
  }
}

function welcome(visit: number): Visitor {
  const jar = journeys.withoutCookies(visit) ? noCookies : createCookieJar(scenario.site.https);
  return { visit, step: 0, jar, address: addressOf(visit), userAgent: USER_AGENT, segment: "" };
}

/** A page that fills the session, where the site has any that would. */
function entryPath(visit: number): string {
  const page = scenario.workload.pages.find(({ session }) => session === "read-write");
  if (page === undefined)
    return pagePath(scenario, journeys, { visit, step: 0, place: 0, abandons: false, segment: "" });
  return pathOfPage(scenario.site.technology, page.name, {
    session: page.session,
    cpuMs: 0,
    waitMs: 0,
    changes: true,
    abandons: false,
    stateBytes: journeys.stateBytes(visit),
    timeoutMinutes: null,
  });
}

/** Requests under way when the load ends are cut off, and count as never sent. */
function load(visitors: readonly Visitor[]) {
  let next = 0;

  function attend(client: Client): void {
    const visitor = visitors[next++];
    const { visit, segment, jar } = visitor;
    let answer: HeadersInfo | null = null;
    let underWay = false;
    /** A connection that the server closed, or that was given up, is opened again, and what was asked over it is never answered. */
    let lost = false;
    const cookieHeader = () => jar.header(ANY_PAGE, machineClock());
    const nextRequest = () => {
      const path = pagePath(scenario, journeys, { visit, step: ++visitor.step, place: 0, abandons: false, segment });
      const who = { "user-agent": visitor.userAgent, "x-forwarded-for": visitor.address };
      return { path, headers: cookie === "" ? who : { ...who, cookie } };
    };
    let cookie = cookieHeader();
    let cookieChanges = false;
    client.setRequests(Array.from({ length: PAGES_PREPARED }, nextRequest));
    /** From the first new cookie on, as where the session itself is a cookie, every request is written when it is sent. */
    const takeCookie = (setCookie: string) => {
      jar.store(setCookie, ANY_PAGE, machineClock());
      const now = cookieHeader();
      if (now === cookie) return;
      cookie = now;
      if (!cookieChanges) client.setRequests([{ setupRequest: (request) => ({ ...request, ...nextRequest() }) }]);
      cookieChanges = true;
    };
    const countFailure = (kind: string) => {
      requests++;
      fail(kind);
    };
    client.on("request", () => {
      lost ||= underWay;
      underWay = true;
    });
    client.on("headers", (info: HeadersInfo) => {
      answer = info;
      for (let i = 0; i < info.headers.length; i += 2) {
        const name = info.headers[i];
        if (name.length === SET_COOKIE.length && name.toLowerCase() === SET_COOKIE) takeCookie(info.headers[i + 1]);
      }
    });
    client.on("response", () => {
      if (answer === null) return;
      if (lost) countFailure("connection closed");
      lost = false;
      underWay = false;
      requests++;
      settle(answer.statusCode, answer.statusMessage);
      if (answer.statusCode < 300) task.completed[0]++;
    });
    client.on("connError", (error: Error) => {
      underWay = false;
      countFailure(failureOf(error));
    });
    client.on("timeout", () => {
      // The same request has been sent again by now.
      if (lost) countFailure("no answer in time");
      lost = false;
    });
  }

  const tracker = autocannon({
    url: `${task.caPem === null ? "http" : "https"}://127.0.0.1:${task.port}`,
    connections: visitors.length,
    duration: task.durationMsMax / 1_000,
    timeout: task.silenceMaxMs / 1_000,
    sampleInt: 100,
    setupClient: attend,
  });
  return async () => {
    tracker.stop();
    await tracker;
  };
}

assert(parentPort !== null, "this file is the script of a thread");
const port = parentPort;
const report = (message: SaturationReport) => port.postMessage(message);
const visitors = await signIn();
let stop: (() => Promise<void>) | null = null;
let busySince = performance.eventLoopUtilization();
port.on("message", async (order: SaturationOrder) => {
  if (order === "load") stop = load(visitors);
  if (order === "measure") busySince = performance.eventLoopUtilization();
  if (order !== "stop") return;
  const busyShare = performance.eventLoopUtilization(busySince).utilization;
  await stop?.();
  report({ kind: "stopped", counts: { requests, completed, failures, refusedSeen, redirects }, busyShare });
});
report({ kind: "signed-in" });
