// Costs that proofs and tests reckon with: round figures, which stay what they are when the built-in calibrations are measured anew.

import type { Calibration, Law, OperationCost, StoreOperation } from "../config/scenario.ts";
import type { SessionMode } from "../config/session-settings.ts";

const constant = (value: number): Law => ({ kind: "constant", value });

function operations(bare: OperationCost, withItem: OperationCost): Record<StoreOperation, OperationCost> {
  return {
    getItem: withItem,
    getItemExclusive: withItem,
    setAndReleaseItemExclusive: withItem,
    releaseItemExclusive: bare,
    removeItem: bare,
    resetItemTimeout: bare,
    createUninitializedItem: bare,
  };
}

const inProcCall: OperationCost = { webCpuMs: 0.0002, webCpuMsPerKiB: 0, storeMs: constant(0), storeMsPerKiB: 0 };

const inProcCalibration: Calibration = {
  name: "plain InProc",
  evidence: "Round figures, of no machine.",
  measured: true,
  requestCpuMs: constant(0.2),
  clientRoundTripMs: constant(0.14),
  networkRoundTripMs: constant(0),
  storeConcurrency: 1,
  operations: operations(inProcCall, inProcCall),
  memory: { fixedBytes: 12_660_000, bytesPerSession: 674, bytesPerStateByte: 1.092 },
};

const stateServerBare: OperationCost = {
  webCpuMs: 0.05,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.1 },
  storeMsPerKiB: 0,
};

const stateServerCalibration: Calibration = {
  name: "plain StateServer",
  evidence: "Round figures, of no machine.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.3),
  storeConcurrency: 4,
  operations: operations(stateServerBare, { ...stateServerBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.002 }),
  memory: { fixedBytes: 0, bytesPerSession: 500, bytesPerStateByte: 1 },
};

const sqlBare: OperationCost = {
  webCpuMs: 0.1,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.8 },
  storeMsPerKiB: 0,
};

const sqlServerCalibration: Calibration = {
  name: "plain SQLServer",
  evidence: "Round figures, of no machine.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.5),
  storeConcurrency: 8,
  operations: operations(sqlBare, { ...sqlBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.02 }),
  memory: { fixedBytes: 0, bytesPerSession: 400, bytesPerStateByte: 1 },
};

const redisBare: OperationCost = {
  webCpuMs: 0.05,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.1 },
  storeMsPerKiB: 0,
};

const redisCalibration: Calibration = {
  name: "plain Redis",
  evidence: "Round figures, of no machine.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.3),
  storeConcurrency: 1,
  operations: operations(redisBare, { ...redisBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.002 }),
  memory: { fixedBytes: 0, bytesPerSession: 600, bytesPerStateByte: 1 },
};

/** Of a mode; Off costs what InProc's requests do. */
export function plainCalibration(mode: SessionMode): Calibration {
  if (mode === "StateServer") return stateServerCalibration;
  if (mode === "SQLServer") return sqlServerCalibration;
  if (mode === "Custom") return redisCalibration;
  return inProcCalibration;
}
