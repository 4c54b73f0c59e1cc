// What a bench is told beside its scenario, whatever its driver.

import type { StoreOperation } from "../config/scenario.ts";
import type { Settings } from "../config/session-settings.ts";
import type { DriverName, Environment } from "../metrics/run-result.ts";

export interface BenchProgress {
  /** Of the work, 0 to 1 and, when answers are late, a little more. */
  readonly share: number;
  /** What is being done and how far it has come: "measuring: 1200 requests, 640 stored". */
  readonly note: string;
}

export interface BenchOptions {
  readonly driver: DriverName;
  /** http: through the host, in a process of its own. provider: the session module runs in the generator, without a network. */
  readonly through: "http" | "provider";
  /**
   * apart: the site has processors of its own while it is measured, coresPerWorker of them where the machine has so many and one more,
   * and generator and stores the others. shared: the scheduler places all of them.
   */
  readonly processors: "apart" | "shared";
  /** Processes that send the load of the journeys. */
  readonly generators: number;
  /** Requests that each of them has at the site at one time; left out, as many as are due. */
  readonly connectionsMax?: number;
  /** Sizes for micro and memory; null: the driver's own. */
  readonly stateBytes: readonly number[] | null;
  /** How long micro measures; left out, as long as it takes by itself. */
  readonly seconds?: number;
  /** Of one turn of micro; left out, as many as fit. */
  readonly sessions?: number;
  /** Calls that micro measures; left out, all that the store has. */
  readonly operations?: readonly StoreOperation[];
  /** Requests at once, for locks, and connections, for saturation; null: the driver's own. */
  readonly concurrency: readonly number[] | null;
  /** Where the scenario's settings came from, for the report. */
  readonly settings: Settings | null;
  /** The command that repeats this run. */
  readonly command: string;
  /** Ends the load early; what was measured until then is kept, marked incomplete. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BenchProgress) => void;
  /** Where the host writes its IIS W3C log; none when absent. */
  readonly logFile?: string;
  /** The machine and program, once it is known how long the run took. */
  readonly environment: (startedAt: Date, wallSeconds: number) => Environment;
}
