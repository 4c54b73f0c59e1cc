// What sessions cost in SQLite 3.53.4, measured on 2026-11-21 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const sqlite: Calibration = {
  name: "built-in SQLServer on SQLite 3.53.4",
  provider: "sqlite",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "SQLite 3.53.4",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-21",
  },
  intervals: {
    "memory.bytesPerSession": { low: 388.875, high: 391.082 },
    "memory.bytesPerStateByte": { low: 1.02306, high: 1.02363 },
    "memory.fixedBytes": { low: -24047.8, high: 19567.8 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider sqlite --out cal/sqlite.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.600 ms at 48 a second, 0.353 ms at 143 a second, 0.191 ms at 398 a second. A closed loop of getItem came to 38666 calls a second with 16 callers, whose process then used 86 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.06178 },
  pageCpuFactor: 1.0034,
  waking: { cpuMsMax: 0.9483, afterMs: 15.85 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.05176, 0.1008, 0.1248, 0.1558, 0.1758, 0.2028, 0.2228, 0.2518, 0.2708, 0.2928, 0.3178, 0.3508, 0.3728,
      0.3898, 0.4078, 0.4248, 0.4388, 0.4618, 0.4898, 0.4988, 0.5268, 0.5448, 0.5678, 0.5828, 0.6128, 0.6378, 0.6618,
      0.7018, 0.7478, 0.7958, 0.9168, 1.013, 1.167, 1.363, 1.772, 2.08, 2.614, 3.072, 4.506,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.08634,
      webCpuMsPerKiB: 0.00454,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0.002058,
    },
    getItemExclusive: {
      webCpuMs: 0.08634,
      webCpuMsPerKiB: 0.00454,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0.002058,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.06884,
      webCpuMsPerKiB: 0.002321,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0.003464,
    },
    releaseItemExclusive: {
      webCpuMs: 0.07414,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.103, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.06458,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.05857,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 0, bytesPerSession: 390, bytesPerStateByte: 1.023 },
};
