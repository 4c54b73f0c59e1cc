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
    "memory.bytesPerSession": { low: 519.663, high: 540.654 },
    "memory.bytesPerStateByte": { low: 1.00738, high: 1.01611 },
    "memory.fixedBytes": { low: 16578900, high: 21469700 },
  },
  evidence:
    "Measured by \"x\": 10 runs over HTTP with 10461 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.534 ms at 48 a second, 0.347 ms at 143 a second, 0.200 ms at 398 a second. A closed loop of getItem came to 47406 calls a second with 32 callers, whose process then used 101 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.0713 },
  pageCpuFactor: 1.059,
  waking: { cpuMsMax: 0.7022, afterMs: 10 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0, 0, 0.01059, 0.03259, 0.05159, 0.06959, 0.08359, 0.09859, 0.1156, 0.1296, 0.1446, 0.1596, 0.1736,
      0.1886, 0.1996, 0.2146, 0.2256, 0.2376, 0.2496, 0.2596, 0.2676, 0.2846, 0.2946, 0.3036, 0.3126, 0.3296, 0.3396,
      0.3556, 0.3696, 0.3856, 0.4106, 0.4376, 0.4656, 0.5016, 0.5286, 0.5886, 0.6716, 1.006,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 8,
  operations: {
    getItem: {
      webCpuMs: 0.1958,
      webCpuMsPerKiB: 0.006492,
      storeMs: { kind: "lognormal", mean: 0.1689, sigma: 0.7728 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.1519,
      webCpuMsPerKiB: 0.00609,
      storeMs: { kind: "lognormal", mean: 0.1508, sigma: 1.068 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.2638,
      webCpuMsPerKiB: 0.004548,
      storeMs: { kind: "lognormal", mean: 0.1483, sigma: 0.9656 },
      storeMsPerKiB: 0.001207,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1288,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1279, sigma: 1.121 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1007,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.0869, sigma: 0.9751 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.09846,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.08494, sigma: 0.9823 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1028,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.08866, sigma: 0.9688 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 19024300, bytesPerSession: 530.2, bytesPerStateByte: 1.012 },
};
