// What sessions cost in PostgreSQL 18.4, measured on 2026-11-22 on AMD EPYC, 2 cores.
// Made by npm run calibrations from what sessionlab calibrate wrote, not by hand.

import type { Calibration } from "../scenario.ts";

export const postgresql: Calibration = {
  name: "built-in SQLServer on PostgreSQL 18.4",
  provider: "postgresql",
  machine: {
    cpu: "AMD EPYC",
    cores: 2,
    platform: "linux 6.18.44-fc-v657 x64",
    node: "v24.21.0",
    store: "PostgreSQL 18.4",
    sessionlab: "0.1.0",
    measuredOn: "2026-11-22",
  },
  intervals: {
    "operations.getItem.storeMs": { low: 0.514477, high: 0.617523 },
    "operations.getItemExclusive.storeMs": { low: 0.51534, high: 0.61666 },
    "operations.setAndReleaseItemExclusive.storeMs": { low: 0.468552, high: 0.561048 },
    "operations.releaseItemExclusive.storeMs": { low: 0.523876, high: 0.622124 },
    "operations.removeItem.storeMs": { low: 0.47137, high: 0.56083 },
    "operations.resetItemTimeout.storeMs": { low: 0.495127, high: 0.594073 },
    "operations.createUninitializedItem.storeMs": { low: 0.414459, high: 0.499941 },
    "memory.bytesPerSession": { low: 703.194, high: 718.538 },
    "memory.bytesPerStateByte": { low: 1.0551, high: 1.06168 },
    "memory.fixedBytes": { low: -86570.4, high: 448336 },
  },
  evidence:
    'Measured by "sessionlab calibrate --provider postgres --out cal/postgres.calibration.yaml --force --quiet": 15 runs over HTTP with 14330 responses, single calls in a closed loop, and fillings of the store. An empty page took the site\'s process 0.557 ms at 46 a second, 0.411 ms at 150 a second, 0.244 ms at 399 a second. A closed loop of getItem came to 3849 calls a second with 16 callers, whose process then used 43 % of a core. The site had one processor to itself; the visitors and the store shared the others. The processor clock counted 1.002 ms for each that a page had its core; the times told are without that. The hypervisor gave up to 7 % of the processors to other machines: calibrate again when it does not.',
  measured: true,
  requestCpuMs: { kind: "constant", value: 0.005584 },
  waking: { cpuMsMax: 0.6687, afterMs: 4.467 },
  clientRoundTripMs: {
    kind: "empirical",
    quantiles: [
      0, 0, 0.04043, 0.09243, 0.1499, 0.1879, 0.2279, 0.2639, 0.2984, 0.3354, 0.3654, 0.3914, 0.4199, 0.4564, 0.4854,
      0.5139, 0.5449, 0.5729, 0.5949, 0.6134, 0.6364, 0.6614, 0.7004, 0.7214, 0.7559, 0.7839, 0.8254, 0.8784, 0.9469,
      1.022, 1.115, 1.208, 1.354, 1.52, 1.808, 2.036, 2.286, 2.73, 3.332, 5.153, 18.12,
    ],
  },
  networkRoundTripMs: { kind: "constant", value: 0 },
  storeConcurrency: 2,
  operations: {
    getItem: {
      webCpuMs: 0.2679,
      webCpuMsPerKiB: 0.01239,
      storeMs: { kind: "constant", value: 0.566 },
      storeMsPerKiB: 0.01457,
    },
    getItemExclusive: {
      webCpuMs: 0.2679,
      webCpuMsPerKiB: 0.01239,
      storeMs: { kind: "constant", value: 0.566 },
      storeMsPerKiB: 0.01457,
    },
    setAndReleaseItemExclusive: {
      webCpuMs: 0.2401,
      webCpuMsPerKiB: 0.02016,
      storeMs: { kind: "constant", value: 0.5148 },
      storeMsPerKiB: 0.2571,
    },
    releaseItemExclusive: {
      webCpuMs: 0.2289,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.573 },
      storeMsPerKiB: 0,
    },
    removeItem: { webCpuMs: 0.214, webCpuMsPerKiB: 0, storeMs: { kind: "constant", value: 0.5161 }, storeMsPerKiB: 0 },
    resetItemTimeout: {
      webCpuMs: 0.2629,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.5446 },
      storeMsPerKiB: 0,
    },
    createUninitializedItem: {
      webCpuMs: 0.2404,
      webCpuMsPerKiB: 0,
      storeMs: { kind: "constant", value: 0.4572 },
      storeMsPerKiB: 0,
    },
  },
  memory: { fixedBytes: 180883, bytesPerSession: 710.9, bytesPerStateByte: 1.058, reuseAfterMs: 10000 },
};
