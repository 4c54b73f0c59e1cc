// The part of a law's second moment that lies below a limit, which the variance of a session's lifetime needs.

import { exp, log, power } from "../../config/elementary.ts";
import type { Law } from "../../config/scenario.ts";
import { normalCdf } from "../../workload/distributions.ts";

/** @param limit finite. @returns E[min(X, limit)²], in the square of the law's unit. */
export function lawSquareBelow(law: Law, limit: number): number {
  const cut = "max" in law && law.max !== undefined ? Math.min(limit, law.max) : limit;
  if (cut <= 0) return square(cut);
  switch (law.kind) {
    case "constant":
      return square(Math.min(law.value, cut));
    case "exponential":
      return 2 * square(law.mean) * gammaTwo(cut / law.mean);
    case "lognormal": {
      const z = (log(cut) - log(law.mean) + (law.sigma * law.sigma) / 2) / law.sigma;
      const below = square(law.mean) * exp(law.sigma * law.sigma) * normalCdf(z - 2 * law.sigma);
      return below + square(cut) * normalCdf(-z);
    }
    case "pareto": {
      if (cut <= law.min) return square(cut);
      const ratio = law.min / cut;
      const above = square(cut) * power(ratio, law.shape);
      if (law.shape === 2) return 2 * square(law.min) * log(1 / ratio) + above;
      return (law.shape * square(law.min) * (1 - power(ratio, law.shape - 2))) / (law.shape - 2) + above;
    }
    case "empirical":
      return empirical(law.quantiles, cut);
  }
}

/** 1 − e^(−z)(1 + z), by its series where the two would cancel. */
function gammaTwo(z: number): number {
  if (z > 0.5) return 1 - exp(-z) * (1 + z);
  let sum = 0;
  let part = (z * z) / 2;
  for (let k = 2; part > sum * 1e-17; k++) {
    sum += part;
    part *= z / (k + 1);
  }
  return exp(-z) * sum;
}

function square(x: number): number {
  return x * x;
}

/** Each piece between two quantiles is uniform. */
function empirical(quantiles: readonly number[], limit: number): number {
  if (quantiles.length === 1) return square(Math.min(quantiles[0], limit));
  let sum = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const low = quantiles[i - 1];
    const high = quantiles[i];
    if (low >= limit) sum += square(limit);
    else {
      const end = Math.min(high, limit);
      const inside = high > low ? (end - low) / (high - low) : 1;
      sum += (inside * (low * low + low * end + end * end)) / 3 + (1 - inside) * square(limit);
    }
  }
  return sum / (quantiles.length - 1);
}
