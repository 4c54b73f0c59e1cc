// The shape of a result file, as far as a report relies on it: enough that no broken file gets past the door and fails later as if
// the fault were ours. Keys it does not name are let through.

import * as z from "zod";
import { storeOperations } from "../config/scenario.ts";
import { sessionModes } from "../config/session-settings.ts";
import { driverNames, RUN_RESULT_SCHEMA } from "../metrics/run-result.ts";
import { studySchema } from "./study-schema.ts";

const number = z.number();
const count = z.int().min(0);
/** Of counts. */
const mean = z.number().min(0);

const counters = z.looseObject({
  visits: count,
  arrivals: count,
  started: count,
  refused: count,
  stored: count,
  expired: count,
  abandoned: count,
  lost: count,
  revived: count,
  requests: count,
  completed: count,
  failed: count,
  failures: z.record(z.string(), count),
  storeCalls: z.record(z.enum(storeOperations), count),
  lockWaits: count,
  lockPolls: count,
  lockBreaks: count,
  lostUpdates: count,
  recycles: count,
});

const interval = z.looseObject({ low: number, high: number, method: z.string() });

const figure = z.looseObject({
  key: z.string(),
  label: z.string(),
  unit: z.string(),
  value: number.nullable(),
  interval: interval.optional(),
  closedForm: z.looseObject({ value: number, name: z.string(), sum: z.string() }).optional(),
});

const histogram = z.looseObject({
  encoding: z.literal("hdr-v2-deflate-base64"),
  unit: z.literal("us"),
  count,
  data: z.string(),
});

const scenario = z.looseObject({
  name: z.string(),
  description: z.string(),
  site: z.looseObject({
    technology: z.enum(["aspnet", "asp"]),
    mode: z.enum(sessionModes),
    sessionsMax: number,
    servers: count,
  }),
  workload: z.looseObject({}),
  calibration: z.looseObject({ name: z.string(), evidence: z.string(), measured: z.boolean() }),
  run: z.looseObject({ durationMs: number, warmupMs: number, replications: count }),
  faults: z.array(z.unknown()),
  targets: z.array(z.looseObject({ figure: z.string(), atMost: number.optional(), atLeast: number.optional() })),
});

const setting = z.looseObject({ value: z.unknown(), written: z.string().optional(), origin: z.string() });
const settings = z.looseObject({
  sessionState: z.record(z.string(), setting),
  aspSession: z.record(z.string(), setting),
  load: z.record(z.string(), setting),
});

const faultTimeline = z
  .looseObject({
    fromMs: number,
    stepMs: number.positive(),
    completed: z.array(mean),
    failed: z.array(mean),
    slowestMs: z.array(number.nullable()),
  })
  .refine(
    ({ completed, failed, slowestMs }) => completed.length === failed.length && failed.length === slowestMs.length,
    "columns of equal length",
  );

export const runResultSchema = z.looseObject({
  schema: z.literal(RUN_RESULT_SCHEMA),
  kind: z.enum(["simulated", "measured"]),
  driver: z.enum(driverNames),
  label: z.string(),
  store: z.string().nullable(),
  scenario,
  settings: settings.nullable(),
  seed: number,
  command: z.string(),
  complete: z.boolean(),
  endedAtMs: number,
  replications: count.optional(),
  precision: z.array(z.looseObject({ figure: z.string(), asked: number, reached: number.nullable() })).optional(),
  turn: z.looseObject({ block: count, place: count }).optional(),
  paired: z
    .looseObject({
      against: z.string(),
      replications: count,
      differences: z.array(
        z.looseObject({
          figure: z.string(),
          label: z.string(),
          unit: z.string(),
          first: number,
          second: number,
          difference: z.looseObject({ value: number, interval: interval.nullable() }),
          differs: z.boolean().nullable(),
          correlation: number.nullable(),
          varianceRatio: number.nullable(),
        }),
      ),
    })
    .optional(),
  counters,
  measured: counters,
  series: z.looseObject({ atMs: z.array(number), columns: z.record(z.string(), z.array(number.nullable())) }),
  histograms: z.record(z.string(), histogram),
  responseIntervals: z.array(z.looseObject({ fromMs: number, toMs: number, histogram })),
  faults: z.array(
    z.looseObject({
      kind: z.string(),
      atMs: number,
      downMs: number,
      recoveryMs: number.nullable(),
      sessionsLost: mean.nullable(),
      failures: z.record(z.string(), mean),
      timeline: faultTimeline.optional(),
    }),
  ),
  study: studySchema.nullable(),
  figures: z.array(figure),
  targets: z.array(
    z.looseObject({ figure: z.string(), limit: z.string(), value: number.nullable(), met: z.boolean().nullable() }),
  ),
  audit: z.looseObject({
    verdict: z.enum(["valid", "doubtful", "invalid"]),
    findings: z.array(z.string()),
    percentileMax: number,
    generator: z
      .looseObject({
        busyShare: number.nullable(),
        loopDelayP99Ms: number.nullable(),
        startLagP50Ms: number.nullable(),
        startLagP99Ms: number.nullable(),
        startLagMaxMs: number.nullable(),
        droppedStarts: count,
        clockStepMs: number,
        otherLoadShare: number.nullable(),
        stealShare: number.nullable(),
        swappedPages: count.nullable(),
        siteProcessors: count.nullable().default(null),
      })
      .nullable(),
  }),
  environment: z.looseObject({
    startedAt: z.string().refine((text) => !Number.isNaN(Date.parse(text)), "a date and time as in ISO 8601"),
    wallSeconds: number,
    sessionlab: z.string(),
    commit: z.string().nullable(),
    node: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: number,
    memoryBytes: number,
  }),
});
