// How much a site can serve at all, on machines of different speed.

import { expect, test } from "vitest";
import { requestLoad } from "../../../sim/predict/request-load.ts";
import { scenarioOf } from "../../scenario-of.ts";

const withPages = (cpuMs: string) =>
  scenarioOf(`
site: { mode: StateServer }
workload:
  arrivals: 20
  requestsPerVisit: 3
  thinkSeconds: 5
  parallel: { share: 0.5, requests: 3 }
  pages:
    - { name: page, share: 3, session: read-write, changedShare: 1, cpuMs: ${cpuMs} }
    - { name: image, share: 1, session: none, cpuMs: 0 }
run: { durationMinutes: 3, warmupMinutes: 1, replications: 1 }`);

test("a machine on which pages take twice as long serves as many as one whose pages are twice as long", () => {
  const slow = withPages("{ kind: exponential, mean: 12 }");
  const { calibration } = slow;
  const onSlowMachine = requestLoad({ ...slow, calibration: { ...calibration, pageCpuFactor: 2 } });
  expect(onSlowMachine).toEqual(requestLoad(withPages("{ kind: exponential, mean: 24 }")));
  expect(onSlowMachine.requestsPerMs).toBeLessThan(requestLoad(slow).requestsPerMs);
});

test("waking takes nothing from what a site can serve, for then one request follows on another", () => {
  const scenario = withPages("12");
  const waking = { cpuMsMax: 5, afterMs: 1 };
  const woken = requestLoad({ ...scenario, calibration: { ...scenario.calibration, waking } });
  expect(woken.requestsPerMs).toBe(requestLoad(scenario).requestsPerMs);
});
