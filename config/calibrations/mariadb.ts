// What sessions cost in MariaDB 10.11.19, measured on 2026-11-21 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-21",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.939445, high: 1.00675 },
    "operations.getItemExclusive.storeMs": { low: 0.936189, high: 1.01001 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.863921, high: 0.928879 },
    "operations.releaseItemExclusive.storeMs": { low: 0.78816, high: 0.84604 },
    "operations.removeItem.storeMs": { low: 0.75832, high: 0.81508 },
    "operations.resetItemTimeout.storeMs": { low: 0.781751, high: 0.838849 },
    "operations.createUninitializedItem.storeMs": { low: 0.690883, high: 0.743517 },
    "memory.bytesPerSession": { low: 225.42, high: 278.439 },
    "memory.bytesPerStateByte": { low: 1.58986, high: 1.60238 },
    "memory.fixedBytes": { low: 1667410, high: 9359130 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider mariadb --out cal/mariadb.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.591 ms at 48 a second, 0.345 ms at 143 a second, 0.174 ms at 398 a second. A closed loop of getItem came to 5526 calls a second with 16 callers, whose process then used 53 % of a core. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.03341 },
  pageCpuFactor: 1.0052,
  waking: { cpuMsMax: 0.9366, afterMs: 14.13 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0.02411, 0.05311, 0.08211, 0.1001, 0.1201, 0.1451, 0.1661, 0.1811, 0.2001, 0.2161, 0.2411, 0.2641,
      0.2851, 0.3061, 0.3321, 0.3551, 0.3761, 0.4001, 0.4231, 0.4431, 0.4671, 0.4911, 0.5091, 0.5351, 0.5631, 0.5761,
      0.6011, 0.6191, 0.6511, 0.6801, 0.7081, 0.8171, 1, 1.24, 1.56, 1.888, 2.594, 4.326,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 5,
  operations: {
    getItem: {
      webCpuMs: 0.3292,
      webCpuMsPerKiB: 0.0006869,
      storeMs: { kind: "lognormal", mean: 0.9731, sigma: 0.8838 },
      storeMsPerKiB: 0.005825,
    },
    getItemExclusive: {
      webCpuMs: 0.3292,
      webCpuMsPerKiB: 0.0006869,
      storeMs: { kind: "lognormal", mean: 0.9731, sigma: 0.8838 },
      storeMsPerKiB: 0.005825,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.3025,
      webCpuMsPerKiB: 0.0201,
      storeMs: { kind: "lognormal", mean: 0.8964, sigma: 0.8834 },
      storeMsPerKiB: 0.06189,
    },
    releaseItemExclusive: {
      webCpuMs: 0.2511,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8171, sigma: 0.8695 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2608,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7867, sigma: 0.8807 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.2434,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.8103, sigma: 0.8663 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2542,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7172, sigma: 0.8912 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 5513270, bytesPerSession: 251.9, bytesPerStateByte: 1.596 },
};
