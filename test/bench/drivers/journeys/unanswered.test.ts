import { expect, test } from "vitest";
import { UNANSWERED } from "../../../../bench/drivers/journeys/journey-record.ts";
import { withUnanswered } from "../../../../bench/drivers/journeys/unanswered.ts";
import { createOutcomeLog } from "../../../../metrics/outcome-slots.ts";
import { zeroCounters } from "../../../../metrics/run-record.ts";
import { smallScenario } from "../../small-scenario.ts";

/** Scenario time runs ten times faster: measured are the real seconds 1 to 5. */
const { run } = smallScenario({ run: { timeScale: 10, warmupMs: 10_000, durationMs: 50_000 } });
const UNTIL_MS = 50_000;
const measured = { ...zeroCounters(), requests: 100, failed: 1, failures: { "http 404": 1 } };

test("requests of the measured part that were never answered are failures of that part, those of the warm-up and the drain are not", () => {
  const { slots, failed } = createOutcomeLog();
  for (const dueMs of [950, 1_050, 3_000, 4_950, 5_250]) failed(dueMs, 11_000, UNANSWERED);
  failed(2_000, 2_100, "http 404");
  expect(withUnanswered(measured, slots, run, UNTIL_MS)).toEqual({
    ...measured,
    failed: 4,
    failures: { "http 404": 1, [UNANSWERED]: 3 },
  });
});

test("where all were answered, the counts are as they were", () => {
  expect(withUnanswered(measured, createOutcomeLog().slots, run, UNTIL_MS)).toBe(measured);
});
