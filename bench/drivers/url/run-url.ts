// The scenario's visitors at somebody's real site, of which nothing is known but what it answers. Nothing is started here and
// nothing left behind; requests, seconds and rate stay within their bounds whatever the scenario says.

import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { judge, summarise } from "../../../metrics/summarise.ts";
import { auditRun, type Evidence } from "../../audit/audit.ts";
import type { Finding } from "../../audit/audit-finding.ts";
import { type MachineEvidence, watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { watchBusy } from "../../busy-share.ts";
import { machineClock } from "../../clock.ts";
import { healthOf } from "../../generators/generator.ts";
import { createPace, machineTimers } from "../../pace.ts";
import { scenarioMoment, shareOver } from "../../scenario-time.ts";
import { aborted, onlyFailure, sleepUntil, untilAnswered } from "../../waiting.ts";
import { UNANSWERED_AFTER_MS } from "../journeys/journey-record.ts";
import { createJourneyDriver, type JourneyDriver } from "../journeys/journeys.ts";
import { sampleMoments } from "../journeys/sample-moments.ts";
import { boundFindings, renewalFindings, scenarioFindings, sessionFindings } from "./findings.ts";
import { foreignSite } from "./foreign-site.ts";
import { type ForeignRun, openForeign, type UrlTarget } from "./open-foreign.ts";
import {
  createOutsideSeries,
  type OutsideSeries,
  type OutsideTally,
  outsideFigures,
  outsideRecord,
  outsideTally,
} from "./outside-record.ts";
import { type SessionWatch, watchSessions } from "./session-watch.ts";

export type { UrlTarget } from "./open-foreign.ts";

const LEAD_IN_MS = 50;
const PROGRESS_MS = 500;
/** Requests under way when the load ends may take so long; after a cut, less. */
const END_GRACE_MS = UNANSWERED_AFTER_MS + 100;
const CUT_GRACE_MS = 1_000;

/** There is no host of ours whose life could be told. */
const NO_HOST = {
  hostBusyShare: 0,
  straight: false,
  hostDeath: null,
  hostTroubles: [],
  coresPerWorker: 1,
  store: null,
  expired: 0,
  missedFaults: 0,
  workerCrashes: 0,
} as const satisfies Partial<Evidence>;

interface Load {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly foreign: ForeignRun;
  readonly driver: JourneyDriver;
  readonly sessions: SessionWatch;
  readonly series: OutsideSeries;
  readonly startsAtMs: number;
  warm: OutsideTally | null;
  measured: OutsideTally | null;
  measuredUntilMs: number;
}

/**
 * Runs the scenario once at the site.
 * @throws InputError where nobody answers there, or the site is elsewhere.
 */
export async function runUrl(asked: Scenario, target: UrlTarget, options: BenchOptions): Promise<RunResult> {
  const startedAt = new Date();
  const foreign = await openForeign(asked, target, options);
  try {
    return await runAt(foreign, target, options, startedAt);
  } finally {
    foreign.close();
  }
}

async function runAt(
  foreign: ForeignRun,
  target: UrlTarget,
  options: BenchOptions,
  startedAt: Date,
): Promise<RunResult> {
  const { scenario, gate, client, finding } = foreign;
  const { site } = target;
  const pace = createPace(machineTimers(machineClock));
  const sessions = watchSessions(finding.carrier, scenario.site.timeoutMs, machineClock);
  const startsAtMs = machineClock() + LEAD_IN_MS;
  const driver = createJourneyDriver({
    scenario,
    pace,
    clock: machineClock,
    startsAtMs,
    async send(request) {
      const sentAtMs = machineClock();
      const reply = await gate.send(request);
      if (reply.kind === "answered") sessions.saw(request, reply, sentAtMs + (reply.heldMs ?? 0));
      return reply;
    },
    inFlight: client.inFlight,
    port: () => site.port,
    refusalReason: "",
    foreign: foreignSite(site, finding.carrier, machineClock),
  });
  const series = createOutsideSeries(outsideTally(driver.counts, sessions.counts));
  const load: Load = {
    scenario,
    options,
    foreign,
    driver,
    sessions,
    series,
    startsAtMs,
    warm: null,
    measured: null,
    measuredUntilMs: 0,
  };
  const machine = watchMachine();
  try {
    const generatorBusyShare = watchBusy(pace.polledMs);
    const complete = foreign.over.aborted ? false : await applyLoad(load);
    gate.close();
    const busyShare = generatorBusyShare();
    const endedAtMs = complete ? scenario.run.durationMs : Math.max(0, scenarioMoment(load, machineClock()));
    pace.stop();
    await untilAnswered(client.inFlight, complete ? END_GRACE_MS : CUT_GRACE_MS);
    foreign.close();
    await untilAnswered(client.inFlight, CUT_GRACE_MS);
    const final = tallyNow(load);
    const run = {
      run: scenario.run,
      final,
      warm: load.warm,
      measured: load.measured,
      measuredMs: Math.max(0, load.measuredUntilMs - scenario.run.warmupMs),
      endedAtMs,
      series: series.series(),
      driver,
    };
    const record = outsideRecord(run);
    const audit = auditOf(load, target, complete, busyShare, {
      ...machine.finish(),
      // On this machine the site is one of the other processes, and cannot be told from them.
      ...(site.loopback ? { otherLoadShare: null } : {}),
    });
    const result = summarise({
      kind: "measured",
      label: site.origin,
      scenario,
      store: null,
      settings: options.settings,
      command: options.command,
      records: [record],
      complete,
      closedForms: {},
      auditVerdict: audit.verdict,
      auditFindings: audit.findings,
      auditGenerator: audit.generator,
      environment: options.environment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
    });
    const figures = outsideFigures(result.figures, finding.carrier, run);
    return { ...result, figures, targets: scenario.targets.map((wanted) => judge(wanted, figures)) };
  } finally {
    machine.finish();
    pace.stop();
  }
}

/** @returns false when it was cut short, by the user or by a bound. */
async function applyLoad(load: Load): Promise<boolean> {
  const { scenario, driver, foreign } = load;
  const { durationMs, drainMs, timeScale } = scenario.run;
  const over = new AbortController();
  const until = (scenarioMs: number) => sleepUntil(load.startsAtMs + scenarioMs / timeScale, over.signal);
  // At once, so that what is not sent any more is not taken for a failure of the site.
  foreign.over.addEventListener("abort", driver.end, { signal: over.signal });
  const progress = setInterval(() => report(load), PROGRESS_MS);
  const visits = driver.run();
  const watching = watch(load, until, over.signal);
  try {
    const end = await Promise.race([
      Promise.all([visits, until(durationMs)]).then(() => null),
      until(durationMs + drainMs).then(() => null),
      aborted(foreign.over, over.signal).then(() => "cut" as const),
      onlyFailure(watching),
    ]);
    driver.end();
    over.abort();
    await watching;
    if (load.measured === null) takeRow(load);
    if (load.warm !== null && load.measured === null) closeWindow(load);
    return end === null && !foreign.over.aborted;
  } finally {
    clearInterval(progress);
    driver.end();
    over.abort();
  }
}

/** Rows of the series at every multiple of sampleMs, at the end of the warm-up and at that of the measured part. */
async function watch(load: Load, until: (scenarioMs: number) => Promise<void>, over: AbortSignal): Promise<void> {
  const { warmupMs, durationMs } = load.scenario.run;
  for (const moment of sampleMoments(load.scenario.run)) {
    await until(moment);
    if (over.aborted) return;
    takeRow(load);
    if (moment === warmupMs) load.warm = tallyNow(load);
    if (moment === durationMs) closeWindow(load);
  }
}

function takeRow(load: Load): void {
  load.series.add(scenarioMoment(load, machineClock()), tallyNow(load), load.foreign.client.inFlight());
}

function closeWindow(load: Load): void {
  load.measured = tallyNow(load);
  load.measuredUntilMs = Math.min(scenarioMoment(load, machineClock()), load.scenario.run.durationMs);
}

function tallyNow({ driver, sessions }: Load): OutsideTally {
  return outsideTally(driver.counts, sessions.counts);
}

function report(load: Load): void {
  const { counters, kept } = tallyNow(load);
  const { requests, started, failed } = counters;
  const phase = scenarioMoment(load, machineClock()) < load.scenario.run.warmupMs ? "warm-up" : "measuring";
  load.options.onProgress({
    share: shareOver(load),
    note: `${phase}: ${requests} requests, ${started} sessions started, ${kept} times kept${failed > 0 ? `, ${failed} failed` : ""}`,
  });
}

function auditOf(
  load: Load,
  target: UrlTarget,
  complete: boolean,
  generatorBusyShare: number,
  machine: MachineEvidence,
): ReturnType<typeof auditRun> {
  const { driver, foreign, scenario } = load;
  const own: Finding[] = [
    ...boundFindings(foreign.gate, target),
    ...scenarioFindings(scenario),
    ...sessionFindings(foreign.finding),
    ...renewalFindings(load.sessions.counts),
  ];
  return auditRun({
    requests: driver.histograms.startLag.totalCount,
    answered: driver.histograms.response.totalCount,
    health: healthOf(driver, generatorBusyShare, null),
    generatorDeath: null,
    failures: driver.counts.failures,
    ...NO_HOST,
    refusedByHost: driver.counts.refusedSeen,
    refusedSeen: driver.counts.refusedSeen,
    complete,
    machine,
    own,
  });
}
