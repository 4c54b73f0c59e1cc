// Runs in their order on the x axis, each as far from the last as any other, with the days on which they ran: a project that rests for
// a month has no empty month in its chart, and ten runs of one day do not lie on one another.

export interface RunAxis {
  /** Places of runs, from 0. */
  readonly ticks: readonly number[];
  readonly format: (place: number) => string;
  /** The day, where all ran on one and the ticks are times of it. */
  readonly label: string | null;
}

/** @param at ISO moments of the runs, in order. @param ticksMax most dates there is room for, at least 1. */
export function runAxis(at: readonly string[], ticksMax: number): RunAxis {
  const last = at.length - 1;
  const count = Math.min(ticksMax, at.length);
  const spread = Array.from({ length: count }, (_, tick) =>
    count === 1 ? last : Math.round((tick * last) / (count - 1)),
  );
  const oneDay = at.every((moment) => dayOf(moment) === dayOf(at[0]!));
  const format = (place: number) => (oneDay ? minuteOf(at[place]!).slice(11) : dayOf(at[place]!));
  // Of runs of one day, or of one minute, only the first is named.
  const ticks = spread.filter((place, index) => index === 0 || format(place) !== format(spread[index - 1]!));
  return { ticks, format, label: oneDay && at.length > 0 ? `${dayOf(at[0]!)}, UTC` : null };
}

/** "2026-05-06" */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

/** "2026-05-06 12:00" */
export function minuteOf(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
