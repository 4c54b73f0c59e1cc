// Is a limit kept, surely? A figure and its interval over replications; a percentile by the share of values up to the limit, which needs
// no interval of the percentile itself. What was never seen in so many tries is bounded by them, not by how little it varied.
// Source: Law, Simulation Modeling and Analysis, 5th ed., 9.4.

import { assert } from "../../config/assert.ts";
import { isRecycled } from "../../config/recycling.ts";
import type { Scenario } from "../../config/scenario.ts";
import { UNLIMITED_SESSIONS } from "../../config/session-settings.ts";
import { meanOf, tQuantile, varianceOf } from "../../metrics/confidence.ts";
import { expectedEvents } from "../../metrics/few-events.ts";
import type { Part } from "../../metrics/figures.ts";
import { valuesNeeded } from "../../metrics/latency-histogram.ts";
import type { TargetEvidence } from "../../metrics/plan/plan.ts";
import { storesOf } from "../../sim/stores.ts";
import { countAll, countAtMost, type Facts, type Steps } from "./facts.ts";
import { type Limit, sayLimit } from "./limits.ts";

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * @param facts of one situation, two replications at least.
 * @param error the chance allowed of a wrong answer on one side, for this limit and this look alone.
 */
export function judgeLimit(
  limit: Limit,
  scenario: Scenario,
  facts: readonly Facts[],
  error: number,
  situation: string,
): TargetEvidence {
  assert(facts.length >= 2, "one replication has no interval");
  const { kind } = limit;
  const about = { figure: kind.key, label: kind.label, unit: kind.unit, limit: sayLimit(limit), situation };
  const judged =
    kind.percentile === undefined
      ? judgeMean(limit, scenario, facts, error)
      : judgePercentile(limit, kind.percentile, facts, error);
  if (judged === null) return { ...about, value: null, interval: null, met: null, margin: null };
  const { value, low, high, met } = judged;
  const level = Number(((1 - 2 * error) * 100).toPrecision(5));
  const method = `${level} %, Student's t over ${facts.length} replications`;
  const interval = Number.isFinite(high) && Number.isFinite(low) ? { low, high, method } : null;
  return { ...about, value, interval, met, margin: marginOf(limit, value) };
}

/** From the value to the limit, as a share of the limit; null at a limit of 0. */
export function marginOf({ side, value: limit }: Limit, value: number): number | null {
  if (limit === 0) return null;
  return (side === "at most" ? limit - value : value - limit) / Math.abs(limit);
}

type Judged = Estimate & { readonly met: boolean | null };

function judgeMean(limit: Limit, scenario: Scenario, facts: readonly Facts[], error: number): Judged | null {
  const { kind } = limit;
  const parts = facts.map(({ parts }) => parts[kind.key]).filter((part) => part !== null && part !== undefined);
  if (parts.length < facts.length || parts.every(({ whole }) => whole === 0)) return null;
  const certain = neverHappens(kind.key, scenario);
  const likely = certain
    ? { value: 0, low: 0, high: 0 }
    : estimateOf(parts, widthOf(error, parts.length), isCount(limit));
  // A highest that the cap cuts off varies below it alone.
  const { value, low } = likely;
  const high = Math.min(likely.high, mostOf(kind.key, scenario));
  const met =
    limit.side === "at most"
      ? verdict(high <= limit.value, low > limit.value)
      : verdict(low >= limit.value, high < limit.value);
  return { value, low, high, met };
}

/** A share of single events, which may be too few for a normal law. */
const isCount = ({ kind }: Limit) => kind.unit === "share" && kind.ratio !== undefined;

function verdict(surelyKept: boolean, surelyMissed: boolean): boolean | null {
  if (surelyKept) return true;
  return surelyMissed ? false : null;
}

/** What the settings rule out, so that no run has to show it. */
function neverHappens(figure: string, { site, faults }: Scenario): boolean {
  if (figure === "refusedShare") return site.sessionsMax === UNLIMITED_SESSIONS;
  if (figure !== "lostShare") return false;
  if (site.mode === "InProc") return !isRecycled(site) && faults.length === 0;
  return !faults.some(({ kind }) => kind === "kill-store");
}

/** The error of one side, and how many standard errors that is. */
interface Width {
  readonly error: number;
  readonly t: number;
}

const widthOf = (error: number, replications: number): Width => ({ error, t: tQuantile(1 - error, replications - 1) });

/** What no run can exceed. */
function mostOf(figure: string, scenario: Scenario): number {
  return figure.startsWith("storedSessions")
    ? scenario.site.sessionsMax * storesOf(scenario)
    : Number.POSITIVE_INFINITY;
}

/** A quotient of sums and its interval, by the delta method. */
function estimateOf(parts: readonly Part[], { error, t }: Width, ofEvents: boolean): Estimate {
  const part = parts.reduce((sum, one) => sum + one.part, 0);
  const whole = parts.reduce((sum, one) => sum + one.whole, 0);
  const value = part / whole;
  const wholeMean = whole / parts.length;
  const linear = parts.map((one) => value + (one.part - value * one.whole) / wholeMean);
  const half = t * Math.sqrt(varianceOf(linear) / parts.length);
  if (!ofEvents) return { value, low: Math.max(0, value - half), high: value + half };
  const few = fewEvents(part, error);
  const others = fewEvents(whole - part, error);
  const low = Math.min(value - half, few === null ? 1 : few.low / whole, others === null ? 1 : 1 - others.high / whole);
  const high = Math.max(
    value + half,
    few === null ? 0 : few.high / whole,
    others === null ? 0 : 1 - others.low / whole,
  );
  return { value, low: Math.max(0, low), high: Math.min(1, high) };
}

/** From so many on, Student's t does. */
const EVENTS_FEW = 30;

/** null where they are many. */
function fewEvents(seen: number, error: number): ReturnType<typeof expectedEvents> | null {
  return seen >= EVENTS_FEW ? null : expectedEvents(seen, error);
}

function judgePercentile(
  limit: Limit,
  { histogram, at }: NonNullable<Limit["kind"]["percentile"]>,
  facts: readonly Facts[],
  error: number,
): Judged | null {
  const all = facts.map(({ steps }) => steps[histogram] ?? null);
  const total = all.reduce((sum, steps) => sum + (steps === null ? 0 : countAll(steps)), 0);
  if (total === 0 || (at > 50 && total < valuesNeeded(at))) return null;
  const share = at / 100;
  const width = widthOf(error, all.length);
  const upTo = (us: number) =>
    estimateOf(
      all.map((steps) => partUpTo(steps, us)),
      width,
      true,
    );
  const values = valuesOf(all);
  const first = (holds: (us: number) => boolean) => values[firstWhere(values.length, (i) => holds(values[i]))];
  const value = first((us) => all.reduce((sum, steps) => sum + partUpTo(steps, us).part, 0) >= share * total);
  const low = first((us) => upTo(us).high >= share);
  const high = first((us) => upTo(us).low >= share);
  const limitUs = limit.value * 1000;
  // Those just below the limit are at most the limit; those at it are at least it.
  const beside = upTo(limit.side === "at most" ? limitUs : limitUs - 1);
  const met =
    limit.side === "at most"
      ? verdict(beside.low >= share, beside.high < share)
      : verdict(beside.high < share, beside.low >= share);
  return {
    value: (value ?? values[values.length - 1]) / 1000,
    low: low === undefined ? Number.NaN : low / 1000,
    high: high === undefined ? Number.POSITIVE_INFINITY : high / 1000,
    met,
  };
}

function partUpTo(steps: Steps | null, us: number): Part {
  return steps === null ? { part: 0, whole: 0 } : { part: countAtMost(steps, us), whole: countAll(steps) };
}

/** All values that occur, rising. */
function valuesOf(all: readonly (Steps | null)[]): Float64Array {
  const seen = new Set<number>();
  for (const steps of all) for (const us of steps?.us ?? []) seen.add(us);
  return Float64Array.from(seen).sort();
}

/** The first place at which something holds that goes on to hold; the length where it never does. */
function firstWhere(length: number, holds: (i: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * A level that so large a share of future replications stays below: what has to be bought where each month brings another run.
 * @param values of replications, two at least.
 */
export function predictionBound(values: readonly number[], confidence: number): number {
  assert(values.length >= 2, "one value varies with nothing");
  const spread = Math.sqrt(varianceOf(values) * (1 + 1 / values.length));
  return meanOf(values) + tQuantile(confidence, values.length - 1) * spread;
}
