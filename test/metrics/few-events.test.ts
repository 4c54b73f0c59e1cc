import { expect, test } from "vitest";
import { meanInterval } from "../../metrics/confidence.ts";
import { expectedEvents, withFewEvents } from "../../metrics/few-events.ts";
import { negativeLog } from "../../workload/exponential.ts";
import { createStream } from "../../workload/random-stream.ts";
import { coverageOf } from "./synthetic.ts";

const TRIES = 1000;
const partsOf = (counts: readonly number[]) => counts.map((part) => ({ part, whole: TRIES }));

test("of an event never seen there may be three, by the rule of three, and of none unseen all but three", () => {
  const none = withFewEvents(null, partsOf([0, 0, 0]), 0.95);
  expect(none?.low).toBe(0);
  expect(none?.high).toBeCloseTo(-Math.log(0.05) / 3000, 12);
  expect(none?.method).toContain("none of 3000");
  const all = withFewEvents(null, partsOf([TRIES, TRIES, TRIES]), 0.95);
  expect(all?.low).toBeCloseTo(1 + Math.log(0.05) / 3000, 12);
  expect(all?.high).toBe(1);
});

test("few events expect as many as Garwood's table says", () => {
  expect(expectedEvents(1, 0.025).low).toBeCloseTo(0.0253, 4);
  expect(expectedEvents(1, 0.025).high).toBeCloseTo(5.572, 3);
  expect(expectedEvents(4, 0.025).low).toBeCloseTo(1.09, 2);
  expect(expectedEvents(4, 0.025).high).toBeCloseTo(10.24, 2);
});

test("many events, and none of nothing, are left as they are", () => {
  const interval = { low: 0.1, high: 0.2, method: "as it was" };
  expect(withFewEvents(interval, partsOf([100, 200]), 0.95)).toBe(interval);
  expect(withFewEvents(null, [{ part: 0, whole: 0 }], 0.95)).toBeNull();
  expect(withFewEvents(null, partsOf([1, 1]), 0.95)).toBeNull();
  expect(withFewEvents(interval, partsOf([-1, 0]), 0.95)).toBe(interval);
});

/** Of five replications whose events come singly: how many each had. */
function counted(expected: number, stream: ReturnType<typeof createStream>): number[] {
  return Array.from({ length: 5 }, () => {
    let events = 0;
    for (let at = negativeLog(stream.nextBits()); at < expected / 5; at += negativeLog(stream.nextBits())) events++;
    return events;
  });
}

function heldOf(expected: number): number {
  const stream = createStream(expected, "events");
  const { held, without } = coverageOf(4000, expected / (5 * TRIES), () => {
    const counts = counted(expected, stream);
    const shares = counts.map((count) => count / TRIES);
    return withFewEvents(meanInterval(shares, 0.95, "95 %"), partsOf(counts), 0.95);
  });
  expect(without).toBe(0);
  return held;
}

test.each([{ expected: 10 }, { expected: 40 }])(
  "95 % intervals hold a share of which $expected events are expected in 93 to 97 % of 4,000 trials",
  ({ expected }) => {
    const held = heldOf(expected);
    expect(held).toBeGreaterThanOrEqual(0.93);
    expect(held).toBeLessThanOrEqual(0.97);
  },
);

test.each([{ expected: 1 }, { expected: 2 }, { expected: 3 }, { expected: 5 }])(
  "and where $expected are expected, in no fewer than 93 %",
  ({ expected }) => {
    expect(heldOf(expected)).toBeGreaterThanOrEqual(0.93);
  },
);
