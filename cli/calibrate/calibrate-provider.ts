// A calibration measured here and now: one provider, driven by the bench.

import { calibrateProvider } from "../../bench/calibrate/calibrate.ts";
import type { Calibration, StoreProvider } from "../../config/scenario.ts";
import { chooseSite } from "../choose-site.ts";
import { describeEnvironment } from "../environment.ts";
import { interruptible } from "../interruptible.ts";
import { loadScenario, ycsbPath } from "../load-scenario.ts";
import { commandLine } from "../options.ts";

export interface ProviderToCalibrate {
  readonly provider?: StoreProvider;
  readonly module?: string;
  readonly connection?: string[];
  readonly budgetMinutes?: number;
  readonly quiet?: boolean;
}

const MINUTE_MS = 60_000;

/** @returns null when an interrupt ended it: what was measured until then is no calibration. @throws InputError */
export async function measureProvider(asked: ProviderToCalibrate): Promise<Calibration | null> {
  const { scenario } = await loadScenario(ycsbPath);
  const chosen = chooseSite(scenario, asked);
  return interruptible(`calibrating ${chosen.store.provider}`, asked.quiet === true, async (signal, tell) => {
    try {
      const calibration = await calibrateProvider(chosen, {
        signal,
        onProgress: ({ share, note }) => tell(share, note),
        budgetMs: asked.budgetMinutes === undefined ? null : asked.budgetMinutes * MINUTE_MS,
        environment: describeEnvironment,
        command: commandLine(),
      });
      return signal.aborted ? null : calibration;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  });
}
