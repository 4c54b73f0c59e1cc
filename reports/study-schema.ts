// The shape of what an experiment found, as far as a report relies on it. Keys it does not name are let through.

import * as z from "zod";
import { storeOperations } from "../config/scenario.ts";

const number = z.number();
const count = z.int().min(0);
const interval = z.looseObject({ low: number, high: number, method: z.string() });
const estimate = z.looseObject({ value: number, interval: interval.nullable() });

const saturation = z.looseObject({
  kind: z.literal("saturation"),
  connections: count,
  roundsRequestsPerSecond: z.array(number),
  requestsPerSecond: estimate,
  hostBusyShare: number.nullable(),
  generatorBusyShare: number.nullable(),
});

const slo = z.looseObject({
  kind: z.literal("slo"),
  responseP99MsMax: number,
  failedShareMax: number,
  probes: z.array(
    z.looseObject({
      requestsPerSecond: number,
      visitsPerSecond: number,
      responseP99Ms: number.nullable(),
      failedShare: number,
      storedSessionsMean: number.nullable(),
      memoryBytes: number.nullable(),
      met: z.boolean(),
      valid: z.boolean(),
      responses: count,
    }),
  ),
  bound: z.enum(["bracket", "at least", "none"]),
  requestsPerSecond: estimate.nullable(),
  sessions: estimate.nullable(),
  memoryBytes: estimate.nullable(),
});

const micro = z.looseObject({
  kind: z.literal("micro"),
  calls: z.array(
    z.looseObject({
      operation: z.enum(storeOperations),
      stateBytes: count,
      samples: count,
      callsPerSample: count,
      meanMs: estimate,
      p50Ms: number,
      p99Ms: number.nullable(),
      cpuMs: number.nullable(),
      allocatedBytes: number.nullable(),
      externalBytes: number.nullable(),
      roundsMedianMs: z.array(number),
    }),
  ),
});

const memory = z.looseObject({
  kind: z.literal("memory"),
  measures: z
    .array(
      z.looseObject({
        name: z.string(),
        lines: z.array(
          z.looseObject({
            stateBytes: count,
            points: z.array(z.looseObject({ sessions: count, bytes: number })),
            bytesPerSession: estimate,
            interceptBytes: estimate,
            afterExpiryBytes: number.nullable(),
            reclaimedShare: number.nullable(),
          }),
        ),
      }),
    )
    .min(1),
});

const histogram = z.looseObject({ encoding: z.string(), unit: z.string(), count, data: z.string() });

const locks = z.looseObject({
  kind: z.literal("locks"),
  pollMs: number.nullable(),
  holdMs: number.nullable(),
  steps: z.array(
    z.looseObject({
      concurrency: count,
      rounds: count,
      requests: count,
      completed: count,
      requestsPerSecond: number,
      responses: histogram.nullable(),
      waits: histogram.nullable(),
      polledShare: number,
      polls: count.nullable(),
      timeOuts: count,
      queueRefusals: count,
      failures: z.record(z.string(), count),
      lostUpdates: count.nullable(),
    }),
  ),
});

const engine = z.looseObject({
  kind: z.literal("engine"),
  rounds: count,
  cases: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      events: z.string(),
      eventsPerRun: count,
      hours: number,
      roundsEventsPerSecond: z.array(number),
      eventsPerSecond: estimate,
      wholeEventsPerSecond: estimate,
      timesW2: estimate.nullable(),
      wholeTimesW2: estimate.nullable(),
      roundsWholeTimesW2: z.array(number),
      arrayBytes: count.nullable(),
      arrayBytesPerSession: number.nullable(),
      rssMaxBytes: count,
      gcShare: number.nullable(),
    }),
  ),
});

export const studySchema = z.discriminatedUnion("kind", [saturation, slo, micro, memory, locks, engine]);
