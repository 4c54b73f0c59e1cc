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
    "memory.bytesPerSession": { low: 1748.83, high: 1759.12 },
    "memory.bytesPerStateByte": { low: 1.02077, high: 1.02511 },
    "memory.fixedBytes": { low: -74819.2, high: 599773 },
  },
  evidence:
    "Measured by \"x\": 10 runs over HTTP with 10461 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.576 ms at 48 a second, 0.374 ms at 143 a second, 0.214 ms at 398 a second. A closed loop of getItem came to 7323 calls a second with 32 callers, whose process then used 47 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.06187 },
  pageCpuFactor: 1.076,
  waking: { cpuMsMax: 0.7537, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0, 0, 0, 0.01872, 0.04072, 0.06072, 0.08272, 0.1007, 0.1167, 0.1377, 0.1507, 0.1637, 0.1817, 0.1977,
      0.2167, 0.2337, 0.2627, 0.2797, 0.2997, 0.3207, 0.3427, 0.3587, 0.3757, 0.3887, 0.4007, 0.4197, 0.4367, 0.4477,
      0.4577, 0.4707, 0.4847, 0.4977, 0.5157, 0.5277, 0.5587, 0.5987, 0.6417, 0.9527,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 9,
  operations: {
    getItem: {
      webCpuMs: 0.3527,
      webCpuMsPerKiB: 0.0226,
      storeMs: { kind: "lognormal", mean: 1.163, sigma: 1.075 },
      storeMsPerKiB: 0.01691,
    },
    getItemExclusive: {
      webCpuMs: 0.3935,
      webCpuMsPerKiB: 0.0226,
      storeMs: { kind: "lognormal", mean: 1.133, sigma: 1.096 },
      storeMsPerKiB: 0.01691,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3436,
      webCpuMsPerKiB: 0.008014,
      storeMs: { kind: "lognormal", mean: 1.014, sigma: 1.092 },
      storeMsPerKiB: 0.04696,
    },
    releaseItemExclusive: {
      webCpuMs: 0.2998,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9515, sigma: 1.08 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2777,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8864, sigma: 1.08 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2713,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9906, sigma: 1.06 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.3088,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9338, sigma: 1.088 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 262477, bytesPerSession: 1754, bytesPerStateByte: 1.023, reuseAfterMs: 10000 },
};
