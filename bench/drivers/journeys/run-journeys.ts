// A scenario lived through in real time by its visitors, against a real host, and its RunResult. Whatever happens on the way
// (a cut, a fault, a dead host), no process, port or half-written file is left behind.

import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { summarise } from "../../../metrics/summarise.ts";
import { watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { strikeOnTime } from "../../faults/strike-on-time.ts";
import type { Generator } from "../../generators/generator.ts";
import { startGenerators } from "../../generators/generator-fleet.ts";
import { createOwnGenerator } from "../../generators/own-generator.ts";
import { openSiteClient } from "../../generators/site-client.ts";
import { type HostSettings, hostSettings, refuseUndrivable } from "../../host/host-settings.ts";
import { openSite, type Site } from "../../host/process/site.ts";
import { tally } from "../../ledger.ts";
import { auditOf, closeWindow, type Load, type Outcome, recordOf, takeSample, tallyNow } from "../../load.ts";
import { createSampleSeries } from "../../sample-series.ts";
import { scenarioMoment, shareOver } from "../../scenario-time.ts";
import { openStoreWatch, type StoreWatch } from "../../store-watch.ts";
import { aborted, onlyFailure, sleepUntil } from "../../waiting.ts";
import { UNANSWERED_AFTER_MS } from "./journey-record.ts";
import { refusePopulation } from "./population.ts";
import { sampleMoments } from "./sample-moments.ts";
import { openStraightSite, refuseNotStraight } from "./straight.ts";

/** Between the host being up and scenario time 0: room for the generator to get ready. */
const LEAD_IN_MS = 50;
/**
 * Collections before a memory sample may take this share of the run; samples beyond it carry no memory figure. It is half of the
 * hundredth of requests that p99 speaks of: at 0.02 the collections made p99 40 % longer.
 */
const COLLECT_SHARE_MAX = 0.005;
/** Requests under way when the load ends may take so long; after a cut, less. */
const END_GRACE_MS = UNANSWERED_AFTER_MS + 100;
const CUT_GRACE_MS = 1_000;
/** Beyond the execution timeout, silence is a failure. */
const SILENCE_SLACK_MS = 10_000;

interface BenchLoad extends Load {
  readonly options: BenchOptions;
}

/**
 * Runs the scenario once, whatever its number of replications.
 * @throws InputError for a site that bench cannot drive (several workers), and for a store that cannot be started or reached.
 */
export async function runJourneys(scenario: Scenario, options: BenchOptions): Promise<RunResult> {
  refuseUndrivable(scenario);
  refusePopulation(scenario, options);
  if (options.through === "provider") refuseNotStraight(scenario, options);
  const startedAt = new Date();
  const store = await openStoreWatch(scenario);
  try {
    return await runOn(store, scenario, options, startedAt);
  } finally {
    await store?.close();
  }
}

async function runOn(
  store: StoreWatch | null,
  scenario: Scenario,
  options: BenchOptions,
  startedAt: Date,
): Promise<RunResult> {
  const settings = hostSettings(scenario, store?.connections ?? [], options.logFile ?? null);
  const { site, generator } = await reach(scenario, settings, options);
  try {
    await generator.populate(options.signal, (stored) => reportStored(scenario, options, stored));
    const startsAtMs = machineClock() + LEAD_IN_MS;
    site.begin(startsAtMs);
    store?.begin();
    const driver = generator.begin(startsAtMs);
    const first = await site.sample(true);
    const samples = createSampleSeries(
      first?.atMs ?? startsAtMs,
      tally(driver.counts, site.workers, store?.state() ?? null),
    );
    const load: BenchLoad = {
      scenario,
      options,
      site,
      store,
      driver,
      generator,
      startsAtMs,
      samples,
      strokes: [],
      warm: null,
      measured: null,
      measuredUntilMs: 0,
      collectedMs: 0,
    };
    const watch = watchMachine();
    const { complete, hostDeath, missedFaults, endedAtMs } = await applyLoad(load);
    const machine = watch.finish();
    report(load, "stopping");
    const graceMs = complete ? END_GRACE_MS : CUT_GRACE_MS;
    const { health, death: generatorDeath } = await generator.finish(graceMs);
    const hostTroubles = await site.close(graceMs);
    await store?.finish();
    const record = recordOf(load, endedAtMs);
    const audit = auditOf(load, record, {
      complete,
      hostDeath,
      missedFaults,
      hostTroubles,
      generatorDeath,
      health,
      straight: options.through === "provider",
      machine,
    });
    return summarise({
      kind: "measured",
      scenario,
      store: store?.engine ?? null,
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
  } finally {
    generator.kill();
    site.kill();
  }
}

/** A host process and who drives it over HTTP, or the session module in this very process. */
async function reach(
  scenario: Scenario,
  settings: HostSettings,
  { through, generators, connectionsMax }: BenchOptions,
): Promise<{ readonly site: Site; readonly generator: Generator }> {
  const silenceMaxMs = settings.executionTimeoutMs + SILENCE_SLACK_MS;
  if (through === "provider") {
    const { site, client } = await openStraightSite(settings, silenceMaxMs);
    const generator = createOwnGenerator(scenario, client);
    await generator.tellPort(await site.port());
    return { site, generator };
  }
  const client = {
    silenceMaxMs,
    certificatePem: settings.tls?.certificatePem ?? null,
    connectionsMax: connectionsMax ?? null,
  };
  const generator =
    generators === 1
      ? createOwnGenerator(scenario, openSiteClient(client))
      : await startGenerators(generators, scenario, client);
  try {
    return { site: await openSite(settings, generator.tellPort), generator };
  } catch (error) {
    generator.kill();
    throw error;
  }
}

/** From scenario time 0 until every visit is over or the drain is, until a cut, or until the host or a generator dies. */
async function applyLoad(
  load: BenchLoad,
): Promise<Pick<Outcome, "complete" | "hostDeath" | "missedFaults"> & { readonly endedAtMs: number }> {
  const { scenario, options, site, driver, generator } = load;
  const { durationMs, drainMs } = scenario.run;
  // Ended while the store and the site were starting, it has not begun.
  const begins = !options.signal.aborted;
  const over = new AbortController();
  const until = (scenarioMs: number) => sleepUntil(load.startsAtMs + scenarioMs / scenario.run.timeScale, over.signal);
  const visits = driver.run();
  const watching = watch(load, until, over.signal);
  const striking = strikeOnTime(load, until, over.signal);
  try {
    const end = await Promise.race([
      Promise.all([visits, until(durationMs)]).then(() => null),
      until(durationMs + drainMs).then(() => null),
      aborted(options.signal, over.signal).then(() => "cut" as const),
      site.died.then((how) => ({ how })),
      generator.died.then(() => "cut" as const),
      onlyFailure(watching),
      onlyFailure(striking),
    ]);
    const cutAtMs = begins ? Math.max(0, scenarioMoment(load, machineClock())) : 0;
    driver.end();
    over.abort();
    const [missed] = await Promise.all([striking, watching]);
    if (load.measured === null) await takeSample(load, true);
    if (load.warm !== null && load.measured === null) closeWindow(load);
    const hostDeath = end !== null && typeof end === "object" ? end.how : null;
    const missedFaults = missed.filter((fault) => fault.atMs < durationMs).length;
    return { complete: end === null, hostDeath, missedFaults, endedAtMs: end === null ? durationMs : cutAtMs };
  } finally {
    driver.end();
    over.abort();
  }
}

/** Rows of the series at every multiple of sampleMs; the two moments between which the figures are taken are such rows as well. */
async function watch(load: BenchLoad, until: (scenarioMs: number) => Promise<void>, over: AbortSignal): Promise<void> {
  const { warmupMs, durationMs } = load.scenario.run;
  for (const moment of sampleMoments(load.scenario.run)) {
    await until(moment);
    if (over.aborted) return;
    // At the end of the measured part a collection disturbs nothing that is still measured.
    const mayCollect = load.collectedMs <= COLLECT_SHARE_MAX * (machineClock() - load.startsAtMs);
    await takeSample(load, mayCollect || moment === durationMs);
    if (moment === warmupMs) load.warm = tallyNow(load);
    if (moment === durationMs) closeWindow(load);
    report(load, moment < warmupMs ? "warm-up" : moment < durationMs ? "measuring" : "draining");
  }
}

function reportStored({ workload }: Scenario, { onProgress }: BenchOptions, stored: number): void {
  onProgress({ share: 0, note: `storing the population: ${stored} of ${workload.population?.sessions} sessions` });
}

function report(load: BenchLoad, phase: string): void {
  const { requests, stored, refused, failed } = tallyNow(load).counters;
  const counts = `${requests} requests, ${stored} stored, ${refused} refused`;
  load.options.onProgress({
    share: shareOver(load),
    note: `${phase}: ${counts}${failed > 0 ? `, ${failed} failed` : ""}`,
  });
}
