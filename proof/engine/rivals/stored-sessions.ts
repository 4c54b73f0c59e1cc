// The least that a rival in JavaScript must count for its figures to be compared: how many sessions are stored, on average over time
// and at most. Less work than the libraries' own statistics would be, and than what our engine keeps.

import type { W2Model, W2Outcome } from "./w2-model.ts";

export class StoredSessions {
  readonly #warmupSeconds: number;
  readonly #durationSeconds: number;
  #level = 0;
  #max = 0;
  #area = 0;
  #changedAt = 0;

  constructor({ warmupSeconds, durationSeconds }: W2Model) {
    this.#warmupSeconds = warmupSeconds;
    this.#durationSeconds = durationSeconds;
    this.#changedAt = warmupSeconds;
  }

  get level(): number {
    return this.#level;
  }

  change(nowSeconds: number, by: 1 | -1): void {
    if (nowSeconds > this.#changedAt) {
      this.#area += this.#level * (nowSeconds - this.#changedAt);
      this.#changedAt = nowSeconds;
    }
    this.#level += by;
    if (this.#level > this.#max) this.#max = this.#level;
  }

  /** At the end of the run. */
  summary(): Pick<W2Outcome, "storedMean" | "storedMax"> {
    const area = this.#area + this.#level * (this.#durationSeconds - this.#changedAt);
    return { storedMean: area / (this.#durationSeconds - this.#warmupSeconds), storedMax: this.#max };
  }
}
