import { describe, expect, test } from "vitest";
import { seriesOf } from "../../../metrics/history/series-of.ts";
import { findTrend } from "../../../metrics/history/trend.ts";
import { historyReport } from "../../../reports/history/history-report.ts";
import { importHistory } from "../../../reports/history/import/import-history.ts";
import { renderHistoryTerminal } from "../../../reports/history/terminal.ts";
import { trendLine } from "../../../reports/history/trend-lines.ts";
import { createStyle, textWidth } from "../../../reports/text-table.ts";
import { makeTrend } from "./fixture-history.ts";

const plain = createStyle(false);
const about = { source: "the directory history", method: "By eye.", runs: 120, findings: [] };
const terminal = { color: false, columns: 100, all: false };

describe("a trend as a line", () => {
  test("has a mark where a level begins, and never more letters than it may have", () => {
    const trend = makeTrend({
      runs: 120,
      steps: [
        { index: 60, factor: 1.5 },
        { index: 90, factor: 0.7 },
      ],
    });
    for (const width of [12, 40, 200]) {
      const line = trendLine(trend, width, plain);
      expect(textWidth(line)).toBeLessThanOrEqual(width);
      expect(line.replace(/[▁▂▃▄▅▆▇█]/g, "")).toBe("✗✓");
    }
    const wide = trendLine(trend, 200, plain);
    expect([wide.indexOf("✗"), wide.length]).toEqual([60, 122]);
  });

  test("is not flattened by an outlier, and of equal values is level", () => {
    const values = (line: string) => new Set(line);
    const stray = makeTrend({ runs: 30, outliers: [{ index: 7, factor: 100 }] });
    expect(values(trendLine(stray, 72, plain)).size).toBeGreaterThan(3);
    const equal = {
      ...stray,
      outliers: [],
      series: { ...stray.series, points: stray.series.points.map((one) => ({ ...one, value: 4 })) },
    };
    expect(values(trendLine(equal, 72, plain)).size).toBe(1);
  });
});

describe("a history on the terminal", () => {
  test("keeps to its width: where a change does not fit, its commits stand below", () => {
    const steps = [{ index: 60, factor: 1.2 }];
    const report = historyReport(about, [makeTrend({ steps })], () => null);
    const lines = renderHistoryTerminal(report, { ...terminal, columns: 80 }).split("\n");
    expect(lines.filter((line) => textWidth(line) > 80)).toEqual([]);
    expect(lines.some((line) => /^ {6}[0-9a-f]{12}\.\.[0-9a-f]{12} {2}p = /.test(line))).toBe(true);
  });

  test("tells what got worse first, with commits for git log, and what was taken back", () => {
    const worse = makeTrend({ steps: [{ index: 60, factor: 1.2 }] });
    const back = makeTrend({
      label: "Memory",
      unit: "bytes",
      steps: [
        { index: 30, factor: 2 },
        { index: 50, factor: 0.5 },
      ],
    });
    const report = historyReport(about, [makeTrend({ label: "Steady" }), back, worse], () => null);
    const out = renderHistoryTerminal(report, terminal);
    const { afterCommit, byCommit } = worse.changePoints[0]!;
    expect(out).toContain(`${afterCommit!.slice(0, 12)}..${byCommit!.slice(0, 12)}`);
    expect(out.indexOf("Response time, p50")).toBeLessThan(out.indexOf("Memory"));
    expect(out).toContain("taken back since");
    expect(out).toContain("1 metric without a change (--all lists them)");
    expect(out).not.toContain("Steady");
    expect(report.standing.map(({ metricLabel }) => metricLabel)).toEqual(["Response time, p50"]);
  });

  test("does not blame the program for a change between two runs of one commit", () => {
    const trend = makeTrend({ steps: [{ index: 60, factor: 1.2 }] });
    const [point] = trend.changePoints;
    const same = { ...trend, changePoints: [{ ...point!, byCommit: point!.afterCommit }] };
    expect(
      renderHistoryTerminal(
        historyReport(about, [same], () => null),
        terminal,
      ),
    ).toContain("not the program's doing");
  });

  test("says of too few runs that they show nothing yet, and no more", () => {
    const report = historyReport(about, [makeTrend({ runs: 4 })], () => null);
    const out = renderHistoryTerminal(report, terminal);
    expect(out).toContain("too few runs");
    expect(out).toContain("All metrics have fewer than 6 runs");
    expect(out).not.toContain("✓");
  });

  test("finds in the example of Otava's documentation what Otava finds in it", () => {
    const rows = ["154023,10.43", "138455,10.23", "143112,10.29", "149190,10.91", "132098,10.34", "151344,10.69"];
    rows.push("155145,9.23", "148889,9.11", "149466,9.13", "148209,9.03");
    const lines = rows.map(
      (row, index) => `2026.01.${String(index + 1).padStart(2, "0")} 3:00:00 +0100,aaa${index},${row}`,
    );
    const text = ["time,commit,metric1,metric2", ...lines].join("\n");
    const options = { format: null, where: [], better: [], commitTimeMs: () => null };
    const { entries } = importHistory([{ name: "local_sample.csv", text }], options);
    const trends = seriesOf(entries.map(({ entry }) => entry)).map((series) => findTrend(series));
    expect(
      trends.map(({ changePoints }) => changePoints.map(({ index, relative }) => [index, relative!.toFixed(3)])),
    ).toEqual([[], [[6, "-0.129"]]]);
  });
});
