// Which of a site's cookies is the session's: by its name and by how it behaves towards visitors who come for the first time, come
// back, and come with a value nobody gave them. Each observation weighs for or against; the reasons are told to the user.

import { judgeName } from "./known-cookies.ts";

/** What was seen of one cookie. null where it could not be tried. */
export interface CookieSighting {
  readonly name: string;
  /** The page whose answer set it first. */
  readonly path: string;
  /** The values given to two visitors who had none. */
  readonly values: readonly [string, string | null];
  /** null: until the browser is closed. */
  readonly lifetimeMs: number | null;
  readonly httpOnly: boolean;
  /** To a visitor who brought it back the site gave another value. */
  readonly changedOnReturn: boolean | null;
  /** A value that we made up was replaced by another. */
  readonly madeUpReplaced: boolean | null;
}

export interface CookieVerdict {
  readonly name: string;
  readonly score: number;
  /** "known name of express-session", "a made-up value was replaced" … */
  readonly reasons: readonly string[];
  /** It changes although the visitor brought it back: it holds the session itself, and a new value is no new session. */
  readonly holdsState: boolean;
}

/** Below this a cookie is not taken for the session's. A known name with nothing against it is enough, and so is behaviour alone. */
export const SCORE_MIN = 5;

const DAY_MS = 86_400_000;
/** Session ids carry 64 bits or more. Source: OWASP, Session Management Cheat Sheet. */
const ID_BITS_MIN = 64;

/** Best first. */
export function judgeCookies(sightings: readonly CookieSighting[]): CookieVerdict[] {
  return sightings.map(judgeCookie).sort((a, b) => b.score - a.score);
}

function judgeCookie(sighting: CookieSighting): CookieVerdict {
  const { name, values, lifetimeMs, httpOnly, changedOnReturn, madeUpReplaced } = sighting;
  const reasons: string[] = [];
  let score = 0;
  const weigh = (weight: number, reason: string) => {
    score += weight;
    reasons.push(reason);
  };
  const { technology, soundsLikeSession, otherPurpose } = judgeName(name);
  if (technology !== null) weigh(4, `the name that ${technology} gives it`);
  else if (soundsLikeSession) weigh(2, "its name speaks of a session");
  if (otherPurpose !== null && technology === null) weigh(-6, `by its name ${otherPurpose}`);

  if (lifetimeMs === null) weigh(2, "it lasts until the browser is closed");
  else if (lifetimeMs <= DAY_MS) weigh(1, "it lasts a day at most");
  else if (lifetimeMs > 30 * DAY_MS) weigh(-2, "it lasts for months");

  const bits = entropyBits(values[0]);
  if (bits >= ID_BITS_MIN) weigh(1, `its value is opaque (${values[0].length} characters)`);
  else weigh(-3, "its value is too short for a session id");

  if (values[1] !== null) {
    if (values[0] !== values[1]) weigh(2, "two visitors get two values");
    else weigh(-8, "all visitors get the same value");
  }
  if (changedOnReturn === true) weigh(-1, "it changes with each answer");
  if (changedOnReturn === false) weigh(1, "it is kept when sent back");
  if (madeUpReplaced === true) weigh(3, "a made-up value is replaced");
  if (madeUpReplaced === false) weigh(technology === null ? -4 : -1, "a made-up value is taken as it is");
  if (httpOnly) weigh(1, "scripts cannot read it");
  return { name, score, reasons, holdsState: changedOnReturn === true };
}

/** The most that a value of such characters can carry. */
export function entropyBits(value: string): number {
  const plain = decode(value);
  const alphabet =
    (/[a-z]/.test(plain) ? 26 : 0) +
    (/[A-Z]/.test(plain) ? 26 : 0) +
    (/\d/.test(plain) ? 10 : 0) +
    (/[^a-zA-Z\d]/.test(plain) ? 4 : 0);
  // Digits with a few letters of one case are hexadecimal.
  const letters = /^[0-9a-f]+$|^[0-9A-F]+$/.test(plain) ? 16 : alphabet;
  const distinct = new Set(plain).size;
  // "aaaaaaaa" is long and carries nothing.
  return distinct <= 2 ? distinct : plain.length * Math.log2(Math.max(2, letters));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
