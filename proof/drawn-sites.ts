// Small sites drawn at random, of all that closed forms speak of: modes, cores, workers, laws of work and of thinking, loads.

import { parseScenario } from "../config/parse-scenario.ts";
import { InputError } from "../config/problem.ts";
import { resolveScenario } from "../config/resolve-scenario.ts";
import type { Scenario } from "../config/scenario.ts";
import { createDraws } from "../workload/random-stream.ts";
import { plainCalibration } from "./plain-calibration.ts";

const counts = [
  ["1", 1],
  ["4", 4],
  ["{ kind: geometric, mean: 5 }", 5],
] as const;
const thinks = ["{ kind: exponential, mean: 40 }", "{ kind: lognormal, mean: 40, sigma: 1 }", "30"];
const works = ["{ kind: exponential, mean: 4 }", "3", "{ kind: lognormal, mean: 5, sigma: 1 }"];
/** About, of a request with what surrounds its page. */
const WORK_MEAN_MS = 4.5;

/** @param number of the site; the same number, the same site. @param requests about so many in a replication. */
export function drawnSite(number: number, requests: number, replications: number): Scenario {
  const draws = createDraws(number, "drawn sites", false);
  let drawn = 0;
  const uniform = () => draws.at(0, drawn++);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(uniform() * choices.length)] as T;
  const scale = pick([50, 200, 500]);
  const cores = pick([1, 1, 2, 4]);
  const [count, perVisit] = pick(counts);
  const perSecond = Math.max(0.02, ((0.1 + 0.75 * uniform()) * cores * 1000) / WORK_MEAN_MS / scale / perVisit);
  const minutes = 20 + Math.ceil(Math.min(400, requests / (perSecond * perVisit * 60)));
  const text = `name: drawn
site:
  mode: ${pick(["Off", "InProc", "StateServer", "SQLServer"])}
  timeoutMinutes: 5
  coresPerWorker: ${cores}
  servers: ${pick([1, 1, 2])}
  affinity: ${pick([true, true, false])}
workload:
  arrivals: ${perSecond.toFixed(4)}
  requestsPerVisit: ${count}
  thinkSeconds: ${pick(thinks)}
  stateBytes: ${pick(["1024", "{ kind: lognormal, mean: 20000, sigma: 1 }"])}
  pages:
    - name: much
      share: 2
      session: read-write
      changedShare: ${pick([1, 0.5])}
      cpuMs: ${pick(works)}
      waitMs: ${pick(["0", "0", "5", "{ kind: exponential, mean: 10 }"])}
    - { name: little, share: ${pick([1, 0.001])}, session: ${pick(["read-only", "none", "read-write"])}, cpuMs: 1 }
run:
  fidelity: requests
  durationMinutes: ${minutes}
  warmupMinutes: 12
  timeScale: ${scale}
  replications: ${replications}
  seed: ${number}`;
  const { value, problems } = parseScenario(text, "drawn", []);
  if (value === null || typeof value.workload === "string") throw new InputError("Cannot read a drawn site", problems);
  const scenario = resolveScenario({ file: value, workload: value.workload, settings: null, calibration: null });
  return { ...scenario, calibration: plainCalibration(scenario.site.mode) };
}
