// A calibration from the times an access log says its requests took: the law of a page's own time from quiet stretches, and how much
// of it is a core's from what it grows to when many come.

import { type Calibration, type Law, type StoreProvider, storeOperations } from "../../config/scenario.ts";
import { tQuantile } from "../../metrics/confidence.ts";
import { lawMean } from "../../workload/distributions.ts";
import { createTally, type Tally } from "../../workload/log/tally.ts";
import { times as scaledLaw } from "./costs.ts";
import { binsOf, type LogBins, quietBins } from "./log-bins.ts";
import { type Growth, growthOf, loadGroups } from "./log-growth.ts";
import { empiricalLaw, type LockWaits, lockWaits, momentsOf, resolutionMs, withoutLockWaits } from "./log-law.ts";
import type { LogTimes } from "./log-times.ts";

export interface LogFitOptions {
  readonly provider: StoreProvider | null;
  /** Names of the logs, for the evidence. */
  readonly files: readonly string[];
  /** The log's moments run so many times faster than the times that requests took. */
  readonly timeScale: number;
  /** Of the machine that wrote the log; null where nobody says. */
  readonly cores: number | null;
  /** For what a log does not tell. */
  readonly base: Calibration;
}

export interface LogFit {
  readonly calibration: Calibration;
  readonly pages: number;
  readonly quietPages: number;
  readonly quietConcurrency: number;
  readonly resolutionMs: number;
  /** A page's own time in quiet stretches, lock waits left out. */
  readonly meanMs: number;
  readonly meanHalfWidthMs: number | null;
  readonly lockWaitShare: number;
  readonly growth: Growth | null;
}

/** Calls that a page which writes its session makes: get it exclusively, set and release it. */
const CALLS = ["getItemExclusive", "setAndReleaseItemExclusive"] as const;

/** @param times of at least one page. */
export function calibrationFromLog(times: LogTimes, options: LogFitOptions): LogFit {
  const bins = binsOf(times, options.timeScale);
  const quiet = quietBins(bins);
  const all = createTally();
  const own = createTally();
  for (let i = 0; i < times.count(); i++) {
    if (!times.isPage(i)) continue;
    all.add(times.tookMs(i));
    if (quiet.quiet[bins.binOf(i)] === 1) own.add(times.tookMs(i));
  }
  const resolution = resolutionMs(all.entries());
  const locks = lockWaits(all.entries(), own.percentile(0.9));
  const entries = withoutLockWaits(own.entries(), locks);
  const ownTimes = momentsOf(entries);
  const { mean } = ownTimes;
  const growth = growthOf(loadGroups(bins), ownTimes, options.cores);
  const halfWidth = meanHalfWidth(bins, quiet.quiet, own);
  const meanMs = growth === null ? mean : nearest(growth.coreMs + growth.waitMs, mean, halfWidth);
  const law = empiricalLaw(entries, resolution, meanMs);
  const split = splitLaw(law, meanMs, growth, options);
  const fit = {
    pages: all.count(),
    quietPages: own.count(),
    quietConcurrency: quiet.concurrency,
    resolutionMs: resolution,
    meanMs,
    meanHalfWidthMs: halfWidth === null ? null : halfWidth + resolution / 2,
    lockWaitShare: locks.share,
    growth,
  };
  return { ...fit, calibration: calibrationOf(fit, split, quiet.enough, locks, times, options) };
}

/**
 * All stretches together know a page's own time better than the quiet ones alone, and need not be empty for it; but the quiet ones
 * bound it.
 */
function nearest(ofAllMs: number, quietMs: number, halfWidthMs: number | null): number {
  if (halfWidthMs === null) return quietMs;
  return Math.min(quietMs + halfWidthMs, Math.max(quietMs - halfWidthMs, ofAllMs));
}

interface Split {
  readonly core: Law;
  readonly beyond: Law;
  readonly operations: Calibration["operations"];
  readonly networkRoundTripMs: Law;
  readonly storeMs: number;
}

/**
 * What a page takes of a core, of the store and of neither, with the shape of the whole where it belongs. In process, or where nobody names a
 * provider, store calls are part of the page; elsewhere two of them are taken out of what waits for no core.
 */
function splitLaw(law: Law, meanMs: number, growth: Growth | null, { base, provider }: LogFitOptions): Split {
  const coreMs = Math.min(meanMs, growth === null ? lawMean(base.requestCpuMs) : growth.coreMs);
  const remote = provider !== null && provider !== "in-proc";
  const callMs = (operation: (typeof CALLS)[number]) =>
    lawMean(base.networkRoundTripMs) + lawMean(base.operations[operation].storeMs);
  const storeMs = remote
    ? Math.min(
        meanMs - coreMs,
        CALLS.reduce((sum, call) => sum + callMs(call), 0),
      )
    : 0;
  const share = (partMs: number): Law =>
    partMs <= 0 ? { kind: "constant", value: 0 } : scaledLaw(law, partMs / meanMs, 0);
  const free = { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 } as const;
  const operations = { ...base.operations };
  if (!remote) for (const operation of storeOperations) operations[operation] = free;
  const beyondMs = meanMs - coreMs - storeMs;
  const shapes =
    growth?.coreVaries === true
      ? { core: beyondConstant(law, meanMs - coreMs), beyond: { kind: "constant", value: beyondMs } as const }
      : { core: share(coreMs), beyond: share(beyondMs) };
  return {
    ...shapes,
    operations,
    networkRoundTripMs: remote ? base.networkRoundTripMs : { kind: "constant", value: 0 },
    storeMs,
  };
}

/** What the law has beyond a constant part, with the mean it should have. */
function beyondConstant(law: Law, constantMs: number): Law {
  if (law.kind !== "empirical") return law;
  const wanted = lawMean(law) - constantMs;
  const cut: Law = { kind: "empirical", quantiles: law.quantiles.map((value) => Math.max(0, value - constantMs)) };
  return scaledLaw(cut, wanted / Math.max(1e-9, lawMean(cut)), 0);
}

/** Pages of one stretch lean on each other: the stretches are what is independent. */
function meanHalfWidth({ pages, pagesTookMs }: LogBins, quiet: Uint8Array, own: Tally): number | null {
  const members = [...pages.keys()].filter((bin) => quiet[bin] === 1 && pages[bin]! > 0);
  if (members.length < 3) return null;
  const mean = own.mean();
  const squares = members.reduce((sum, bin) => {
    const beside = pagesTookMs[bin]! - mean * pages[bin]!;
    return sum + beside * beside;
  }, 0);
  const standardError = Math.sqrt((squares * members.length) / (members.length - 1)) / own.count();
  return tQuantile(0.975, members.length - 1) * standardError;
}

function calibrationOf(
  fit: Omit<LogFit, "calibration">,
  split: Split,
  quietEnough: boolean,
  locks: LockWaits,
  times: LogTimes,
  options: LogFitOptions,
): Calibration {
  const { base, provider, files } = options;
  const { growth, meanMs, meanHalfWidthMs } = fit;
  const intervals: Record<string, { low: number; high: number }> = {};
  if (growth !== null) intervals["requestCpuMs.mean"] = { low: growth.coreMsLow, high: growth.coreMsHigh };
  else if (meanHalfWidthMs !== null) {
    const beyondMs = lawMean(split.beyond);
    intervals["clientRoundTripMs.mean"] = {
      low: Math.max(0, beyondMs - meanHalfWidthMs),
      high: beyondMs + meanHalfWidthMs,
    };
  }
  return {
    name: `${files.length === 1 ? files[0] : `${files.length} access logs`}, ${fit.pages} pages`,
    ...(provider === null ? {} : { provider }),
    intervals,
    evidence: [
      `Fitted from the times taken in ${files.join(", ")}: ${fit.pages} pages, static files and failures left out.`,
      quietText(fit, quietEnough),
      resolutionText(fit.resolutionMs),
      growthText(fit, options.cores),
      locks.share === 0
        ? "No waits for a session's lock stand out at multiples of 500 ms."
        : `${percent(locks.share)} of the pages look like waits for a session's lock, just above multiples of 500 ms; they are left out of the law.`,
      split.storeMs > 0
        ? `Two store calls a page, ${ms(split.storeMs)} as in "${base.name}", are taken out of the time that waits for no core.`
        : "Store calls are within the page's own time and cost nothing more.",
      `Memory and calls at one time are those of "${base.name}"${base.measured ? "" : ", which is an assumption"}.`,
      ...(times.untimed() > 0 ? [`${times.untimed()} requests do not say how long they took.`] : []),
      ...(times.leftOut() > 0 ? [`Only the first ${times.count()} requests count, ${times.leftOut()} do not.`] : []),
      `A page's own time is ${ms(meanMs)} on average${meanHalfWidthMs === null ? "" : ` ± ${ms(meanHalfWidthMs)} with 95 %`}; pages of the scenario add to it what they say.`,
    ].join(" "),
    measured: true,
    requestCpuMs: split.core,
    clientRoundTripMs: split.beyond,
    networkRoundTripMs: split.networkRoundTripMs,
    storeConcurrency: base.storeConcurrency,
    operations: split.operations,
    memory: base.memory,
  };
}

function quietText({ quietPages, quietConcurrency }: Omit<LogFit, "calibration">, enough: boolean): string {
  const busy = `${Number(quietConcurrency.toPrecision(2))} requests at one time or fewer`;
  return enough
    ? `Their own time is that of ${quietPages} pages in quiet stretches, ${busy}.`
    : `The log has no quiet stretches: their own time is that of ${quietPages} pages at ${busy}, an upper bound.`;
}

function resolutionText(resolution: number): string {
  if (resolution === 1) return "Times are whole milliseconds: each is known to half of one.";
  if (resolution === 1000) return "Times are whole seconds: of pages faster than that nothing is known but their mean.";
  return `Times come in steps of ${resolution} ms, the ticks of the server's timer: only means are known more closely.`;
}

function growthText({ growth }: Omit<LogFit, "calibration">, cores: number | null): string {
  if (growth === null) {
    return "Their times do not grow with the number of requests beyond chance, so how much of them is a core's cannot be told: a core's time is that of the base, the rest waits for none.";
  }
  const { coreMs, coreMsLow, coreMsHigh, waitMs, demandMs, demandMsLow, demandMsHigh, coresLikely, utilisationMax } =
    growth;
  const count =
    cores === null
      ? `${growth.cores} (${coresLikely.join(", ")} fit as well as chance lets one tell)`
      : String(growth.cores);
  return (
    `Their times grow with the load as those of pages that take ${ms(coreMs)} (${ms(coreMsLow)} to ${ms(coreMsHigh)}) of a core and ${ms(waitMs)} of none, with ${count} cores: ` +
    `${ms(demandMs)} (${ms(demandMsLow)} to ${ms(demandMsHigh)}) a page of all of them, so no more than ${Number((1000 / demandMs).toPrecision(3))} pages/s; the busiest stretches used ${percent(utilisationMax)}.`
  );
}

function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
