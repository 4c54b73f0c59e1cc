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
    "operations.getItem.storeMs": { low: 0.277744, high: 0.320856 },
    "operations.getItemExclusive.storeMs": { low: 0.279944, high: 0.318656 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.274854, high: 0.314946 },
    "operations.releaseItemExclusive.storeMs": { low: 0.279801, high: 0.317599 },
    "operations.removeItem.storeMs": { low: 0.296739, high: 0.336461 },
    "operations.resetItemTimeout.storeMs": { low: 0.245178, high: 0.279622 },
    "operations.createUninitializedItem.storeMs": { low: 0.279863, high: 0.318137 },
    "memory.bytesPerSession": { low: 532.808, high: 545.021 },
    "memory.bytesPerStateByte": { low: 1.01154, high: 1.01433 },
    "memory.fixedBytes": { low: 18153700, high: 18759000 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider stateserver --out cal/stateserver.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.497 ms at 46 a second, 0.338 ms at 151 a second, 0.210 ms at 399 a second. A closed loop of getItem came to 42726 calls a second with 32 callers, whose process then used 101 % of a core. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.021 ms for each that a page had its core; the times told are without that. The hypervisor gave up to 1 % of the processors to other machines: calibrate again when it does not.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.06977 },
  waking: { cpuMsMax: 0.5852, afterMs: 7.943 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04485, 0.07885, 0.1019, 0.1279, 0.1504, 0.1729, 0.1954, 0.2109, 0.2394, 0.2634, 0.2844, 0.3054, 0.3269,
      0.3404, 0.3629, 0.3794, 0.3969, 0.4134, 0.4344, 0.4489, 0.4689, 0.4879, 0.5069, 0.5224, 0.5384, 0.5639, 0.5759,
      0.5924, 0.6084, 0.6314, 0.6554, 0.6839, 0.7189, 0.7559, 0.7914, 0.8374, 0.9104, 1.312, 2.78,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 13,
  operations: {
    getItem: {
      webCpuMs: 0.1696,
      webCpuMsPerKiB: 0.00192,
      storeMs: { kind: "lognormal", mean: 0.2993, sigma: 1.327 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.1696,
      webCpuMsPerKiB: 0.00192,
      storeMs: { kind: "lognormal", mean: 0.2993, sigma: 1.327 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1646,
      webCpuMsPerKiB: 0.00878,
      storeMs: { kind: "lognormal", mean: 0.2949, sigma: 1.324 },
      storeMsPerKiB: 0.002914,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1345,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2987, sigma: 1.279 },
      storeMsPerKiB: 0,
    },
    removeItem: {
      webCpuMs: 0.1387,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.3166, sigma: 1.274 },
      storeMsPerKiB: 0,
    },
    resetItemTimeout: {
      webCpuMs: 0.1324,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.2624, sigma: 1.302 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1397,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "lognormal", mean: 0.299, sigma: 1.286 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 18456400, bytesPerSession: 538.9, bytesPerStateByte: 1.013 },
};
