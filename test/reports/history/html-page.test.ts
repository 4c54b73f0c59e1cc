// The page of a history: what it says first, that nothing of it is lost however much there is, and that no data can break it.

import { beforeAll, describe, expect, test } from "vitest";
import type { Waiver } from "../../../config/waivers.ts";
import type { HistoryTrend } from "../../../metrics/history/history.ts";
import type { StandingRegression } from "../../../reports/history/history-report.ts";
import { renderHistoryHtml } from "../../../reports/history/html-page.ts";
import { escapeHtml } from "../../../reports/html/markup.ts";
import { HOSTILE } from "../hostile.ts";
import { commitOf, makeTrend, trends } from "./fixture-history.ts";

const about = { title: "History of a store", source: "history/, 120 runs", method: "E-divisive means." };
/** As a reader sees it: without tags. */
const textOf = (page: string) =>
  page
    .replace(/<svg.*?<\/svg>/gs, "")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ");
const headOf = (page: string) => textOf(page.slice(page.indexOf("<header>"), page.indexOf("</header>")));
const sectionOf = (page: string, id: string) => page.slice(page.indexOf(`<h2 id="${id}">`)).split("</section>")[0]!;

describe("the page of a history", () => {
  let page = "";
  beforeAll(async () => {
    page = await renderHistoryHtml(trends, about);
  });

  test("answers first: what got worse and still is, the newest before all others, and how many changed", () => {
    const head = headOf(page);
    expect(head).toMatch(/^ sessionlab history · ✗ \d changes for the worse stand/);
    expect(head).toContain("12 metrics over up to 5,000 runs from 2026-01-03 to 2027-05-18: 5 changed, in 19 changes");
    expect(head).toContain("(9 for the worse, 9 for the better, 1 of metrics of which nobody said which way is good)");
    const ranges = head.match(/[0-9a-f]{40}\.\.[0-9a-f]{40}/g)!;
    const newest = [117, 60].map((index) => `${commitOf(index - 1)}..${commitOf(index)}`);
    expect(ranges.slice(0, 2)).toEqual(newest);
  });

  test("a worsening that was taken back, is waived or may be chance is told as such, and not in the answer", async () => {
    const taken = makeTrend({
      steps: [
        { index: 30, factor: 1.2 },
        { index: 60, factor: 0.82 },
      ],
    });
    const stands = makeTrend({ label: "Service time, p50", steps: [{ index: 90, factor: 1.2 }] });
    const chance = makeTrend({ label: "Longest wait", steps: [{ index: 70, factor: 1.1 }] });
    const waived = makeTrend({ label: "Cookie", steps: [{ index: 80, factor: 1.1 }] });
    const regression = (trend: HistoryTrend, sure: boolean, waiver: Waiver | null): StandingRegression => {
      const { points: _, better: __, ...place } = trend.series;
      return { ...place, changePoint: trend.changePoints[0]!, sure, waiver };
    };
    const waiver = { metric: "*", commits: "*", reason: "Signed cookies." };
    const standing = [
      regression(stands, true, null),
      regression(chance, false, null),
      regression(waived, true, waiver),
    ];
    const told = await renderHistoryHtml([taken, stands, chance, waived], { ...about, standing, findings: ["A gap."] });
    const head = headOf(told);
    expect(head).toContain("✗ 1 change for the worse stands");
    expect(head).toContain("Of those for the worse: 1 taken back since, 1 waived, 1 may be chance. ! A gap.");
    expect(head.match(/[0-9a-f]{40}\.\./g)).toEqual([`${commitOf(89)}..`]);
    const table = textOf(sectionOf(told, "changes"));
    for (const word of ["taken back since", "waived: Signed cookies.", "may be chance", "stands"])
      expect(table).toContain(word);
  });

  test("says of a change between two runs of one commit that it is not the program's", async () => {
    const trend = makeTrend({ steps: [{ index: 60, factor: 1.12 }] });
    const [point] = trend.changePoints;
    const same = { ...trend, changePoints: [{ ...point!, afterCommit: point!.byCommit }] };
    expect(textOf(await renderHistoryHtml([same], about))).toContain("two runs of one commit");
  });

  test("tells metrics that got worse between the same commits together", async () => {
    const steps = [{ index: 60, factor: 1.12 }];
    const two = [makeTrend({ steps }), makeTrend({ label: "Service time, p50", steps })];
    const head = headOf(await renderHistoryHtml(two, about));
    expect(head.split(`${commitOf(59)}..${commitOf(60)}`)).toHaveLength(2);
    expect(head).toMatch(/Response time, p50: \+12\.0 %.*Service time, p50: \+12\.0 %/);
  });

  test("has every change in its table, with the commit range in full, its direction in a word and its p", () => {
    const rows = sectionOf(page, "changes").match(/<tr><th scope="row">.*?<\/tr>/gs)!;
    const changes = trends.flatMap(({ changePoints }) => changePoints);
    expect(rows).toHaveLength(changes.length);
    const told = rows.map(textOf);
    for (const { afterCommit, byCommit, direction } of changes) {
      const range = afterCommit === null ? "not known" : `${afterCommit}..${byCommit}`;
      const word = { worse: "✗ worse", better: "✓ better", unknown: "◇ changed" }[direction];
      expect(told.some((row) => row.includes(range) && row.includes(word) && row.includes("p = 0.0009"))).toBe(true);
    }
  });

  test("draws each metric that changed, its levels as steps, and folds those that did not", () => {
    expect(sectionOf(page, "trends").match(/<figure/g)).toHaveLength(5);
    expect(sectionOf(page, "unchanged").match(/<details>/g)).toHaveLength(2);
    expect(sectionOf(page, "unchanged").match(/<figure/g)).toHaveLength(7);
  });

  test("asks nobody for anything, and is the same to the byte when rendered again", async () => {
    const addresses = new Set(page.match(/https?:\/\/[^"'\s<)%]*/g) ?? []);
    expect([...addresses].filter((address) => address !== "http://www.w3.org/2000/svg")).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|NaN|undefined/i);
    expect(await renderHistoryHtml(trends, about)).toBe(page);
  });
});

test("without any series or change the page says so", async () => {
  expect(headOf(await renderHistoryHtml([], about))).toContain("0 metrics: no change found.");
  const page = await renderHistoryHtml([makeTrend()], about);
  expect(headOf(page)).toContain("1 metric over up to 120 runs from 2026-01-03 to 2026-05-02: no change found.");
  expect(headOf(page)).toContain("✓ no change for the worse stands");
});

test("of hundreds of metrics with thousands of runs the page stays small, and says what it left out", async () => {
  const steps = Array.from({ length: 9 }, (_, step) => ({
    index: 450 * (step + 1),
    factor: step % 2 === 0 ? 1.1 : 0.9,
  }));
  const outliers = Array.from({ length: 300 }, (_, place) => ({ index: 16 * place + 3, factor: 1.4 }));
  const changed = makeTrend({ runs: 5000, daysApart: 0.2, steps, outliers });
  const still = makeTrend({ runs: 5000, daysApart: 0.2 });
  const many = (trend: HistoryTrend, count: number, name: string) =>
    Array.from({ length: count }, (_, place) => ({
      ...trend,
      series: { ...trend.series, metricLabel: `${name} ${place}`, key: `${name}${place}` },
    }));
  const page = await renderHistoryHtml([...many(changed, 60, "Changed"), ...many(still, 340, "Still")], about);
  expect(Buffer.byteLength(page)).toBeLessThan(2_500_000);
  const text = textOf(page);
  expect(text).toContain("36 more metrics with changes not drawn here");
  expect(text).toContain("292 more metrics not drawn");
  expect(text).toContain("240 more changes in the file");
  expect(text).toContain("40 more metrics left out");
});

test("no name can break the page", async () => {
  const [trend] = trends as [HistoryTrend];
  const hostile: HistoryTrend = {
    ...trend,
    series: {
      ...trend.series,
      scenario: HOSTILE,
      label: HOSTILE,
      machine: HOSTILE,
      metricLabel: HOSTILE,
      unit: HOSTILE,
    },
    changePoints: trend.changePoints.map((point) => ({ ...point, afterCommit: HOSTILE, byCommit: HOSTILE })),
  };
  const page = await renderHistoryHtml([hostile], { title: HOSTILE, source: HOSTILE, method: HOSTILE });
  const shown = page.replace(/ href="data:[^"]*"/g, "");
  expect(shown).toContain(escapeHtml('<c d="e">'));
  expect(shown).not.toContain("<c d=");
});
