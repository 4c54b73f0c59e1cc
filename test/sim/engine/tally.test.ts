import { expect, test } from "vitest";
import { createStation } from "../../../sim/engine/station.ts";
import { createTally } from "../../../sim/engine/tally.ts";

test("the mean of a level weighs each value by how long it stood", () => {
  const tally = createTally();
  tally.add(10, 4); // 0 for 10 ms, then 4 for 20 ms, then 1 for 10 ms
  tally.add(30, -3);
  expect(tally.mean(40)).toBe((4 * 20 + 1 * 10) / 40);
  expect(tally.max).toBe(4);
});

test("after a restart the past counts no more, the level stands", () => {
  const tally = createTally();
  tally.add(0, 10);
  tally.add(5, -8);
  tally.restart(10);
  expect(tally.max).toBe(2);
  tally.add(15, 2);
  expect(tally.mean(20)).toBe(3);
  expect(tally.area(20)).toBe(10 * 5 + 2 * 10 + 4 * 5);
});

test("a station serves as many as it has servers, the others in the order they came", () => {
  const next = new Int32Array(8);
  const station = createStation(2, () => next);
  expect([0, 1, 2, 3].map((id) => station.enter(0, id))).toEqual([true, true, false, false]);
  expect([station.leave(1), station.leave(2), station.leave(3), station.leave(4)]).toEqual([2, 3, -1, -1]);
  expect(station.busy.level).toBe(0);
  expect(() => station.leave(5)).toThrow("only a busy server");
});
