// What sessions cost in SQLite 3.53.4, measured on 2026-11-22 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.0647591, high: 0.116861 },
    "operations.getItemExclusive.storeMs": { low: 0.0647422, high: 0.116878 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.0831279, high: 0.129872 },
    "operations.releaseItemExclusive.storeMs": { low: 0.0585999, high: 0.0935201 },
    "operations.removeItem.storeMs": { low: 0.128593, high: 0.197407 },
    "operations.resetItemTimeout.storeMs": { low: 0.060089, high: 0.097391 },
    "operations.createUninitializedItem.storeMs": { low: 0.115208, high: 0.167392 },
    "memory.bytesPerSession": { low: 179.91, high: 180.718 },
    "memory.bytesPerStateByte": { low: 1.12513, high: 1.12604 },
    "memory.fixedBytes": { low: 14121.1, high: 48226.8 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider sqlite --out cal/sqlite.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.594 ms at 48 a second, 0.349 ms at 143 a second, 0.149 ms at 398 a second. A closed loop of getItem came to 37357 calls a second with 4 callers, whose process then used 86 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  pageCpuFactor: 1.036,
  waking: { cpuMsMax: 0.9516, afterMs: 12.59 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0.03462, 0.07762, 0.1056, 0.1416, 0.1736, 0.2116, 0.2376, 0.2656, 0.2996, 0.3206, 0.3476, 0.3686, 0.3986,
      0.4186, 0.4386, 0.4636, 0.4836, 0.5006, 0.5136, 0.5296, 0.5436, 0.5596, 0.5716, 0.5856, 0.6026, 0.6226, 0.6446,
      0.6666, 0.6896, 0.7286, 0.7836, 0.8486, 0.9246, 1.11, 1.432, 1.826, 2.508, 3.91,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 3,
  operations: {
    getItem: {
      webCpuMs: 0.1828,
      webCpuMsPerKiB: 0.002952,
      storeMs: { kind: "lognormal", mean: 0.09081, sigma: 1.995 },
      storeMsPerKiB: 0.001155,
    },
    getItemExclusive: {
      webCpuMs: 0.1828,
      webCpuMsPerKiB: 0.002952,
      storeMs: { kind: "lognormal", mean: 0.09081, sigma: 1.995 },
      storeMsPerKiB: 0.001155,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1389,
      webCpuMsPerKiB: 0.00826,
      storeMs: { kind: "lognormal", mean: 0.1065, sigma: 1.859 },
      storeMsPerKiB: 0.0104,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1073,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.07606, sigma: 1.883 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1982,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.163, sigma: 1.839 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1171,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.07874, sigma: 1.899 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1326,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1413, sigma: 1.768 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 31174, bytesPerSession: 180.3, bytesPerStateByte: 1.126 },
};
