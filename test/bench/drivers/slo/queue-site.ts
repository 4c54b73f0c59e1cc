// A site that is a formula: one server with a queue (M/M/1). Its response times are exponential with rate capacity − rate, so that the
// rate at which p99 reaches a limit is known exactly; above its capacity the queue grows from one stretch to the next.

import type { Evidence, Objectives, Stretch } from "../../../../bench/drivers/slo/slo-judgement.ts";
import { log } from "../../../../config/elementary.ts";
import { createStream } from "../../../../workload/random-stream.ts";

export const queueObjectives: Objectives = { responseP99MsMax: 50, failedShareMax: 0.001 };
const STRETCHES = 20;

/** @param capacity requests a second. @returns the rate at which one response in a hundred takes longer than the objective. */
export function rateAtObjective(capacity: number): number {
  return capacity - (1000 * log(100)) / queueObjectives.responseP99MsMax;
}

/** @param measureMs how long the probe lasts. */
export function queueProbe(capacity: number, rate: number, measureMs: number, seed: number): Evidence {
  const stream = createStream(seed, `queue ${rate}`);
  const stretchMs = measureMs / STRETCHES;
  const perStretch = Math.max(1, Math.round((rate * stretchMs) / 1000));
  const backlogPerMs = Math.max(0, rate - capacity) / capacity;
  const stretches: Stretch[] = [];
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const backlogMs = backlogPerMs * (stretch + 0.5) * stretchMs;
    let slow = 0;
    let sumMs = 0;
    for (let n = 0; n < perStretch; n++) {
      const freeing = rate < capacity ? capacity - rate : capacity;
      const responseMs = backlogMs - (1000 * log(stream.next())) / freeing;
      sumMs += responseMs;
      if (responseMs > queueObjectives.responseP99MsMax) slow++;
    }
    stretches.push({ answered: perStretch, slow, meanMs: sumMs / perStretch });
  }
  return { requests: perStretch * STRETCHES, failed: 0, probes: [{ stretches, stretchMs }] };
}
