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
    "operations.getItem.storeMs": { low: 0.935709, high: 0.988691 },
    "operations.getItemExclusive.storeMs": { low: 0.936266, high: 0.988134 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.81006, high: 0.85574 },
    "operations.releaseItemExclusive.storeMs": { low: 0.716771, high: 0.756629 },
    "operations.removeItem.storeMs": { low: 0.69116, high: 0.73104 },
    "operations.resetItemTimeout.storeMs": { low: 0.723359, high: 0.763441 },
    "operations.createUninitializedItem.storeMs": { low: 0.681676, high: 0.720324 },
    "memory.bytesPerSession": { low: 244.586, high: 276.381 },
    "memory.bytesPerStateByte": { low: 1.44614, high: 1.48268 },
    "memory.fixedBytes": { low: -487154, high: 8066350 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider mariadb --out cal/mariadb.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.568 ms at 46 a second, 0.368 ms at 151 a second, 0.187 ms at 399 a second. A closed loop of getItem came to 5468 calls a second with 32 callers, whose process then used 58 % of a core. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.016 ms for each that a page had its core; the times told are without that.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  waking: { cpuMsMax: 0.7492, afterMs: 7.079 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.03829, 0.07229, 0.1103, 0.1343, 0.1528, 0.1828, 0.2068, 0.2248, 0.2558, 0.2898, 0.3218, 0.3458, 0.3703,
      0.3843, 0.4063, 0.4273, 0.4423, 0.4608, 0.4823, 0.5028, 0.5198, 0.5393, 0.5608, 0.5823, 0.5983, 0.6128, 0.6263,
      0.6453, 0.6638, 0.6828, 0.6993, 0.7203, 0.7478, 0.7708, 0.8193, 0.8648, 0.9738, 1.103, 2.073,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 5,
  operations: {
    getItem: {
      webCpuMs: 0.266,
      webCpuMsPerKiB: 0.003819,
      storeMs: { kind: "lognormal", mean: 0.9622, sigma: 0.7636 },
      storeMsPerKiB: 0.02278,
    },
    getItemExclusive: {
      webCpuMs: 0.266,
      webCpuMsPerKiB: 0.003819,
      storeMs: { kind: "lognormal", mean: 0.9622, sigma: 0.7636 },
      storeMsPerKiB: 0.02278,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.2373,
      webCpuMsPerKiB: 0.004701,
      storeMs: { kind: "lognormal", mean: 0.8329, sigma: 0.7674 },
      storeMsPerKiB: 0.06429,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1971,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7367, sigma: 0.7595 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.2232,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7111, sigma: 0.7804 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1957,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.7434, sigma: 0.7576 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2044,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.701, sigma: 0.7704 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 3789600, bytesPerSession: 260.5, bytesPerStateByte: 1.464 },
};
