// --min-effect key=5%: from which size on a change for the worse of a metric matters, over what the metric's rule says.

import { InputError } from "../../config/problem.ts";
import type { Comparison } from "../../metrics/compare/comparison.ts";

export type MinimumEffects = Readonly<Record<string, number>>;

/** A parser for commander, of one more. */
export function minimumEffect(text: string, others: MinimumEffects = {}): MinimumEffects {
  const [, key, size, percent] = /^([^=]+)=(\d+\.?\d*|\.\d+)(%?)$/.exec(text) ?? [];
  const value = Number(size) / (percent === "%" ? 100 : 1);
  if (key !== undefined && value > 0 && Number.isFinite(value)) return { ...others, [key]: value };
  const expected = "the key of a metric and a size above 0: responseP50Ms=5%";
  throw cannotCompare(`"${text}"`, expected, "change it");
}

const KEYS_TOLD = 8;

/** @throws InputError for a key that is none of the comparison's metrics: a typing error would go unseen. */
export function expectMetrics(minimumEffects: MinimumEffects, { metrics }: Comparison): void {
  const known = metrics.map(({ key }) => key);
  const strange = Object.keys(minimumEffects).filter((key) => !known.includes(key));
  if (strange.length === 0) return;
  const given = strange.map((key) => `"${key}"`).join(", ");
  const told = `${known.slice(0, KEYS_TOLD).join(", ")}${known.length > KEYS_TOLD ? ", …; compare --all shows the keys" : ""}`;
  throw cannotCompare(given, `metrics of these results: ${told}`, "choose among them");
}

function cannotCompare(given: string, expected: string, mend: string): InputError {
  return new InputError("Cannot compare", [{ at: "--min-effect", given, expected, mend }]);
}
