// How many sessions of which size are stored, and when memory is read: bounded in bytes and in time, and never at the same levels
// twice, so that memory which grows in steps (pages, extents, doubling tables) is met at every place of a step.

import { InputError } from "../../../config/problem.ts";
import type { Law, StoreProvider } from "../../../config/scenario.ts";
import { lawMean } from "../../../workload/distributions.ts";
import type { Stream } from "../../../workload/random-stream.ts";

/** Fillings of each size; between them lies the interval. */
export const ROUNDS = 6;
/** With fewer the interval is too wide to be of use. */
const ROUNDS_MIN = 4;
/** A run that would take longer, on a slow or busy machine, does with fewer rounds. */
const ROUNDS_MS_MAX = 60_000;
/** Readings of each filling. */
export const LEVELS = 6;

const SIZES: readonly number[] = [256, 4_096, 32_768];
/** A cookie of 4096 bytes holds no more, sealed and in base64. */
const COOKIE_SIZES: readonly number[] = [128, 512, 2_048];
/** Of all fillings that stand in one store together, or of a few that each have their own. */
const STACKED_BYTES_MAX = 224 * 2 ** 20;
const FRESH_BYTES_MAX = 24 * 2 ** 20;
/** What a session may take beside its state, for the bounds alone. */
const OVERHEAD_BYTES = 700;
/** In all fillings together. */
const FILLING_MS = 40_000;
const SESSIONS_MAX = 20_000;
const SESSIONS_MIN = 8 * LEVELS;
const STATE_BYTES_MAX = 2 ** 19;
const SIZES_MAX = 8;
/** The fractions of its multiples are spread evenly, however many there are. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

export interface MemorySizes {
  /** Ascending. */
  readonly all: readonly number[];
  /** The one nearest to the scenario's mean. */
  readonly main: number;
  /** Sessions of a size are that long on average; else every one of them is. */
  readonly spread: boolean;
}

/**
 * @param given by the user; null: a small, a middling and a large one, the nearest of them moved to the scenario's mean;
 * spread, unless all sessions of the scenario are alike.
 * @throws InputError for sizes beyond what a bench may store.
 */
export function memorySizes(given: readonly number[] | null, stateBytes: Law, provider: StoreProvider): MemorySizes {
  const mean = Math.round(lawMean(stateBytes));
  if (given === null) {
    const spread = stateBytes.kind !== "constant";
    const usual = provider === "sealed-cookie" ? COOKIE_SIZES : SIZES;
    const between = mean >= usual[0] / 2 && mean <= usual[usual.length - 1] * 2;
    const main = nearest(usual, mean);
    if (!between || (provider === "sealed-cookie" && mean > main)) return { all: usual, main, spread };
    return { all: usual.map((size) => (size === main ? mean : size)), main: mean, spread };
  }
  const all = [...new Set(given)].sort((a, b) => a - b);
  if (all.length === 0 || all.length > SIZES_MAX || all.some((size) => size > STATE_BYTES_MAX)) {
    throw new InputError("Cannot measure the memory of a session", [
      {
        at: "--state-bytes",
        given: all.join(","),
        expected: `1 to ${SIZES_MAX} sizes of at most ${STATE_BYTES_MAX} bytes`,
        mend: "leave some out; memory is a straight line over the size",
      },
    ]);
  }
  return { all, main: nearest(all, mean), spread: false };
}

/**
 * The sizes of the sessions from number `from` of a filling on. Spread, they lie evenly over the octave (by ratio) whose mean is
 * `stateBytes`, in an order by which those put there so far always do: an allocator whose blocks come in steps (jemalloc, of Redis)
 * takes a quarter more for the powers of two, that nobody's sessions are, than just below them.
 */
export function sessionSizes({ spread }: MemorySizes, stateBytes: number, from: number, sessions: number): number[] {
  return Array.from({ length: sessions }, (_, index) =>
    spread ? Math.round(stateBytes * Math.LN2 * 2 ** (((from + index + 0.5) * GOLDEN_RATIO) % 1)) : stateBytes,
  );
}

/** By ratio: 8 KiB is nearer to 4 KiB than to 32. */
function nearest(sizes: readonly number[], bytes: number): number {
  const distance = (size: number) => Math.abs(Math.log2((size + 1) / (bytes + 1)));
  return sizes.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

/**
 * The most sessions of one filling.
 * @param stacked all fillings stand in one store.
 * @param sessionsPerSecond that the store takes.
 */
export function sessionsOfFilling(
  stateBytes: number,
  sizes: number,
  stacked: boolean,
  sessionsPerSecond: number,
): number {
  const fillings = ROUNDS * sizes;
  const bytesMax = stacked ? STACKED_BYTES_MAX / fillings : FRESH_BYTES_MAX;
  const byBytes = bytesMax / (stateBytes + OVERHEAD_BYTES);
  const byTime = (sessionsPerSecond * FILLING_MS) / 1000 / fillings;
  return Math.floor(Math.max(SESSIONS_MIN, Math.min(SESSIONS_MAX, byBytes, byTime)));
}

/** How long all fillings may take together, readings and starts of servers included: for timeouts that must outlast them. */
export const FILLINGS_PATIENCE_MS = 2 * FILLING_MS;

/** @param elapsedMs that the `round` rounds before this one took. */
export function isLastRound(round: number, elapsedMs: number): boolean {
  if (round >= ROUNDS - 1) return true;
  return round >= ROUNDS_MIN - 1 && elapsedMs + (2 * elapsedMs) / round > ROUNDS_MS_MAX;
}

/**
 * Where memory is read: one level in each of LEVELS equal parts of the filling, at a place drawn anew each time. The first part has
 * none: there everything happens for the first time (code is compiled, pools are filled).
 * @returns ascending, whole.
 */
export function drawLevels(sessions: number, chance: Stream): number[] {
  const part = sessions / (LEVELS + 1);
  const levels: number[] = [];
  for (let level = 1; level <= LEVELS; level++) {
    levels.push(Math.max((levels.at(-1) ?? 0) + 1, Math.floor(part * (level + chance.next()))));
  }
  return levels;
}

/**
 * How full each round is, as a share of the most, over one octave: tables that double when they are full make memory a staircase of
 * ever wider steps, and every round shall end at another place of a step.
 * @returns one for each round, above ½ and up to 1, in any order.
 */
export function drawReaches(chance: Stream): number[] {
  const reaches = Array.from({ length: ROUNDS }, (_, round) => 2 ** (-(round + chance.next()) / ROUNDS));
  return shuffled(reaches, chance);
}

/** The sizes in an order of their own in each round, so that what changes over time meets none of them more than the others. */
export function drawOrder(sizes: readonly number[], chance: Stream): number[] {
  return shuffled(sizes, chance);
}

function shuffled(values: readonly number[], chance: Stream): number[] {
  const keyed = values.map((value) => ({ value, key: chance.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
