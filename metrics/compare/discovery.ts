// Which of several claims may be made at once, when a share of at most `rate` of those made may be false. Where nothing is true, that is
// the chance of making any claim at all.

/**
 * However the claims hang together.
 * Source: Wang and Ramdas, False discovery rate control with e-values, J. R. Stat. Soc. B 84 (2022): the e-BH procedure.
 * @param eValues one a claim; null where there is nothing to judge.
 */
export function discoveriesByEvidence(eValues: readonly (number | null)[], rate: number): readonly boolean[] {
  const sorted = eValues.filter((value) => value !== null).sort((a, b) => b - a);
  const threshold = sorted.findLast((value, k) => value >= evidenceNeeded(sorted.length, rate) / (k + 1));
  return eValues.map((value) => value !== null && threshold !== undefined && value >= threshold);
}

/** The evidence that lets a claim be made among so many, whatever that for the others is. */
export function evidenceNeeded(claims: number, rate: number): number {
  return claims / rate;
}

/**
 * For claims that do not hang together, or go up and down together, as percentiles of the same requests do.
 * Source: Benjamini and Yekutieli, Annals of Statistics 29 (2001), 1.2: Benjamini and Hochberg's procedure.
 * @param pValues one a claim; null where there is nothing to judge.
 */
export function discoveriesByChance(pValues: readonly (number | null)[], rate: number): readonly boolean[] {
  const sorted = pValues.filter((value) => value !== null).sort((a, b) => a - b);
  const threshold = sorted.findLast((value, k) => value <= (rate * (k + 1)) / sorted.length);
  return pValues.map((value) => value !== null && threshold !== undefined && value <= threshold);
}
