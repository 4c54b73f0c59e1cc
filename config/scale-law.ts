// A law in another unit, or on another machine: the same shape, every value multiplied.

import type { Law } from "./scenario.ts";

export function scaleLaw(law: Law, factor: number): Law {
  const cut = "max" in law && law.max !== undefined ? { max: law.max * factor } : {};
  switch (law.kind) {
    case "constant":
      return { ...law, value: law.value * factor };
    case "empirical":
      return { ...law, quantiles: law.quantiles.map((quantile) => quantile * factor) };
    case "pareto":
      return { ...law, min: law.min * factor, ...cut };
    default:
      return { ...law, mean: law.mean * factor, ...cut };
  }
}
