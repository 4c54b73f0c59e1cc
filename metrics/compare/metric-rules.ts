// What a change of each metric means: which way is good, and from which size on a change for the worse matters. A minimum effect is half
// of what should be found without fail, since what just reaches it may be told or not.

import type { MetricRule } from "./comparison.ts";

const lowBetter = (minimumEffect: number): MetricRule => ({ better: "low", scale: "relative", minimumEffect });
const highBetter = (minimumEffect: number): MetricRule => ({ better: "high", scale: "relative", minimumEffect });
const lowShare = (minimumEffect: number): MetricRule => ({ better: "low", scale: "absolute", minimumEffect });

/** Of visitors' journeys, in the order of reports. What follows from the visitors alone, as their number, is no metric. */
const journeyRules: Readonly<Record<string, MetricRule>> = {
  responseP50Ms: lowBetter(0.05),
  responseP90Ms: lowBetter(0.05),
  responseP99Ms: lowBetter(0.1),
  responseShape: lowShare(0.05),
  serviceP50Ms: lowBetter(0.05),
  serviceP99Ms: lowBetter(0.1),
  requestsPerSecond: highBetter(0.01),
  cpuMsPerRequest: lowBetter(0.05),
  storeCallsPerRequest: lowBetter(0.01),
  memoryMeanBytes: lowBetter(0.05),
  refusedShare: lowShare(0.005),
  failedShare: lowShare(0.002),
  lostShare: lowShare(0.005),
  lockWaitShare: lowShare(0.01),
};

const studyRules: Readonly<Record<string, MetricRule>> = {
  saturationRequestsPerSecond: highBetter(0.03),
  saturationCpuMsPerRequest: lowBetter(0.05),
  sloRequestsPerSecond: highBetter(0.05),
  sloSessions: highBetter(0.05),
  sloMemoryBytes: lowBetter(0.05),
  memoryBytesPerSession: lowBetter(0.015),
  memoryFixedBytes: lowBetter(0.05),
  memoryReclaimedShare: { better: "high", scale: "absolute", minimumEffect: 0.05 },
  memoryOverheadBytes: lowBetter(0.05),
  memoryBytesPerStateByte: lowBetter(0.015),
  lockPolledShare: lowShare(0.02),
  lockWaitMaxMs: lowBetter(0.1),
  lockTimeOutShare: lowShare(0.01),
  lockQueueRefusedShare: lowShare(0.01),
  lockLostUpdates: { better: "low", scale: "absolute", minimumEffect: 0.5 },
};

/** Figures named by what they are of: "micro.getItem.4096.p50Ms", "engine.w2.eventsPerSecond". */
const namedRules: readonly (readonly [RegExp, MetricRule])[] = [
  [/^micro\..+\.(p50Ms|meanMs)$/, lowBetter(0.025)],
  [/^micro\..+\.cpuMs$/, lowBetter(0.05)],
  [/^micro\..+\.(allocated|external)Bytes$/, lowBetter(0.015)],
  [/^engine\..+\.[a-z]*eventsPerSecond$/i, highBetter(0.025)],
  [/^engine\..+Bytes\w*$/, lowBetter(0.015)],
];

/** The keys of the metrics of journeys, in their order. */
export const journeyMetricKeys: readonly string[] = Object.keys(journeyRules);

/** null for a figure that is no metric: more or less of it is neither good nor bad, or is told by another. */
export function ruleOf(key: string): MetricRule | null {
  const named = namedRules.find(([pattern]) => pattern.test(key));
  // "memoryBytesPerSession.4096": the same for one size.
  const whole = key.replace(/\.\d+$/, "");
  return journeyRules[key] ?? studyRules[whole] ?? named?.[1] ?? null;
}
