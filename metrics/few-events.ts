// A share that only a few events tell of, or all but a few: so few do not vary by a normal law, and none at all vary by nothing. What
// was never seen in n tries is bounded by n: 3 / n, the rule of three. It takes events to come singly. Refusals come in clumps, and at a
// cap that was to refuse 6 in a run of ten replications a third of the runs saw none: the bound held in 66 % of them, and it is
// `simulate --rare` that knows.
// Sources: Garwood, Biometrika 28 (1936); Hanley and Lippman-Hand, J. of the American Medical Association 249 (1983).

import { assert } from "../config/assert.ts";
import { exp, log } from "../config/elementary.ts";
import type { Interval } from "./estimate.ts";
import type { Part } from "./figures.ts";

/**
 * What the expected number of independent events may be, of which so many were seen.
 * @param error the chance of a wrong answer on one side.
 */
export function expectedEvents(seen: number, error: number): { readonly low: number; readonly high: number } {
  assert(seen >= 0 && error > 0 && error < 1, "events are counted, and a chance lies between 0 and 1");
  const events = Math.round(seen);
  return {
    low: events === 0 ? 0 : bisect((mean) => 1 - poissonUpTo(events - 1, mean) < error),
    high: events === 0 ? -log(error) : bisect((mean) => poissonUpTo(events, mean) > error),
  };
}

/** With fewer on either side, 95 % intervals by Student's t over five replications held the share of events that come singly in 85 to 93 %. */
const FEW = 5;

/**
 * @param interval of the share by how it varies; null where it has none.
 * @param parts whose sums are the events and the tries.
 * @returns it widened to what so few events leave open; the same where there are enough.
 */
export function withFewEvents(interval: Interval | null, parts: readonly Part[], level: number): Interval | null {
  const seen = parts.reduce((sum, { part }) => sum + part, 0);
  const tries = parts.reduce((sum, { whole }) => sum + whole, 0);
  if (tries <= 0) return interval;
  const fewest = Math.min(seen, tries - seen);
  // Below 0 it is the difference of two counts of a level, and no count of events.
  if (fewest >= FEW || fewest < 0) return interval;
  // None or all: one end is known, and the whole chance of an error lies at the other.
  const { low, high } = expectedEvents(fewest, fewest === 0 ? 1 - level : (1 - level) / 2);
  const [from, to] = seen <= tries - seen ? [low / tries, high / tries] : [1 - high / tries, 1 - low / tries];
  if (fewest === 0) {
    const method = `95 %, rule of three: ${seen === 0 ? "none" : "all"} of ${tries}, taken to come singly`;
    return { low: Math.max(0, from), high: Math.min(1, to), method };
  }
  if (interval === null) return null;
  const method = `${interval.method}, and the law of so few events`;
  return { low: Math.min(interval.low, from), high: Math.max(interval.high, to), method };
}

function poissonUpTo(events: number, mean: number): number {
  let term = exp(-mean);
  let sum = term;
  for (let k = 1; k <= events; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

/** The largest mean for which it holds, of few events. */
function bisect(holds: (mean: number) => boolean): number {
  let low = 0;
  let high = 500;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
