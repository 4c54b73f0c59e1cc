// The law of the number of requests in a visit: fixed, geometric (after each request the visitor goes on with the same chance), or
// the log's own numbers.

import { log, power } from "../../config/elementary.ts";
import type { CountLaw } from "../../config/scenario.ts";
import type { Tally } from "../log/tally.ts";
import { type Candidate, choose, type Fit } from "./candidates.ts";
import { chiSquareTest } from "./goodness-of-fit.ts";

export function fitRequestsPerVisit(requestsPerSession: Tally): Fit<CountLaw> {
  const { values, counts } = requestsPerSession.entries();
  const total = requestsPerSession.count();
  const law: CountLaw = { kind: "empirical", values, weights: counts };
  const empirical: Candidate<CountLaw> = {
    law,
    parameters: null,
    mean: requestsPerSession.mean(),
    logLikelihood: null,
    aic: null,
    ksDistance: 0,
    chiSquare: null,
  };
  const formula = values.length === 1 ? fixed(values[0]) : geometric(requestsPerSession.mean(), values, counts, total);
  const sample = { n: total, mean: requestsPerSession.mean(), standardError: requestsPerSession.standardError() };
  return choose(sample, [formula], empirical);
}

function fixed(value: number): Candidate<CountLaw> {
  return {
    law: { kind: "fixed", value },
    parameters: 1,
    mean: value,
    logLikelihood: 0,
    aic: 2,
    ksDistance: 0,
    chiSquare: null,
  };
}

/** The mean of the sample is the most likely one. */
function geometric(
  mean: number,
  values: readonly number[],
  counts: readonly number[],
  total: number,
): Candidate<CountLaw> {
  const goOn = 1 - 1 / mean;
  const upTo = (n: number) => 1 - power(goOn, n);
  let logLikelihood = 0;
  let ksDistance = 0;
  let seen = 0;
  const expected: number[] = [];
  for (let i = 0; i < values.length; i++) {
    logLikelihood += counts[i] * ((values[i] - 1) * log(goOn) - log(mean));
    ksDistance = Math.max(ksDistance, Math.abs(seen / total - upTo(values[i] - 1)));
    seen += counts[i];
    ksDistance = Math.max(ksDistance, Math.abs(seen / total - upTo(values[i])));
    expected.push(total * ((i === values.length - 1 ? 1 : upTo(values[i])) - (i === 0 ? 0 : upTo(values[i - 1]))));
  }
  return {
    law: { kind: "geometric", mean },
    parameters: 1,
    mean,
    logLikelihood,
    aic: 2 - 2 * logLikelihood,
    ksDistance,
    chiSquare: chiSquareTest(counts, expected, 1),
  };
}
