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
    "operations.getItem.storeMs": { low: 0.121288, high: 0.165912 },
    "operations.getItemExclusive.storeMs": { low: 0.120616, high: 0.166584 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.13381, high: 0.18139 },
    "operations.releaseItemExclusive.storeMs": { low: 0.171733, high: 0.221467 },
    "operations.removeItem.storeMs": { low: 0.156472, high: 0.202528 },
    "operations.resetItemTimeout.storeMs": { low: 0.109091, high: 0.149909 },
    "operations.createUninitializedItem.storeMs": { low: 0.130906, high: 0.174294 },
    "memory.bytesPerSession": { low: 532.36, high: 543.83 },
    "memory.bytesPerStateByte": { low: 1.01195, high: 1.0145 },
    "memory.fixedBytes": { low: 18158300, high: 18607300 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider stateserver --out cal/stateserver.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.582 ms at 48 a second, 0.375 ms at 143 a second, 0.216 ms at 398 a second. A closed loop of getItem came to 41244 calls a second with 4 callers, whose process then used 93 % of a core. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.015 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.07341 },
  waking: { cpuMsMax: 0.7819, afterMs: 11.22 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04125, 0.08525, 0.1333, 0.1673, 0.1973, 0.2253, 0.2603, 0.2923, 0.3233, 0.3513, 0.3773, 0.3943, 0.4163,
      0.4353, 0.4483, 0.4673, 0.4863, 0.5003, 0.5183, 0.5363, 0.5563, 0.5793, 0.6033, 0.6293, 0.6553, 0.6793, 0.7073,
      0.7463, 0.7783, 0.8203, 0.8803, 0.9453, 1.045, 1.222, 1.414, 1.834, 2.33, 2.876, 4.608,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 4,
  operations: {
    getItem: {
      webCpuMs: 0.148,
      webCpuMsPerKiB: 0.002099,
      storeMs: { kind: "lognormal", mean: 0.1436, sigma: 1.49 },
      storeMsPerKiB: 0.00177,
    },
    getItemExclusive: {
      webCpuMs: 0.148,
      webCpuMsPerKiB: 0.002099,
      storeMs: { kind: "lognormal", mean: 0.1436, sigma: 1.49 },
      storeMsPerKiB: 0.00177,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1488,
      webCpuMsPerKiB: 0.00991,
      storeMs: { kind: "lognormal", mean: 0.1576, sigma: 1.464 },
      storeMsPerKiB: 0.009726,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1237,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1966, sigma: 1.355 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.117,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1795, sigma: 1.364 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1333,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1295, sigma: 1.489 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1268,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1526, sigma: 1.427 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 18382800, bytesPerSession: 538.1, bytesPerStateByte: 1.013 },
};
