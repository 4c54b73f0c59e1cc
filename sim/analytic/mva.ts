// Closed networks by exact mean value analysis: so many customers of each class go round between stations for ever, as users do between
// thinking, a web server and a database. An arriving customer finds what the network without him holds on average.

import { InputError } from "../../config/problem.ts";
import { notNegative, requireAll, whole } from "./arguments.ts";

export interface MvaStation {
  /** queue: one server, first come first served (exponential, alike for all classes) or shared. delay: nobody waits, as in thinking. */
  readonly kind: "queue" | "delay";
  /** Visits a round × mean service time, for each class. */
  readonly demandSeconds: readonly number[];
}

export interface MvaInput {
  /** Customers of each class. */
  readonly customers: readonly number[];
  readonly stations: readonly MvaStation[];
}

export interface Mva {
  readonly classes: readonly {
    /** Rounds a second. */
    readonly throughputPerSecond: number;
    /** Time of a round, all stations together. */
    readonly cycleSeconds: number;
    /** Time of a round at each station, waiting included. */
    readonly residenceSeconds: readonly number[];
  }[];
  readonly stations: readonly {
    /** Share of time that a queue's server works; of a delay, the customers in it. */
    readonly utilisation: number;
    readonly customersMean: number;
  }[];
}

/** Populations times stations: 8 bytes each are kept. */
const CELLS_MAX = 1e7;

/**
 * @throws InputError for an argument out of range, or classes so large that their populations cannot all be gone through.
 * Source: M. Reiser, S. S. Lavenberg, Mean-value analysis of closed multichain queuing networks, Journal of the ACM 27, 1980:
 * R(k) = D(k)(1 + Q(k) without this customer), X = N / ΣR(k), Q(k) = ΣX R(k).
 */
export function mva({ customers, stations }: MvaInput): Mva {
  check({ customers, stations });
  const strides: number[] = [];
  let populations = 1;
  for (const count of customers) {
    strides.push(populations);
    populations *= count + 1;
  }
  // Customers at each station, for each population below the whole one.
  const queues = new Float64Array(populations * stations.length);
  const population = customers.map(() => 0);
  let solved = customers.map(() => still(stations.length));
  for (let p = 1; p < populations; p++) {
    for (let c = 0; ; c++) {
      if (population[c] < customers[c]) {
        population[c]++;
        break;
      }
      population[c] = 0;
    }
    solved = population.map((count, c) => {
      if (count === 0) return still(stations.length);
      const others = (p - strides[c]) * stations.length;
      const residence = stations.map(({ kind, demandSeconds }, k) =>
        kind === "queue" ? demandSeconds[c] * (1 + queues[others + k]) : demandSeconds[c],
      );
      const cycleSeconds = residence.reduce((sum, seconds) => sum + seconds, 0);
      return { throughputPerSecond: count / cycleSeconds, cycleSeconds, residenceSeconds: residence };
    });
    for (let k = 0; k < stations.length; k++) {
      let here = 0;
      for (const { throughputPerSecond, residenceSeconds } of solved) here += throughputPerSecond * residenceSeconds[k];
      queues[p * stations.length + k] = here;
    }
  }
  const last = (populations - 1) * stations.length;
  return {
    classes: solved,
    stations: stations.map(({ demandSeconds }, k) => ({
      utilisation: solved.reduce((sum, { throughputPerSecond }, c) => sum + throughputPerSecond * demandSeconds[c], 0),
      customersMean: queues[last + k],
    })),
  };
}

function still(stations: number): Mva["classes"][number] {
  return { throughputPerSecond: 0, cycleSeconds: 0, residenceSeconds: new Array<number>(stations).fill(0) };
}

function check({ customers, stations }: MvaInput): void {
  const demands = stations.flatMap(({ demandSeconds }, k) => [
    whole(`demands at station ${k + 1}`, demandSeconds.length, customers.length, customers.length),
    ...demandSeconds.map((seconds, c) => notNegative(`stations[${k}].demandSeconds[${c}]`, seconds)),
  ]);
  requireAll("mean value analysis", [
    whole("number of classes", customers.length, 1),
    whole("number of stations", stations.length, 1),
    ...customers.map((count, c) => whole(`customers[${c}]`, count)),
    ...demands,
  ]);
  const idle = customers.findIndex((count, c) => count > 0 && stations.every((one) => one.demandSeconds[c] === 0));
  const cells = customers.reduce((product, count) => product * (count + 1), stations.length);
  const problem = (at: string, given: string, expected: string) =>
    new InputError("Cannot work out mean value analysis", [{ at, given, expected, mend: "change it" }]);
  if (idle >= 0) throw problem(`demands of class ${idle + 1}`, "0 at every station", "one above 0: a round takes time");
  if (cells > CELLS_MAX) throw problem("populations × stations", String(cells), `at most ${CELLS_MAX}`);
}
