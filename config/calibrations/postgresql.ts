// What sessions cost in PostgreSQL 18.4, measured on 2026-11-21 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const postgresql: Calibration = {
  name: "built-in SQLServer on PostgreSQL 18.4",
  provider: "postgresql",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "PostgreSQL 18.4",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-21",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.806497, high: 0.888503 },
    "operations.getItemExclusive.storeMs": { low: 0.809223, high: 0.885777 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.659746, high: 0.727054 },
    "operations.releaseItemExclusive.storeMs": { low: 0.686513, high: 0.751687 },
    "operations.removeItem.storeMs": { low: 0.634284, high: 0.695916 },
    "operations.resetItemTimeout.storeMs": { low: 0.655076, high: 0.718124 },
    "operations.createUninitializedItem.storeMs": { low: 0.649129, high: 0.712671 },
    "memory.bytesPerSession": { low: 1749.22, high: 1763.53 },
    "memory.bytesPerStateByte": { low: 1.02011, high: 1.02367 },
    "memory.fixedBytes": { low: -6891.02, high: 55616.8 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider postgres --out cal/postgres.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.550 ms at 48 a second, 0.324 ms at 143 a second, 0.129 ms at 398 a second. A closed loop of getItem came to 5155 calls a second with 32 callers, whose process then used 46 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  pageCpuFactor: 1.0138,
  waking: { cpuMsMax: 0.9304, afterMs: 14.13 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.009282, 0.04328, 0.06728, 0.08928, 0.1153, 0.1363, 0.1633, 0.1843, 0.2023, 0.2253, 0.2463, 0.2713, 0.2963,
      0.3263, 0.3493, 0.3653, 0.3893, 0.4063, 0.4433, 0.4763, 0.4983, 0.5183, 0.5433, 0.5593, 0.5793, 0.5923, 0.6083,
      0.6263, 0.6503, 0.6823, 0.7073, 0.7393, 0.7853, 0.9623, 1.194, 1.654, 2.027, 2.627, 4.047,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 4,
  operations: {
    getItem: {
      webCpuMs: 0.312,
      webCpuMsPerKiB: 0.01982,
      storeMs: { kind: "lognormal", mean: 0.8475, sigma: 1.046 },
      storeMsPerKiB: 0.01251,
    },
    getItemExclusive: {
      webCpuMs: 0.312,
      webCpuMsPerKiB: 0.01982,
      storeMs: { kind: "lognormal", mean: 0.8475, sigma: 1.046 },
      storeMsPerKiB: 0.01251,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.291,
      webCpuMsPerKiB: 0.005716,
      storeMs: { kind: "lognormal", mean: 0.6934, sigma: 1.07 },
      storeMsPerKiB: 0.077,
    },
    releaseItemExclusive: {
      webCpuMs: 0.2341,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7191, sigma: 1.026 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2363,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.6651, sigma: 1.04 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2355,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.6866, sigma: 1.035 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2484,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.6809, sigma: 1.045 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 24363, bytesPerSession: 1756, bytesPerStateByte: 1.022, reuseAfterMs: 10000 },
};
