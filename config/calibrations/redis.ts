// What sessions cost in Redis 7.0.15, measured on 2026-11-21 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-21",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.185495, high: 0.227705 },
    "operations.getItemExclusive.storeMs": { low: 0.183203, high: 0.229997 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.167953, high: 0.211447 },
    "operations.releaseItemExclusive.storeMs": { low: 0.155271, high: 0.192129 },
    "operations.removeItem.storeMs": { low: 0.146962, high: 0.182838 },
    "operations.resetItemTimeout.storeMs": { low: 0.151787, high: 0.188813 },
    "operations.createUninitializedItem.storeMs": { low: 0.159302, high: 0.197898 },
    "memory.bytesPerSession": { low: 334.899, high: 356.908 },
    "memory.bytesPerStateByte": { low: 1.24792, high: 1.25326 },
    "memory.fixedBytes": { low: 1008320, high: 1130270 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider redis --out cal/redis.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.550 ms at 48 a second, 0.325 ms at 143 a second, 0.168 ms at 398 a second. A closed loop of getItem came to 39398 calls a second with 32 callers, whose process then used 47 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.03937 },
  pageCpuFactor: 1.0015,
  waking: { cpuMsMax: 0.8579, afterMs: 14.13 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.004229, 0.03723, 0.06823, 0.09323, 0.1262, 0.1452, 0.1592, 0.1792, 0.2052, 0.2202, 0.2392, 0.2612, 0.2812,
      0.3002, 0.3162, 0.3332, 0.3542, 0.3772, 0.4092, 0.4362, 0.4592, 0.4862, 0.5082, 0.5242, 0.5432, 0.5592, 0.5782,
      0.5972, 0.6192, 0.6422, 0.6632, 0.7092, 0.7502, 0.8252, 0.9992, 1.241, 1.936, 2.708, 3.328,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 8,
  operations: {
    getItem: {
      webCpuMs: 0.1991,
      webCpuMsPerKiB: 0.001002,
      storeMs: { kind: "lognormal", mean: 0.2066, sigma: 1.44 },
      storeMsPerKiB: 0.004613,
    },
    getItemExclusive: {
      webCpuMs: 0.1991,
      webCpuMsPerKiB: 0.001002,
      storeMs: { kind: "lognormal", mean: 0.2066, sigma: 1.44 },
      storeMsPerKiB: 0.004613,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.2068,
      webCpuMsPerKiB: 0.004756,
      storeMs: { kind: "lognormal", mean: 0.1897, sigma: 1.478 },
      storeMsPerKiB: 0.006251,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1623,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1737, sigma: 1.431 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1622,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1649, sigma: 1.446 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1673,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1703, sigma: 1.446 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1733,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1786, sigma: 1.442 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1069300, bytesPerSession: 345.9, bytesPerStateByte: 1.251 },
};
