import { expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import { scenarioOf } from "../scenario-of.ts";

function messageOf(text: string): string {
  try {
    scenarioOf(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("the scenario was taken");
}

test("a timeout of 20 ms is refused, with what it would be and the unit of the key", () => {
  const message = messageOf("site: { timeoutMinutes: 0.000333 }");
  expect(message).toContain("site.timeoutMinutes is 0.000333 minutes, which is 20 ms");
  expect(message).toContain("the key counts minutes");
});

test("a key with another unit is answered with the key there is", () => {
  expect(messageOf("site: { timeoutMs: 20 }")).toContain('did you mean "timeoutMinutes"?');
  expect(messageOf("run: { durationSeconds: 20 }")).toContain('did you mean "durationMinutes"?');
});
