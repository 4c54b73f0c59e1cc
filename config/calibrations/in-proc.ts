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
    "memory.bytesPerSession": { low: 786.884, high: 798.341 },
    "memory.bytesPerStateByte": { low: 1.07149, high: 1.07389 },
    "memory.fixedBytes": { low: 12745600, high: 12950700 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider inproc --out cal/inproc.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.621 ms at 48 a second, 0.436 ms at 143 a second, 0.215 ms at 398 a second. The visitors, the site and the store shared the machine's cores. The processor clock counted 1.004 ms for each that a page had its core; the times told are without that.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0 },
  waking: { cpuMsMax: 0.8052, afterMs: 6.31 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04323, 0.1172, 0.1682, 0.2162, 0.2482, 0.2842, 0.3202, 0.3512, 0.3722, 0.4062, 0.4302, 0.4562, 0.4762,
      0.5002, 0.5152, 0.5362, 0.5572, 0.5752, 0.5952, 0.6152, 0.6302, 0.6442, 0.6632, 0.6752, 0.6982, 0.7222, 0.7492,
      0.7742, 0.8012, 0.8392, 0.9032, 0.9792, 1.067, 1.283, 1.468, 1.845, 2.391, 3.157, 4.351,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.0002279,
      webCpuMsPerKiB: 0.001098,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.0003903,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.0006594,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.0001694,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.0006167, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.0002286,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.0005183,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12848100, bytesPerSession: 792.6, bytesPerStateByte: 1.073 },
};
