// What sessions cost in Redis 7.0.15, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const redis: Calibration = {
  name: "built-in Custom on Redis 7.0.15",
  provider: "redis",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "Redis 7.0.15",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.188495, high: 0.222505 },
    "operations.getItemExclusive.storeMs": { low: 0.189522, high: 0.221478 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.146094, high: 0.175106 },
    "operations.releaseItemExclusive.storeMs": { low: 0.140793, high: 0.165807 },
    "operations.removeItem.storeMs": { low: 0.129469, high: 0.154131 },
    "operations.resetItemTimeout.storeMs": { low: 0.12185, high: 0.14635 },
    "operations.createUninitializedItem.storeMs": { low: 0.124429, high: 0.150571 },
    "memory.bytesPerSession": { low: 383.491, high: 407.425 },
    "memory.bytesPerStateByte": { low: 1.11017, high: 1.11585 },
    "memory.fixedBytes": { low: 961365, high: 1177960 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider redis --out cal/redis.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.569 ms at 46 a second, 0.353 ms at 151 a second, 0.185 ms at 399 a second. A closed loop of getItem came to 38545 calls a second with 32 callers, whose process then used 46 % of a core. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.036 ms for each that a page had its core; the times told are without that. The hypervisor gave up to 10 % of the processors to other machines: calibrate again when it does not.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  waking: { cpuMsMax: 0.7759, afterMs: 7.943 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0.0006974, 0.0342, 0.0732, 0.0952, 0.1222, 0.1427, 0.1697, 0.1902, 0.2187, 0.2382, 0.2582, 0.2822, 0.3032,
      0.3227, 0.3477, 0.3697, 0.3977, 0.4142, 0.4372, 0.4537, 0.4792, 0.5057, 0.5252, 0.5437, 0.5627, 0.5882, 0.6052,
      0.6172, 0.6332, 0.6537, 0.6687, 0.6937, 0.7232, 0.7537, 0.7887, 0.8147, 0.8702, 0.9737, 1.406, 5.26,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 8,
  operations: {
    getItem: {
      webCpuMs: 0.1677,
      webCpuMsPerKiB: 0.002042,
      storeMs: { kind: "constant", value: 0.2055 },
      storeMsPerKiB: 0.007171,
    },
    getItemExclusive: {
      webCpuMs: 0.1677,
      webCpuMsPerKiB: 0.002042,
      storeMs: { kind: "constant", value: 0.2055 },
      storeMsPerKiB: 0.007171,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.1677,
      webCpuMsPerKiB: 0.005931,
      storeMs: { kind: "constant", value: 0.1606 },
      storeMsPerKiB: 0.006099,
    },
    releaseItemExclusive: {
      webCpuMs: 0.1297,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.1533 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.1372, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0.1418 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.1431,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.1341 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.1583,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.1375 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 1069670, bytesPerSession: 395.5, bytesPerStateByte: 1.113 },
};
