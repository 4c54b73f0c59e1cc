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
    "operations.getItem.storeMs": { low: 0.209322, high: 0.260078 },
    "operations.getItemExclusive.storeMs": { low: 0.180143, high: 0.227857 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.160668, high: 0.205332 },
    "operations.releaseItemExclusive.storeMs": { low: 0.154761, high: 0.194839 },
    "operations.removeItem.storeMs": { low: 0.170418, high: 0.213182 },
    "operations.resetItemTimeout.storeMs": { low: 0.155203, high: 0.195597 },
    "operations.createUninitializedItem.storeMs": { low: 0.179947, high: 0.226253 },
    "memory.bytesPerSession": { low: 518.036, high: 539.958 },
    "memory.bytesPerStateByte": { low: 1.01117, high: 1.01528 },
    "memory.fixedBytes": { low: 18261700, high: 19172000 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider stateserver --out cal/stateserver.calibration.yaml --force --quiet\": 10 runs over HTTP with 11125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.564 ms at 48 a second, 0.365 ms at 143 a second, 0.191 ms at 398 a second. A closed loop of getItem came to 52165 calls a second with 4 callers, whose process then used 95 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.003891 },
  pageCpuFactor: 1.064,
  waking: { cpuMsMax: 0.7693, afterMs: 7.079 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.003876, 0.07288, 0.1199, 0.1479, 0.1749, 0.1979, 0.2199, 0.2449, 0.2699, 0.2919, 0.3139, 0.3309, 0.3479,
      0.3709, 0.3869, 0.4069, 0.4319, 0.4539, 0.4779, 0.5029, 0.5209, 0.5399, 0.5559, 0.5729, 0.5849, 0.6029, 0.6359,
      0.6549, 0.6779, 0.7139, 0.7419, 0.7969, 0.8479, 0.9029, 1.03, 1.256, 1.571, 2.07, 2.94, 4.422,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 4,
  operations: {
    getItem: {
      webCpuMs: 0.1575,
      webCpuMsPerKiB: 0.00621,
      storeMs: { kind: "lognormal", mean: 0.2347, sigma: 1.237 },
      storeMsPerKiB: 0.008965,
    },
    getItemExclusive: {
      webCpuMs: 0.1647,
      webCpuMsPerKiB: 0.00621,
      storeMs: { kind: "lognormal", mean: 0.204, sigma: 1.287 },
      storeMsPerKiB: 0.008965,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1622,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.183, sigma: 1.314 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1349,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1748, sigma: 1.274 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1387,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1918, sigma: 1.257 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1368,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1754, sigma: 1.277 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1548,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2031, sigma: 1.271 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 18716800, bytesPerSession: 529, bytesPerStateByte: 1.013 },
};
