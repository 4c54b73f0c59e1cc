// The lock staircase: how long requests of one session waited for one another, the more of them came at once. A column a number at
// once, a row a stair of the poll, the darker the more requests stood on it.

import * as Plot from "@observablehq/plot";
import type { RunResult } from "../../../metrics/run-result.ts";
import type { LockStep, LockStudy } from "../../../metrics/study.ts";
import { formatDuration } from "../../format-number.ts";
import { waitStairs } from "../../studies/lock-waits.ts";
import { studiesOf } from "../../studies/study-cube.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { type Cell, cellsMark, shadeLegend, shadeOf } from "./cells.ts";
import { halfPage, type Line } from "./line-chart.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

/** ASP.NET looks at a locked session again every half second. Source: .NET reference source, SessionStateModule.cs. */
const STAIR_MS = 500;
/** More rows cannot be told apart; then several stairs make a row. */
const ROWS_MAX = 24;

/** null where no result has a lock experiment. */
export function lockCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "locks");
  if (studies.length === 0) return null;
  const stairs = studies.map(({ result, study }) => {
    const chart = drawStairs(draughtsman, result, study);
    const caption = studies.length === 1 ? "How long requests waited" : result.label;
    return html`<figure><figcaption>${caption}</figcaption>${chart}${downloads(draughtsman.picture(`lock-waits ${result.label}`, chart))}</figure>`;
  });
  return html`${shadeLegend("Share of the requests of a step:")}<div class="pair-grid">${stairs}${
    studies.length === 1 ? rates(draughtsman, results) : null
  }</div>${studies.length === 1 ? null : html`${names(results)}<div class="pair-grid">${rates(draughtsman, results)}</div>`}`;
}

function names(results: readonly RunResult[]): Markup {
  return legend(
    studiesOf(results, "locks").map(({ result, index }) => ({ label: result.label, style: lineStyle(index) })),
  );
}

function drawStairs(draughtsman: Draughtsman, result: RunResult, { steps, pollMs }: LockStudy): Markup {
  const stairMs = pollMs ?? STAIR_MS;
  const found = steps.map((step) => waitStairs(step, stairMs));
  const highest = Math.max(1, ...found.flat().map(({ stair }) => stair));
  const stairsARow = Math.ceil(highest / ROWS_MAX);
  const rows = Math.ceil(highest / stairsARow);
  const rowOf = (stair: number) => (stair === 0 ? 0 : Math.ceil(stair / stairsARow));
  const cells = Array.from({ length: rows + 1 }, (_, row) =>
    steps.flatMap((step, column): Cell[] => {
      const requests = found[column]!.filter(({ stair }) => rowOf(stair) === row).reduce(
        (sum, one) => sum + one.requests,
        0,
      );
      const shade = shadeOf(step.requests === 0 ? 0 : requests / step.requests);
      return shade === null ? [] : [{ x1: column, x2: column + GAP, y1: row, y2: row + 1, shade }];
    }),
  ).flat();
  const labelled = Array.from({ length: rows + 1 }, (_, row) => row).filter(
    (row) => row === 0 || row % Math.ceil(rows / LABELS_MAX) === 0,
  );
  return draughtsman.draw({
    title: `${result.label}: ${steps.map((step) => `${step.concurrency} at once, ${longest(found[steps.indexOf(step)]!, stairMs)}`).join("; ")}`,
    width: 470,
    height: Math.min(360, 110 + (rows + 1) * 16),
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 78,
      marginRight: 14,
      x: { domain: [0, steps.length], type: "linear" },
      y: { domain: [0, rows + 1], type: "linear" },
      marks: [
        Plot.frame({ stroke: "currentColor", strokeOpacity: 0.25 }),
        cellsMark(cells),
        Plot.axisX(
          steps.map((_, column) => column + HALF),
          {
            text: (x: number) => String(steps[Math.floor(x)]!.concurrency),
            tickSize: 0,
            label: "requests of one session at once",
            labelAnchor: "center",
            labelArrow: "none",
            labelOffset: 36,
          },
        ),
        Plot.axisY(
          labelled.map((row) => row + HALF),
          {
            text: (y: number) => (y < 1 ? "no wait" : formatDuration(Math.floor(y) * stairsARow * stairMs)),
            label: stairsARow === 1 ? "waited about" : "waited up to",
            labelArrow: "none",
            tickSize: 0,
          },
        ),
      ],
    },
  });
}

const GAP = 0.97;
const HALF = 0.5;
const LABELS_MAX = 8;

function longest(stairs: ReturnType<typeof waitStairs>, stairMs: number): string {
  const last = stairs.at(-1)!;
  return last.stair === 0 ? "no wait" : `waits up to about ${formatDuration(last.stair * stairMs)}`;
}

/** Requests a second, and the shares that never got the session, against how many came at once. */
function rates(draughtsman: Draughtsman, results: readonly RunResult[]): readonly Markup[] {
  const studies = studiesOf(results, "locks");
  const concurrencies = [...new Set(studies.flatMap(({ study }) => study.steps.map((step) => step.concurrency)))].sort(
    (a, b) => a - b,
  );
  const lineOf = (index: number, label: string, study: LockStudy, of: (step: LockStep) => number): Line => ({
    index,
    label,
    points: study.steps.map((step) => ({ x: Math.log2(step.concurrency), y: of(step) })),
  });
  const chart = (title: string, unit: string, lines: readonly Line[]) => {
    const top = Math.max(...lines.flatMap((line) => line.points.map((point) => point.y ?? 0))) || 1;
    return halfPage(draughtsman, {
      title: `${title}: ${lines.map(({ label, points }) => `${label} ${formatTick(points.at(-1)!.y ?? 0)} ${unit} at most at once`).join("; ")}`,
      x: {
        label: "requests of one session at once",
        ticks: concurrencies.map((count) => Math.log2(count)),
        max: Math.max(1, Math.log2(concurrencies.at(-1) ?? 2)),
        format: (x) => String(Math.round(2 ** x)),
      },
      y: { label: unit, min: 0, max: top * 1.08, log: false, format: formatTick },
      lines,
    });
  };
  const percent = (part: (step: LockStep) => number) => (step: LockStep) =>
    step.requests === 0 ? 0 : (100 * part(step)) / step.requests;
  const throughput = chart(
    "Requests a second",
    "/s",
    studies.map(({ result, index, study }) => lineOf(index, result.label, study, (step) => step.requestsPerSecond)),
  );
  const refused = (step: LockStep) => step.timeOuts + step.queueRefusals;
  const outcomes =
    studies.length === 1
      ? outcomeKinds.map(([label, of], index) => lineOf(index, label, studies[0]!.study, percent(of)))
      : studies.map(({ result, index, study }) => lineOf(index, result.label, study, percent(refused)));
  const shares = chart("Requests that never got the session", "%", outcomes);
  const caption = studies.length === 1 ? "What became of requests" : "Timed out or refused by the queue";
  const key =
    studies.length === 1 ? legend(outcomes.map(({ label, index }) => ({ label, style: lineStyle(index) }))) : null;
  return [
    html`<figure><figcaption>Requests a second, all of one session</figcaption>${throughput}${downloads(draughtsman.picture("lock-throughput", throughput))}</figure>`,
    html`<figure><figcaption>${caption}</figcaption>${key}${shares}${downloads(draughtsman.picture("lock-outcomes", shares))}</figure>`,
  ];
}

const outcomeKinds: readonly (readonly [label: string, of: (step: LockStep) => number])[] = [
  ["found it locked", (step) => step.polledShare * step.requests],
  ["timed out", (step) => step.timeOuts],
  ["refused by the queue", (step) => step.queueRefusals],
];
