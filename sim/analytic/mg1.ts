// M/G/1: one server, Poisson arrivals, any law of the service time, of which only the first moments matter.

import { balanced, notNegative, positive, requireAll } from "./arguments.ts";

export interface MG1Input {
  readonly arrivalsPerSecond: number;
  readonly serviceSecondsMean: number;
  /** In seconds squared: the square of the mean for an exponential law, 0 where all services take alike. */
  readonly serviceSecondsVariance: number;
  /** E[S³], for the variance of the wait: six times the cube of the mean for an exponential law. */
  readonly serviceSecondsThirdMoment?: number;
}

export interface MG1 {
  readonly utilisation: number;
  /** Waiting, on average. */
  readonly queueMean: number;
  /** Waiting or in service. */
  readonly customersMean: number;
  /** Mean wait, of those who need not wait too. */
  readonly waitSecondsMean: number;
  readonly responseSecondsMean: number;
  /** Seconds squared; null where the third moment of the service time was not given. */
  readonly waitSecondsVariance: number | null;
  readonly responseSecondsVariance: number | null;
}

/**
 * @throws InputError for an argument out of range, moments that no law has, or more work than the server can do.
 * Source: F. Pollaczek 1930, A. Y. Khinchine 1932: Wq = λE[S²] / (2(1 − ρ)); L. Takács 1962: E[W²] = 2Wq² + λE[S³] / (3(1 − ρ)).
 */
export function mg1(input: MG1Input): MG1 {
  const { arrivalsPerSecond, serviceSecondsMean, serviceSecondsVariance, serviceSecondsThirdMoment } = input;
  const utilisation = arrivalsPerSecond * serviceSecondsMean;
  const second = serviceSecondsVariance + serviceSecondsMean * serviceSecondsMean;
  requireAll("M/G/1", [
    notNegative("arrivalsPerSecond", arrivalsPerSecond),
    positive("serviceSecondsMean", serviceSecondsMean),
    notNegative("serviceSecondsVariance", serviceSecondsVariance),
    serviceSecondsThirdMoment === undefined ? null : thirdOf(serviceSecondsThirdMoment, serviceSecondsMean, second),
    balanced("arrivalsPerSecond × serviceSecondsMean", utilisation, 1),
  ]);
  const free = 1 - utilisation;
  const waitSecondsMean = (arrivalsPerSecond * second) / (2 * free);
  const waitSecondsVariance =
    serviceSecondsThirdMoment === undefined
      ? null
      : waitSecondsMean * waitSecondsMean + (arrivalsPerSecond * serviceSecondsThirdMoment) / (3 * free);
  const queueMean = arrivalsPerSecond * waitSecondsMean;
  return {
    utilisation,
    queueMean,
    customersMean: queueMean + utilisation,
    waitSecondsMean,
    responseSecondsMean: waitSecondsMean + serviceSecondsMean,
    waitSecondsVariance,
    responseSecondsVariance: waitSecondsVariance === null ? null : waitSecondsVariance + serviceSecondsVariance,
  };
}

/** E[S³] E[S] is at least E[S²]², by Cauchy and Schwarz. */
function thirdOf(third: number, mean: number, second: number) {
  const least = (second / mean) * second;
  if (third >= least * (1 - 1e-9)) return positive("serviceSecondsThirdMoment", third);
  const expected = `at least ${least}, which the mean and the variance make it`;
  return { at: "serviceSecondsThirdMoment", given: String(third), expected, mend: "change it" };
}
