// Laws that noise is made of, drawn from a seeded stream.

import { exp, log } from "../../config/elementary.ts";
import { normalQuantile } from "../../workload/distributions.ts";
import type { Stream } from "../../workload/random-stream.ts";

/** A number of mean 0; of deviation 1 where the law has one. */
export type Draw = () => number;

export function normal(stream: Stream): number {
  return normalQuantile(stream.next());
}

/** Student's t. With 2 degrees of freedom it has no variance, with 3 no skewness. */
export function studentT(stream: Stream, degreesOfFreedom: number): number {
  const top = normal(stream);
  let squares = 0;
  for (let n = 0; n < degreesOfFreedom; n++) squares += normal(stream) ** 2;
  return top / Math.sqrt(squares / degreesOfFreedom);
}

/** Pareto above 1: larger than x with chance x^−shape. Without a variance where `shape` is 2 or less, without a mean at 1. */
export function pareto(stream: Stream, shape: number): number {
  return exp(-log(stream.next()) / shape);
}

/** Between the two, all alike. */
export function between(stream: Stream, low: number, high: number): number {
  return low + (high - low) * stream.next();
}

/** Between the two, both above 0, every factor alike. */
export function betweenByFactor(stream: Stream, low: number, high: number): number {
  return exp(between(stream, log(low), log(high)));
}

export function oneOf<T>(stream: Stream, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(stream.next() * choices.length)] ?? choices[0];
}
