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
    "memory.bytesPerSession": { low: 787.4, high: 798.504 },
    "memory.bytesPerStateByte": { low: 1.07061, high: 1.07275 },
    "memory.fixedBytes": { low: 12749500, high: 12959000 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider inproc --out cal2/inproc.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.590 ms at 48 a second, 0.373 ms at 143 a second, 0.267 ms at 398 a second. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.1935 },
  pageCpuFactor: 1.042,
  waking: { cpuMsMax: 0.9953, afterMs: 31.62 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.02992, 0.06292, 0.08392, 0.1159, 0.1449, 0.1759, 0.2029, 0.2269, 0.2549, 0.2829, 0.3019, 0.3249, 0.3549,
      0.3819, 0.4149, 0.4369, 0.4549, 0.4759, 0.5039, 0.5209, 0.5369, 0.5569, 0.5839, 0.5999, 0.6149, 0.6429, 0.6639,
      0.6879, 0.7159, 0.7719, 0.8159, 0.8749, 1.006, 1.158, 1.426, 1.828, 2.326, 3.152, 4.014,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.0002404,
      webCpuMsPerKiB: 0.002128,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.0004564,
      webCpuMsPerKiB: 0.00144,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.000616,
      webCpuMsPerKiB: 0.002794,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.00021,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.0006486, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.0002626,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.0005721,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12854300, bytesPerSession: 793, bytesPerStateByte: 1.072 },
};
