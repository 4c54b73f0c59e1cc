// One server and one queue, 90 % busy: the simplest queue there is, beside its closed form. Ten independent runs give the intervals.
// In a program of yours the import is `from "sessionlab/sim"`.

import { closedForms, createSimulation, replicate } from "../sim/index.ts";

const ARRIVES = 0;
const SERVED = 1;
const arrivalsPerSecond = 0.9;
const serviceSeconds = 1;
/** Customers that may be here at once; a place is used again by whoever comes this many customers later. */
const PLACES = 65_536;

function runOnce(seed: number) {
  const sim = createSimulation({ seed });
  const gapMs = sim.draws("arrivals", { kind: "exponential", mean: 1000 / arrivalsPerSecond });
  const serviceMs = sim.draws("service", { kind: "exponential", mean: 1000 * serviceSeconds });
  const server = sim.station(1);
  const customers = sim.level();
  const responses = sim.durations();
  const arrivedAtMs = new Float64Array(PLACES);
  let arrivals = 0;

  function happens(kind: number, id: number): void {
    if (kind === ARRIVES) {
      const customer = arrivals++ % PLACES;
      arrivedAtMs[customer] = sim.nowMs;
      customers.add(1);
      if (server.enter(customer)) sim.schedule(serviceMs(), SERVED, customer);
      sim.schedule(gapMs(), ARRIVES);
    } else {
      customers.add(-1);
      responses.record(sim.nowMs - arrivedAtMs[id]);
      const next = server.leave();
      if (next >= 0) sim.schedule(serviceMs(), SERVED, next);
    }
  }

  sim.schedule(gapMs(), ARRIVES);
  sim.run({ warmupMs: 10_000_000, untilMs: 210_000_000 }, happens);
  return {
    busy: server.busy.mean(),
    customers: customers.mean(),
    "mean response, s": (responses.meanMs() ?? 0) / 1000,
    "p99 response, s": (responses.percentileMs(99) ?? 0) / 1000,
  };
}

const truth = closedForms.mmc({ arrivalsPerSecond, serviceSeconds, servers: 1 });
const expected = {
  busy: truth.utilisation,
  customers: truth.customersMean,
  "mean response, s": truth.responseSecondsMean,
  "p99 response, s": truth.responseSecondsMean * Math.log(100),
};

console.log("M/M/1            closed form   simulated   95 % interval");
const estimates = replicate({ seed: 1, replications: 10 }, runOnce);
for (const [name, { value, interval }] of Object.entries(estimates)) {
  const [exact, mean] = [expected[name as keyof typeof expected], value].map((x) => x.toFixed(3).padStart(12));
  console.log(`${name.padEnd(16)}${exact}${mean}   ${interval?.low.toFixed(3)} to ${interval?.high.toFixed(3)}`);
}
