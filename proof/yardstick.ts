// The yardstick as a scenario: scenarios/w2-yardstick.yaml, larger, capped, or in the request model.

import { readFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../cli/package-root.ts";
import { parseScenario } from "../config/parse-scenario.ts";
import { InputError } from "../config/problem.ts";
import { resolveScenario } from "../config/resolve-scenario.ts";
import type { Scenario } from "../config/scenario.ts";
import type { SessionMode } from "../config/session-settings.ts";
import { targetFigureKeys } from "../metrics/figures.ts";
import { plainCalibration } from "./plain-calibration.ts";
import { w2 } from "./w2.ts";

export interface YardstickChoice {
  /** Times 50 visits/s; 1 when left out. */
  readonly size?: number;
  /** 4 when left out. */
  readonly hours?: number;
  /** The part of it that is not measured; a quarter of the run when left out. */
  readonly warmupHours?: number;
  /** No cap when left out. */
  readonly sessionsMax?: number;
  /** 0, the moment itself, when left out. */
  readonly sweepSeconds?: number;
  /** With this the request model, with its store calls and locks; the population model when left out. */
  readonly requests?: Exclude<SessionMode, "Custom" | "Off">;
  /** Of the pages, those that send two more requests of the same session at once; none when left out. */
  readonly parallelShare?: number;
  readonly seed?: number;
  readonly replications?: number;
}

/** Web cores enough for 500 requests/s to keep them half busy. */
const REQUEST_CORES = 4;

const file = path.join(packageRoot, "scenarios", "w2-yardstick.yaml");

/** @throws InputError where the choice makes no scenario. */
export function yardstickScenario(choice: YardstickChoice = {}): Scenario {
  const { size = 1, hours = 4, warmupHours = hours / 4, sweepSeconds = 0, parallelShare = 0 } = choice;
  const parsed = parseScenario(readFileSync(file, "utf8"), file, targetFigureKeys);
  const { value } = parsed;
  if (value === null || typeof value.workload === "string") throw new InputError("Cannot read", parsed.problems);
  return resolveScenario({
    file: {
      ...value,
      site: {
        ...value.site,
        expirySweepSeconds: sweepSeconds,
        ...(choice.sessionsMax === undefined ? {} : { sessionsMax: choice.sessionsMax }),
        ...(choice.requests === undefined ? {} : { mode: choice.requests, coresPerWorker: REQUEST_CORES }),
      },
      run: {
        ...value.run,
        fidelity: choice.requests === undefined ? "population" : "requests",
        durationMinutes: 60 * hours,
        warmupMinutes: 60 * warmupHours,
        seed: choice.seed ?? 1,
        replications: choice.replications ?? 1,
      },
    },
    workload: {
      ...value.workload,
      arrivals: { kind: "poisson", perSecond: w2.arrivalsPerSecond * size },
      ...(parallelShare === 0 ? {} : { parallel: { share: parallelShare, requests: 2, spacingMs: 0 } }),
    },
    settings: null,
    calibration: plainCalibration(choice.requests ?? "InProc"),
  });
}
