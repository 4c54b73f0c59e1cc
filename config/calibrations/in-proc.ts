// What sessions cost in process, measured on 2026-11-21 on AMD EPYC, 2 cores.
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
    measuredOn: "2026-11-21",
  },
  intervals: {
    "memory.bytesPerSession": { low: 706.665, high: 726.502 },
    "memory.bytesPerStateByte": { low: 1.08663, high: 1.08887 },
    "memory.fixedBytes": { low: 12829900, high: 13056900 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider inproc --out cal/inproc.calibration.yaml --force --quiet\": 10 runs over HTTP with 11125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.605 ms at 48 a second, 0.409 ms at 143 a second, 0.316 ms at 398 a second. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.2606 },
  pageCpuFactor: 1.111,
  waking: { cpuMsMax: 0.9538, afterMs: 35.48 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04247, 0.08447, 0.1325, 0.1815, 0.2175, 0.2425, 0.2765, 0.3105, 0.3335, 0.3635, 0.3925, 0.4195, 0.4395,
      0.4625, 0.4805, 0.5075, 0.5235, 0.5475, 0.5685, 0.5885, 0.6055, 0.6185, 0.6455, 0.6625, 0.6845, 0.7035, 0.7295,
      0.7505, 0.7775, 0.8135, 0.8545, 0.9105, 1.041, 1.201, 1.381, 1.832, 2.298, 2.928, 5.326,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: { webCpuMs: 0.0001747, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    getItemExclusive: {
      webCpuMs: 0.0002894,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.000799,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.0001224,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.0004344, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.0002269,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.0004558,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12943400, bytesPerSession: 716.6, bytesPerStateByte: 1.088 },
};
