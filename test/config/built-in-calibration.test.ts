// The built-in calibrations: measured, each of the provider it stands for, and honest where it only stands in.

import { expect, test } from "vitest";
import { calibrationDocument } from "../../cli/calibrate/calibration-document.ts";
import { builtInCalibration } from "../../config/built-in-calibration.ts";
import { parseCalibration } from "../../config/calibration.ts";
import { builtInCalibrations } from "../../config/calibrations/index.ts";
import { lawMean } from "../../workload/distributions.ts";

test.each(Object.entries(builtInCalibrations))("%s was measured, says where and how, and can be read", (key, one) => {
  expect(one).toMatchObject({ provider: key, measured: true });
  expect(one.name).toMatch(/^built-in /);
  expect(one.machine?.measuredOn).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(one.evidence).toContain("Measured by");
  const { value, problems } = parseCalibration(calibrationDocument(one, "npm run calibrations"), "x.yaml");
  expect(problems).toEqual([]);
  expect(value).toEqual(one);
  expect(lawMean(one.requestCpuMs) + (one.waking?.cpuMsMax ?? 0)).toBeGreaterThan(0);
});

test("a mode has the costs of its provider", () => {
  expect(builtInCalibration("Off").provider).toBe("in-proc");
  expect(builtInCalibration("InProc", "in-proc").provider).toBe("in-proc");
  expect(builtInCalibration("StateServer").provider).toBe("state-server");
  expect(builtInCalibration("SQLServer")).toBe(builtInCalibrations.postgresql);
  expect(builtInCalibration("Custom")).toBe(builtInCalibrations.redis);
});

test.each([
  ["SQLServer", "sqlserver", "postgresql"],
  ["Custom", "module", "redis"],
  ["Custom", "express-session", "redis"],
] as const)("in mode %s, %s is assumed to cost what %s does", (mode, provider, nearest) => {
  const { measured, intervals, evidence, ...costs } = builtInCalibration(mode, provider);
  expect([measured, intervals]).toEqual([false, undefined]);
  expect(evidence).toMatch(
    new RegExp(`^Assumption: nobody measured ${provider}; these are the costs of ${nearest}\\.`),
  );
  expect(builtInCalibrations[nearest]).toMatchObject(costs);
});
