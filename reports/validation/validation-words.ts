// What every report of a validation says alike: the answer in a sentence, names of loads, errors and bounds in short.

import {
  type LoadValidation,
  type ProviderValidation,
  type RowVerdict,
  type Validation,
  type ValidationRow,
  verdictCounts,
} from "../../metrics/validation/validation.ts";
import { formatNumber, formatRelative, formatScaled, scaleFor, UNKNOWN } from "../format-number.ts";
import { formatTick } from "../html/charts/time-axis.ts";

export const verdictSigns: Readonly<Record<RowVerdict, string>> = {
  within: "✓",
  misses: "✗",
  "too few to tell": "?",
  "not judged": "·",
};

/** Of the style sheet. */
export const verdictClasses: Readonly<Record<RowVerdict, string>> = {
  within: "good",
  misses: "bad",
  "too few to tell": "doubtful-text",
  "not judged": "soft",
};

/** Column heads of a table with a row a load. */
export const shortNames: Readonly<Record<string, string>> = {
  requestsPerSecond: "requests/s",
  storedSessionsMean: "stored",
  memoryMeanBytes: "memory",
  refusedShare: "refused",
  lockWaitShare: "lock waits",
  responseP50Ms: "p50",
  responseP90Ms: "p90",
  responseP99Ms: "p99",
  failedShare: "failed",
  coreUtilisation: "cores busy",
  storeCallsPerRequest: "store calls",
};

/** "20 %" */
export function percent(share: number): string {
  return `${formatTick(share * 100)} %`;
}

/** "31 of 32 figures within their bounds, 1 misses; 4 too few to tell." */
export function answerInWords(validation: Validation): string {
  const { within, misses, "too few to tell": few } = verdictCounts(validation);
  const judged = within + misses;
  const said = [
    `${within} of ${judged} figures predicted within their bounds`,
    ...(misses > 0 ? [`${misses} ${misses === 1 ? "misses" : "miss"}`] : []),
    ...(few > 0 ? [`${few} too few events to tell`] : []),
    ...(validation.complete ? [] : ["cut short"]),
  ];
  return `${said.join("; ")}.`;
}

/** A share of 0 in both worlds says nothing, and neither does a figure that neither world knows, unless responses were too few for it. */
export function saysSomething({ predicted, measured, verdict }: ValidationRow): boolean {
  return (predicted ?? 0) !== 0 || (measured ?? 0) !== 0 || verdict === "too few to tell";
}

/** Figures that are judged, and say something at any of the loads. */
export function judgedKeys(loads: readonly LoadValidation[]): readonly string[] {
  const rows = loads.flatMap((load) => load.rows).filter((row) => row.bound !== null && saysSomething(row));
  const order = loads[0]?.rows.map(({ key }) => key) ?? [];
  return order.filter((key) => rows.some((row) => row.key === key));
}

/** "+3.1 %"; of shares whose ratio is not known, percentage points. */
export function errorInWords({ error, difference, unit }: ValidationRow): string {
  if (error !== null) return formatRelative(error);
  if (difference === null) return UNKNOWN;
  return unit === "share" ? `${formatNumber(difference * 100, 2)} pp` : formatNumber(difference, 3);
}

/** "3 %", "10 % or 0.5 pp" */
export function boundInWords({ bound, unit }: ValidationRow): string {
  if (bound === null) return "";
  const absolute = bound.absolute === undefined ? "" : ` or ${inUnit(bound.absolute, unit)}`;
  return `${formatTick(bound.relative * 100)} %${absolute}`;
}

function inUnit(value: number, unit: string): string {
  return unit === "share" ? `${formatTick(value * 100)} pp` : formatTick(value);
}

export interface RowTexts {
  readonly predicted: string;
  readonly interval: string;
  readonly measured: string;
  readonly range: string;
  readonly noise: string;
}

/** The values of a row in one unit, which the first of them carry. */
export function valuesInWords(row: ValidationRow): RowTexts {
  const { predicted, measured, predictedInterval, measuredRange, noise, unit } = row;
  const scale = scaleFor(
    unit,
    [predicted, measured].filter((value) => value !== null),
  );
  const plain = (value: number | null) => formatScaled(value, { ...scale, whole: false });
  const gap = scale.unit === "" || scale.unit.startsWith("/") ? "" : " ";
  const withUnit = (value: number | null) => (value === null ? UNKNOWN : `${plain(value)}${gap}${scale.unit}`);
  const span = (ends: { readonly low: number; readonly high: number } | null) =>
    ends === null ? "" : `${plain(Math.max(0, ends.low))} to ${plain(ends.high)}`;
  return {
    predicted: withUnit(predicted),
    measured: withUnit(measured),
    interval: span(predictedInterval),
    range: span(measuredRange),
    noise: noise === null ? "" : `±${plain(noise)}`,
  };
}

/** "measured 1,482 requests/s, predicted at most 1,510 (web cores)" */
export function saturationInWords({ saturation }: ProviderValidation): string {
  if (saturation === null) return "saturation not found";
  const { how, requestsPerSecond, predictedPerSecond, bottleneck } = saturation;
  return `saturation ${how} ${formatNumber(Math.round(requestsPerSecond))} requests/s, predicted at most ${formatNumber(Math.round(predictedPerSecond))} (${bottleneck})`;
}

/** Everything that lessens what is told of a provider, one sentence each. */
export function caveatsOf({ calibration, saturation, notes, failure }: ProviderValidation): readonly string[] {
  const told = saturation === null || saturation.audit === "valid" ? [] : saturation.findings;
  return [
    ...calibration.warnings,
    ...notes,
    ...told.map((finding) => `Saturation, ${saturation?.audit}: ${finding}`),
    ...(failure === null ? [] : [`Not all loads were run: ${failure}.`]),
  ];
}
