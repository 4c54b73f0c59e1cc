// The part of a law's second moment that lies below a limit, which the variance of a session's lifetime needs.

import { exp, log, power } from "../../config/elementary.ts";
import type { Law } from "../../config/scenario.ts";
import { normalCdf } from "../../workload/distributions.ts";

/** @param limit finite. @returns E[min(X, limit)²], in the square of the law's unit. */
export function lawSquareBelow(law: Law, limit: number): number {
  const cut = "max" in law && law.max !== undefined ? Math.min(limit, law.max) : limit;
  if (cut <= 0) return cut * cut;
  switch (law.kind) {
    case "constant":
      return Math.min(law.value, cut) ** 2;
    case "exponential":
      return 2 * law.mean ** 2 * gammaTwo(cut / law.mean);
    case "lognormal": {
      const z = (log(cut) - log(law.mean) + (law.sigma * law.sigma) / 2) / law.sigma;
      const below = law.mean ** 2 * exp(law.sigma * law.sigma) * normalCdf(z - 2 * law.sigma);
      return below + cut ** 2 * normalCdf(-z);
    }
    case "pareto": {
      if (cut <= law.min) return cut ** 2;
      const ratio = law.min / cut;
      const above = cut ** 2 * power(ratio, law.shape);
      if (law.shape === 2) return 2 * law.min ** 2 * log(1 / ratio) + above;
      return (law.shape * law.min ** 2 * (1 - power(ratio, law.shape - 2))) / (law.shape - 2) + above;
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

/** Each piece between two quantiles is uniform. */
function empirical(quantiles: readonly number[], limit: number): number {
  if (quantiles.length === 1) return Math.min(quantiles[0], limit) ** 2;
  let sum = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const low = quantiles[i - 1];
    const high = quantiles[i];
    if (low >= limit) sum += limit ** 2;
    else {
      const end = Math.min(high, limit);
      const inside = high > low ? (end - low) / (high - low) : 1;
      sum += (inside * (low * low + low * end + end * end)) / 3 + (1 - inside) * limit ** 2;
    }
  }
  return sum / (quantiles.length - 1);
}
