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
    "operations.getItem.storeMs": { low: 0.025939, high: 0.049961 },
    "operations.getItemExclusive.storeMs": { low: 0.0244009, high: 0.0514991 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.041103, high: 0.062097 },
    "operations.releaseItemExclusive.storeMs": { low: 0.0213767, high: 0.0370233 },
    "operations.removeItem.storeMs": { low: 0.0546889, high: 0.0851111 },
    "operations.resetItemTimeout.storeMs": { low: 0.0211209, high: 0.0376791 },
    "operations.createUninitializedItem.storeMs": { low: 0.0152319, high: 0.0342281 },
    "memory.bytesPerSession": { low: 179.072, high: 181.143 },
    "memory.bytesPerStateByte": { low: 1.12472, high: 1.12627 },
    "memory.fixedBytes": { low: 13457.5, high: 57444.3 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider sqlite --out cal/sqlite.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.472 ms at 46 a second, 0.347 ms at 151 a second, 0.191 ms at 399 a second. A closed loop of getItem came to 33277 calls a second with 2 callers, whose process then used 84 % of a core. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.035 ms for each that a page had its core; the times told are without that.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.0009842 },
  waking: { cpuMsMax: 0.5869, afterMs: 5.012 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.03448, 0.06948, 0.09748, 0.1235, 0.1445, 0.1635, 0.1895, 0.2075, 0.23, 0.246, 0.268, 0.2985, 0.321, 0.341,
      0.3565, 0.381, 0.402, 0.4155, 0.4435, 0.463, 0.4795, 0.496, 0.5055, 0.5205, 0.5375, 0.552, 0.57, 0.586, 0.6015,
      0.624, 0.6415, 0.6745, 0.709, 0.7415, 0.7685, 0.8115, 0.863, 1.057, 2.679,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.1758,
      webCpuMsPerKiB: 0.006117,
      storeMs: { kind: "lognormal", mean: 0.03795, sigma: 2.041 },
      storeMsPerKiB: 0.003565,
    },
    getItemExclusive: {
      webCpuMs: 0.1758,
      webCpuMsPerKiB: 0.006117,
      storeMs: { kind: "lognormal", mean: 0.03795, sigma: 2.041 },
      storeMsPerKiB: 0.003565,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.124,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.0516, sigma: 1.785 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1016,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.0292, sigma: 1.928 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1845,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.0699, sigma: 1.821 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1091,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.0294, sigma: 1.953 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1341,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.02473, sigma: 2.104 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 35451, bytesPerSession: 180.1, bytesPerStateByte: 1.125 },
};
