// Evidence that one side of interleaved blocks lies above the other, which may be looked at after every block.
//
// In a block the order of the sides was drawn by a fair coin. If nothing changed, the sign of a block's difference is that coin, whatever
// the noise: heavy tails, drift, moods, runs that lean on each other. So we bet on signs. Each bet is fair under "nothing changed", so
// the capital of who bets is a nonnegative martingale of mean 1, and by Ville's inequality it ever reaches 1/α with a chance of at
// most α. How much is bet hangs on the size of the difference and on earlier blocks, never on the sign itself; the bets are those that
// would make the capital grow fastest if the noise were Student's t with 3 degrees of freedom, for four ratios of effect to noise.
// Sources: Ramdas, Grünwald, Vovk and Shafer, Game-theoretic statistics and safe anytime-valid inference, Statistical Science 38 (2023),
// 4; de la Peña, A general class of exponential inequalities for martingales and ratios, Annals of Probability 27 (1999), 6.2.

import { assert } from "../../config/assert.ts";

/** Effect over noise; a quarter of the capital bets as each of them has it. */
const RATIOS = [0.3, 1, 2.5, 8];
/** The middle size of Student's t with 3 degrees of freedom: what noise alone makes of a typical difference. */
const T3_MIDDLE = 0.765;

/** Who bets that differences lie above 0, block after block. */
export interface Bettor {
  /** 1 at first. An e-value: that it reaches x by chance alone happens in at most 1 of x cases. */
  readonly capital: number;
  /** @param difference of the next block; 0 is no evidence. @returns the capital after it. */
  bet(difference: number): number;
}

/** @param enough capital at which the betting ends, so that what was shown once stays shown. */
export function createBettor(enough = Number.POSITIVE_INFINITY): Bettor {
  const capitals = RATIOS.map(() => 1);
  const sizes: number[] = [];
  let capital = 1;
  return {
    get capital() {
      return capital;
    },
    bet(difference) {
      assert(Number.isFinite(difference), "a difference is a number");
      if (difference === 0 || capital >= enough) return capital;
      const size = Math.abs(difference);
      insertSorted(sizes, size);
      const relativeSize = size / ((sizes[(sizes.length - 1) >> 1] + sizes[sizes.length >> 1]) / 2);
      capital = 0;
      for (let k = 0; k < RATIOS.length; k++) {
        const stake = stakeOf(relativeSize, RATIOS[k]);
        capitals[k] *= difference > 0 ? 1 + stake : 1 - stake;
        capital += capitals[k] / RATIOS.length;
      }
      return capital;
    },
  };
}

/** @param differences one a block, in order. @returns the capital after them. */
export function evidenceAbove(differences: readonly number[], enough?: number): number {
  const bettor = createBettor(enough);
  for (const difference of differences) bettor.bet(difference);
  return bettor.capital;
}

/** The share of the capital to bet on "above", where a difference is so many times the middle one. 0 to 1. */
function stakeOf(relativeSize: number, ratio: number): number {
  const noise = 1 / Math.sqrt(ratio * ratio + T3_MIDDLE * T3_MIDDLE);
  const effect = ratio * noise;
  const above = density((relativeSize - effect) / noise);
  const below = density((relativeSize + effect) / noise);
  return (above - below) / (above + below);
}

/** Student's t with 3 degrees of freedom, up to a factor. */
function density(z: number): number {
  const tail = 1 + (z * z) / 3;
  return 1 / (tail * tail);
}

function insertSorted(sorted: number[], value: number): void {
  let place = sorted.length;
  while (place > 0 && sorted[place - 1] > value) place--;
  sorted.splice(place, 0, value);
}
