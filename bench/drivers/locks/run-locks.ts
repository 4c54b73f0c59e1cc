// The lock driver: one session, and more and more requests of it at once, over HTTP against the real host and store. It shows what a
// page costs that sends several requests together: waits in multiples of the poll, the order of nobody, time-outs, refusals by the
// queue limit, and, where the store has no locks, updates lost. Scenario time is not compressed here: polls and holds are real.
// Source: .NET reference source, SessionStateModule.cs (LOCKED_ITEM_POLLING_INTERVAL 500 ms, QueueRef, executionTimeout).

import { setInterval } from "node:timers";
import { InputError, type Problem } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import type { Finding } from "../../audit/audit-finding.ts";
import { auditStudy } from "../../audit/audit-study.ts";
import { watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { watchBusy } from "../../busy-share.ts";
import { machineClock } from "../../clock.ts";
import { openSiteClient } from "../../generators/site-client.ts";
import { hostSettings, refuseUndrivable } from "../../host/host-settings.ts";
import { openSite, type Site } from "../../host/process/site.ts";
import { tally } from "../../ledger.ts";
import { openStoreWatch, type StoreWatch } from "../../store-watch.ts";
import { untilAnswered } from "../../waiting.ts";
import type { VisitCounts } from "../journeys/journey-record.ts";
import { type LockSession, openLockSession } from "./lock-session.ts";
import { type LockBounds, type LockMeasurement, lockFigures, measureLockSteps } from "./locks.ts";

const STEPS: readonly number[] = [1, 2, 4, 8, 16, 32];
/** 32 at once take 15.5 s for a round by themselves, so that all steps together take less than a minute. */
const BOUNDS: LockBounds = { roundsMax: 20, stepMs: 5_000 };
/** Requests under way at the end have been given up already. */
const END_GRACE_MS = 1_000;
/** Beyond the execution timeout, silence is a failure. */
const SILENCE_SLACK_MS = 10_000;
const REPORT_EVERY_MS = 500;

interface BoundedOptions extends BenchOptions {
  readonly bounds: LockBounds;
}

/** @throws InputError for a site without sessions, and as runJourneys does. */
export async function runLocks(
  scenario: Scenario,
  options: BenchOptions,
  bounds: LockBounds = BOUNDS,
): Promise<RunResult> {
  refuseUndrivable(scenario);
  refuseWithoutLocks(scenario, options);
  const startedAt = new Date();
  const unhurried = { ...scenario, run: { ...scenario.run, timeScale: 1 } };
  const store = await openStoreWatch(unhurried);
  try {
    return await runOn(store, unhurried, { ...options, bounds }, startedAt);
  } finally {
    await store?.close();
  }
}

async function runOn(
  store: StoreWatch | null,
  scenario: Scenario,
  options: BoundedOptions,
  startedAt: Date,
): Promise<RunResult> {
  const settings = hostSettings(scenario, store?.connections ?? [], options.logFile ?? null);
  const client = openSiteClient({
    silenceMaxMs: settings.executionTimeoutMs + SILENCE_SLACK_MS,
    certificatePem: settings.tls?.certificatePem ?? null,
    connectionsMax: null,
  });
  const site = await openSite(settings);
  const ending = new AbortController();
  const end = () => ending.abort();
  options.signal.addEventListener("abort", end);
  if (options.signal.aborted) end();
  try {
    const startedAtMs = machineClock();
    site.begin(startedAtMs);
    store?.begin();
    const watch = watchMachine();
    const generatorBusyShare = watchBusy();
    let hostDeath: string | null = null;
    site.died.then((how) => {
      hostDeath = how;
      end();
    });
    const session = await openLockSession(scenario, { send: client.send, port: site.port }, ending.signal);
    const measured = await measure(site, session, options, ending.signal);
    const utilization = generatorBusyShare();
    const tookMs = machineClock() - startedAtMs;
    const machine = watch.finish();
    client.close();
    await untilAnswered(client.inFlight, END_GRACE_MS);
    const hostTroubles = hostDeath === null ? await site.close(END_GRACE_MS) : [];
    await store?.finish();
    const times = {
      pollMs: scenario.site.technology === "asp" ? null : scenario.site.lockPollMs,
      holdMs: session.holdMeanMs(),
    };
    const { counters } = tally(visitsOf(measured), site.workers, store?.state() ?? null);
    return summariseStudy({
      scenario,
      store: store?.engine ?? null,
      settings: options.settings,
      command: options.command,
      study: { kind: "locks", ...times, steps: measured.steps },
      figures: lockFigures(measured, times),
      counters,
      histograms: { response: measured.responses, lockWait: measured.waits },
      complete: measured.complete,
      tookMs,
      ...auditStudy({
        complete: measured.complete,
        machine,
        generator: { busyShare: utilization },
        hostDeath,
        hostTroubles,
        own: findingsOf(measured, session),
      }),
      environment: options.environment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
    });
  } finally {
    options.signal.removeEventListener("abort", end);
    client.close();
    site.kill();
  }
}

/** Reports at every answer, and meanwhile as well: with many at once the next may be long in coming. */
async function measure(
  site: Site,
  session: LockSession,
  { concurrency, onProgress, bounds }: BoundedOptions,
  signal: AbortSignal,
): Promise<LockMeasurement> {
  let share = 0;
  let note = "opening the session";
  const report = () => onProgress({ share, note });
  const reporting = setInterval(report, REPORT_EVERY_MS);
  try {
    return await measureLockSteps({
      steps: session.failure === null ? (concurrency ?? STEPS) : [],
      ...bounds,
      requestsMax: Number.POSITIVE_INFINITY,
      clock: machineClock,
      signal,
      send: session.send,
      async counts() {
        const sample = await site.sample(false);
        return { polls: sample?.counts.lockPolls ?? null, lostUpdates: sample?.counts.lostUpdates ?? null };
      },
      onAnswer(reached, atOnce) {
        share = reached;
        note = `${atOnce} at once`;
        report();
      },
    });
  } finally {
    clearInterval(reporting);
  }
}

/** One visitor, who sent all of it. */
function visitsOf({ steps }: LockMeasurement): VisitCounts {
  const sum = (of: (step: LockMeasurement["steps"][number]) => number) =>
    steps.reduce((all, step) => all + of(step), 0);
  const failures: Record<string, number> = {};
  const add = (kind: string, count: number) => {
    if (count > 0) failures[kind] = (failures[kind] ?? 0) + count;
  };
  for (const step of steps) {
    add("request timed out", step.timeOuts);
    add("queue limit of the session", step.queueRefusals);
    for (const [kind, count] of Object.entries(step.failures)) add(kind, count);
  }
  const requests = sum((step) => step.requests);
  const completed = sum((step) => step.completed);
  return {
    visits: 1,
    requests,
    completed,
    failed: requests - completed,
    failures,
    refusedSeen: 0,
    redirects: 0,
    cut: 0,
    lateStarts: 0,
  };
}

function findingsOf({ steps, complete }: LockMeasurement, { failure }: LockSession): Finding[] {
  if (failure !== null) return [{ verdict: "invalid", text: `No session could be opened: ${failure}.` }];
  if (!complete && steps.length === 0) return [{ verdict: "invalid", text: "Nothing was answered before the end." }];
  const others = steps.reduce((all, step) => all + Object.values(step.failures).reduce((sum, n) => sum + n, 0), 0);
  if (others === 0) return [];
  return [{ verdict: "doubtful", text: `${others} requests failed for other reasons than the session's lock.` }];
}

function refuseWithoutLocks({ name, site, workload }: Scenario, options: BenchOptions): void {
  const problems: Problem[] = [];
  if (site.mode === "Off") {
    problems.push({
      at: "site.mode",
      given: "Off",
      expected: "a mode with sessions: the locks driver asks for one",
      mend: "take another --mode",
    });
  }
  if (workload.pages.every((page) => page.session !== "read-write")) {
    problems.push({
      at: "workload.pages",
      given: "none with session: read-write",
      expected: "at least one: only such pages hold the session's lock",
      mend: "add one",
    });
  }
  if (options.through === "provider") {
    problems.push({
      at: "--straight",
      given: "with --driver locks",
      expected: "over HTTP: requests of one session meet in the host",
      mend: "leave it out",
    });
  }
  if (options.generators > 1) {
    problems.push({
      at: "--generators",
      given: String(options.generators),
      expected: "1 with --driver locks: one visitor sends all its requests",
      mend: "leave it out",
    });
  }
  if (problems.length > 0) throw new InputError(`Cannot bench "${name}" with --driver locks`, problems);
}
