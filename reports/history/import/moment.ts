// Moments as other tools write them, read without a clock and without a zone of our own: what names no zone is taken as UTC.

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** 2026-11-21, 2026.11.21 3:00, 2026/11/21T15:04:05.123+0100 */
const yearFirst = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(.*)$/i;
/** As git log: Sat Nov 21 15:04:05 2026 +0100 */
const monthFirst = /^\w{3},? (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\s*(.*)$/i;
/** As in a mail: Sat, 21 Nov 2026 15:04:05 +0100 */
const dayFirst = /^(?:\w{3}, )?(\d{1,2}) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d)\s*(.*)$/i;

/** @returns ISO 8601 in UTC; null where the text is no moment. Whole numbers of ten digits are seconds since 1970, of thirteen milliseconds. */
export function parseMoment(text: string): string | null {
  const trimmed = text.trim();
  if (/^\d{10}(\.\d+)?$/.test(trimmed)) return isoOf(Math.round(Number(trimmed) * 1000));
  if (/^\d{13}$/.test(trimmed)) return isoOf(Number(trimmed));
  const byYear = yearFirst.exec(trimmed);
  if (byYear !== null) {
    const [, year, , month, day, hour, minute, second, fraction, zone] = byYear;
    const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
    return assemble(Number(year), Number(month), Number(day), [hour, minute, second], ms, zone!);
  }
  const byMonth = monthFirst.exec(trimmed);
  if (byMonth !== null) {
    const [, month, day, hour, minute, second, year, zone] = byMonth;
    return assemble(Number(year), monthOf(month!), Number(day), [hour, minute, second], 0, zone!);
  }
  const byDay = dayFirst.exec(trimmed);
  if (byDay === null) return null;
  const [, day, month, year, hour, minute, second, zone] = byDay;
  return assemble(Number(year), monthOf(month!), Number(day), [hour, minute, second], 0, zone!);
}

function monthOf(name: string): number {
  return months.indexOf(name.toLowerCase()) + 1;
}

function assemble(
  year: number,
  month: number,
  day: number,
  time: readonly (string | undefined)[],
  ms: number,
  zone: string,
): string | null {
  const [hour, minute, second] = time.map((part) => Number(part ?? 0)) as [number, number, number];
  const zoneMinutes = zoneOf(zone);
  if (zoneMinutes === null || hour > 23 || minute > 59 || second > 59) return null;
  const atMs = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const date = new Date(Date.UTC(year, month - 1, day));
  // The 31st of February would become a day in March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return isoOf(atMs - zoneMinutes * 60_000);
}

/** Minutes ahead of UTC. */
function zoneOf(zone: string): number | null {
  if (/^(|Z|UTC|GMT)$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?$/i.exec(zone) ?? [];
  if (hours === undefined) return null;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
}

/** A moment that a Date can hold and four digits of a year can write. */
export function isoOf(atMs: number): string | null {
  const year = new Date(atMs).getUTCFullYear();
  return year >= 1970 && year <= 9999 ? new Date(atMs).toISOString() : null;
}
