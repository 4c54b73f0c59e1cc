// One server, customers at random, service times at random, first come first served: W1 of the bench, and the model whose times are
// known in closed form. Written as a user would write it, on the public engine: every arrival and departure is an event of its list.

import { createSimulation } from "../sim/index.ts";

export interface Mm1Options {
  /** Share of the time the server is busy, below 1; a service takes 1 ms on average. */
  readonly utilisation: number;
  readonly customers: number;
  readonly seed: number;
  /** Told of every customer as he leaves, in the order of coming. */
  readonly onServed?: (nowMs: number, waitMs: number, responseMs: number) => void;
  /** Called now and then. */
  readonly look?: () => void;
}

export interface Mm1Outcome {
  /** Arrivals and departures. */
  readonly events: number;
  readonly waitMeanMs: number;
  readonly waitingMean: number;
  readonly endedAtMs: number;
}

const ARRIVAL = 0;
const DEPARTURE = 1;
/** More will never be in the system at once: at a utilisation of 0.99 the chance of it is 1e-286. */
const PLACES = 65_536;
const LOOK_EVERY = 65_536;

export function runMm1({ utilisation, customers, seed, onServed, look }: Mm1Options): Mm1Outcome {
  const sim = createSimulation({ seed });
  const gapMs = sim.draws("gaps", { kind: "exponential", mean: 1 / utilisation });
  const serviceMs = sim.draws("services", { kind: "exponential", mean: 1 });
  const server = sim.station(1);
  const waits = sim.values();
  const cameAtMs = new Float64Array(PLACES);
  const waitedMs = new Float64Array(PLACES);
  let came = 0;
  let served = 0;

  function serve(customer: number): void {
    waitedMs[customer] = sim.nowMs - cameAtMs[customer];
    waits.record(waitedMs[customer]);
    sim.schedule(serviceMs(), DEPARTURE, customer);
  }

  function arrive(): void {
    sim.schedule(gapMs(), ARRIVAL);
    const customer = came++ % PLACES;
    cameAtMs[customer] = sim.nowMs;
    if (server.enter(customer)) serve(customer);
  }

  function depart(customer: number): void {
    onServed?.(sim.nowMs, waitedMs[customer], sim.nowMs - cameAtMs[customer]);
    const next = server.leave();
    if (next >= 0) serve(next);
    served++;
    if (served % LOOK_EVERY === 0) look?.();
    if (served === customers) sim.stop();
  }

  sim.schedule(gapMs(), ARRIVAL);
  const { events, endedAtMs } = sim.run({}, (kind, customer) => (kind === ARRIVAL ? arrive() : depart(customer)));
  return { events, waitMeanMs: waits.mean, waitingMean: server.waiting.mean(), endedAtMs };
}
