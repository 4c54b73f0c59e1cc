// What sessions cost in PostgreSQL 18.4, measured on 2026-11-22 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.842446, high: 0.914954 },
    "operations.getItemExclusive.storeMs": { low: 0.842185, high: 0.915215 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.96049, high: 1.03931 },
    "operations.releaseItemExclusive.storeMs": { low: 0.752897, high: 0.815503 },
    "operations.removeItem.storeMs": { low: 0.626105, high: 0.681695 },
    "operations.resetItemTimeout.storeMs": { low: 0.725393, high: 0.787007 },
    "operations.createUninitializedItem.storeMs": { low: 0.743716, high: 0.806684 },
    "memory.bytesPerSession": { low: 705.674, high: 714.383 },
    "memory.bytesPerStateByte": { low: 1.05608, high: 1.06317 },
    "memory.fixedBytes": { low: -50795.1, high: 328706 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider postgres --out cal/postgres.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.558 ms at 48 a second, 0.369 ms at 143 a second, 0.196 ms at 398 a second. A closed loop of getItem came to 6213 calls a second with 16 callers, whose process then used 46 % of a core. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.027 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.01739 },
  waking: { cpuMsMax: 0.7466, afterMs: 7.943 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.03226, 0.08326, 0.1263, 0.1533, 0.1853, 0.2163, 0.2403, 0.2703, 0.2943, 0.3203, 0.3353, 0.3603, 0.3823,
      0.4083, 0.4323, 0.4573, 0.4813, 0.4983, 0.5203, 0.5373, 0.5513, 0.5693, 0.5843, 0.6013, 0.6163, 0.6393, 0.6633,
      0.6883, 0.7213, 0.7383, 0.7683, 0.8113, 0.8733, 0.9643, 1.109, 1.32, 1.746, 2.378, 3.2, 3.878,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 5,
  operations: {
    getItem: {
      webCpuMs: 0.3268,
      webCpuMsPerKiB: 0.0147,
      storeMs: { kind: "lognormal", mean: 0.8787, sigma: 0.9492 },
      storeMsPerKiB: 0.01494,
    },
    getItemExclusive: {
      webCpuMs: 0.3268,
      webCpuMsPerKiB: 0.0147,
      storeMs: { kind: "lognormal", mean: 0.8787, sigma: 0.9492 },
      storeMsPerKiB: 0.01494,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3059,
      webCpuMsPerKiB: 0.01159,
      storeMs: { kind: "lognormal", mean: 0.9999, sigma: 0.9185 },
      storeMsPerKiB: 0.04197,
    },
    releaseItemExclusive: {
      webCpuMs: 0.253,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7842, sigma: 0.9264 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2671,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.6539, sigma: 0.9657 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2645,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7562, sigma: 0.9391 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.268,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7752, sigma: 0.9372 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 138955, bytesPerSession: 710, bytesPerStateByte: 1.06, reuseAfterMs: 10000 },
};
