import { describe, expect, test } from "vitest";
import { discoveriesByChance, discoveriesByEvidence } from "../../../metrics/compare/discovery.ts";

describe("claims made at once", () => {
  test("one claim of twelve takes twelve times the evidence of a single one", () => {
    const others = Array(11).fill(1);
    expect(discoveriesByEvidence([1200, ...others], 0.01)[0]).toBe(true);
    expect(discoveriesByEvidence([1199, ...others], 0.01)[0]).toBe(false);
    expect(discoveriesByEvidence([100], 0.01)).toEqual([true]);
  });

  test("twelve claims together need no more each than a single one", () => {
    expect(discoveriesByEvidence(Array(12).fill(100), 0.01)).toEqual(Array(12).fill(true));
    expect(discoveriesByEvidence([...Array(11).fill(100), 99], 0.01)).toEqual(Array(12).fill(false));
  });

  test("what has nothing to judge makes no claim and costs the others nothing", () => {
    expect(discoveriesByEvidence([null, 100, null], 0.01)).toEqual([false, true, false]);
    expect(discoveriesByEvidence([], 0.01)).toEqual([]);
  });

  // The worked example of Benjamini and Hochberg (1995), section 4.1: fifteen tests, four rejected at 0.05.
  test("Benjamini and Hochberg's own example rejects four of fifteen", () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    expect(discoveriesByChance(p, 0.05).filter(Boolean)).toHaveLength(4);
    expect(discoveriesByChance(p.toReversed(), 0.05).slice(0, 11)).toEqual(Array(11).fill(false));
  });
});
