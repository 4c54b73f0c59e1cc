// How many requests a second a site answers when every visitor asks for the next page the moment he has the last: a closed loop, by
// autocannon in threads of its own. It gives throughput alone. Its visitors keep their sessions: nobody leaves, pauses or logs out,
// pages and sizes are the scenario's. Faults do not strike, arrivals and think times have no meaning here.

import { InputError } from "../../../config/problem.ts";
import type { Scenario } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { hostSettings, refuseUndrivable } from "../../host/host-settings.ts";
import { openSite, type Site } from "../../host/process/site.ts";
import { openStoreWatch } from "../../store-watch.ts";
import { aborted, sleepUntil } from "../../waiting.ts";
import { type SaturationMeasurement, saturationResult } from "./saturation-result.ts";
import { openSaturationThreads, type SaturationThreads } from "./saturation-threads.ts";

export interface SaturationShape {
  readonly warmupMs: number;
  readonly rounds: number;
  readonly roundMs: number;
}

/** Ten rounds give an interval with a t of 2.3; a second each holds some thousand requests. */
const shapeDefault: SaturationShape = { warmupMs: 1_000, rounds: 10, roundMs: 1_000 };
/** Enough to keep one worker busy whose pages wait a little, and not so many that 500 sockets are all that is measured. */
const CONNECTIONS_DEFAULT = 32;
/** Visitors may be given so long to come in, before and beyond the rounds. */
const MARGIN_MS = 60_000;
const END_GRACE_MS = 5_000;
const SILENCE_SLACK_MS = 10_000;

/**
 * The number of connections is the first of options.concurrency; they are shared out among options.generators threads.
 * @throws InputError for a site that bench cannot drive, and for a store that cannot be started or reached.
 */
export async function runSaturation(
  scenario: Scenario,
  options: BenchOptions,
  shape: SaturationShape = shapeDefault,
): Promise<RunResult> {
  refuseUndrivable(scenario);
  refuseStraight(scenario, options);
  const startedAt = new Date();
  const startedAtMs = machineClock();
  const connections = options.concurrency?.[0] ?? CONNECTIONS_DEFAULT;
  const store = await openStoreWatch(scenario);
  try {
    const settings = hostSettings(scenario, store?.connections ?? [], options.logFile ?? null);
    const site = await openSite(settings);
    try {
      site.begin(machineClock());
      store?.begin();
      const measurement = await measure(
        scenario,
        options,
        shape,
        connections,
        site,
        settings.tls?.certificatePem ?? null,
      );
      const hostTroubles = await site.close(measurement.complete ? END_GRACE_MS : 1_000);
      await store?.finish();
      return saturationResult(scenario, options, {
        ...measurement,
        connections,
        workers: site.workers,
        store: store?.state() ?? null,
        engine: store?.engine ?? null,
        hostTroubles,
        startedAt,
        tookMs: machineClock() - startedAtMs,
      });
    } finally {
      site.kill();
    }
  } finally {
    await store?.close();
  }
}

function refuseStraight({ name }: Scenario, { through }: BenchOptions): void {
  if (through === "http") return;
  const expected = "saturation over HTTP: a closed loop over provider calls is --driver micro";
  throw new InputError(`Cannot bench "${name}"`, [
    { at: "--straight", given: "--driver saturation", expected, mend: "leave it out" },
  ]);
}

async function measure(
  scenario: Scenario,
  options: BenchOptions,
  shape: SaturationShape,
  connections: number,
  site: Site,
  caPem: string | null,
): Promise<SaturationMeasurement> {
  const over = new AbortController();
  const threads = await openSaturationThreads({
    scenario,
    port: await site.port(),
    caPem,
    connections,
    threads: Math.min(options.generators, connections),
    durationMsMax: shape.warmupMs + shape.rounds * shape.roundMs + MARGIN_MS,
    silenceMaxMs: scenario.site.executionTimeoutMs + SILENCE_SLACK_MS,
  });
  let hostDeath: string | null = null;
  const ended = Promise.race([
    aborted(options.signal, over.signal),
    threads.failed,
    site.died.then((how) => {
      hostDeath = how;
    }),
  ]).finally(() => over.abort());
  ended.catch(() => undefined);
  const watch = watchMachine();
  try {
    const rounds = await Promise.race([live(shape, options, threads, site, over.signal), threads.failed]);
    const machine = watch.finish();
    const counts = await threads.stop();
    const complete = rounds.perSecond.length === shape.rounds;
    over.abort();
    return { ...rounds, rounds: rounds.perSecond, complete, counts, hostDeath, machine };
  } finally {
    over.abort();
    watch.finish();
    await threads.kill();
  }
}

/** Warm-up and rounds, until the last or until `over`; a round that was cut off is not one. */
async function live(
  { warmupMs, rounds, roundMs }: SaturationShape,
  { onProgress }: BenchOptions,
  threads: SaturationThreads,
  site: Site,
  over: AbortSignal,
) {
  const startsAtMs = machineClock();
  const wholeMs = warmupMs + rounds * roundMs;
  const perSecond: number[] = [];
  threads.load();
  onProgress({ share: 0, note: "warm-up" });
  await sleepUntil(startsAtMs + warmupMs, over);
  threads.measure();
  const first = await site.sample(false);
  let lastAtMs = machineClock();
  let lastCompleted = threads.completed();
  const firstCompleted = lastCompleted;
  for (let round = 0; round < rounds; round++) {
    await sleepUntil(lastAtMs + roundMs, over);
    if (over.aborted) break;
    const nowMs = machineClock();
    const completed = threads.completed();
    perSecond.push(((completed - lastCompleted) / (nowMs - lastAtMs)) * 1_000);
    lastAtMs = nowMs;
    lastCompleted = completed;
    const note = `round ${round + 1} of ${rounds}: ${perSecond[round].toFixed(0)} requests/s`;
    onProgress({ share: (nowMs - startsAtMs) / wholeMs, note });
  }
  const last = await site.sample(false);
  const answered = lastCompleted - firstCompleted;
  if (first === null || last === null || last.atMs <= first.atMs) {
    return { perSecond, hostBusyShare: null, hostCpuMsPerRequest: null };
  }
  if (first.cpuMs === null || last.cpuMs === null) throw new Error("a host process knows its processor time");
  const hostCpuMs = last.cpuMs - first.cpuMs;
  return {
    perSecond,
    hostBusyShare: hostCpuMs / (last.atMs - first.atMs),
    hostCpuMsPerRequest: answered === 0 ? null : hostCpuMs / answered,
  };
}
