// Engset's loss formula: few sources share places, and a source that holds one asks for no other, so the more are busy the fewer ask.

import { positive, requireAll, whole } from "./arguments.ts";

export interface Engset {
  /** Share of time in which all places are taken. */
  readonly timeCongestion: number;
  /** Share of requests for a place that are refused: what the other sources, one fewer, make of the places. */
  readonly callCongestion: number;
  /** Places taken, on average. */
  readonly carriedErlangs: number;
}

/**
 * @param places whole, at least 0, at most 1e9: they are gone through one by one.
 * @param sources whole, at least 1.
 * @param erlangsPerIdleSource how often a source asks while it holds no place × how long it holds one; above 0.
 * @throws InputError for an argument out of range.
 * Source: T. O. Engset 1918; V. B. Iversen, Teletraffic Engineering Handbook (ITU-D), chapter on Engset; the recursion
 * E(n) = (S − n + 1) α E(n − 1) / (n + (S − n + 1) α E(n − 1)), which only adds and divides what is positive.
 */
export function engset(places: number, sources: number, erlangsPerIdleSource: number): Engset {
  requireAll("Engset", [
    whole("places", places, 0, 1e9),
    whole("sources", sources, 1),
    positive("erlangsPerIdleSource", erlangsPerIdleSource),
  ]);
  const timeCongestion = allTaken(places, sources, erlangsPerIdleSource);
  const callCongestion = allTaken(places, sources - 1, erlangsPerIdleSource);
  // Idle sources ask, and the share not refused is carried: Y = α(S − Y)(1 − B).
  const kept = erlangsPerIdleSource * (1 - callCongestion);
  return { timeCongestion, callCongestion, carriedErlangs: (sources * kept) / (1 + kept) };
}

function allTaken(places: number, sources: number, erlangsPerIdleSource: number): number {
  if (places > sources) return 0;
  let taken = 1;
  for (let n = 1; n <= places; n++) {
    const asked = (sources - n + 1) * erlangsPerIdleSource * taken;
    taken = asked / (n + asked);
    if (taken === 0) return 0;
  }
  return taken;
}
