// What sessions take: the memory of a site by its calibration.

import type { Scenario } from "../config/scenario.ts";
import { storesOf } from "./stores.ts";

/** Bytes that the stores of a site take for so many sessions with so many bytes of state. */
export function memoryModel(scenario: Scenario): (sessions: number, stateBytes: number) => number {
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = scenario.calibration.memory;
  const stores = storesOf(scenario);
  return (sessions, stateBytes) => fixedBytes * stores + bytesPerSession * sessions + bytesPerStateByte * stateBytes;
}
