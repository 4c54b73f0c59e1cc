import { expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import { predictPoints, refuseOversizedPoints } from "../../sim/predict/predict-points.ts";
import { predictRun } from "../../sim/predict/predict-run.ts";
import { scenarioOf } from "../scenario-of.ts";

const small = scenarioOf("workload: { arrivals: 1 }\nrun: { replications: 4 }");
const large = scenarioOf("workload: { arrivals: 50 }\nrun: { replications: 6 }");

test("many points take the time of all, shared by the threads, and the memory of the largest in each", () => {
  const alone = predictPoints([small, large], 1);
  expect(alone.replications).toBe(10);
  expect(alone.seconds).toBeCloseTo(predictRun(small, 1).seconds + predictRun(large, 1).seconds, 9);
  const two = predictPoints([small, large], 2);
  expect(two.seconds).toBeCloseTo(alone.seconds / 2, 9);
  expect(two.events).toBe(alone.events);
  expect(two.bytes).toBeGreaterThan(alone.bytes);
  expect(predictPoints([large, large, large], 2).bytes).toBe(two.bytes);
});

test("beyond what there is of time and memory they are refused, with both in one message", () => {
  const refuse = () => refuseOversizedPoints([small, large], 2, { bytesMax: 1e6, secondsMax: 0.01 });
  expect(refuse).toThrow(InputError);
  expect(refuse).toThrow(/the memory it would need[\s\S]*the time it would take/);
  expect(() => refuseOversizedPoints([small], 2, { bytesMax: 1e12, secondsMax: 1e6 })).not.toThrow();
});
