import { describe, expect, test } from "vitest";
import type { Placed } from "../../metrics/ranking.ts";
import type { Audit } from "../../metrics/run-result.ts";
import { renderRanking } from "../../reports/ranking-table.ts";
import { makeResult } from "./fixture-result.ts";

const rule = { figure: "responseP99Ms", best: "low" } as const;

function placed(name: string, place: number | null, changes: Partial<Placed> = {}, audit: Partial<Audit> = {}): Placed {
  const made = makeResult({ kind: "measured", samples: 2_000, seriesPoints: 20, seed: place ?? 9 });
  const figures = [
    { key: "responseP50Ms", label: "p50", unit: "ms", value: 2.5 },
    {
      key: "responseP99Ms",
      label: "Response time, p99",
      unit: "ms",
      value: 10 * (place ?? 9),
      interval: { low: 8, high: 12, method: "" },
    },
    { key: "failedShare", label: "failed", unit: "share", value: 0.012 },
  ];
  const result = { ...made, figures, audit: { ...made.audit, findings: [], ...audit } };
  return { name, place, behind: null, apart: null, rounds: [result, result, result], result, ...changes };
}

function render(all: readonly Placed[], skipped: { name: string; why: string }[] = []): string[] {
  return renderRanking({ placed: all, rule, skipped }, { color: false, columns: 120 }).split("\n");
}

describe("the ranking on the terminal", () => {
  test("says first which runs may be believed, and what is said of all only once", () => {
    const findings = ["Shared process."];
    const lines = render([
      placed("inproc", 1, {}, { findings }),
      placed("redis", null, {}, { verdict: "invalid", findings: [...findings, "Late."] }),
    ]);
    expect(lines.slice(0, 5)).toEqual([
      "✓ valid     inproc  InProc, measured",
      "✗ invalid   redis   InProc, measured",
      "  · Late.",
      "Of all of them:",
      "  · Shared process.",
    ]);
  });

  test("has a row for each with its figure, its interval and the factor to the one above", () => {
    const lines = render([
      placed("inproc", 1),
      placed("redis", 2, { behind: { low: 1.2, high: 1.5 }, apart: true }),
      placed("sqlite", 3, { behind: { low: 0.9, high: 1.3 }, apart: false }),
      placed("mariadb", null),
    ]);
    const table = lines.slice(lines.indexOf("Ranking by Response time, p99, lowest first") + 1);
    expect(table.slice(0, 5).map((line) => line.split(/ {3,}/))).toEqual([
      ["", "Response time, p99", "behind the one above", "p50", "failed"],
      ["1  inproc", "10 ± 2 ms", "2.500 ms", "1.200 %"],
      ["2  redis", "20 ± 2 ms", "× 1.20 to 1.50", "2.500 ms", "1.200 %"],
      ["3  sqlite", "30 ± 2 ms", "× 0.900 to 1.30: not told apart", "2.500 ms", "1.200 %"],
      ["—  mariadb", "90 ± 2 ms", "no place: too many failed", "2.500 ms", "1.200 %"],
    ]);
    expect(table.join(" ")).toContain("Student's t over 3 rounds");
  });

  test("names what was left out, and says where one run each tells nothing", () => {
    const lines = render([placed("a", 1), placed("b", 2)], [{ name: "redis", why: "redis-server is missing" }]);
    expect(lines).toContain("✗ not run  redis: redis-server is missing");
    expect(lines.join(" ")).toContain(
      "one run each gives no interval, so that neighbours may stand in this order by chance; more --rounds give one.",
    );
  });
});
