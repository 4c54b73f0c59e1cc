import { describe, expect, test } from "vitest";
import { entryOf } from "../../../metrics/history/entry-of.ts";
import { entryFileName, parseEntry, stringifyEntry } from "../../../reports/history/entry-file.ts";
import { makeResult } from "../fixture-result.ts";

const entry = entryOf(makeResult({ kind: "measured", samples: 500 }));
const content = stringifyEntry(entry);

describe("an entry's file", () => {
  test("is read back as it was written", () => {
    const read = parseEntry(content, "a.json");
    expect(read.problems).toEqual([]);
    expect(read.entry).toEqual(entry);
    expect(stringifyEntry(read.entry!)).toBe(content);
  });

  test("is named so that a listing sorts by time and tells scenario and commit", () => {
    const name = /^2024-05-06T12-00-00-000Z_lunch-hour-at-a-bookshop_01234567_[0-9a-f]{12}\.json$/;
    expect(entryFileName(entry, content)).toMatch(name);
    const odd = { ...entry, scenario: "../../etc/passwd \u0000", commit: null };
    expect(entryFileName(odd, content)).toMatch(/^2024-05-06T12-00-00-000Z_etc-passwd_no-commit_[0-9a-f]{12}\.json$/);
  });

  test("brings no commands for a terminal into a name", () => {
    const hostile = { ...entry, scenario: "\u001b[2Jshop", label: "a\nb" };
    expect(parseEntry(stringifyEntry(hostile), "a.json").entry).toMatchObject({
      scenario: "\uFFFD[2Jshop",
      label: "a\uFFFDb",
    });
  });

  test("has another name when it says something else", () => {
    const other = { ...entry, metrics: entry.metrics.slice(1) };
    expect(entryFileName(other, stringifyEntry(other))).not.toBe(entryFileName(entry, content));
  });

  test.each([
    ["", "empty"],
    ["{", "not JSON"],
    ["null", "schema is missing"],
    ['{"schema": "sessionlab.run-result/1"}', '"sessionlab.run-result/1"'],
    [content.replace('"2024-05-06T12:00:00.000Z"', '"yesterday"'), 'at is "yesterday"'],
    [content.replace('"2024-05-06T12:00:00.000Z"', '"2024-05-06T14:00:00+02:00"'), "a moment in UTC"],
    [content.replace(/"value":[\d.]+/, '"value":"12"'), 'metrics.0.value is "12"'],
    [content.replace('"driver"', '"drive"'), "driver"],
  ])("that is broken is told with what is wrong: %#", (text, told) => {
    const { entry: none, problems } = parseEntry(text, "history/b.json");
    expect(none).toBeNull();
    const said = problems.map(({ file, at, given, expected }) => `${file} ${at} is ${given || "missing"}, ${expected}`);
    expect(said.join("\n")).toContain("history/b.json");
    expect(said.join("\n")).toContain(told);
  });
});
