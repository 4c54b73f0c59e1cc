// What a part of the selftest answers: a sentence with the figures in it, and whether this machine is good enough for them.

export interface Check {
  /** "pacing, constant, over HTTP". */
  readonly name: string;
  /** null: nothing was asked of it, or it could not be tried. */
  readonly held: boolean | null;
  /** What holds it: "no 100 ms above 2 × its share; lag p50 ≤ 50 µs, p99 ≤ 5 ms". */
  readonly goal: string;
  readonly said: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** "12 µs", "3.4 ms", "1.20 s". */
export function timeText(ms: number): string {
  if (ms < 1) return `${(ms * 1_000).toFixed(ms < 0.01 ? 1 : 0)} µs`;
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
