import { expect, test } from "vitest";
import { renderSelf } from "../../../proof/self/self-table.ts";
import { makeComparison, makeMetric } from "../../reports/comparison/fixture-comparison.ts";

test("every part has its row, every regression its line, and what was left out its reason", () => {
  const regressed = makeMetric({ key: "micro.getItem.4096.p50Ms", label: "getItem, p50", verdict: "regressed" });
  const text = renderSelf(
    "v0.1.0",
    [
      { name: "engine", comparison: makeComparison({ verdict: "no worse", metrics: [makeMetric()] }), leftOut: null },
      {
        name: "inproc",
        comparison: makeComparison({ verdict: "regressed", metrics: [regressed, makeMetric()], complete: false }),
        leftOut: null,
      },
      { name: "mariadb", comparison: null, leftOut: "mariadbd is not installed" },
    ],
    { color: false, columns: 160 },
  );
  expect(text).toMatch(/^This project against v0\.1\.0\n/);
  expect(text).toMatch(/^engine +no worse +0 +0 +1 +14/m);
  expect(text).toMatch(/^inproc +regressed, cut short +1 +0 +1 +14/m);
  expect(text).toMatch(/^✗ inproc: getItem, p50, \+\d.*\[micro\.getItem\.4096\.p50Ms\]/m);
  expect(text).toMatch(/^mariadb +not run/m);
  expect(text).toMatch(/^· mariadb was left out: mariadbd is not installed$/m);
});
