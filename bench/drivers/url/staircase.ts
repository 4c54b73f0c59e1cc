// What a site does with many requests of one session, told from response times alone: nothing (they run beside each other), one after
// another in a queue, or by polling for a lock. The yardstick are as many requests of as many sessions at the same page: what only the
// one session suffers is its lock's doing, and no lack of processors.
// Source of the polling: .NET reference source, SessionStateModule.cs: a locked session is looked at again each 500 ms.

/** One step: so many requests at once, again and again. */
export interface StairStep {
  readonly concurrency: number;
  /** Response times of completed requests, of one session and of a session each. */
  readonly oneSessionMs: readonly number[];
  readonly ownSessionsMs: readonly number[];
}

export type LockKind = "none" | "queue" | "polling" | "unclear";

export interface Staircase {
  readonly kind: LockKind;
  /** Response time of a request alone; null where none was answered. */
  readonly aloneMs: number | null;
  /** With polling; estimated from the waits. */
  readonly pollMs: number | null;
  /** Of the highest step with answers to both: how much longer the slowest of one session took than the slowest of many. */
  readonly slowdown: number | null;
}

/** A wait shorter than this is the machine's noise. */
const WAIT_MS_MIN = 20;
/** The slowest request of one session must take so many times as long as that of many sessions to be called locked. */
const SLOWDOWN_MIN = 1.5;
/** Waits that are tried as multiples of an interval: fewer tell nothing. */
const WAITS_MIN = 5;
const POLL_MS_MIN = 40;
const POLL_MS_MAX = 5_000;
/** Mean cosine of the waits' phases: 1 when all are whole multiples, 0 when they lie anywhere. */
const CONCENTRATION_MIN = 0.8;
/** What may happen beside the waiting, as a share of the interval. */
const BLUR_MAX = 0.05;

export function readStaircase(steps: readonly StairStep[]): Staircase {
  const usable = steps.filter((step) => step.oneSessionMs.length > 0 && step.ownSessionsMs.length > 0);
  const alone = steps.find(({ concurrency }) => concurrency === 1);
  const aloneMs = medianOf(alone?.oneSessionMs ?? []) ?? medianOf(usable[0]?.ownSessionsMs ?? []);
  const top = usable.filter(({ concurrency }) => concurrency > 1).at(-1);
  if (top === undefined) return { kind: "unclear", aloneMs, pollMs: null, slowdown: null };
  const slowest = (values: readonly number[]) => percentileOf(values, 0.95);
  const [one, own] = [slowest(top.oneSessionMs), slowest(top.ownSessionsMs)];
  const slowdown = own > 0 ? one / own : null;
  const locked = usable.some(({ concurrency, oneSessionMs, ownSessionsMs }) => {
    const [a, b] = [slowest(oneSessionMs), slowest(ownSessionsMs)];
    return concurrency > 1 && a - b >= WAIT_MS_MIN && a >= SLOWDOWN_MIN * b;
  });
  if (!locked) return { kind: "none", aloneMs, pollMs: null, slowdown };
  const waitsMs = usable.flatMap(stepWaitsMs);
  const roughMs = estimatePollMs(waitsMs);
  // Where the processors were busy as well, waits are blurred; the steps without that know better.
  const clear = usable.filter((step) => slowest(step.ownSessionsMs) <= (roughMs ?? 0) * BLUR_MAX);
  const pollMs = estimatePollMs(clear.flatMap(stepWaitsMs)) ?? roughMs;
  if (pollMs === null)
    return { kind: waitsMs.length < WAITS_MIN ? "unclear" : "queue", aloneMs, pollMs: null, slowdown };
  // A queue's waits are multiples too: of the time that a request takes.
  const isQueue = pollMs <= 2 * (aloneMs ?? 0);
  return { kind: isQueue ? "queue" : "polling", aloneMs, pollMs: isQueue ? null : pollMs, slowdown };
}

function stepWaitsMs({ oneSessionMs, ownSessionsMs }: StairStep): number[] {
  return oneSessionMs.map((tookMs) => waitMsOf(tookMs, ownSessionsMs)).filter((waitMs) => waitMs > 0);
}

/** How long a request of one session waited, by how long those took that had a session each; 0 when it took no longer than they. */
export function waitMsOf(tookMs: number, ownSessionsMs: readonly number[]): number {
  if (ownSessionsMs.length === 0) return 0;
  const longest = ownSessionsMs.reduce((a, b) => Math.max(a, b));
  return tookMs > longest + WAIT_MS_MIN ? tookMs - (medianOf(ownSessionsMs) ?? 0) : 0;
}

/** The longest interval of which the waits are whole multiples; null when there is none. */
export function estimatePollMs(waitsMs: readonly number[]): number | null {
  if (waitsMs.length < WAITS_MIN) return null;
  const concentration = (intervalMs: number) =>
    waitsMs.reduce((sum, waitMs) => sum + Math.cos((2 * Math.PI * waitMs) / intervalMs), 0) / waitsMs.length;
  let best: { intervalMs: number; score: number } | null = null;
  // From long to short in steps of half a percent; the first hill that is high enough is climbed to its top.
  for (let intervalMs = POLL_MS_MAX; intervalMs >= POLL_MS_MIN; intervalMs /= 1.005) {
    const score = concentration(intervalMs);
    if (score >= CONCENTRATION_MIN && intervalMs <= longestOf(waitsMs) * 1.2 && score > (best?.score ?? 0)) {
      best = { intervalMs, score };
    } else if (best !== null && score < best.score) break;
  }
  return best?.intervalMs ?? null;
}

function longestOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : percentileOf(values, 0.5);
}

function percentileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
