// What sessions take: the memory of a site by its calibration.

import type { Scenario } from "../config/scenario.ts";

/** Bytes that the stores of a site take for so many sessions with so many bytes of state. */
export function memoryModel({ site, calibration }: Scenario): (sessions: number, stateBytes: number) => number {
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = calibration.memory;
  const stores = site.mode === "InProc" ? site.servers * site.workersPerServer : 1;
  return (sessions, stateBytes) => fixedBytes * stores + bytesPerSession * sessions + bytesPerStateByte * stateBytes;
}
