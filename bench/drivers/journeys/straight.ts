// The site without HTTP: the session module runs in the generator's own process and calls the real store, so that a figure is the
// store's and the module's, not the network's. It stands where a host process and an HTTP client stand otherwise and gives the same
// outcomes: pages, cookies, redirects, refusals at the cap, lock waits, failures by kind.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../../config/assert.ts";
import { InputError, type Problem } from "../../../config/problem.ts";
import { isRecycled } from "../../../config/recycling.ts";
import type { Scenario } from "../../../config/scenario.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import type { HostSettings } from "../../host/host-settings.ts";
import type { HostSample } from "../../host/process/host-control.ts";
import type { Site, WorkerRecord } from "../../host/process/site.ts";
import { LOCK_WAIT_HEADER, type Reply } from "../../host/reply.ts";
import { servePage } from "../../host/serve-page.ts";
import { openWorkerSessions } from "../../host/sessions/open-sessions.ts";
import type { WorkerSessions } from "../../host/sessions/worker-sessions.ts";
import { openSessionStore } from "../../providers/open-session-store.ts";
import type { Reply as ClientReply, ClientRequest, HttpClient } from "../http/http-client.ts";

export interface StraightSite {
  readonly site: Site;
  /** Never sends anything anywhere: it calls the session module. A fault of ours rejects. */
  readonly client: HttpClient;
}

/** There is one worker, and it has no port. */
const NO_PORT = 0;

/** @throws InputError for what only a site of its own processes can do. */
export function refuseNotStraight(
  { name, site, faults }: Scenario,
  options: Pick<BenchOptions, "generators" | "connectionsMax" | "logFile">,
): void {
  const problems: Problem[] = [];
  const onWorker = faults.find(({ kind }) => kind === "recycle" || kind.endsWith("-worker"));
  if (onWorker !== undefined) {
    problems.push({
      at: "faults",
      given: onWorker.kind,
      expected: "with --straight faults of the store alone: there is no worker process to strike",
      mend: "leave the fault out, or --straight",
    });
  }
  if (isRecycled(site)) {
    problems.push({
      at: site.recycleEveryMs === null ? "site.recycleAfterRequests" : "site.recycleEveryMinutes",
      given: String(site.recycleEveryMs === null ? site.recycleAfterRequests : site.recycleEveryMs / 60_000),
      expected: "with --straight no recycles: there is no worker process to replace",
      mend: "leave it out, or --straight",
    });
  }
  if (options.generators > 1) {
    problems.push({
      at: "--generators",
      given: String(options.generators),
      expected: "1 with --straight: the sessions of a site are kept by one session module",
      mend: "leave it out, or --straight",
    });
  }
  if (options.connectionsMax !== undefined) {
    problems.push({
      at: "--connections-max",
      given: String(options.connectionsMax),
      expected: "with --straight none: there are no connections",
      mend: "leave it out, or --straight",
    });
  }
  if (options.logFile !== undefined) {
    problems.push({
      at: "--log",
      given: options.logFile,
      expected: "with --straight no access log: there are no HTTP requests to log",
      mend: "leave it out, or --straight",
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot bench "${name}" straight at its store`, problems);
}

/**
 * Rejects when the settings are such that the store can never be opened; one that does not answer now is tried again later.
 * @param silenceMaxMs a request that has no outcome after so long has failed, as a silent server would have.
 */
export async function openStraightSite(settings: HostSettings, silenceMaxMs: number): Promise<StraightSite> {
  const clock = machineClock;
  // A page that the end of the run has cut off keeps nobody waiting for its end.
  const delay = (ms: number) => sleep(ms, undefined, { ref: false });
  const sessions = await openWorkerSessions({ settings, clock, delay, openStore: openSessionStore });
  const record: WorkerRecord = { sample: null, retired: false, storedSessionMsUntilRetired: null };
  const loopDelay = monitorEventLoopDelay({ resolution: 20 });
  loopDelay.enable();
  const underWay = new Set<(reply: ClientReply) => void>();
  let closed = false;

  async function answer({ path: target, cookies, userAgent }: ClientRequest): Promise<ClientReply> {
    const [path, query = ""] = target.split("?", 2);
    const cookie = cookies === "" ? undefined : cookies;
    return asSeen(await servePage({ settings, delay }, sessions, { path, query, cookie, userAgent }));
  }

  function send(request: ClientRequest): Promise<ClientReply> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => settle({ kind: "broken", failure: "no answer in time" }), silenceMaxMs);
      function leave(): void {
        clearTimeout(silence);
        underWay.delete(settle);
      }
      function settle(reply: ClientReply): void {
        leave();
        resolve(reply);
      }
      underWay.add(settle);
      answer(request).then(settle, (error: unknown) => {
        leave();
        // What befalls a request that the end of the run has cut off is nobody's fault.
        if (closed) resolve(CUT_OFF);
        else reject(error);
      });
    });
  }

  async function sample(): Promise<HostSample> {
    record.sample = await sampleOf(sessions, clock(), loopDelay.max / 1e6);
    loopDelay.reset();
    return record.sample;
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    loopDelay.disable();
    await sessions.close();
  }

  return {
    client: {
      send,
      inFlight: () => underWay.size,
      close() {
        for (const settle of underWay) settle(CUT_OFF);
      },
    },
    site: {
      workers: [record],
      port: () => NO_PORT,
      begin: () => undefined,
      sample,
      recycle: refuse,
      crash: refuse,
      pause: refuse,
      died: new Promise(() => undefined),
      async close() {
        await close();
        await sample();
        return [];
      },
      kill() {
        close().catch(() => undefined);
      },
    },
  };
}

const CUT_OFF: ClientReply = { kind: "broken", failure: "cut off" };

async function refuse(): Promise<never> {
  assert(false, "a run straight at the store has no worker to strike");
}

/** No collection is made before it: that would hold up the generator. */
async function sampleOf(sessions: WorkerSessions, atMs: number, loopDelayMaxMs: number): Promise<HostSample> {
  const counts = sessions.counts(atMs);
  const asked = sessions.census();
  const storedMax = sessions.takeStoredMax();
  const census = await asked;
  return {
    atMs,
    stored: census?.stored ?? null,
    live: census?.live ?? null,
    storedMax,
    counts,
    heapUsedBytes: process.memoryUsage().heapUsed,
    rssBytes: null,
    cpuMs: null,
    collectedMs: 0,
    loopDelayMaxMs,
  };
}

/** What a client would have read off the wire. */
function asSeen({ status, reason, headers }: Reply): ClientReply {
  return {
    kind: "answered",
    status,
    reason: reason ?? "",
    setCookies: headers["Set-Cookie"] === undefined ? [] : [headers["Set-Cookie"]],
    location: headers.Location ?? null,
    lockWaitMs: Number(headers[LOCK_WAIT_HEADER] ?? 0),
  };
}
