// What a fault did to the visitors, read off the outcomes of requests by when they were due: which failed, and when the site was as
// good as before. A request that was merely late counts as slow at the moment it was due, not when its answer came.

import { assert } from "../config/assert.ts";
import type { Fault } from "../config/scenario.ts";
import { type OutcomeSlots, SLOT_MS } from "./outcome-slots.ts";
import type { FaultRecord, FaultTimeline } from "./run-result.ts";

/** A fault that struck, as whoever struck it knows it. */
export interface Stroke {
  readonly kind: Fault["kind"];
  /** Scenario time. */
  readonly atMs: number;
  /** The same moment in real time from scenario time 0. */
  readonly atRealMs: number;
  readonly downMs: number;
  readonly sessionsLost: number | null;
}

/** "Before" is so long before the stroke, but not before the recovery from the fault ahead of it. */
const BEFORE_SLOTS = 100;
/** So many slots with requests in them are the least to tell what is usual. */
const USUAL_SLOTS_MIN = 5;
/** Recovered is who does as well as before for one second. */
const WINDOW_SLOTS = 10;
/** Before the stroke and after the fault is over, one slot in ten may be slow for reasons of its own. */
const SLOW_SHARE = 0.1;
/** Response times are back when below twice the usual, or less than this above it: so much is the machine's hiccups. */
const HICCUP_MS = 50;
const TIMELINE_BEFORE_SLOTS = 20;
const TIMELINE_AFTER_SLOTS = 30;
const TIMELINE_STEPS_MAX = 600;

/**
 * The site has recovered at the first slot from the stroke on with requests completed in it, such that of all requests due within a
 * second from there none failed, and response times are back: what is compared is the slowest response of each slot, and nine slots
 * in ten stay below the limit, which is twice what nine slots in ten stayed below in the ten seconds before the stroke. While the
 * fault lasts, every slot has to.
 * @param strokes in order of time.
 * @param untilRealMs when the load ended, real time from scenario time 0; negative when it ended before that.
 */
export function faultRecords(
  strokes: readonly Stroke[],
  outcomes: OutcomeSlots,
  untilRealMs: number,
): readonly FaultRecord[] {
  const columns = columnsOf(outcomes, Math.max(0, Math.floor(untilRealMs / SLOT_MS)));
  let recoveredSlot = 0;
  return strokes.map((stroke) => {
    const strokeSlot = slotOf(stroke);
    const limitMs = limitOf(columns, Math.min(recoveredSlot, strokeSlot), strokeSlot);
    const recovered = limitMs === null ? null : recoveryOf(columns, stroke, limitMs);
    recoveredSlot = recovered ?? recoveredSlot;
    const recoveryMs = recovered === null ? null : Math.max(0, recovered * SLOT_MS - stroke.atRealMs);
    const { kind, atMs, downMs, sessionsLost } = stroke;
    return {
      kind,
      atMs,
      downMs,
      recoveryMs,
      sessionsLost,
      failures: failuresOf(outcomes, strokeSlot, recovered ?? Number.POSITIVE_INFINITY),
      timeline: timelineOf(columns, stroke, recoveryMs),
    };
  });
}

interface Columns {
  readonly completed: readonly number[];
  readonly failed: readonly number[];
  readonly slowestMs: readonly number[];
}

/** All of the same length: the slots that were lived through to the end. */
function columnsOf({ completed, slowestMs, failed }: OutcomeSlots, length: number): Columns {
  const columns = {
    completed: Array.from({ length }, (_, slot) => completed[slot] ?? 0),
    failed: new Array<number>(length).fill(0),
    slowestMs: Array.from({ length }, (_, slot) => slowestMs[slot] ?? 0),
  };
  for (const { dueSlot, count } of failed) if (dueSlot < length) columns.failed[dueSlot] += count;
  return columns;
}

/** Up to what a response is as fast as before; null where too little came before to say. */
function limitOf({ completed, slowestMs }: Columns, fromSlot: number, strokeSlot: number): number | null {
  const slowest: number[] = [];
  for (let slot = Math.max(fromSlot, strokeSlot - BEFORE_SLOTS); slot < strokeSlot; slot++) {
    if (completed[slot] > 0) slowest.push(slowestMs[slot]);
  }
  if (slowest.length < USUAL_SLOTS_MIN) return null;
  slowest.sort((a, b) => a - b);
  const usualMs = slowest[Math.ceil(slowest.length * (1 - SLOW_SHARE)) - 1];
  return Math.max(2 * usualMs, usualMs + HICCUP_MS);
}

function recoveryOf({ completed, failed, slowestMs }: Columns, stroke: Stroke, limitMs: number): number | null {
  const overSlot = Math.floor((stroke.atRealMs + stroke.downMs) / SLOT_MS);
  const isGood = (from: number) => {
    if (completed[from] === 0 || slowestMs[from] > limitMs) return false;
    let used = 0;
    let slow = 0;
    for (let slot = from; slot < from + WINDOW_SLOTS; slot++) {
      const isSlow = slowestMs[slot] > limitMs;
      if (failed[slot] > 0 || (isSlow && slot < overSlot)) return false;
      if (completed[slot] > 0) used++;
      if (isSlow) slow++;
    }
    return slow <= used * SLOW_SHARE;
  };
  for (let slot = slotOf(stroke); slot + WINDOW_SLOTS <= completed.length; slot++) if (isGood(slot)) return slot;
  return null;
}

function slotOf({ atRealMs }: Stroke): number {
  return Math.max(0, Math.floor(atRealMs / SLOT_MS));
}

/** Those under way when it struck included. */
function failuresOf({ failed }: OutcomeSlots, strokeSlot: number, recoveredSlot: number): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const { dueSlot, endedSlot, failure, count } of failed) {
    if (endedSlot >= strokeSlot && dueSlot < recoveredSlot) failures[failure] = (failures[failure] ?? 0) + count;
  }
  return failures;
}

function timelineOf(columns: Columns, stroke: Stroke, recoveryMs: number | null): FaultTimeline {
  const { completed, failed, slowestMs } = columns;
  const { atRealMs, downMs } = stroke;
  const overAtMs = atRealMs + Math.max(downMs, recoveryMs ?? Number.POSITIVE_INFINITY);
  const from = Math.max(0, slotOf(stroke) - TIMELINE_BEFORE_SLOTS);
  const to = Math.max(from, Math.min(completed.length, Math.ceil(overAtMs / SLOT_MS) + TIMELINE_AFTER_SLOTS));
  let slotsAStep = 1;
  // Powers of two, so that timelines of several replications can be laid over each other.
  while ((to - from) / slotsAStep > TIMELINE_STEPS_MAX) slotsAStep *= 2;
  const steps = Array.from({ length: Math.ceil((to - from) / slotsAStep) }, (_, step) => {
    const first = from + step * slotsAStep;
    return [first, Math.min(to, first + slotsAStep)] as const;
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const timeline: FaultTimeline = {
    fromMs: from * SLOT_MS - atRealMs,
    stepMs: slotsAStep * SLOT_MS,
    completed: steps.map((step) => sum(completed.slice(...step))),
    failed: steps.map((step) => sum(failed.slice(...step))),
    slowestMs: steps.map((step) =>
      sum(completed.slice(...step)) === 0 ? null : Math.max(...slowestMs.slice(...step)),
    ),
  };
  assert(timeline.completed.length <= TIMELINE_STEPS_MAX, "a timeline is bounded");
  return timeline;
}
