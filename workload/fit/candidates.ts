// One law tried on what a log shows, and the rule that picks among several. A law with a formula carries over to other rates and
// lengths and says what it assumes; but where none agrees with the log, the log's own figures are the better workload.

import type { CountLaw, Law } from "../../config/scenario.ts";
import type { ChiSquareTest } from "./goodness-of-fit.ts";

export interface Candidate<L extends Law | CountLaw> {
  readonly law: L;
  /** Parameters fitted; null for an empirical law, which has as many as it has points. */
  readonly parameters: number | null;
  readonly mean: number;
  readonly logLikelihood: number | null;
  /** Akaike's criterion, 2 × parameters − 2 × log-likelihood: the smaller, the better. Only differences mean anything. */
  readonly aic: number | null;
  readonly ksDistance: number;
  /** Pearson's test, parameters accounted for. null where there are too few values for one. */
  readonly chiSquare: ChiSquareTest | null;
}

export interface Fit<L extends Law | CountLaw> {
  readonly chosen: Candidate<L>;
  /** One sentence. */
  readonly why: string;
  /** How many values were fitted to. */
  readonly n: number;
  readonly candidates: readonly Candidate<L>[];
}

/** A law is good enough if its mean is right within a twentieth, or three standard errors of the log's, and */
const MEAN_ACCEPTED = 0.05;
/** if its share up to any value is right within so much, */
const KS_ACCEPTED = 0.05;
/** or a sample of the law would look as odd in one of a hundred cases at least. Any long log shows any law to be false. */
const P_ACCEPTED = 0.01;

/** What was counted, in the unit of the laws. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly standardError: number;
}

/** The law with the smallest AIC among those that are good enough; `empirical` if none is. */
export function choose<L extends Law | CountLaw>(
  sample: Sample,
  laws: readonly Candidate<L>[],
  empirical: Candidate<L>,
): Fit<L> {
  const byAic = laws.toSorted((a, b) => (a.aic ?? 0) - (b.aic ?? 0));
  const candidates = [...byAic, empirical];
  const common = { n: sample.n, candidates };
  if (byAic.length === 0) return { ...common, chosen: empirical, why: "there is nothing to fit a law to" };
  const chosen = byAic.find((candidate) => misfit(candidate, sample) === null);
  if (chosen !== undefined) {
    const why = `${chosen.law.kind} has the smallest AIC of the laws that agree with the log: ${verdict(chosen)}`;
    return { ...common, chosen, why };
  }
  const best = byAic[0];
  const why = `no law agrees with the log (the best, ${best.law.kind}: ${misfit(best, sample)}); so its own figures are used`;
  return { ...common, chosen: empirical, why };
}

/** What is wrong with a law; null when it is good enough. */
function misfit(candidate: Candidate<Law | CountLaw>, { mean, standardError }: Sample): string | null {
  const p = candidate.chiSquare?.pValue ?? 0;
  if (candidate.ksDistance > KS_ACCEPTED && p < P_ACCEPTED) return verdict(candidate);
  if (Math.abs(candidate.mean - mean) <= Math.max(MEAN_ACCEPTED * mean, 3 * standardError)) return null;
  return `${verdict(candidate)}, but its mean is ${candidate.mean.toPrecision(4)} where the log has ${mean.toPrecision(4)}`;
}

function verdict({ ksDistance, chiSquare }: Candidate<Law | CountLaw>): string {
  const distance = `KS distance ${ksDistance.toFixed(3)}`;
  if (chiSquare === null) return `${distance}, too few values for a chi-square test`;
  return `${distance}, chi-square p ${chiSquare.pValue < 0.001 ? "below 0.001" : chiSquare.pValue.toFixed(3)}`;
}
