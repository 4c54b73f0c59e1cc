// Choices, figures and sums in a few words, for sentences of a plan.

import type { Choice, TargetEvidence } from "../../metrics/plan/plan.ts";

/** "InProc, 3 servers, sessionsMax 20000". */
export function sayChoice(choice: Choice): string {
  return Object.entries(choice)
    .map(([key, value]) => {
      const name = key.slice(key.lastIndexOf(".") + 1);
      return name === "mode" ? String(value) : `${name} ${value}`;
    })
    .join(", ");
}

/** In the unit of its figure: "7.4 %", "312 ms". */
export function sayValue(value: number | null, unit: string): string {
  if (value === null) return "not known";
  if (unit === "share") return `${digits(value * 100)} %`;
  if (unit === "bytes") return value >= 2 ** 30 ? `${digits(value / 2 ** 30)} GiB` : `${digits(value / 2 ** 20)} MiB`;
  return unit === "" ? digits(value) : `${digits(value)}${unit.startsWith("/") ? "" : " "}${unit}`;
}

/** "Response time, p99 is 312 ms at the peak; at most 250 ms is asked". */
export function sayMiss({ label, unit, limit, situation, value }: TargetEvidence): string {
  const place = situation === "the workload" ? "" : ` ${sayWhere(situation)}`;
  return `${label} is ${sayValue(value, unit)}${place}; ${sayAsked(limit, unit)} is asked`;
}

/** "at most 0.01" in the unit of its figure: "at most 1 %". */
export function sayAsked(limit: string, unit: string): string {
  return limit.replace(/\S+$/, (number) => sayValue(Number(number), unit));
}

/** "at the peak", "with recycle at minute 60". */
export function sayWhere(situation: string): string {
  if (situation === "peak") return "at the peak";
  return situation === "the workload" ? `in ${situation}` : `with ${situation}`;
}

export function digits(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 });
}
