// What sessions cost where a scenario names no calibration: as sessionlab calibrate measured it, each provider on a machine that its
// calibration names. A provider that nobody measured is given the costs of one that is like it, and is told to be assumed.

import { builtInCalibrations } from "./calibrations/index.ts";
import type { Calibration, StoreProvider } from "./scenario.ts";
import type { SessionMode } from "./session-settings.ts";

/** Whose costs are nearest to those of a mode's other providers. */
const nearestOf = {
  StateServer: "state-server",
  SQLServer: "postgresql",
  Custom: "redis",
} as const satisfies Partial<Record<SessionMode, StoreProvider>>;

/**
 * The built-in calibration of a mode; Off makes no store calls and keeps nothing, so InProc's request cost serves it.
 * @param provider what keeps the sessions; left out: PostgreSQL in mode SQLServer, Redis in Custom.
 */
export function builtInCalibration(mode: SessionMode, provider?: StoreProvider): Calibration {
  if (mode === "Off" || mode === "InProc") return builtInCalibrations["in-proc"];
  const measured = builtInCalibrations[provider ?? nearestOf[mode]];
  return measured ?? assumed(provider, builtInCalibrations[nearestOf[mode]]);
}

/** The costs of another provider, which stay its own: what is measured of them is not measured of this one. */
function assumed(provider: StoreProvider | undefined, { intervals: _, ...nearest }: Calibration): Calibration {
  return {
    ...nearest,
    measured: false,
    evidence:
      `Assumption: nobody measured ${provider}; these are the costs of ${nearest.provider}. Measure yours and give it as ` +
      `store.calibration: sessionlab calibrate --provider ${provider === "module" ? "FILE" : provider}. ${nearest.evidence}`,
  };
}
