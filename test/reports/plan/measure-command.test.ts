// How a plan says that its recommendation can be measured.

import { expect, test } from "vitest";
import type { Choice } from "../../../metrics/plan/plan.ts";
import { measureCommand } from "../../../reports/plan/plan-words.ts";
import { hopeless, plan, recommendation } from "./fixture-plan.ts";

const choosing = (choice: Choice) => ({ ...plan, recommendation: { ...recommendation, choice } });

test("one worker is benched with every key that was chosen", () => {
  const chosen = choosing({ "site.servers": 1, "site.workersPerServer": 1, "site.sessionsMax": 700 });
  expect(measureCommand(chosen)).toBe(
    "sessionlab bench ticket-sale.yaml --set site.servers=1 --set site.workersPerServer=1 --set site.sessionsMax=700",
  );
});

test("several workers, which a bench does not drive, and no recommendation have no such command", () => {
  expect(measureCommand(choosing({ "site.servers": 2, "site.workersPerServer": 1 }))).toBeNull();
  expect(measureCommand(hopeless)).toBeNull();
});
