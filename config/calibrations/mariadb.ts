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
    "operations.getItem.storeMs": { low: 1.27499, high: 1.35301 },
    "operations.getItemExclusive.storeMs": { low: 1.27491, high: 1.35309 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 1.12189, high: 1.19211 },
    "operations.releaseItemExclusive.storeMs": { low: 1.06201, high: 1.12599 },
    "operations.removeItem.storeMs": { low: 0.992322, high: 1.05568 },
    "operations.resetItemTimeout.storeMs": { low: 1.0251, high: 1.0869 },
    "operations.createUninitializedItem.storeMs": { low: 1.06352, high: 1.12848 },
    "memory.bytesPerSession": { low: 231.179, high: 274.459 },
    "memory.bytesPerStateByte": { low: 1.4389, high: 1.47193 },
    "memory.fixedBytes": { low: -359644, high: 6295480 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider mariadb --out cal/mariadb.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.629 ms at 48 a second, 0.266 ms at 143 a second, 0.157 ms at 398 a second. A closed loop of getItem came to 5207 calls a second with 32 callers, whose process then used 59 % of a core. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.049 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.0876 },
  waking: { cpuMsMax: 26.34, afterMs: 1000 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.000637, 0.02364, 0.04264, 0.05764, 0.07264, 0.08364, 0.09264, 0.1056, 0.1206, 0.1406, 0.1536, 0.1686, 0.1846,
      0.2026, 0.2156, 0.2386, 0.2576, 0.2726, 0.2936, 0.3096, 0.3296, 0.3646, 0.4046, 0.4306, 0.4476, 0.4746, 0.5026,
      0.5256, 0.5496, 0.5886, 0.6136, 0.6476, 0.6876, 0.7476, 0.8386, 1.018, 1.241, 1.732, 2.873, 4.089,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 7,
  operations: {
    getItem: {
      webCpuMs: 0.4274,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.314, sigma: 0.773 },
      storeMsPerKiB: 0.006833,
    },
    getItemExclusive: {
      webCpuMs: 0.4274,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.314, sigma: 0.773 },
      storeMsPerKiB: 0.006833,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.4091,
      webCpuMsPerKiB: 0.01122,
      storeMs: { kind: "lognormal", mean: 1.157, sigma: 0.7854 },
      storeMsPerKiB: 0.01874,
    },
    releaseItemExclusive: {
      webCpuMs: 0.3327,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.094, sigma: 0.7637 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.3884,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.024, sigma: 0.7964 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.3219,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.056, sigma: 0.764 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.352,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 1.096, sigma: 0.7711 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 2967920, bytesPerSession: 252.8, bytesPerStateByte: 1.455 },
};
