import { expect, test } from "vitest";
import { updateOf } from "../../../../bench/providers/sql/item-column.ts";

test.each([
  [7_000, 7_000, "Short"],
  [7_001, 7_000, "ShortNullLong"],
  [7_000, 7_001, "LongNullShort"],
  [7_001, 7_001, "Long"],
  [0, 0, "Short"],
  [undefined, 7_000, "ShortNullLong"],
  [undefined, 7_001, "LongNullShort"],
])("a session read with %s bytes and written with %i is written by TempUpdateStateItem%s", (before, now, update) => {
  expect(updateOf(before, now)).toBe(update);
});
