// Text of a configuration file to a value and back, by the type in the table. Names and enumeration values are case-sensitive and
// booleans are not, as in .NET (Enum.Parse without ignoreCase, Boolean.Parse).

import { closest, distance } from "fastest-levenshtein";
import type { SettingValue, ValueType } from "./settings-schema.ts";

export type ParsedValue =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly expected: string; readonly mend: string };

const DAY_SECONDS = 86_400;
/** TimeSpan.MaxValue in whole units. */
const spanMax = { minutes: 15_372_286_728, seconds: 922_337_203_685 } as const;

/** What `written` means as a value of `type`; `fallback` only serves the mend. */
export function parseValue(type: ValueType, written: string, fallback: SettingValue): ParsedValue {
  switch (type.kind) {
    case "text":
      return { ok: true, value: written };
    case "bool": {
      const lower = written.trim().toLowerCase();
      if (lower === "true" || lower === "false") return { ok: true, value: lower === "true" };
      return refuse("true or false", `leave it out to get ${fallback}`);
    }
    case "enum":
      return parseEnum(type, written);
    case "whole":
      return parseWhole(type, written, fallback);
    case "span":
      return parseSpan(type, written, fallback);
    case "clock":
      return parseClock(type, written, fallback);
  }
}

/** The text that stands for a value in XML. Equal values have equal texts. */
export function valueText(value: SettingValue): string {
  return typeof value === "boolean" ? (value ? "true" : "false") : String(value);
}

/** Seconds of a clock that was parsed before. */
export function clockSeconds(clock: string): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+)$/.exec(clock);
  if (match === null) return Number.NaN;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return days * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds;
}

/** `[d.]hh:mm:ss`, days only where there are any. */
export function clockText(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const days = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds % DAY_SECONDS;
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`;
  return days === 0 ? clock : `${days}.${clock}`;
}

/** `did you mean "x"?`, or the list of what there is. */
export function suggestion(given: string, known: readonly string[]): string {
  const near =
    known.length === 0
      ? ""
      : closest(
          given.toLowerCase(),
          known.map((one) => one.toLowerCase()),
        );
  const name = known.find((one) => one.toLowerCase() === near);
  const limit = Math.max(2, Math.ceil(given.length / 3));
  if (name !== undefined && distance(given.toLowerCase(), near) <= limit) return `did you mean ${name}?`;
  return `use one of ${known.join(", ")}`;
}

function parseEnum(type: ValueType & { kind: "enum" }, written: string): ParsedValue {
  if (type.values.includes(written)) return { ok: true, value: written };
  const alias = Object.entries(type.aliases ?? {}).find(([name]) => name === written);
  if (alias !== undefined) return { ok: true, value: alias[1] };
  const names = [...Object.keys(type.aliases ?? {}), ...type.values];
  const differsInCase = names.some((name) => name.toLowerCase() === written.toLowerCase());
  return refuse(
    `one of ${names.join(", ")}`,
    `${suggestion(written, names)}${differsInCase ? " (upper and lower case matter)" : ""}`,
  );
}

function parseWhole(type: ValueType & { kind: "whole" }, written: string, fallback: SettingValue): ParsedValue {
  const value = wholeNumber(written);
  if (type.minusOneIs !== undefined && value === -1) return { ok: true, value: type.minusOneIs };
  if (value !== undefined && value >= type.min && value <= type.max) return { ok: true, value };
  const unlimited = type.minusOneIs === undefined ? "" : ", or -1 for no limit";
  return refuse(`a whole number from ${type.min} to ${type.max}${unlimited}`, `leave it out to get ${fallback}`);
}

function parseSpan(type: ValueType & { kind: "span" }, written: string, fallback: SettingValue): ParsedValue {
  if (type.infinite && written === "Infinite") return { ok: true, value: written };
  const value = wholeNumber(written);
  if (value !== undefined && value >= type.min && value <= spanMax[type.unit]) return { ok: true, value };
  const infinite = type.infinite ? ", or Infinite" : "";
  return refuse(`whole ${type.unit}, at least ${type.min}${infinite}`, `leave it out to get ${fallback}`);
}

function parseClock(type: ValueType & { kind: "clock" }, written: string, fallback: SettingValue): ParsedValue {
  const whole = type.stepSeconds === 60 ? " in whole minutes" : "";
  const range =
    type.maxSeconds === 31_536_000
      ? ", 0 to 365 days"
      : type.minSeconds > 0
        ? `, at least ${clockText(type.minSeconds)}`
        : "";
  const expected = `[d.]hh:mm:ss${range}${whole}`;
  const match = /^(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(written.trim());
  if (match === null) return refuse(expected, `write ${fallback} for the default`);
  if (Number(match[2]) > 23 || Number(match[3]) > 59 || Number(match[4]) > 59) {
    return refuse(expected, "hours go to 23, minutes and seconds to 59; a day is 1.00:00:00");
  }
  const seconds = clockSeconds(written.trim());
  if (seconds < type.minSeconds || seconds > type.maxSeconds)
    return refuse(expected, `leave it out to get ${fallback}`);
  if (seconds % type.stepSeconds !== 0) {
    const below = clockText(seconds - (seconds % type.stepSeconds));
    return refuse(expected, `write ${below}, or leave it out to get ${fallback}`);
  }
  return { ok: true, value: clockText(seconds) };
}

function wholeNumber(written: string): number | undefined {
  return /^\s*[+-]?\d{1,16}\s*$/.test(written) ? Number(written) : undefined;
}

function refuse(expected: string, mend: string): ParsedValue {
  return { ok: false, expected, mend };
}
