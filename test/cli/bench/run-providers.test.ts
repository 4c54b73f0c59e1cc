import { describe, expect, test } from "vitest";
import { contenderOf, type Entry } from "../../../cli/bench/run-providers.ts";
import type { Audit, RunResult } from "../../../metrics/run-result.ts";
import { smallScenario } from "../../bench/small-scenario.ts";
import { makeResult } from "../../reports/fixture-result.ts";

function round(seed: number, verdict: Audit["verdict"] = "valid", finding?: string): RunResult {
  const result = makeResult({ kind: "measured", seed, samples: 1_000, seriesPoints: 20 });
  return { ...result, audit: { ...result.audit, verdict, findings: finding === undefined ? [] : [finding] } };
}

function contender(...rounds: RunResult[]) {
  const entry: Entry = { name: "a store", scenario: smallScenario(), rounds, failure: null };
  return contenderOf(entry, 3);
}

describe("the rounds of a store that count", () => {
  test("are the valid ones, where there are two of them; what is left out is said, and puts the rest in doubt", () => {
    const late = round(2, "invalid", "The generator was late.");
    const counted = contender(round(1), late, round(3, "doubtful", "The machine was busy."));
    expect(counted?.rounds.map(({ seed }) => seed)).toEqual([1, 3]);
    expect(counted?.result.audit).toMatchObject({
      verdict: "doubtful",
      findings: [
        "Round 2 is left out, for it is invalid: The generator was late.",
        "Round 3 of 3: The machine was busy.",
      ],
    });
    expect(counted?.result.complete).toBe(true);
    expect(counted?.result.counters.requests).toBe(2 * late.counters.requests);
  });

  test("are all, and invalid together, where fewer than two are valid", () => {
    const counted = contender(round(1, "invalid"), round(2), round(3, "invalid"));
    expect(counted?.rounds).toHaveLength(3);
    expect(counted?.result.audit.verdict).toBe("invalid");
  });

  test("are not those that were cut short, as long as there are others", () => {
    const counted = contender(round(1), { ...round(2), complete: false }, round(3));
    expect(counted?.rounds.map(({ seed }) => seed)).toEqual([1, 3]);
    expect(counted?.result).toMatchObject({ complete: false, audit: { verdict: "doubtful" } });
    expect(counted?.result.audit.findings[0]).toBe("Cut short: the figures cover 2 of 3 rounds.");
  });
});
