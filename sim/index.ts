// The public door of sim: a scenario in and a RunResult out (`simulate`), the closed forms, and the engine for models of one's own.

export * as closedForms from "./analytic/index.ts";
export type { Durations, Level, Observers, ServicePoint } from "./engine/observers.ts";
export { type ReplicateOptions, replicate } from "./engine/replicate.ts";
export {
  createSimulation,
  type Happens,
  type RunOptions,
  type RunOutcome,
  type Simulation,
  type SimulationOptions,
} from "./engine/simulation.ts";
export { createSlots, type Slots } from "./engine/slots.ts";
export type { ValueTally } from "./engine/value-tally.ts";
export {
  createRareStudy,
  estimateRareRefusals,
  type RareOptions,
  type RareRefusals,
  type RareStudy,
} from "./rare/rare-refusals.ts";
export * from "./simulate.ts";
export { simulatePaired } from "./simulate-paired.ts";
