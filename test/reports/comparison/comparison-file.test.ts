import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import type { Comparison } from "../../../metrics/compare/comparison.ts";
import { isComparison, parseComparison, stringifyComparison } from "../../../reports/comparison/comparison-file.ts";
import {
  cannotTellComparison,
  forcedComparison,
  hostileComparison,
  makeComparison,
  noWorseComparison,
} from "./fixture-comparison.ts";

const all = [makeComparison(), noWorseComparison, cannotTellComparison, forcedComparison, hostileComparison];

function complaintOf(text: string): string {
  try {
    parseComparison(text, "c.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

describe("a comparison's file", () => {
  test("read back is the comparison, whatever it holds", () => {
    for (const comparison of all) {
      const text = stringifyComparison(comparison);
      expect(stringifyComparison(parseComparison(text, "c.json"))).toBe(text);
    }
    expect(parseComparison(stringifyComparison(makeComparison()), "c.json")).toEqual(makeComparison());
  });

  test("has one text, whatever order its keys were made in, and begins with the verdict", () => {
    const comparison = makeComparison();
    const turned = Object.fromEntries(Object.entries(comparison).reverse()) as unknown as Comparison;
    expect(stringifyComparison(turned)).toBe(stringifyComparison(comparison));
    expect(stringifyComparison(comparison)).toMatch(
      /^{\n {2}"schema": "sessionlab.comparison\/1",\n {2}"verdict": "regressed",/,
    );
  });

  test("that was cut off, or is no JSON, is refused", () => {
    expect(complaintOf(stringifyComparison(makeComparison()).slice(0, 500))).toContain("c.json: the file is not JSON");
    expect(complaintOf("")).toContain("the file is empty");
  });

  test("of another schema is refused with what it is", () => {
    expect(complaintOf('{"schema":"sessionlab.comparison/2"}')).toContain(
      'schema is "sessionlab.comparison/2"; expected "sessionlab.comparison/1"; use the version of sessionlab that wrote it',
    );
    expect(complaintOf("[]")).toContain("schema is missing");
    expect(isComparison({ schema: "sessionlab.run-result/1" })).toBe(false);
  });

  test("is checked in every part that a report relies on", () => {
    const broken = JSON.parse(stringifyComparison(makeComparison())) as Record<string, never>;
    const said = complaintOf(JSON.stringify({ ...broken, verdict: "fine", metrics: [{}], base: null }));
    expect(said).toContain('verdict is "fine"');
    expect(said).toContain("base is null; expected object");
    expect(said).toContain("metrics.0.key is missing; expected string");
    for (const key of Object.keys(broken)) {
      const { [key]: _, ...rest } = broken;
      expect(complaintOf(JSON.stringify(rest)), key).not.toBe("");
    }
  });
});
