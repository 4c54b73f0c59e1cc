// The public door of metrics: what a program needs to read, judge and build results.

export { meanInterval, tQuantile } from "./confidence.ts";
export { figureKinds, targetFigureKeys } from "./figures.ts";
export {
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  type Histogram,
  percentileMs,
  percentileSupported,
  recordMs,
} from "./latency-histogram.ts";
export type * from "./run-record.ts";
export * from "./run-result.ts";
export type * from "./study.ts";
export { studyFigures } from "./study-figures.ts";
export { assertConserved, type SummaryInput, summarise } from "./summarise.ts";
export { type StudyInput, summariseStudy } from "./summarise-study.ts";
