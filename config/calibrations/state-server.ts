// What sessions cost in sessionlab (Node 24.21.0), measured on 2026-11-22 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.099974, high: 0.150426 },
    "operations.getItemExclusive.storeMs": { low: 0.101342, high: 0.149058 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.093728, high: 0.145672 },
    "operations.releaseItemExclusive.storeMs": { low: 0.11301, high: 0.15959 },
    "operations.removeItem.storeMs": { low: 0.0870382, high: 0.129362 },
    "operations.resetItemTimeout.storeMs": { low: 0.0805378, high: 0.123062 },
    "operations.createUninitializedItem.storeMs": { low: 0.114056, high: 0.163544 },
    "memory.bytesPerSession": { low: 532.432, high: 543.904 },
    "memory.bytesPerStateByte": { low: 1.0121, high: 1.01472 },
    "memory.fixedBytes": { low: 18156400, high: 18607300 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider stateserver --out cal/stateserver.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.604 ms at 48 a second, 0.384 ms at 143 a second, 0.183 ms at 398 a second. A closed loop of getItem came to 61026 calls a second with 16 callers, whose process then used 97 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  pageCpuFactor: 1.023,
  waking: { cpuMsMax: 0.8608, afterMs: 8.913 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.02202, 0.07802, 0.116, 0.142, 0.162, 0.19, 0.223, 0.258, 0.298, 0.338, 0.358, 0.38, 0.401, 0.421, 0.439,
      0.467, 0.492, 0.516, 0.535, 0.55, 0.566, 0.589, 0.606, 0.628, 0.651, 0.672, 0.7, 0.735, 0.772, 0.814, 0.861,
      0.938, 1.083, 1.26, 1.501, 1.949, 2.343, 3.171, 4.379,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 8,
  operations: {
    getItem: {
      webCpuMs: 0.127,
      webCpuMsPerKiB: 0.005976,
      storeMs: { kind: "lognormal", mean: 0.1252, sigma: 1.553 },
      storeMsPerKiB: 0.005033,
    },
    getItemExclusive: {
      webCpuMs: 0.127,
      webCpuMsPerKiB: 0.005976,
      storeMs: { kind: "lognormal", mean: 0.1252, sigma: 1.553 },
      storeMsPerKiB: 0.005033,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1471,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1197, sigma: 1.612 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.103,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1363, sigma: 1.471 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1092,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1082, sigma: 1.552 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1166,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1018, sigma: 1.59 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1154,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1388, sigma: 1.497 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 18381800, bytesPerSession: 538.2, bytesPerStateByte: 1.013 },
};
