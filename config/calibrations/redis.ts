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
    "operations.getItem.storeMs": { low: 0.16813, high: 0.21567 },
    "operations.getItemExclusive.storeMs": { low: 0.166976, high: 0.216824 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.142821, high: 0.190579 },
    "operations.releaseItemExclusive.storeMs": { low: 0.169069, high: 0.215931 },
    "operations.removeItem.storeMs": { low: 0.147132, high: 0.187468 },
    "operations.resetItemTimeout.storeMs": { low: 0.160906, high: 0.203094 },
    "operations.createUninitializedItem.storeMs": { low: 0.12331, high: 0.16409 },
    "memory.bytesPerSession": { low: 384.229, high: 406.801 },
    "memory.bytesPerStateByte": { low: 1.11018, high: 1.11646 },
    "memory.fixedBytes": { low: 967265, high: 1136550 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider redis --out cal/redis.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.596 ms at 48 a second, 0.372 ms at 143 a second, 0.185 ms at 398 a second. A closed loop of getItem came to 31779 calls a second with 32 callers, whose process then used 48 % of a core. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.024 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  waking: { cpuMsMax: 0.8479, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04288, 0.09688, 0.1449, 0.1809, 0.2159, 0.2449, 0.2879, 0.3089, 0.3389, 0.3699, 0.3949, 0.4189, 0.4389,
      0.4619, 0.4829, 0.5049, 0.5219, 0.5459, 0.5659, 0.5809, 0.6039, 0.6299, 0.6439, 0.6679, 0.6909, 0.7169, 0.7439,
      0.7739, 0.8009, 0.8359, 0.8929, 0.9429, 1.002, 1.119, 1.334, 1.831, 2.255, 3.099, 4.027,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 6,
  operations: {
    getItem: {
      webCpuMs: 0.1943,
      webCpuMsPerKiB: 0.0005144,
      storeMs: { kind: "lognormal", mean: 0.1919, sigma: 1.403 },
      storeMsPerKiB: 0.002942,
    },
    getItemExclusive: {
      webCpuMs: 0.1943,
      webCpuMsPerKiB: 0.0005144,
      storeMs: { kind: "lognormal", mean: 0.1919, sigma: 1.403 },
      storeMsPerKiB: 0.002942,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.212,
      webCpuMsPerKiB: 0.002001,
      storeMs: { kind: "lognormal", mean: 0.1667, sigma: 1.476 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1791,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1925, sigma: 1.377 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1526,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1673, sigma: 1.371 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1526,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.182, sigma: 1.347 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1797,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1437, sigma: 1.47 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1051910, bytesPerSession: 395.5, bytesPerStateByte: 1.113 },
};
