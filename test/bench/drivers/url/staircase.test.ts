import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  estimatePollMs,
  mayBeHiccup,
  readStaircase,
  type StairStep,
  waitMsOf,
} from "../../../../bench/drivers/url/staircase.ts";

const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

/** Response times of ten rounds at each step; `wait` of the place in the round. */
function climb(aloneMs: number, wait: (place: number) => number, ownFactor = (_n: number) => 1): StairStep[] {
  return [1, 2, 4, 8].map((concurrency) => ({
    concurrency,
    oneSession: times(10, (round) =>
      times(
        concurrency,
        (place) => aloneMs * ownFactor(concurrency) + wait(place) + ((round * concurrency + place) % 7),
      ),
    ),
    ownSessions: times(10, (round) =>
      times(concurrency, (place) => aloneMs * ownFactor(concurrency) + ((round * concurrency + place) % 5)),
    ),
  }));
}

describe("a staircase", () => {
  test("of a lock that is looked at each 500 ms shows that interval", () => {
    const found = readStaircase(climb(60, (place) => 500 * place));
    expect(found.kind).toBe("polling");
    expect(found.pollMs).toBeGreaterThan(490);
    expect(found.pollMs).toBeLessThan(512);
    expect(found.aloneMs).toBeCloseTo(62, 0);
  });

  test("of a queue goes up by the time of a request, and is no polling", () => {
    expect(readStaircase(climb(100, (place) => 100 * place))).toMatchObject({ kind: "queue", pollMs: null });
  });

  test("is none where requests of one session run beside each other", () => {
    const found = readStaircase(climb(60, () => 0));
    expect(found.kind).toBe("none");
    expect(found.slowdown).toBeCloseTo(1, 1);
  });

  test("is none where all requests wait for the processor, whosesoever they are", () => {
    expect(
      readStaircase(
        climb(
          60,
          () => 0,
          (n) => n,
        ),
      ).kind,
    ).toBe("none");
  });

  test("is none where the machine stood still for some rounds of one session", () => {
    const steps = climb(5, () => 0).map((step) => ({
      ...step,
      oneSession: step.oneSession.map((round, index) => (index % 5 === 0 ? round.map((ms) => ms + 60) : round)),
    }));
    expect(readStaircase(steps).kind).toBe("none");
  });

  test("is worth a second look where all rounds of one session were slow and soon over, and not where a lock took its time", () => {
    const stoodStill = climb(1, (place) => (place === 0 ? 60 : 0)).at(-1);
    const queue = climb(100, (place) => 100 * place).at(-1);
    const quick = climb(60, () => 0).at(-1);
    if (stoodStill === undefined || queue === undefined || quick === undefined) throw new Error("each has steps");
    expect(readStaircase([stoodStill]).kind).not.toBe("none");
    expect(mayBeHiccup(stoodStill)).toBe(true);
    expect(mayBeHiccup(queue)).toBe(false);
    expect(mayBeHiccup(quick)).toBe(false);
    expect(mayBeHiccup({ ...stoodStill, ownSessions: [] })).toBe(false);
  });

  test("shows a lock although most requests of a round find it free", () => {
    const found = readStaircase(climb(2, (place) => (place >= 5 ? 500 * (place - 4) : 0)));
    expect(found).toMatchObject({ kind: "polling" });
    expect(found.pollMs).toBeCloseTo(500, -2);
  });

  test("is unclear where nothing was answered, or one request alone", () => {
    expect(readStaircase([]).kind).toBe("unclear");
    expect(readStaircase(climb(60, () => 0).slice(0, 1)).kind).toBe("unclear");
  });
});

describe("the poll interval", () => {
  test("is found from waits that are multiples of it, a little late each, and not half of it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 2_000 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 10,
          maxLength: 60,
        }),
        (intervalMs, waits) => {
          fc.pre(waits.some(([multiple]) => multiple === 1));
          const found = estimatePollMs(waits.map(([multiple, late]) => intervalMs * (multiple + late / 2_000)));
          expect(found).toBeGreaterThan(intervalMs * 0.95);
          expect(found).toBeLessThan(intervalMs * 1.07);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("is not led astray by hiccups beside long waits", () => {
    const found = estimatePollMs([505, 498, 512, 1_004, 25, 31, 62, 44, 90, 501, 1_010, 28]);
    expect(found).toBeCloseTo(502, -2);
  });

  test("is none where waits lie anywhere, or are too few", () => {
    expect(estimatePollMs(times(200, (i) => 40 + ((i * 7919) % 3_000)))).toBeNull();
    expect(estimatePollMs([500, 500, 1_000])).toBeNull();
  });
});

test("a wait is what a request took beyond those with a session each, and 0 within the machine's noise", () => {
  expect(waitMsOf(560, [[50, 60], [70]])).toBe(500);
  expect(waitMsOf(85, [[50, 60], [70]])).toBe(0);
  expect(waitMsOf(560, [])).toBe(0);
});
