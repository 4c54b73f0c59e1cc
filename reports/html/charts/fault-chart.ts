// What a fault did, tenth of a second by tenth of a second: requests completed and failed by when they were due, the slowest response,
// the stroke, and the time until the site was as good as before.

import * as Plot from "@observablehq/plot";
import type { FaultRecord, FaultTimeline, RunResult } from "../../../metrics/run-result.ts";
import { type CsvValue, csvText } from "../../csv.ts";
import { failuresText, recoveryText } from "../../fault-table.ts";
import { formatDuration, formatNumber } from "../../format-number.ts";
import { runNames } from "../../report-file.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { logTicks } from "./line-chart.ts";
import { legend } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

const SECOND_MS = 1000;
const COMPLETED = "var(--line-0)";
const FAILED = "var(--bad)";

interface Timed {
  readonly result: RunResult;
  readonly fault: FaultRecord;
  readonly timeline: FaultTimeline;
}

/** null where no fault was watched closely enough. */
export function faultCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const timed = timedFaults(results);
  if (timed.length === 0) return null;
  const key = legend([
    { label: "completed", style: { color: COMPLETED, dash: "" } },
    { label: "failed", style: { color: FAILED, dash: "" } },
  ]);
  const figures = timed.map((one, index) => {
    const name = `${results.length === 1 ? "" : `${one.result.label}: `}${one.fault.kind} at ${formatDuration(one.fault.atMs)}`;
    const [requests, slowest] = [drawRequests(draughtsman, one), drawSlowest(draughtsman, one)];
    const picture = (kind: string, chart: Markup) => draughtsman.picture(`fault ${index + 1} ${kind}`, chart);
    return html`<h3>${name}</h3><div class="pair-grid"><figure><figcaption>Requests a second, by when they were due</figcaption>${requests}${downloads(picture("requests", requests))}</figure><figure><figcaption>Slowest response</figcaption>${slowest}${downloads(picture("slowest", slowest))}</figure></div>`;
  });
  return html`${key}<p class="soft">The line is the stroke; shaded is the time until requests succeeded as before.</p>${figures}`;
}

function timedFaults(results: readonly RunResult[]): readonly Timed[] {
  return results.flatMap((result) =>
    result.faults.flatMap((fault) =>
      fault.timeline === undefined || fault.timeline.completed.length === 0
        ? []
        : [{ result, fault, timeline: fault.timeline }],
    ),
  );
}

/** Each step as it lasted: its value holds from its beginning to its end. */
function stepPoints({ fromMs, stepMs }: FaultTimeline, values: readonly (number | null)[]) {
  const points = values.map((y, step) => ({ x: (fromMs + step * stepMs) / SECOND_MS, y }));
  const last = points.at(-1)!;
  return [...points, { x: last.x + stepMs / SECOND_MS, y: last.y }];
}

interface Panel {
  readonly title: string;
  readonly y: Plot.ScaleOptions;
  readonly top: number;
  readonly bottom: number;
  readonly marks: readonly Plot.Markish[];
}

function draw(draughtsman: Draughtsman, { fault, timeline }: Timed, { title, y, top, bottom, marks }: Panel): Markup {
  const from = timeline.fromMs / SECOND_MS;
  const to = from + (timeline.completed.length * timeline.stepMs) / SECOND_MS;
  const recovered = fault.recoveryMs === null ? to : fault.recoveryMs / SECOND_MS;
  return draughtsman.draw({
    title,
    width: 470,
    height: 260,
    options: {
      marginTop: 44,
      marginBottom: 40,
      marginLeft: 58,
      marginRight: 18,
      x: { domain: [from, to], type: "linear" },
      y,
      marks: [
        Plot.rect([0], {
          x1: 0,
          x2: Math.min(to, recovered),
          y1: bottom,
          y2: top,
          fill: "var(--doubtful)",
          fillOpacity: 0.14,
        }),
        ...marks,
        Plot.ruleX([0], { stroke: FAILED, strokeWidth: 1.8 }),
        Plot.text([fault.kind], {
          x: 0,
          frameAnchor: "top",
          dy: -10,
          lineAnchor: "bottom",
          text: (text: string) =>
            fault.recoveryMs === null
              ? `${text}, recovery not seen`
              : `${text}, recovered ${fault.recoveryMs === 0 ? "" : "after "}${recoveryText(fault.recoveryMs)}`,
          textAnchor: "start",
          fill: FAILED,
          fontWeight: 600,
        }),
        Plot.axisX({
          ticks: 6,
          tickFormat: formatTick,
          label: "seconds from the stroke, real time",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
        }),
      ],
    },
  });
}

function drawRequests(draughtsman: Draughtsman, timed: Timed): Markup {
  const { result, fault, timeline } = timed;
  const perSecond = SECOND_MS / timeline.stepMs;
  const failed = timeline.failed.map((count) => count * perSecond);
  const both = timeline.completed.map((count, step) => count * perSecond + failed[step]!);
  const top = Math.max(1, ...both) * 1.08;
  const area = (values: readonly number[], under: readonly number[]) =>
    stepPoints(timeline, values).map((point, step) => ({ ...point, under: under[Math.min(step, under.length - 1)]! }));
  const zero = failed.map(() => 0);
  return draw(draughtsman, timed, {
    title: `${result.label}: ${fault.kind}; ${failuresText(fault.failures)} failed`,
    y: { domain: [0, top] },
    top,
    bottom: 0,
    marks: [
      Plot.gridY({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.13 }),
      Plot.areaY(area(both, failed), {
        x: "x",
        y1: "under",
        y2: "y",
        curve: "step-after",
        fill: COMPLETED,
        fillOpacity: 0.55,
      }),
      Plot.areaY(area(failed, zero), {
        x: "x",
        y1: "under",
        y2: "y",
        curve: "step-after",
        fill: FAILED,
        fillOpacity: 0.85,
      }),
      Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
      Plot.axisY({ ticks: 5, tickFormat: formatTick, label: "requests/s", labelArrow: "none", tickSize: 0 }),
    ],
  });
}

function drawSlowest(draughtsman: Draughtsman, timed: Timed): Markup {
  const { result, fault, timeline } = timed;
  const known = timeline.slowestMs.flatMap((ms) => (ms === null || ms <= 0 ? [] : [ms]));
  const [low, top] = known.length === 0 ? [1, 10] : [Math.min(...known) * 0.8, Math.max(...known) * 1.25];
  const ticks = logTicks(low, top);
  const points = stepPoints(
    timeline,
    timeline.slowestMs.map((ms) => (ms === null || ms <= 0 ? null : ms)),
  );
  const most = known.length === 0 ? "" : `, at most ${formatNumber(Math.max(...known))} ms`;
  return draw(draughtsman, timed, {
    title: `${result.label}: ${fault.kind}; slowest response of each ${formatDuration(timeline.stepMs)}${most}`,
    y: { domain: [low, top], type: "log" },
    top,
    bottom: low,
    marks: [
      Plot.gridY(ticks, { stroke: "currentColor", strokeOpacity: 0.13 }),
      Plot.line(points, { x: "x", y: "y", curve: "step-after", stroke: COMPLETED, strokeWidth: 1.6 }),
      Plot.axisY(ticks, { text: formatTick, label: "ms, log scale", labelArrow: "none", tickSize: 0 }),
    ],
  });
}

/** A row a step of each fault. */
export function timelinesCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = timedFaults(results).flatMap(({ result, fault, timeline }) =>
    timeline.completed.map((completed, step): readonly CsvValue[] => [
      names[results.indexOf(result)]!,
      fault.kind,
      fault.atMs,
      Math.round(timeline.fromMs + step * timeline.stepMs),
      completed,
      timeline.failed[step]!,
      timeline.slowestMs[step]!,
    ]),
  );
  return csvText([["run", "fault", "atMs", "realMsFromStroke", "completed", "failed", "slowestMs"], ...rows]);
}
