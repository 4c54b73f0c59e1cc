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
    "memory.bytesPerSession": { low: 707.079, high: 726.588 },
    "memory.bytesPerStateByte": { low: 1.08627, high: 1.08962 },
    "memory.fixedBytes": { low: 12822600, high: 13130000 },
  },
  evidence:
    "Measured by \"x\": 10 runs over HTTP with 10461 responses, single calls in a closed loop, and fillings of the store. An empty page took the site's process 0.628 ms at 48 a second, 0.454 ms at 143 a second, 0.271 ms at 398 a second. The visitors, the site and the store shared the machine's cores.",
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.05168 },
  pageCpuFactor: 1.049,
  waking: { cpuMsMax: 0.738, afterMs: 5.012 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0, 0, 0, 0, 0.01463, 0.03163, 0.04963, 0.06963, 0.08963, 0.1146, 0.1376, 0.1596, 0.1756, 0.2046, 0.2206,
      0.2466, 0.2636, 0.2826, 0.3056, 0.3176, 0.3336, 0.3426, 0.3556, 0.3706, 0.3816, 0.4006, 0.4136, 0.4266, 0.4416,
      0.4596, 0.4696, 0.4816, 0.4956, 0.5156, 0.5296, 0.5576, 0.5936, 0.6786, 1.179,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 1,
  operations: {
    getItem: { webCpuMs: 0, webCpuMsPerKiB: 0.0009744, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    getItemExclusive: { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    setAndReleaseItemExclusive: {
      webCpuMs: 0,
      webCpuMsPerKiB: 0.0001195,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
    releaseItemExclusive: { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    removeItem: { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    resetItemTimeout: { webCpuMs: 0, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0 }, storeMsPerKiB: 0 },
    createUninitializedItem: {
      webCpuMs: 0,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 12976300, bytesPerSession: 716.8, bytesPerStateByte: 1.088 },
};
