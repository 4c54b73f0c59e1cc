// Random numbers for the rivals in JavaScript: quicker than simjs's own Mersenne Twister and, unlike Math.random, with a seed.
// Source: mulberry32 (Tommy Ettinger, public domain).

export interface Draws {
  /** Exponential, mean 1. */
  exponential(): number;
  /** 1 and more; after each there is another with chance 1 − 1/mean. */
  geometric(mean: number): number;
}

export function createDraws(seed: number): Draws {
  let state = seed | 0;
  /** Above 0, at most 1. */
  function uniform(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 1) / 4294967296;
  }
  return {
    exponential: () => -Math.log(uniform()),
    geometric: (mean) => 1 + Math.floor(Math.log(uniform()) / Math.log(1 - 1 / mean)),
  };
}
