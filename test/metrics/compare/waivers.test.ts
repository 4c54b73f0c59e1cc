import { describe, expect, test } from "vitest";
import type { ComparisonVerdict, MetricComparison, Waiver } from "../../../metrics/compare/comparison.ts";
import { isSameCommit, useWaivers } from "../../../metrics/compare/waivers.ts";

function metric(key: string, verdict: ComparisonVerdict = "regressed"): MetricComparison {
  return {
    key,
    label: key,
    unit: "ms",
    rule: { better: "low", scale: "relative", minimumEffect: 0.05 },
    base: 1,
    candidate: 1.2,
    effect: { value: 0.2, interval: { low: 0.1, high: 0.3, method: "bootstrap" } },
    verdict,
    improved: false,
    reason: "",
    evidence: null,
    moreRuns: null,
    floor: null,
    undecidable: false,
    waiver: null,
    runs: { base: [1], candidate: [1.2] },
  };
}

const waiver = (key: string, rest: Partial<Waiver> = {}): Waiver => ({
  metric: key,
  commits: "*",
  reason: "known",
  ...rest,
});

const about = { candidateCommit: "abc123456789", today: "2026-11-21", covers: () => false };

describe("a waiver", () => {
  test("takes on the regression it names, and no other", () => {
    const { metrics, uses } = useWaivers(
      [metric("responseP50Ms"), metric("responseP99Ms")],
      [waiver("responseP50Ms")],
      about,
    );
    expect(metrics.map((one) => one.waiver?.metric ?? null)).toEqual(["responseP50Ms", null]);
    expect(uses.map((one) => one.use)).toEqual(["used"]);
  });

  test("with a star takes on every regression that fits, letters of patterns being only letters", () => {
    const keys = ["micro.getItem.4096.meanMs", "micro.getItem.64.meanMs", "microXgetItem.64.meanMs"];
    const { metrics } = useWaivers(
      keys.map((key) => metric(key)),
      [waiver("micro.*.meanMs")],
      about,
    );
    expect(metrics.map((one) => one.waiver !== null)).toEqual([true, true, false]);
  });

  test("is idle where nothing regressed under it, be the metric unknown or merely not told", () => {
    const metrics = [metric("responseP50Ms", "cannot tell"), metric("responseP99Ms", "no worse")];
    const used = useWaivers(metrics, [waiver("response*"), waiver("noSuchMetric")], about);
    expect(used.uses.map((one) => one.use)).toEqual(["idle", "idle"]);
    expect(used.metrics.every((one) => one.waiver === null)).toBe(true);
  });

  test("holds on its last day, and not on the next", () => {
    const until = { until: "2026-11-21" };
    const used = (today: string) => useWaivers([metric("a")], [waiver("a", until)], { ...about, today }).uses[0]!.use;
    expect(used("2026-11-21")).toBe("used");
    expect(used("2026-11-22")).toBe("expired");
  });

  test("about the candidate's own commit needs nobody to look commits up", () => {
    const covers = () => null;
    const used = useWaivers([metric("a")], [waiver("a", { commits: "ABC1234" })], { ...about, covers });
    expect(used.uses[0]!.use).toBe("used");
  });

  test("about other commits takes on nothing", () => {
    const used = useWaivers([metric("a")], [waiver("a", { commits: "1111111..2222222" })], about);
    expect(used).toMatchObject({ metrics: [{ waiver: null }], uses: [{ use: "elsewhere" }], findings: [] });
  });

  test("about a range that covers the candidate is used", () => {
    const covers = (commits: string) => commits === "1111111..2222222";
    const used = useWaivers([metric("a")], [waiver("a", { commits: "1111111..2222222" })], { ...about, covers });
    expect(used.uses[0]!.use).toBe("used");
  });

  test("that nobody can place takes on nothing, and says so", () => {
    const lost = { candidateCommit: null, today: "2026-11-21", covers: () => null };
    const used = useWaivers([metric("a")], [waiver("a", { commits: "1111111..2222222" })], lost);
    expect(used.uses[0]!.use).toBe("elsewhere");
    expect(used.findings).toEqual([
      "The waiver of a for 1111111..2222222 was not used: nobody can tell here whether it covers the candidate, whose commit is not known.",
    ]);
  });

  test("is used as well where another had the regression first, whose name then stands beside it", () => {
    const used = useWaivers(
      [metric("a")],
      [waiver("a", { reason: "first" }), waiver("*", { reason: "second" })],
      about,
    );
    expect(used.metrics[0]!.waiver?.reason).toBe("first");
    expect(used.uses.map((one) => one.use)).toEqual(["used", "used"]);
  });
});

test("two hashes are one commit where one begins with the other, of four digits at least", () => {
  expect(isSameCommit("abc1234", "ABC123456789")).toBe(true);
  expect(isSameCommit("abc123456789", "abc1234")).toBe(true);
  expect(isSameCommit("abc1235", "abc123456789")).toBe(false);
  expect(isSameCommit("abc", "abc123456789")).toBe(false);
  expect(isSameCommit("v1.2.0", "v1.2.0")).toBe(false);
});
