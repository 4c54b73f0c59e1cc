// What sessions cost in Redis 7.0.15, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const redis: Calibration = {
  name: "built-in Custom on Redis 7.0.15",
  provider: "redis",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "Redis 7.0.15",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.149954, high: 0.198246 },
    "operations.getItemExclusive.storeMs": { low: 0.149124, high: 0.199076 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.172441, high: 0.225559 },
    "operations.releaseItemExclusive.storeMs": { low: 0.144997, high: 0.186003 },
    "operations.removeItem.storeMs": { low: 0.114791, high: 0.154609 },
    "operations.resetItemTimeout.storeMs": { low: 0.13785, high: 0.17775 },
    "operations.createUninitializedItem.storeMs": { low: 0.143037, high: 0.187963 },
    "memory.bytesPerSession": { low: 387.849, high: 408.415 },
    "memory.bytesPerStateByte": { low: 1.10997, high: 1.11576 },
    "memory.fixedBytes": { low: 967340, high: 1136520 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider redis --out cal/redis.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.584 ms at 48 a second, 0.387 ms at 143 a second, 0.219 ms at 398 a second. A closed loop of getItem came to 39646 calls a second with 32 callers, whose process then used 44 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.05329 },
  pageCpuFactor: 1.024,
  waking: { cpuMsMax: 0.7572, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.03003, 0.07003, 0.117, 0.165, 0.201, 0.224, 0.248, 0.283, 0.311, 0.334, 0.37, 0.403, 0.436, 0.453, 0.475,
      0.499, 0.511, 0.524, 0.542, 0.556, 0.571, 0.589, 0.612, 0.632, 0.653, 0.667, 0.686, 0.712, 0.742, 0.776, 0.814,
      0.871, 0.94, 1.127, 1.389, 1.786, 2.226, 2.898, 4.068,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 7,
  operations: {
    getItem: {
      webCpuMs: 0.2066,
      webCpuMsPerKiB: 0.004626,
      storeMs: { kind: "lognormal", mean: 0.1741, sigma: 1.541 },
      storeMsPerKiB: 0.002833,
    },
    getItemExclusive: {
      webCpuMs: 0.2066,
      webCpuMsPerKiB: 0.004626,
      storeMs: { kind: "lognormal", mean: 0.1741, sigma: 1.541 },
      storeMsPerKiB: 0.002833,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.2127,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.199, sigma: 1.508 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1523,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1655, sigma: 1.463 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1739,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1347, sigma: 1.568 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1514,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1578, sigma: 1.475 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1827,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1655, sigma: 1.518 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1051930, bytesPerSession: 398.1, bytesPerStateByte: 1.113 },
};
