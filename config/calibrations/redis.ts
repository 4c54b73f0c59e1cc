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
    "memory.bytesPerSession": { low: 334.328, high: 355.45 },
    "memory.bytesPerStateByte": { low: 1.24807, high: 1.25336 },
    "memory.fixedBytes": { low: 1018600, high: 1160040 },
  },
  evidence:
    "Measured by \"x\": 10 runs over HTTP with 10461 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.564 ms at 48 a second, 0.368 ms at 143 a second, 0.195 ms at 398 a second. A closed loop of getItem came to 58763 calls a second with 32 callers, whose process then used 53 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.009676 },
  pageCpuFactor: 1.049,
  waking: { cpuMsMax: 0.7625, afterMs: 7.079 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0, 0, 0.0165, 0.0325, 0.0475, 0.0665, 0.0815, 0.0935, 0.1115, 0.1275, 0.1435, 0.1615, 0.1765, 0.1905,
      0.2125, 0.2235, 0.2355, 0.2545, 0.2705, 0.2875, 0.3055, 0.3185, 0.3365, 0.3515, 0.3625, 0.3815, 0.4035, 0.4155,
      0.4315, 0.4415, 0.4575, 0.4775, 0.4995, 0.5155, 0.5585, 0.5945, 0.7325, 1.901,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 7,
  operations: {
    getItem: {
      webCpuMs: 0.2253,
      webCpuMsPerKiB: 0.006143,
      storeMs: { kind: "lognormal", mean: 0.1264, sigma: 1.103 },
      storeMsPerKiB: 0.0009441,
    },
    getItemExclusive: {
      webCpuMs: 0.1597,
      webCpuMsPerKiB: 0.001635,
      storeMs: { kind: "lognormal", mean: 0.09196, sigma: 1.11 },
      storeMsPerKiB: 0.002812,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1869,
      webCpuMsPerKiB: 0.01386,
      storeMs: { kind: "lognormal", mean: 0.06825, sigma: 1.492 },
      storeMsPerKiB: 0.0009216,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1199,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.06906, sigma: 1.201 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1503,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.08436, sigma: 1.232 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1547,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.08685, sigma: 1.222 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1637,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.09189, sigma: 1.204 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1089320, bytesPerSession: 344.9, bytesPerStateByte: 1.251 },
};
