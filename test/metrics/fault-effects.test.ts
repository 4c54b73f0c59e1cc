// Recovery is read off when requests were due: planted outcomes, known answers.

import { describe, expect, test } from "vitest";
import { faultRecords, type Stroke } from "../../metrics/fault-effects.ts";
import { createOutcomeLog, type OutcomeLog } from "../../metrics/outcome-slots.ts";

const SECOND = 1_000;
const END_MS = 30 * SECOND;
const STROKE_MS = 10 * SECOND + 30;

/** A request every 20 ms for half a minute, due in the middle of its twenty; `become` says what comes of those it knows. */
function live(become: (dueMs: number, log: OutcomeLog) => boolean): OutcomeLog {
  const log = createOutcomeLog();
  for (let dueMs = 10; dueMs < END_MS; dueMs += 20) if (!become(dueMs, log)) log.completed(dueMs, 4);
  return log;
}

function stroke(changes: Partial<Stroke> = {}): Stroke {
  return { kind: "kill-store", atMs: 0, atRealMs: STROKE_MS, downMs: 2_000, sessionsLost: 0, ...changes };
}

function recordOf(log: OutcomeLog, changes: Partial<Stroke> = {}) {
  return faultRecords([stroke(changes)], log.slots, END_MS)[0];
}

const within = (dueMs: number, fromMs: number, toMs: number) => dueMs >= fromMs && dueMs < toMs;

describe("recovery", () => {
  test("of a fault that nobody notices is at once", () => {
    expect(recordOf(live(() => false))).toMatchObject({ recoveryMs: 0, failures: {} });
  });

  test("is where requests no longer fail; those under way at the stroke are counted, those after it by kind", () => {
    const log = live((dueMs, { failed }) => {
      if (dueMs === STROKE_MS - 140 || within(dueMs, STROKE_MS, STROKE_MS + 2_000)) {
        failed(dueMs, Math.max(dueMs, STROKE_MS) + 1, "session store unreachable");
        return true;
      }
      return false;
    });
    log.failed(STROKE_MS - 5_000, STROKE_MS - 4_999, "request timed out");
    const { recoveryMs, failures } = recordOf(log);
    expect(failures).toEqual({ "session store unreachable": 101 });
    expect(recoveryMs).toBeGreaterThanOrEqual(2_000);
    expect(recoveryMs).toBeLessThanOrEqual(2_100);
  });

  test("of a pause is where requests are due that no longer wait, though the answers of those before come later", () => {
    const log = live((dueMs, { completed }) => {
      const waits = within(dueMs, STROKE_MS, STROKE_MS + 2_000);
      if (waits) completed(dueMs, STROKE_MS + 2_000 - dueMs);
      return waits;
    });
    const { recoveryMs, failures } = recordOf(log, { kind: "pause-store" });
    expect(failures).toEqual({});
    // The last of those that waited did so for less than a hiccup.
    expect(recoveryMs).toBeGreaterThanOrEqual(1_900);
    expect(recoveryMs).toBeLessThanOrEqual(2_100);
  });

  test("waits for a whole good second: one failure within it is none", () => {
    const log = live((dueMs, { failed }) => {
      const fails = within(dueMs, STROKE_MS, STROKE_MS + 20) || within(dueMs, STROKE_MS + 800, STROKE_MS + 820);
      if (fails) failed(dueMs, dueMs + 1, "http 500");
      return fails;
    });
    expect(recordOf(log).recoveryMs).toBeGreaterThanOrEqual(770);
    expect(recordOf(log).failures).toEqual({ "http 500": 2 });
  });

  test("forgives one slow tenth of a second in ten, as there may be without a fault, but not while the fault lasts", () => {
    const hiccup = live((dueMs, { completed }) => {
      const slow = within(dueMs, STROKE_MS + 400, STROKE_MS + 420);
      if (slow) completed(dueMs, 300);
      return slow;
    });
    expect(recordOf(hiccup, { downMs: 300 }).recoveryMs).toBe(0);
    expect(recordOf(hiccup, { downMs: 600 }).recoveryMs).toBe(470);
  });

  test("is measured against what was usual: a site that always took half a second has recovered when it does again", () => {
    const log = createOutcomeLog();
    for (let dueMs = 10; dueMs < END_MS; dueMs += 20) {
      log.completed(dueMs, within(dueMs, STROKE_MS, STROKE_MS + 1_000) ? 1_400 : 500);
    }
    const { recoveryMs } = recordOf(log);
    expect(recoveryMs).toBeGreaterThanOrEqual(970);
    expect(recoveryMs).toBeLessThanOrEqual(1_070);
  });

  test("is unknown when the run ends before it, and when too little came before the stroke to compare with", () => {
    const never = live((dueMs, { failed }) => {
      if (dueMs < STROKE_MS) return false;
      failed(dueMs, dueMs, "http 500");
      return true;
    });
    expect(recordOf(never).recoveryMs).toBeNull();
    expect(
      recordOf(
        live(() => false),
        { atRealMs: 300 },
      ).recoveryMs,
    ).toBeNull();
  });

  test("of the fault before is where the comparison of the next one begins", () => {
    const slowUntilMs = STROKE_MS + 4_000;
    const log = live((dueMs, { completed }) => {
      const slow = within(dueMs, STROKE_MS, slowUntilMs) || within(dueMs, 16 * SECOND, 18 * SECOND);
      if (slow) completed(dueMs, 400);
      return slow;
    });
    const [, second] = faultRecords([stroke(), stroke({ atRealMs: 16 * SECOND })], log.slots, END_MS);
    expect(second.recoveryMs).toBe(2_000);
  });
});

describe("the timeline of a fault", () => {
  test("begins two seconds before the stroke and ends three after the recovery, a request in the step in which it was due", () => {
    const log = live((dueMs, { failed }) => {
      const fails = within(dueMs, STROKE_MS, STROKE_MS + 1_000);
      if (fails) failed(dueMs, dueMs + 5_000, "session store timed out");
      return fails;
    });
    const { timeline, recoveryMs } = recordOf(log, { downMs: 1_000 });
    expect(timeline).toMatchObject({ fromMs: -2_030, stepMs: 100 });
    expect(timeline?.completed.length).toBe(20 + Math.round(((recoveryMs ?? 0) + 30) / 100) + 30);
    expect(timeline?.failed.slice(18, 33)).toEqual([0, 0, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 0, 0]);
    expect(timeline?.slowestMs.slice(19, 23)).toEqual([4, 4, null, null]);
  });

  test("of a long outage has longer steps, and loses no request", () => {
    const log = createOutcomeLog();
    for (let dueMs = 0; dueMs < 200 * SECOND; dueMs += 100) {
      if (dueMs < STROKE_MS) log.completed(dueMs, 4);
      else log.failed(dueMs, dueMs, "http 500");
    }
    const [{ timeline }] = faultRecords([stroke()], log.slots, 200 * SECOND);
    expect(timeline?.stepMs).toBe(400);
    expect(timeline?.failed.length).toBeLessThanOrEqual(600);
    expect(timeline?.failed.reduce((sum, count) => sum + count)).toBe(1_899);
  });
});
