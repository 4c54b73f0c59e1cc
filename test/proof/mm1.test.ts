import { expect, test } from "vitest";
import { runMm1 } from "../../proof/mm1.ts";

test("M/M/1 on the public engine waits as long as its closed form says, and obeys Little's law", () => {
  const utilisation = 0.5;
  let responses = 0;
  const { events, waitMeanMs, waitingMean, endedAtMs } = runMm1({
    utilisation,
    customers: 400_000,
    seed: 3,
    onServed: (_nowMs, _waitMs, responseMs) => {
      responses += responseMs;
    },
  });
  expect(events).toBeGreaterThanOrEqual(800_000);
  // ρ / (1 − ρ) and 1 / (1 − ρ) services.
  expect(waitMeanMs).toBeGreaterThan(0.97);
  expect(waitMeanMs).toBeLessThan(1.03);
  expect(responses / 400_000).toBeCloseTo(waitMeanMs + 1, 1);
  expect(waitingMean).toBeCloseTo((waitMeanMs * 400_000) / endedAtMs, 2);
});
