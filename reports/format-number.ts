// Numbers as a reader wants them, the same on every machine: no locale, no Intl. Three to four significant digits, thousands
// separated by commas, a true minus sign, units scaled by powers of 1024 (bytes) or to ms, s, min and h (time).

/** What stands where a run cannot know a value. */
export const UNKNOWN = "—";

/** A factor that brings a column of numbers into readable range, and the unit they then have. */
export interface Scale {
  readonly unit: string;
  readonly divisor: number;
  /** All values of the row are whole counts; else a value that happens to be whole keeps its decimals, to line up. */
  readonly whole: boolean;
}

const KIB = 1024;
const byteUnits = [
  ["GiB", KIB ** 3],
  ["MiB", KIB ** 2],
  ["KiB", KIB],
] as const;
const MICROSECOND_MS = 0.001;
const NANOSECOND_MS = 1e-6;
/** A row of times that are all shorter is told in µs. */
const MICROSECONDS_BELOW_MS = 0.1;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Units that are scaled, as other tools spell them too; what stands behind a slash stays: "ns/iter". */
const scaledUnit = /^(ns|[uµμ]s|ms|s|bytes|B)(\s?\/\s?[a-z]\w*)?$/;

/**
 * One scale for all values of a row, so that they can be compared at a glance: the largest of them decides.
 * @param unit as in a Figure: "", "/s", "ms", "s", "bytes", "share"; of imports any, of which times and bytes are scaled, alone or for
 * one of something: "ns/iter", "B/op". A share comes out in per cent.
 */
export function scaleFor(unit: string, values: readonly number[]): Scale {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const [scaled, divisor] = unitAndDivisor(unit, largest);
  return { unit: scaled, divisor, whole: values.every((value) => Number.isInteger(clean(value / divisor))) };
}

function unitAndDivisor(unit: string, largest: number): readonly [string, number] {
  if (unit === "share") return ["%", 0.01];
  const [, base, each = ""] = scaledUnit.exec(unit) ?? [];
  if (base === undefined) return [unit, 1];
  const [scaled, divisor] = base === "bytes" || base === "B" ? bytesOf(base, largest) : timeOf(base, largest);
  return [scaled + each, divisor];
}

function bytesOf(base: string, largest: number): readonly [string, number] {
  return byteUnits.find(([, divisor]) => largest >= divisor) ?? [base, 1];
}

function timeOf(base: string, largest: number): readonly [string, number] {
  const perUnitMs = { ns: NANOSECOND_MS, ms: 1, s: SECOND_MS }[base] ?? MICROSECOND_MS;
  const largestMs = largest * perUnitMs;
  if (largestMs >= 3 * HOUR_MS) return ["h", HOUR_MS / perUnitMs];
  if (largestMs >= 10 * MINUTE_MS) return ["min", MINUTE_MS / perUnitMs];
  if (largestMs >= 10 * SECOND_MS) return ["s", SECOND_MS / perUnitMs];
  if (perUnitMs < MICROSECOND_MS && largestMs < MICROSECOND_MS) return [base, 1];
  if (largestMs > 0 && largestMs < MICROSECONDS_BELOW_MS) return ["µs", MICROSECOND_MS / perUnitMs];
  return perUnitMs < 1 && largestMs > 0 ? ["ms", 1 / perUnitMs] : [base, 1];
}

/**
 * A number with `digits` significant digits; from 1,000 up whole, with separators. Whole numbers stay whole.
 * @param digits 1 to 15.
 */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : UNKNOWN;
  const size = Math.abs(value);
  if (size === 0) return "0";
  const sign = value < 0 ? "−" : "";
  if (size >= 1e15) return sign + power(size.toExponential(digits - 1));
  if (Number.isInteger(value)) return sign + separated(String(size));
  return sign + decimal(size, digits);
}

/** The same, or the sign for what is not known. */
export function formatKnown(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : formatNumber(value);
}

/** Above 0 and below 1e15. */
function decimal(size: number, digits: number): string {
  if (size >= 1000) return separated(size.toFixed(0));
  if (size < 1e-4) return power(size.toExponential(Math.min(digits, 3) - 1));
  // Rounded first, so that 999.96 is treated as the 1,000 it will be written as.
  const [, exponent] = size.toExponential(digits - 1).split("e") as [string, string];
  return separated(size.toFixed(Number(exponent) >= 3 ? 0 : Math.max(0, digits - 1 - Number(exponent))));
}

function power(exponential: string): string {
  const [mantissa, exponent] = exponential.split("e") as [string, string];
  const raised = String(Number(exponent)).replace(/[-\d]/g, (sign) =>
    sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]!,
  );
  return `${mantissa}×10${raised}`;
}

function separated(digits: string): string {
  const [whole, fraction] = digits.split(".") as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** "680.3", in the unit of the scale, which the head or the row names. */
export function formatScaled(value: number | null, scale: Scale, digits = 4): string {
  if (value === null) return UNKNOWN;
  const scaled = clean(value / scale.divisor);
  const lineUp = !scale.whole && Number.isInteger(scaled) && scaled !== 0 && Math.abs(scaled) < 1000;
  return lineUp ? (scaled < 0 ? "−" : "") + decimal(Math.abs(scaled), digits) : formatNumber(scaled, digits);
}

/** Takes the dust of binary fractions off (0.29 / 0.01 is 28.999999999999996). */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** "12.5 MiB": a single value with its unit, for prose. */
export function formatFigure(value: number | null, unit: string): string {
  if (value === null) return UNKNOWN;
  const scale = scaleFor(unit, [value]);
  const gap = scale.unit === "" || scale.unit.startsWith("/") ? "" : " ";
  return `${formatScaled(value, scale)}${gap}${scale.unit}`;
}

/** A length of time in at most two units: "12 min 30 s", "2 h", "850 ms". */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${formatNumber(ms, 3)} ms`;
  if (ms < MINUTE_MS) return `${formatNumber(ms / SECOND_MS, 3)} s`;
  const units = [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["min", MINUTE_MS],
    ["s", SECOND_MS],
  ] as const;
  const first = units.findIndex(([, size]) => ms >= size);
  const smaller = units[first + 1] ?? units[first]!;
  const inSmaller = Math.round(ms / smaller[1]);
  const [name, size] = units[first]!;
  const perFirst = size / smaller[1];
  const whole = Math.floor(inSmaller / perFirst);
  const rest = inSmaller - whole * perFirst;
  return rest === 0 || perFirst === 1 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${smaller[0]}`;
}

/** A relative difference with its sign: "+3.1 %", "−0.04 %", "±0 %". */
export function formatRelative(difference: number): string {
  const percent = difference * 100;
  if (Math.abs(percent) < 0.005) return "±0 %";
  const size = Math.abs(percent);
  const digits = size >= 100 ? formatNumber(Number(size.toFixed(0))) : size >= 10 ? size.toFixed(1) : size.toFixed(2);
  return `${percent > 0 ? "+" : "−"}${digits} %`;
}
