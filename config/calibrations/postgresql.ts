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
    "operations.getItem.storeMs": { low: 1.08338, high: 1.17662 },
    "operations.getItemExclusive.storeMs": { low: 1.03128, high: 1.12072 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.902711, high: 0.983089 },
    "operations.releaseItemExclusive.storeMs": { low: 0.899968, high: 0.975432 },
    "operations.removeItem.storeMs": { low: 0.838333, high: 0.910467 },
    "operations.resetItemTimeout.storeMs": { low: 0.934722, high: 1.01328 },
    "operations.createUninitializedItem.storeMs": { low: 1.04621, high: 1.13179 },
    "memory.bytesPerSession": { low: 1747.86, high: 1757.41 },
    "memory.bytesPerStateByte": { low: 1.02146, high: 1.02332 },
    "memory.fixedBytes": { low: -16774.5, high: 73337.1 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider postgres --out cal/postgres.calibration.yaml --force --quiet\": 10 runs over HTTP with 11125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.639 ms at 48 a second, 0.398 ms at 143 a second, 0.206 ms at 398 a second. A closed loop of getItem came to 5040 calls a second with 8 callers, whose process then used 55 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.02285 },
  pageCpuFactor: 1.113,
  waking: { cpuMsMax: 0.906, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.03352, 0.08052, 0.1395, 0.1995, 0.2265, 0.2585, 0.2965, 0.3245, 0.3555, 0.3935, 0.4255, 0.4455, 0.4675,
      0.4835, 0.5005, 0.5125, 0.5235, 0.5395, 0.5515, 0.5735, 0.5835, 0.5985, 0.6165, 0.6365, 0.6585, 0.6775, 0.6985,
      0.7145, 0.7465, 0.7835, 0.8145, 0.8685, 0.9305, 1.045, 1.201, 1.477, 1.941, 2.743, 3.865,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 6,
  operations: {
    getItem: {
      webCpuMs: 0.3671,
      webCpuMsPerKiB: 0.005401,
      storeMs: { kind: "lognormal", mean: 1.13, sigma: 0.9891 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.3601,
      webCpuMsPerKiB: 0.005401,
      storeMs: { kind: "lognormal", mean: 1.076, sigma: 0.9938 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3477,
      webCpuMsPerKiB: 0.0228,
      storeMs: { kind: "lognormal", mean: 0.9429, sigma: 1.01 },
      storeMsPerKiB: 0.06555,
    },
    releaseItemExclusive: {
      webCpuMs: 0.274,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9377, sigma: 0.9734 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2838,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8744, sigma: 0.989 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2873,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.974, sigma: 0.9748 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2847,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.089, sigma: 0.9582 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 28281, bytesPerSession: 1753, bytesPerStateByte: 1.022, reuseAfterMs: 10000 },
};
