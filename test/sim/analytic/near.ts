// Agreement of two figures that ought to be the same number.

import { expect } from "vitest";

/** @param within relative to the expected figure, or absolute where that is below 1e-300. */
export function near(actual: number, expected: number, within: number): void {
  const apart = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300);
  expect(actual === expected || apart <= within, `${actual} beside ${expected}`).toBe(true);
}
