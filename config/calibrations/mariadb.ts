// What sessions cost in MariaDB 10.11.19, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const mariadb: Calibration = {
  name: "built-in SQLServer on MariaDB 10.11.19",
  provider: "mariadb",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "MariaDB 10.11.19",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 1.17668, high: 1.26132 },
    "operations.getItemExclusive.storeMs": { low: 1.17169, high: 1.26631 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.963644, high: 1.03836 },
    "operations.releaseItemExclusive.storeMs": { low: 1.10241, high: 1.18359 },
    "operations.removeItem.storeMs": { low: 0.886972, high: 0.956228 },
    "operations.resetItemTimeout.storeMs": { low: 0.866818, high: 0.933182 },
    "operations.createUninitializedItem.storeMs": { low: 0.859053, high: 0.926147 },
    "memory.bytesPerSession": { low: 242.613, high: 280.718 },
    "memory.bytesPerStateByte": { low: 1.43874, high: 1.46293 },
    "memory.fixedBytes": { low: -359559, high: 6294290 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider mariadb --out cal/mariadb.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.664 ms at 48 a second, 0.372 ms at 143 a second, 0.211 ms at 398 a second. A closed loop of getItem came to 5132 calls a second with 16 callers, whose process then used 54 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.09044 },
  pageCpuFactor: 1.05,
  waking: { cpuMsMax: 1.187, afterMs: 22.39 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.01118, 0.04418, 0.09018, 0.1192, 0.1522, 0.1732, 0.1952, 0.2312, 0.2542, 0.2872, 0.3162, 0.3342, 0.3532,
      0.3812, 0.4082, 0.4262, 0.4562, 0.4862, 0.5092, 0.5322, 0.5472, 0.5692, 0.5932, 0.6092, 0.6272, 0.6482, 0.6662,
      0.6862, 0.7052, 0.7302, 0.7562, 0.8002, 0.8502, 0.9262, 1.043, 1.289, 1.721, 2.187, 3.021, 4.187,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 6,
  operations: {
    getItem: {
      webCpuMs: 0.4013,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.219, sigma: 0.9217 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.4013,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.219, sigma: 0.9217 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3494,
      webCpuMsPerKiB: 0.01316,
      storeMs: { kind: "lognormal", mean: 1.001, sigma: 0.9309 },
      storeMsPerKiB: 0.007665,
    },
    releaseItemExclusive: {
      webCpuMs: 0.3243,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.143, sigma: 0.9002 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.3306,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9216, sigma: 0.9354 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2999,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.9, sigma: 0.9237 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.3205,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8926, sigma: 0.9356 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 2967370, bytesPerSession: 261.7, bytesPerStateByte: 1.451 },
};
