// What sessions cost in sessionlab (Node 24.21.0), measured on 2026-11-21 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const stateServer: Calibration = {
  name: "built-in StateServer on sessionlab (Node 24.21.0)",
  provider: "state-server",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "sessionlab (Node 24.21.0)",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-21",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.273728, high: 0.320672 },
    "operations.getItemExclusive.storeMs": { low: 0.274689, high: 0.319711 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.276416, high: 0.320784 },
    "operations.releaseItemExclusive.storeMs": { low: 0.213438, high: 0.250362 },
    "operations.removeItem.storeMs": { low: 0.216437, high: 0.253363 },
    "operations.resetItemTimeout.storeMs": { low: 0.243794, high: 0.283006 },
    "operations.createUninitializedItem.storeMs": { low: 0.248074, high: 0.288526 },
    "memory.bytesPerSession": { low: 516.713, high: 540.503 },
    "memory.bytesPerStateByte": { low: 1.01097, high: 1.01686 },
    "memory.fixedBytes": { low: 18185400, high: 19166500 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider stateserver --out cal/stateserver.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.400 ms at 48 a second, 0.239 ms at 143 a second, 0.136 ms at 398 a second. A closed loop of getItem came to 37927 calls a second with 32 callers, whose process then used 103 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.0519 },
  pageCpuFactor: 1.0033,
  waking: { cpuMsMax: 0.6126, afterMs: 15.85 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.01603, 0.03803, 0.05203, 0.06203, 0.07303, 0.08103, 0.09203, 0.101, 0.108, 0.116, 0.125, 0.132, 0.138, 0.146,
      0.155, 0.162, 0.18, 0.187, 0.198, 0.21, 0.22, 0.233, 0.246, 0.261, 0.279, 0.3, 0.32, 0.341, 0.368, 0.394, 0.418,
      0.45, 0.491, 0.536, 0.581, 0.648, 0.963, 1.396, 2.28, 3.384,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 11,
  operations: {
    getItem: {
      webCpuMs: 0.1856,
      webCpuMsPerKiB: 0.001048,
      storeMs: { kind: "lognormal", mean: 0.2972, sigma: 1.283 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.1856,
      webCpuMsPerKiB: 0.001048,
      storeMs: { kind: "lognormal", mean: 0.2972, sigma: 1.283 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1673,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2986, sigma: 1.258 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1558,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2319, sigma: 1.301 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1528,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2349, sigma: 1.293 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1483,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2634, sigma: 1.259 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1565,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2683, sigma: 1.267 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 18676000, bytesPerSession: 528.6, bytesPerStateByte: 1.014 },
};
