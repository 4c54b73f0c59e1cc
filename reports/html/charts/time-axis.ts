// Scenario time on the x axis, in the unit that suits the length of the run.

import { formatNumber } from "../../format-number.ts";

const MINUTE_MS = 60_000;

export interface TimeAxis {
  readonly unitMs: number;
  readonly label: string;
  readonly ticks: readonly number[];
}

const units = [
  { name: "days", ms: 1440 * MINUTE_MS, from: 3 * 1440 * MINUTE_MS, steps: [1, 2, 7, 14, 30, 60, 120] },
  { name: "hours", ms: 60 * MINUTE_MS, from: 3 * 60 * MINUTE_MS, steps: [0.5, 1, 2, 3, 6, 12, 24] },
  { name: "minutes", ms: MINUTE_MS, from: 3 * MINUTE_MS, steps: [0.5, 1, 2, 5, 10, 15, 20, 30, 60] },
  { name: "seconds", ms: 1000, from: 0, steps: [0.1, 0.5, 1, 2, 5, 10, 15, 20, 30, 60] },
] as const;

/** @param ticksMax most ticks there is room for. */
export function timeAxis(lengthMs: number, ticksMax: number): TimeAxis {
  const unit = units.find((one) => lengthMs >= one.from)!;
  const length = lengthMs / unit.ms;
  const step = unit.steps.find((one) => length / one <= ticksMax) ?? Math.ceil(length / ticksMax);
  const count = Math.floor(length / step + 1e-9);
  return {
    unitMs: unit.ms,
    label: `scenario time, ${unit.name}`,
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
  };
}

/** Ticks are round numbers: enough digits to tell neighbours apart, no zeros at the end. */
export function formatTick(value: number): string {
  const rounded = Number(value.toPrecision(6));
  const whole = Math.trunc(rounded);
  // From 1,000 on a formatted number is whole.
  if (Math.abs(whole) >= 1000 && whole !== rounded)
    return formatNumber(whole) + String(Math.abs(rounded)).replace(/^\d+/, "");
  const text = formatNumber(rounded, 6);
  return text.includes(".") && !text.includes("×") ? text.replace(/\.?0+$/, "") : text;
}
