import { describe, expect, test } from "vitest";
import { createItemColumns } from "../../../../bench/providers/sql/item-column.ts";

describe("the column of a session", () => {
  test.each([
    [7_000, 7_000, "Short"],
    [7_001, 7_000, "ShortNullLong"],
    [7_000, 7_001, "LongNullShort"],
    [7_001, 7_001, "Long"],
    [0, 0, "Short"],
  ])("read with %i bytes and written with %i is written by TempUpdateStateItem%s", (before, now, update) => {
    const columns = createItemColumns();
    columns.read("a", 2, before);
    expect(columns.update("a", 2, now)).toBe(update);
  });

  test("is not known under another lock, nor after the lock was given up: the other column is emptied", () => {
    const columns = createItemColumns();
    columns.read("a", 2, 100);
    expect(columns.update("a", 3, 100)).toBe("ShortNullLong");
    columns.forget("a", 2);
    expect(columns.update("a", 2, 8_000)).toBe("LongNullShort");
  });

  test("of locks never given up is forgotten, the oldest first", () => {
    const columns = createItemColumns();
    for (let id = 0; id <= 10_000; id++) columns.read(String(id), 2, 100);
    expect(columns.update("0", 2, 100)).toBe("ShortNullLong");
    expect(columns.update("1", 2, 100)).toBe("Short");
  });
});
