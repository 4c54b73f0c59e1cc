// The page of a comparison: what it says first, that it tells what the other reports tell, and that no data can break it.

import { beforeAll, describe, expect, test } from "vitest";
import type { Comparison } from "../../../metrics/compare/comparison.ts";
import { renderComparisonHtml } from "../../../reports/comparison/html-page.ts";
import { metricRows, standingSigns } from "../../../reports/comparison/metric-rows.ts";
import { escapeHtml } from "../../../reports/html/markup.ts";
import {
  BASE_COMMIT,
  CANDIDATE_COMMIT,
  cannotTellComparison,
  forcedComparison,
  hostileComparison,
  makeComparison,
  noWorseComparison,
} from "./fixture-comparison.ts";

/** As a reader sees it: without pictures and tags. */
const textOf = (page: string) =>
  page
    .replace(/<svg.*?<\/svg>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("\u00a0", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");
const headOf = (page: string) => page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
const sectionOf = (page: string, id: string) =>
  page.includes(`<h2 id="${id}">`) ? page.slice(page.indexOf(`<h2 id="${id}">`)).split("</section>")[0]! : "";

describe("the page of a comparison", () => {
  const comparison = makeComparison();
  let page = "";
  beforeAll(async () => {
    page = await renderComparisonHtml(comparison);
  });

  test("says first what came out, of whom against whom, in how many blocks, and how often that is chance", () => {
    const head = textOf(headOf(page));
    expect(head).toMatch(/^ sessionlab comparison · ✗ regressed the working tree \(2222222bbbbb\) against HEAD~1/);
    expect(head).toContain("2 of 12 metrics regressed, 1 waived, 5 cannot be told, 1 improved, 3 no worse");
    for (const word of ["14 blocks", "at most 1 % is so by chance", BASE_COMMIT, CANDIDATE_COMMIT])
      expect(head).toContain(word);
  });

  test("has every metric in its table, with the figures of the other reports, its verdict and its reason", () => {
    const table = textOf(sectionOf(page, "metrics"));
    for (const row of metricRows(comparison)) {
      for (const text of [row.head, row.key, row.base, row.candidate, row.effect, row.minimumEffect, row.floor])
        expect(table).toContain(text);
      expect(table).toContain(`${standingSigns[row.standing]} ${row.standing} ${row.metric.reason}`);
    }
    expect(table).toContain("36 a side");
    expect(table).toContain("48,200 / < 0.01");
  });

  test("draws all relative effects on one axis and each other one on its own", () => {
    const effects = sectionOf(page, "effects");
    const [relative, absolute] = ["relative", "absolute"].map((scale) =>
      comparison.metrics.filter(({ rule, effect }) => rule.scale === scale && effect !== null),
    );
    const wide = /<div class="wide">(.*?)<\/div>/s.exec(effects)![1]!;
    for (const { label } of relative!) expect(wide).toContain(`>${label}</text>`);
    for (const { label } of absolute!) expect(wide).not.toContain(`>${label}</text>`);
    expect(effects.match(/<figure>/g)).toHaveLength(absolute!.length);
  });

  test("shows the runs of every metric that is worse or cannot be told, and of no other", () => {
    const figures = sectionOf(page, "runs")
      .match(/<figcaption>.*?<\/figcaption>/gs)!
      .map(textOf);
    const wanted = comparison.metrics.filter(({ verdict, runs }) => verdict !== "no worse" && runs.base.length > 1);
    expect(figures).toHaveLength(wanted.length);
    for (const { label } of wanted) expect(figures.some((caption) => caption.includes(label))).toBe(true);
  });

  test("tells what became of each waiver, what differs between the sides, and how to repeat it", () => {
    const waivers = textOf(sectionOf(page, "waivers"));
    for (const word of ["used A regression fell under it", "idle Nothing", "expired Its day", "elsewhere It is not"])
      expect(waivers).toContain(word);
    expect(textOf(sectionOf(page, "environment"))).toContain("Not the same: Node (v24.0.0 and v24.1.0).");
    expect(page).toContain(comparison.command);
  });

  test("asks nobody for anything, and is the same to the byte when rendered again", async () => {
    const addresses = new Set(page.match(/https?:\/\/[^"'\s<)%]*/g) ?? []);
    expect([...addresses].filter((address) => address !== "http://www.w3.org/2000/svg")).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|NaN|undefined/i);
    expect(await renderComparisonHtml(comparison)).toBe(page);
  });
});

test("objections against a forced comparison stand before its verdict", async () => {
  const head = headOf(await renderComparisonHtml(forcedComparison));
  for (const objection of forcedComparison.objections) {
    expect(head.indexOf(objection)).toBeGreaterThan(0);
    expect(head.indexOf(objection)).toBeLessThan(head.indexOf('class="badge'));
  }
  expect(headOf(await renderComparisonHtml(makeComparison()))).not.toContain("--force");
});

test("where nothing is wrong the page has no section for it", async () => {
  const page = await renderComparisonHtml(noWorseComparison);
  expect(textOf(headOf(page))).toContain("✓ no worse");
  for (const id of ["runs", "waivers", "findings"]) expect(sectionOf(page, id)).toBe("");
});

test("single runs, cut short, have no strips and no evidence, and the page says that they were cut short", async () => {
  const page = await renderComparisonHtml(cannotTellComparison);
  expect(textOf(headOf(page))).toContain("It was cut short.");
  expect(sectionOf(page, "runs")).toBe("");
  expect(textOf(sectionOf(page, "metrics"))).not.toContain("Evidence:");
  expect(textOf(sectionOf(page, "judged"))).toContain("one run of each side");
});

test("an effect without an interval, and one that is huge beside the others, is told and does not break the chart", async () => {
  const [metric] = noWorseComparison.metrics;
  const odd = (key: string, value: number): Comparison["metrics"][number] => ({
    ...metric!,
    key,
    label: key,
    effect: { value, interval: null },
  });
  const metrics = [...noWorseComparison.metrics, odd("huge", 12), odd("tiny", 1e-9)];
  const page = await renderComparisonHtml({ ...noWorseComparison, metrics });
  expect(page).not.toContain("NaN");
  expect(textOf(sectionOf(page, "effects"))).toContain("▸ further out than the axis reaches.");
  expect(textOf(sectionOf(page, "metrics"))).toContain("+1,200 %");
  expect(await renderComparisonHtml({ ...noWorseComparison, metrics: [] })).toContain("no metric");
});

test("no name can break the page, and no secret of a command is passed on", async () => {
  const command = "sessionlab bench --connection 'Server=db;Password=hunter2'";
  const page = await renderComparisonHtml({ ...hostileComparison, command: `${hostileComparison.command} ${command}` });
  const shown = page.replace(/ href="data:[^"]*"/g, "");
  expect(shown).toContain(escapeHtml('<c d="e">'));
  expect(shown).not.toContain("<c d=");
  expect(page).not.toContain("hunter2");
});
