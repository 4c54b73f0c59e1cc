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
    "memory.bytesPerSession": { low: 708.057, high: 726.066 },
    "memory.bytesPerStateByte": { low: 1.08625, high: 1.08903 },
    "memory.fixedBytes": { low: 12814100, high: 13007200 },
  },
  evidence:
    "Measured by \"sessionlab calibrate --provider inproc --out cal/inproc.calibration.yaml --force --quiet\": 12 runs over HTTP with 13125 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.502 ms at 48 a second, 0.315 ms at 143 a second, 0.190 ms at 398 a second. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.08354 },
  pageCpuFactor: 0.9989,
  waking: { cpuMsMax: 0.7016, afterMs: 14.13 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.003074, 0.02407, 0.04207, 0.07107, 0.09307, 0.1081, 0.1261, 0.1431, 0.1621, 0.1801, 0.1951, 0.2161,
      0.2351, 0.2581, 0.2771, 0.3011, 0.3251, 0.3431, 0.3581, 0.3821, 0.4061, 0.4281, 0.4561, 0.4691, 0.4891, 0.5121,
      0.5361, 0.5561, 0.5741, 0.5971, 0.6231, 0.6561, 0.7071, 0.7781, 0.9971, 1.36, 1.804, 2.69, 4.392,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: {
      webCpuMs: 0.0002291,
      webCpuMsPerKiB: 0.002654,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    getItemExclusive: {
      webCpuMs: 0.0004366,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.0005102,
      webCpuMsPerKiB: 0.001595,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: {
      webCpuMs: 0.0001882,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.0004109, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.0002553,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.0008081,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12910700, bytesPerSession: 717.1, bytesPerStateByte: 1.088 },
};
