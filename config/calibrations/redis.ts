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
    "operations.getItem.storeMs": { low: 0.0868806, high: 0.129119 },
    "operations.getItemExclusive.storeMs": { low: 0.124696, high: 0.170104 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.0967256, high: 0.140274 },
    "operations.releaseItemExclusive.storeMs": { low: 0.097637, high: 0.134563 },
    "operations.removeItem.storeMs": { low: 0.0882362, high: 0.123164 },
    "operations.resetItemTimeout.storeMs": { low: 0.0853002, high: 0.1195 },
    "operations.createUninitializedItem.storeMs": { low: 0.0931911, high: 0.131409 },
    "memory.bytesPerSession": { low: 335.89, high: 356.548 },
    "memory.bytesPerStateByte": { low: 1.24791, high: 1.2532 },
    "memory.fixedBytes": { low: 1018760, high: 1154800 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider redis --out cal/redis.calibration.yaml --force --quiet\": 10 runs over HTTP with 11125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.613 ms at 48 a second, 0.378 ms at 143 a second, 0.189 ms at 398 a second. A closed loop of getItem came to 40268 calls a second with 32 callers, whose process then used 48 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.008696 },
  pageCpuFactor: 1.109,
  waking: { cpuMsMax: 0.8867, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.01122, 0.06622, 0.1232, 0.1592, 0.1932, 0.2202, 0.2492, 0.2672, 0.2972, 0.3182, 0.3482, 0.3722, 0.4032,
      0.4242, 0.4462, 0.4662, 0.4842, 0.5042, 0.5222, 0.5492, 0.5742, 0.5972, 0.6242, 0.6472, 0.6752, 0.7012, 0.7242,
      0.7472, 0.7662, 0.8042, 0.8472, 0.8872, 0.9442, 1.048, 1.265, 1.677, 2.183, 2.793, 3.741,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 4,
  operations: {
    getItem: {
      webCpuMs: 0.2136,
      webCpuMsPerKiB: 0.006494,
      storeMs: { kind: "lognormal", mean: 0.108, sigma: 1.655 },
      storeMsPerKiB: 0.008213,
    },
    getItemExclusive: {
      webCpuMs: 0.1982,
      webCpuMsPerKiB: 0.006494,
      storeMs: { kind: "lognormal", mean: 0.1474, sigma: 1.516 },
      storeMsPerKiB: 0.008213,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.213,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1185, sigma: 1.619 },
      storeMsPerKiB: 0.000142,
    },
    releaseItemExclusive: {
      webCpuMs: 0.165,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1161, sigma: 1.535 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1601,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1057, sigma: 1.558 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1579,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1024, sigma: 1.564 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1786,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1123, sigma: 1.575 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1086780, bytesPerSession: 346.2, bytesPerStateByte: 1.251 },
};
