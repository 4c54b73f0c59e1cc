// The highest rate that meets the objectives: by doubling until one misses them, then by halving the bracket on a logarithmic scale
// until its ends are within 5 % of its middle. A rate that cannot be judged by one probe is tried again, all its probes pooled; one
// that cannot be judged by several is taken as it leans, and then the interval reaches to the next rate that was clear.

import { type Evidence, type Judgement, judge, lean, type Objectives, poolEvidence } from "./slo-judgement.ts";

/** One try at a rate. null: cut short, so that it says nothing. */
export type Probe = (rate: number) => Promise<{ readonly evidence: Evidence; readonly valid: boolean } | null>;

export interface SearchLimits {
  readonly startRate: number;
  /** Not even this is met: there is no answer. */
  readonly lowestRate: number;
  readonly highestRate: number;
  readonly objectives: Objectives;
  /** Asked before each further rate: the bracket stays as wide as it is. */
  readonly outOfTime?: () => boolean;
  /** Told after each judgement. */
  readonly onBracket?: (bracket: Bracket) => void;
}

/** What is known by now; null ends are open. */
export interface Bracket {
  readonly met: number | null;
  readonly missed: number | null;
  /** The generator could not be believed here, so that nobody knows. */
  readonly unbelieved: number | null;
  /** Like met and missed, but only rates at which that was clear. */
  readonly metClearly: number | null;
  readonly missedClearly: number | null;
  /** Rates that stayed undecided and were taken as they leant. */
  readonly leant: readonly number[];
  /** false: cut short. */
  readonly complete: boolean;
  /** Ended for lack of time, wider than it should be. */
  readonly outOfTime: boolean;
}

/** Either end is within 5 % of the middle. */
const BRACKET_RATIO = 1.1;
/** Probes of one rate, pooled. */
const PROBES_A_RATE = 4;
/** The machine may hiccup once. */
const UNBELIEVED_MAX = 2;

type Answer = Judgement | "unbelieved" | "cut";

/**
 * Doubles or halves from `startRate` until a rate is met and another is missed, then halves what is between them, in logarithms.
 * @returns the narrowest bracket found, also when cut short or out of time.
 */
export async function searchRate(probe: Probe, limits: SearchLimits): Promise<Bracket> {
  const { startRate, lowestRate, highestRate, objectives } = limits;
  const tried: { readonly rate: number; readonly answer: "met" | "missed" | "unbelieved"; readonly clear: boolean }[] =
    [];

  /** @returns false when cut short. */
  async function at(rate: number): Promise<boolean> {
    const { answer, clear } = await answerAt(rate, probe, objectives);
    if (answer === "cut") return false;
    tried.push({ rate, answer, clear });
    limits.onBracket?.(bracketOf(tried, true));
    return true;
  }

  let rate = startRate;
  for (;;) {
    if (tried.length > 0 && limits.outOfTime?.()) return { ...bracketOf(tried, true), outOfTime: true };
    if (!(await at(rate))) return bracketOf(tried, false);
    const { met, missed, unbelieved } = bracketOf(tried, true);
    const above = missed ?? unbelieved;
    if (met === null) {
      if (rate <= lowestRate) return bracketOf(tried, true);
      rate = Math.max(lowestRate, rate / 2);
    } else if (above === null) {
      if (rate >= highestRate) return bracketOf(tried, true);
      rate = Math.min(highestRate, rate * 2);
    } else {
      const upper = Math.min(missed ?? Number.POSITIVE_INFINITY, unbelieved ?? Number.POSITIVE_INFINITY);
      if (upper / met <= BRACKET_RATIO) return bracketOf(tried, true);
      rate = Math.sqrt(met * upper);
    }
  }
}

async function answerAt(
  rate: number,
  probe: Probe,
  objectives: Objectives,
): Promise<{ answer: Exclude<Answer, "undecided">; clear: boolean }> {
  const seen: Evidence[] = [];
  let unbelieved = 0;
  while (seen.length < PROBES_A_RATE) {
    const tried = await probe(rate);
    if (tried === null) return { answer: "cut", clear: false };
    if (tried.valid) {
      seen.push(tried.evidence);
      const judgement = judge(poolEvidence(seen), objectives);
      if (judgement !== "undecided") return { answer: judgement, clear: true };
    } else if (++unbelieved >= UNBELIEVED_MAX) {
      return { answer: "unbelieved", clear: false };
    }
  }
  return { answer: lean(poolEvidence(seen), objectives), clear: false };
}

/** Rates that answer against the order (noise) are passed over: what counts is the highest met below the lowest that was not. */
function bracketOf(
  tried: readonly { rate: number; answer: "met" | "missed" | "unbelieved"; clear: boolean }[],
  complete: boolean,
): Bracket {
  const ratesOf = (answer: string, clear: boolean) =>
    tried.filter((one) => one.answer === answer && (one.clear || !clear)).map((one) => one.rate);
  const lowest = (rates: readonly number[]) => (rates.length === 0 ? null : Math.min(...rates));
  const highest = (rates: readonly number[]) => (rates.length === 0 ? null : Math.max(...rates));
  const missed = lowest(ratesOf("missed", false));
  const unbelieved = lowest(ratesOf("unbelieved", false));
  const upper = Math.min(missed ?? Number.POSITIVE_INFINITY, unbelieved ?? Number.POSITIVE_INFINITY);
  const met = highest(ratesOf("met", false).filter((rate) => rate < upper));
  return {
    met,
    missed,
    unbelieved,
    metClearly: highest(ratesOf("met", true).filter((rate) => met !== null && rate <= met)),
    missedClearly: lowest(ratesOf("missed", true)),
    leant: tried.filter(({ answer, clear }) => !clear && answer !== "unbelieved").map(({ rate }) => rate),
    complete,
    outOfTime: false,
  };
}
