// One server, customers at random, service times at random, first come first served: W1 of the bench, and the model whose waiting
// times are known in closed form. Every arrival and every departure goes through the general event list.

import { createEventQueue } from "../sim/engine/event-queue.ts";
import { createTally } from "../sim/engine/tally.ts";
import { negativeLog } from "../workload/exponential.ts";
import { createStream } from "../workload/random-stream.ts";

export interface Mm1Options {
  /** Arrivals in the time that one service takes on average, below 1. */
  readonly utilisation: number;
  readonly customers: number;
  readonly seed: number;
  /** Times in mean services; told of every customer in the order of coming. */
  readonly onServed?: (waited: number, response: number) => void;
  /** Now and then. */
  readonly look?: () => void;
}

export interface Mm1Outcome {
  /** Arrivals and departures. */
  readonly events: number;
  readonly waitMean: number;
  /** In the system, over time. */
  readonly presentMean: number;
}

const ARRIVAL = 0;
const DEPARTURE = 1;
const LOOK_EVERY = 65_536;

export function runMm1({ utilisation, customers, seed, onServed, look }: Mm1Options): Mm1Outcome {
  const queue = createEventQueue();
  const gaps = createStream(seed, "gaps");
  const services = createStream(seed, "services");
  const present = createTally();
  /** When those in the system came, in a ring; the one being served first. */
  let cameAt = new Float64Array(1024);
  let first = 0;
  let count = 0;
  let arrivals = 0;
  let served = 0;
  let waitSum = 0;
  let beganAt = 0;
  let now = 0;

  function join(at: number): void {
    if (count === cameAt.length) {
      const longer = new Float64Array(2 * count);
      for (let i = 0; i < count; i++) longer[i] = cameAt[(first + i) & (count - 1)];
      cameAt = longer;
      first = 0;
    }
    cameAt[(first + count++) & (cameAt.length - 1)] = at;
  }

  function serve(): void {
    beganAt = now;
    queue.push(now + negativeLog(services.nextBits()), DEPARTURE, 0);
  }

  queue.push(negativeLog(gaps.nextBits()) / utilisation, ARRIVAL, 0);
  while (served < customers) {
    now = queue.nextAtMs;
    queue.pop();
    if (queue.kind === ARRIVAL) {
      arrivals++;
      queue.push(now + negativeLog(gaps.nextBits()) / utilisation, ARRIVAL, 0);
      present.add(now, 1);
      join(now);
      if (count === 1) serve();
    } else {
      const at = cameAt[first];
      first = (first + 1) & (cameAt.length - 1);
      count--;
      served++;
      present.add(now, -1);
      waitSum += beganAt - at;
      onServed?.(beganAt - at, now - at);
      if (count > 0) serve();
      if (served % LOOK_EVERY === 0) look?.();
    }
  }
  return { events: arrivals + served, waitMean: waitSum / served, presentMean: present.mean(now) };
}
