// Erlang's delay formula: the chance to wait where nobody is refused and those who find all servers busy queue up. It holds for
// Poisson arrivals and exponential service times; servers are counted from what is asked of the wait.

import { exp } from "../../config/elementary.ts";
import { balanced, innerShare, load, notNegative, positive, requireAll, whole } from "./arguments.ts";
import { poissonShareInverse } from "./poisson.ts";
import { largestReal, leastWhole } from "./search.ts";

/**
 * @param servers whole, at least 1.
 * @param erlangs arrival rate × mean service time, below `servers`.
 * @returns the chance that an arrival has to wait, 0 to 1.
 * @throws InputError for servers that are not counted, or a load they cannot carry.
 * Source: A. K. Erlang 1917; by way of B: 1/C = ρ + (1 − ρ)/B, ρ = a/n.
 */
export function erlangC(servers: number, erlangs: number): number {
  requireAll("Erlang C", [
    whole("servers", servers, 1),
    load("erlangs", erlangs),
    balanced("erlangs", erlangs, servers),
  ]);
  return chance(servers, erlangs);
}

/** The least number of servers at which no more than a share of arrivals, above 0 and below 1, waits. @throws InputError for a load or share out of range. */
export function erlangCServers(erlangs: number, waitShare: number): number {
  requireAll("servers by Erlang C", [load("erlangs", erlangs), innerShare("waitShare", waitShare)]);
  return leastWhole(fewest(erlangs), (servers) => chance(servers, erlangs) <= waitShare);
}

/** The largest load, in erlangs, of which no more than a share waits. @throws InputError for servers or share out of range. */
export function erlangCLoad(servers: number, waitShare: number): number {
  requireAll("a load by Erlang C", [whole("servers", servers, 1), innerShare("waitShare", waitShare)]);
  return largestReal(servers, (erlangs) => chance(servers, erlangs) <= waitShare);
}

/**
 * The least number of servers at which the mean wait, of all arrivals, is no longer than a target.
 * @param serviceSeconds mean service time. @param waitSeconds above 0.
 * @throws InputError for an argument out of range.
 */
export function serversForMeanWait(erlangs: number, serviceSeconds: number, waitSeconds: number): number {
  requireAll("servers for a mean wait", [
    load("erlangs", erlangs),
    positive("serviceSeconds", serviceSeconds),
    positive("waitSeconds", waitSeconds),
  ]);
  return leastWhole(
    fewest(erlangs),
    (servers) => (chance(servers, erlangs) * serviceSeconds) / (servers - erlangs) <= waitSeconds,
  );
}

/**
 * The least number of servers at which no more than a share of arrivals waits longer than a target.
 * @param withinSeconds at least 0. @param lateShare 0.2 for "80 % within".
 * @throws InputError for an argument out of range.
 */
export function serversForWaitWithin(
  erlangs: number,
  serviceSeconds: number,
  withinSeconds: number,
  lateShare: number,
): number {
  requireAll("servers for a wait", [
    load("erlangs", erlangs),
    positive("serviceSeconds", serviceSeconds),
    notNegative("withinSeconds", withinSeconds),
    innerShare("lateShare", lateShare),
  ]);
  return leastWhole(
    fewest(erlangs),
    (servers) => chance(servers, erlangs) * exp((-(servers - erlangs) * withinSeconds) / serviceSeconds) <= lateShare,
  );
}

/** The least number of servers that carry a load at all. */
function fewest(erlangs: number): number {
  return Math.floor(erlangs) + 1;
}

function chance(servers: number, erlangs: number): number {
  if (erlangs === 0) return 0;
  const use = erlangs / servers;
  return 1 / (use + ((servers - erlangs) / servers) * poissonShareInverse(servers, erlangs));
}
