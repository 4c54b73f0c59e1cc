import { expect, test } from "vitest";
import { burn } from "../../../bench/host/burn.ts";

test("a page's milliseconds are milliseconds of a core, whoever else wants it", () => {
  burn(20);
  const before = process.cpuUsage();
  const startedAtMs = performance.now();
  burn(200);
  const { user, system } = process.cpuUsage(before);
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(200);
  // The CPU clocks tick every few milliseconds.
  expect((user + system) / 1000).toBeGreaterThan(180);
});
