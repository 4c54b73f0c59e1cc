import fc from "fast-check";
import { expect, test } from "vitest";
import { drawnSite } from "../../proof/drawn-sites.ts";
import { simulate } from "../../sim/simulate.ts";

test("closed forms agree with simulations of sites drawn at random", () => {
  const agreeing = (number: number) => {
    const { audit } = simulate(drawnSite(number, 2500, 5));
    expect(audit.findings.filter((finding) => finding.startsWith("Closed form"))).toEqual([]);
  };
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), agreeing), { seed: 7, numRuns: 4, endOnFailure: true });
});
