// Entries of a history sorted into series: one metric of one scenario, driver, label and machine, in order of time.

import type { HistoryEntry, HistoryPoint, HistorySeries } from "./history.ts";

/** What must agree before two runs stand in one series. */
export function seriesKeyOf({ scenario, driver, label, machine }: HistoryEntry): string {
  return JSON.stringify([scenario, driver, label, machine]);
}

/** Two entries that agree in this are one run: nothing starts twice at one moment on one machine. */
export function identityOf(entry: HistoryEntry): string {
  return JSON.stringify([seriesKeyOf(entry), entry.at, entry.commit]);
}

/** By time; entries of one moment stay as they were. */
export function inOrder(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return [...entries].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/**
 * @param entries in any order.
 * @returns in the order in which scenarios and metrics are first met. Names, units and directions are those of the newest entry.
 */
export function seriesOf(entries: readonly HistoryEntry[]): readonly HistorySeries[] {
  const found = new Map<string, { newest: Omit<HistorySeries, "points">; points: HistoryPoint[] }>();
  for (const entry of inOrder(entries)) {
    const { scenario, label, machine, at, commit } = entry;
    for (const { key, label: metricLabel, unit, better, value, low, high } of entry.metrics) {
      const newest = { scenario, label, machine, key, metricLabel, unit, better };
      // A figure told in another unit is another figure: 12 ms after 12,000 µs is no change.
      const name = `${seriesKeyOf(entry)} ${JSON.stringify([key, unit])}`;
      const series = found.get(name) ?? { newest, points: [] };
      series.newest = newest;
      series.points.push({ at, commit, value, low, high });
      found.set(name, series);
    }
  }
  return [...found.values()].map(({ newest, points }) => ({ ...newest, points }));
}
