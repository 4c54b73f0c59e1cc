// What sessions cost in process, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const inProc: Calibration = {
  name: "built-in InProc",
  provider: "in-proc",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: null,
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "memory.bytesPerSession": { low: 786.568, high: 798.949 },
    "memory.bytesPerStateByte": { low: 1.07104, high: 1.07339 },
    "memory.fixedBytes": { low: 12848400, high: 13063600 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider inproc --out cal/inproc.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.555 ms at 46 a second, 0.390 ms at 151 a second, 0.219 ms at 399 a second. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.046 ms for each that a page had its core; the times told are without that.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.008393 },
  waking: { cpuMsMax: 0.6925, afterMs: 5.623 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.007967, 0.04747, 0.07847, 0.09997, 0.123, 0.1455, 0.164, 0.1825, 0.201, 0.2215, 0.2435, 0.261, 0.2755,
      0.297, 0.3165, 0.3365, 0.349, 0.3705, 0.392, 0.4105, 0.44, 0.4605, 0.481, 0.5105, 0.5305, 0.5475, 0.5735, 0.587,
      0.6145, 0.629, 0.6455, 0.6665, 0.695, 0.72, 0.7585, 0.804, 0.8785, 1.011, 2.673,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.0002326,
      webCpuMsPerKiB: 0.001275,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.0003708,
      webCpuMsPerKiB: 0.0008577,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.0004545,
      webCpuMsPerKiB: 0.005621,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.0001577,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.000513, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.00021,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.0004771,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12956000, bytesPerSession: 792.8, bytesPerStateByte: 1.072 },
};
