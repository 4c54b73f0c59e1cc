// The dates and times of access logs, read from bytes by arithmetic: a Date object for each of twenty million rows would cost more
// than everything else together.

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 in the Gregorian calendar. Source: Howard Hinnant, chrono-compatible low-level date algorithms. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** Two digits as a number; -1 when they are not digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48;
  const ones = bytes[at + 1] - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function daysOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN;
  return daysFromCivil(year, month, day);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `2010-02-01` as ms since 1970; NaN when it is no date. */
export function w3cDateMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return Number.NaN;
  const century = twoDigits(bytes, start);
  const year = twoDigits(bytes, start + 2);
  if (century < 0 || year < 0) return Number.NaN;
  return daysOf(century * 100 + year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8)) * DAY_MS;
}

/** `01:09:52` or `01:09:52.123` as ms since midnight; NaN when it is no time. A leap second counts as the second before. */
export function timeOfDayMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8 || bytes[start + 2] !== 58 || bytes[start + 5] !== 58) return Number.NaN;
  const hours = twoDigits(bytes, start);
  const minutes = twoDigits(bytes, start + 3);
  const seconds = twoDigits(bytes, start + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return Number.NaN;
  let ms = ((hours * 60 + minutes) * 60 + Math.min(seconds, 59)) * 1000;
  if (end - start > 8) {
    if (bytes[start + 8] !== 46 || end - start === 9) return Number.NaN;
    let unit = 100;
    for (let i = start + 9; i < end; i++, unit /= 10) {
      const digit = bytes[i] - 48;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      if (unit >= 1) ms += digit * unit;
    }
  }
  return ms;
}

/** Month of `Jan` … `Dec` by its letters; 0 when it is none. */
function monthOf(bytes: Uint8Array, at: number): number {
  const letters = ((bytes[at] | 32) << 16) | ((bytes[at + 1] | 32) << 8) | (bytes[at + 2] | 32);
  return monthLetters.indexOf(letters) + 1;
}

const monthLetters = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map(
  (name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
);

/** `17/May/2015:10:05:03 +0200`, as it stands between the brackets of an NCSA line, in UTC ms; NaN when it is no time. */
export function ncsaTimeMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 26 || bytes[start + 2] !== 47 || bytes[start + 6] !== 47 || bytes[start + 11] !== 58) {
    return Number.NaN;
  }
  const century = twoDigits(bytes, start + 7);
  const year = twoDigits(bytes, start + 9);
  const zoneHours = twoDigits(bytes, start + 22);
  const zoneMinutes = twoDigits(bytes, start + 24);
  const sign = bytes[start + 21] === 43 ? 1 : bytes[start + 21] === 45 ? -1 : 0;
  if (century < 0 || year < 0 || zoneHours < 0 || zoneMinutes < 0 || sign === 0) return Number.NaN;
  const days = daysOf(century * 100 + year, monthOf(bytes, start + 3), twoDigits(bytes, start));
  return days * DAY_MS + timeOfDayMs(bytes, start + 12, start + 20) - sign * (zoneHours * 60 + zoneMinutes) * 60_000;
}
