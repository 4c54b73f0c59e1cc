// What sessions cost in SQLite 3.53.4, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const sqlite: Calibration = {
  name: "built-in SQLServer on SQLite 3.53.4",
  provider: "sqlite",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "SQLite 3.53.4",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.116517, high: 0.168683 },
    "operations.getItemExclusive.storeMs": { low: 0.115818, high: 0.169382 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.0957604, high: 0.14004 },
    "operations.releaseItemExclusive.storeMs": { low: 0.0966117, high: 0.136788 },
    "operations.removeItem.storeMs": { low: 0.141526, high: 0.195874 },
    "operations.resetItemTimeout.storeMs": { low: 0.109578, high: 0.150022 },
    "operations.createUninitializedItem.storeMs": { low: 0.0962294, high: 0.135971 },
    "memory.bytesPerSession": { low: 179.464, high: 181.177 },
    "memory.bytesPerStateByte": { low: 1.1248, high: 1.12613 },
    "memory.fixedBytes": { low: 14163.4, high: 47305.4 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider sqlite --out cal/sqlite.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.581 ms at 48 a second, 0.353 ms at 143 a second, 0.207 ms at 398 a second. A closed loop of getItem came to 30148 calls a second with 32 callers, whose process then used 82 % of a core. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.031 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.08849 },
  waking: { cpuMsMax: 0.8658, afterMs: 15.85 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04285, 0.09485, 0.1278, 0.1608, 0.1908, 0.2098, 0.2288, 0.2568, 0.2828, 0.3148, 0.3368, 0.3658, 0.3918,
      0.4158, 0.4308, 0.4538, 0.4698, 0.4978, 0.5168, 0.5328, 0.5458, 0.5648, 0.5898, 0.6078, 0.6228, 0.6438, 0.6698,
      0.6958, 0.7308, 0.7628, 0.7988, 0.8418, 0.9328, 1.092, 1.198, 1.45, 1.958, 2.568, 3.89,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 4,
  operations: {
    getItem: {
      webCpuMs: 0.2009,
      webCpuMsPerKiB: 0.002402,
      storeMs: { kind: "lognormal", mean: 0.1426, sigma: 1.743 },
      storeMsPerKiB: 0.0008245,
    },
    getItemExclusive: {
      webCpuMs: 0.2009,
      webCpuMsPerKiB: 0.002402,
      storeMs: { kind: "lognormal", mean: 0.1426, sigma: 1.743 },
      storeMsPerKiB: 0.0008245,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1699,
      webCpuMsPerKiB: 0.005219,
      storeMs: { kind: "lognormal", mean: 0.1179, sigma: 1.751 },
      storeMsPerKiB: 0.005569,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1444,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1167, sigma: 1.703 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1845,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1687, sigma: 1.666 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1331,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1298, sigma: 1.647 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1422,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.1161, sigma: 1.7 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 30734, bytesPerSession: 180.3, bytesPerStateByte: 1.125 },
};
