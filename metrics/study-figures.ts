// The figures of the experiments: their keys, names and units, so that a scenario can set targets on them and two results can be
// compared. An experiment may give further figures for single sizes and steps; these stand for the whole.

import type { Estimate, Figure } from "./run-result.ts";

export const studyFigures = {
  saturationRequestsPerSecond: { label: "Requests at saturation", unit: "/s" },
  saturationCpuMsPerRequest: { label: "Processor time of the site for a request", unit: "ms" },
  sloRequestsPerSecond: { label: "Requests within the objectives, highest", unit: "/s" },
  sloSessions: { label: "Stored sessions within the objectives", unit: "" },
  sloMemoryBytes: { label: "Memory within the objectives", unit: "bytes" },
  memoryBytesPerSession: { label: "Memory of one session", unit: "bytes" },
  memoryFixedBytes: { label: "Memory without sessions", unit: "bytes" },
  memoryReclaimedShare: { label: "Memory given back after expiry", unit: "share" },
  memoryOverheadBytes: { label: "Memory of a session without state", unit: "bytes" },
  memoryBytesPerStateByte: { label: "Memory for each byte of state", unit: "" },
  lockPolledShare: { label: "Requests that found the session locked, most at once", unit: "share" },
  lockWaitMaxMs: { label: "Longest lock wait, most at once", unit: "ms" },
  lockTimeOutShare: { label: "Requests timed out waiting for the lock, most at once", unit: "share" },
  lockQueueRefusedShare: { label: "Requests refused by the session's queue limit, most at once", unit: "share" },
  lockLostUpdates: { label: "Lost updates, all steps", unit: "" },
} as const satisfies Record<string, Pick<Figure, "label" | "unit">>;

export type StudyFigureKey = keyof typeof studyFigures;

/** @param estimate null where the run could not find it. */
export function studyFigure(key: StudyFigureKey, estimate: Estimate | number | null): Figure {
  return { key, ...studyFigures[key], ...valued(estimate) };
}

/** What was estimated as the value of a figure. @param estimate null where the run could not find it. */
export function valued(estimate: Estimate | number | null): Pick<Figure, "value" | "interval"> {
  if (estimate === null || typeof estimate === "number") return { value: estimate };
  const { value, interval } = estimate;
  return interval === null ? { value } : { value, interval };
}
