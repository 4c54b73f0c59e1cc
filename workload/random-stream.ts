// Chance, in two forms, both from one seed and a name, so that an extra draw for one cause never moves another.
// A *stream* is drawn from in order (arrivals). *Draws* are looked up by (visit, step): the value does not depend on the order in
// which a simulation or a bench happens to ask, so two configurations, or the two worlds, see the very same visitors.
// *Mirrored*, each number u is 1 − u: the same run with its luck turned round, whose mean with the plain one swings less.

const UINT32 = 4_294_967_296;

/** A draw as a whole number, 0 to 2³² − 1. */
export type Bits = number;

/** The draw as a number above 0 and below 1. */
export function uniformOf(bits: Bits): number {
  return (bits + 0.5) / UINT32;
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. Bijective on 32 bits. */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A 32-bit key for a seed and the name of a cause (FNV-1a over the name, then mixed with both halves of the seed). */
function keyOf(seed: number, name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  h = mix32(h ^ (seed | 0));
  return mix32(h ^ Math.floor(seed / UINT32));
}

export interface Stream {
  /** The next number, above 0 and below 1. */
  next(): number;
  nextBits(): Bits;
}

/** xoshiro128** 1.1 (Blackman and Vigna, public domain), seeded by repeated mixing. */
export function createStream(seed: number, name: string, mirrored = false): Stream {
  const turned = mirrored ? -1 : 0;
  const key = keyOf(seed, name);
  let a = mix32(key + 0x9e3779b9);
  let b = mix32(key + 0x3c6ef372);
  let c = mix32(key + 0xdaa66d2b);
  let d = mix32(key + 0x78dde6e4);
  if ((a | b | c | d) === 0) a = 1;
  function nextBits(): Bits {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return (result ^ turned) >>> 0;
  }
  return { nextBits, next: () => uniformOf(nextBits()) };
}

export interface Draws {
  /** A number above 0 and below 1 that belongs to this visit and step for ever. */
  at(visit: number, step: number): number;
  bitsAt(visit: number, step: number): Bits;
  /** bitsAt(visit, step) is bitsOfStep(keyOf(visit), step, turned), for those who ask for many steps of one visit. */
  keyOf(visit: number): number;
  readonly turned: number;
}

export function bitsOfStep(key: number, step: number, turned: number): Bits {
  return (mix32(key + Math.imul(step + 1, 0x85ebca77)) ^ turned) >>> 0;
}

export function createDraws(seed: number, name: string, mirrored = false): Draws {
  const turned = mirrored ? -1 : 0;
  const key = keyOf(seed, name);
  const stepKey = mix32(key ^ 0x5bf03635);
  const ofVisit = (visit: number) => (mix32(key ^ Math.imul(visit + 1, 0x9e3779b1)) + stepKey) | 0;
  const bitsAt = (visit: number, step: number) => bitsOfStep(ofVisit(visit), step, turned);
  return { bitsAt, at: (visit, step) => uniformOf(bitsAt(visit, step)), keyOf: ofVisit, turned };
}

/** Seeds of independent repeats: replication 0 keeps the seed itself, so that one run and the first of many are the same run. */
export function replicationSeed(seed: number, replication: number): number {
  return replication === 0 ? seed : keyOf(seed, `replication ${replication}`) >>> 0;
}
