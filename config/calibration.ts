// What a provider costs, as a file a user can write and as built-in ones. A built-in figure says how it came about; what nobody
// measured is called an assumption here and in every report that rests on it.

import * as z from "zod";
import { lawSchema } from "./file/laws.ts";
import { type ParsedText, parseWithSchema } from "./parse-with-schema.ts";
import { type Calibration, type Law, type OperationCost, type StoreOperation, storeProviders } from "./scenario.ts";
import type { SessionMode } from "./session-settings.ts";

const cost = z.strictObject({
  webCpuMs: z.number().min(0),
  webCpuMsPerKiB: z.number().min(0),
  storeMs: lawSchema,
  storeMsPerKiB: z.number().min(0),
});

const calibrationSchema: z.ZodType<Calibration> = z.strictObject({
  name: z.string().min(1),
  provider: z.enum(storeProviders).optional().describe("Whose costs they are."),
  machine: z
    .strictObject({
      cpu: z.string(),
      cores: z.int().min(1),
      platform: z.string(),
      node: z.string(),
      store: z.string().nullable(),
      sessionlab: z.string(),
      measuredOn: z.string(),
    })
    .optional(),
  intervals: z.record(z.string(), z.strictObject({ low: z.number(), high: z.number() })).optional(),
  evidence: z.string().min(1).describe("How the figures came about."),
  measured: z.boolean(),
  requestCpuMs: lawSchema,
  pageCpuFactor: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .describe("What a millisecond of a page's processor time takes here."),
  waking: z
    .strictObject({ cpuMsMax: z.number().min(0), afterMs: z.number().positive() })
    .optional()
    .describe("What a request takes more that finds its worker idle: cpuMsMax x (1 - e^(-idle/afterMs))."),
  clientRoundTripMs: lawSchema.default({ kind: "constant", value: 0 }),
  networkRoundTripMs: lawSchema,
  storeConcurrency: z.int().min(1).max(100_000),
  operations: z.strictObject({
    getItem: cost,
    getItemExclusive: cost,
    setAndReleaseItemExclusive: cost,
    releaseItemExclusive: cost,
    removeItem: cost,
    resetItemTimeout: cost,
    createUninitializedItem: cost,
  }),
  memory: z.strictObject({
    fixedBytes: z.number().min(0),
    bytesPerSession: z.number().min(0),
    bytesPerStateByte: z.number().min(0),
    reuseAfterMs: z
      .number()
      .positive()
      .optional()
      .describe("Until what a write replaced can be used again; the store's files do not shrink. Left out: at once."),
  }),
});

export function parseCalibration(text: string, file: string): ParsedText<Calibration> {
  return parseWithSchema(text, file, calibrationSchema);
}

const constant = (value: number): Law => ({ kind: "constant", value });

function operations(bare: OperationCost, withItem: OperationCost): Record<StoreOperation, OperationCost> {
  return {
    getItem: withItem,
    getItemExclusive: withItem,
    setAndReleaseItemExclusive: withItem,
    releaseItemExclusive: bare,
    removeItem: bare,
    resetItemTimeout: bare,
    createUninitializedItem: bare,
  };
}

const inProcCall: OperationCost = { webCpuMs: 0.0002, webCpuMsPerKiB: 0, storeMs: constant(0), storeMsPerKiB: 0 };

export const inProcCalibration: Calibration = {
  name: "built-in InProc",
  evidence:
    "Measured on 2026-11-21 by sessionlab bench on a virtual machine of 2 cores (AMD EPYC, Linux), Node 24.21, other work beside it: " +
    "memory is the regression of the collected heap on 2,200 to 12,200 stored sessions of 1 to 16 KiB (30 points, residual 0.17 MB); " +
    "request cost is the host's processor time at 340 requests/s of empty pages (0.17 to 0.29 ms from 680 down to 170 requests/s); " +
    "the client's share is what then remains of the median response, 0.34 ms. Node's figures, not those of IIS.",
  measured: true,
  requestCpuMs: constant(0.2),
  clientRoundTripMs: constant(0.14),
  networkRoundTripMs: constant(0),
  storeConcurrency: 1,
  operations: operations(inProcCall, inProcCall),
  memory: { fixedBytes: 12_660_000, bytesPerSession: 674, bytesPerStateByte: 1.092 },
};

const stateServerBare: OperationCost = {
  webCpuMs: 0.05,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.1 },
  storeMsPerKiB: 0,
};

const stateServerCalibration: Calibration = {
  name: "built-in StateServer",
  evidence:
    "Assumption, not measured: a state service one local network away (0.3 ms there and back), 0.1 ms a call, the item serialised " +
    "at 0.01 ms a KiB on the web core, 500 bytes a session beside its state. Measure yours and give it as store.calibration.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.3),
  storeConcurrency: 4,
  operations: operations(stateServerBare, { ...stateServerBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.002 }),
  memory: { fixedBytes: 0, bytesPerSession: 500, bytesPerStateByte: 1 },
};

const sqlBare: OperationCost = {
  webCpuMs: 0.1,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.8 },
  storeMsPerKiB: 0,
};

const sqlServerCalibration: Calibration = {
  name: "built-in SQLServer",
  evidence:
    "Assumption, not measured: a database one local network away (0.5 ms there and back), 0.8 ms a stored procedure, 8 at a time, " +
    "the item serialised at 0.01 ms a KiB on the web core, 400 bytes a row beside the state. Measure yours and give it as store.calibration.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.5),
  storeConcurrency: 8,
  operations: operations(sqlBare, { ...sqlBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.02 }),
  memory: { fixedBytes: 0, bytesPerSession: 400, bytesPerStateByte: 1 },
};

const redisBare: OperationCost = {
  webCpuMs: 0.05,
  webCpuMsPerKiB: 0,
  storeMs: { kind: "exponential", mean: 0.1 },
  storeMsPerKiB: 0,
};

const redisCalibration: Calibration = {
  name: "built-in Redis",
  evidence:
    "Assumption, not measured: Redis one local network away (0.3 ms there and back), 0.1 ms a script, one at a time, the item serialised " +
    "at 0.01 ms a KiB on the web core, 600 bytes a session beside its state. Measure yours and give it as store.calibration.",
  measured: false,
  requestCpuMs: inProcCalibration.requestCpuMs,
  clientRoundTripMs: inProcCalibration.clientRoundTripMs,
  networkRoundTripMs: constant(0.3),
  storeConcurrency: 1,
  operations: operations(redisBare, { ...redisBare, webCpuMsPerKiB: 0.01, storeMsPerKiB: 0.002 }),
  memory: { fixedBytes: 0, bytesPerSession: 600, bytesPerStateByte: 1 },
};

/** The built-in calibration of a mode; Off costs no store calls and keeps nothing, so InProc's request cost serves it. Custom: Redis. */
export function builtInCalibration(mode: SessionMode): Calibration {
  if (mode === "StateServer") return stateServerCalibration;
  if (mode === "SQLServer") return sqlServerCalibration;
  if (mode === "Custom") return redisCalibration;
  return inProcCalibration;
}
