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
    "operations.getItem.storeMs": { low: 0.88982, high: 0.97438 },
    "operations.getItemExclusive.storeMs": { low: 0.88782, high: 0.97638 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.752507, high: 0.827293 },
    "operations.releaseItemExclusive.storeMs": { low: 0.781147, high: 0.855253 },
    "operations.removeItem.storeMs": { low: 0.681557, high: 0.748643 },
    "operations.resetItemTimeout.storeMs": { low: 0.794557, high: 0.869643 },
    "operations.createUninitializedItem.storeMs": { low: 0.827087, high: 0.904513 },
    "memory.bytesPerSession": { low: 709.555, high: 713.947 },
    "memory.bytesPerStateByte": { low: 1.05275, high: 1.06055 },
    "memory.fixedBytes": { low: -51420.4, high: 331645 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider postgres --out cal/postgres.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.590 ms at 48 a second, 0.338 ms at 143 a second, 0.184 ms at 398 a second. A closed loop of getItem came to 5783 calls a second with 16 callers, whose process then used 53 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.06362 },
  pageCpuFactor: 1.026,
  waking: { cpuMsMax: 0.9727, afterMs: 17.78 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0, 0.004205, 0.02521, 0.05821, 0.08721, 0.1162, 0.1422, 0.1692, 0.1942, 0.2182, 0.2452, 0.2672, 0.2822,
      0.3122, 0.3362, 0.3632, 0.3882, 0.4142, 0.4412, 0.4652, 0.4832, 0.5032, 0.5252, 0.5542, 0.5842, 0.6202, 0.6532,
      0.6842, 0.7202, 0.7562, 0.7982, 0.8742, 0.9832, 1.188, 1.48, 2.101, 2.873, 3.909,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 5,
  operations: {
    getItem: {
      webCpuMs: 0.3419,
      webCpuMsPerKiB: 0.007593,
      storeMs: { kind: "lognormal", mean: 0.9321, sigma: 1.043 },
      storeMsPerKiB: 0.002717,
    },
    getItemExclusive: {
      webCpuMs: 0.3419,
      webCpuMsPerKiB: 0.007593,
      storeMs: { kind: "lognormal", mean: 0.9321, sigma: 1.043 },
      storeMsPerKiB: 0.002717,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3107,
      webCpuMsPerKiB: 0.029,
      storeMs: { kind: "lognormal", mean: 0.7899, sigma: 1.055 },
      storeMsPerKiB: 0.09199,
    },
    releaseItemExclusive: {
      webCpuMs: 0.2724,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8182, sigma: 1.027 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2722,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7151, sigma: 1.049 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.273,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8321, sigma: 1.024 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2737,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8658, sigma: 1.019 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 140112, bytesPerSession: 711.8, bytesPerStateByte: 1.057, reuseAfterMs: 10000 },
};
