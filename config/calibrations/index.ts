// The calibrations that stand in for those a scenario does not name, by provider. Made by npm run calibrations, not by hand.

import type { Calibration, StoreProvider } from "../scenario.ts";
import { inProc } from "./in-proc.ts";
import { mariadb } from "./mariadb.ts";
import { postgresql } from "./postgresql.ts";
import { redis } from "./redis.ts";
import { sqlite } from "./sqlite.ts";
import { stateServer } from "./state-server.ts";

export const builtInCalibrations: Readonly<Partial<Record<StoreProvider, Calibration>>> &
  Readonly<Record<"in-proc" | "state-server" | "postgresql" | "redis", Calibration>> = {
  "in-proc": inProc,
  mariadb: mariadb,
  postgresql: postgresql,
  redis: redis,
  sqlite: sqlite,
  "state-server": stateServer,
};
