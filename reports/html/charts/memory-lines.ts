// Memory against stored sessions: the readings, the line fitted to them and its 95 % band, one chart a size of session. Several stores
// share a chart, each above its own fixed cost, so that their slopes can be compared.

import * as Plot from "@observablehq/plot";
import { memoryBand } from "../../../metrics/memory-band.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import type { MemoryLine } from "../../../metrics/study.ts";
import { formatCell } from "../../figure-rows.ts";
import { formatFigure, scaleFor } from "../../format-number.ts";
import { sizeText, studiesOf } from "../../studies/study-cube.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

interface DrawnLine {
  readonly index: number;
  readonly label: string;
  readonly line: MemoryLine;
}

interface MemoryDrawing {
  readonly caption: string;
  readonly lines: readonly DrawnLine[];
  /** Is what the store takes without sessions left off? */
  readonly aboveFixed: boolean;
}

/** null where no result has a memory experiment. */
export function memoryCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "memory");
  if (studies.length === 0) return null;
  const drawings = studies.length === 1 ? alone(results) : together(results);
  const figures = drawings.map((drawing) => {
    const chart = draw(draughtsman, drawing);
    const said = drawing.lines.length === 1 ? html`<p class="under">${inWords(drawing.lines[0]!.line)}</p>` : null;
    return html`<figure><figcaption>${drawing.caption}</figcaption>${chart}${said}${downloads(draughtsman.picture(`memory ${drawing.caption}`, chart))}</figure>`;
  });
  const names =
    studies.length === 1
      ? null
      : legend(studies.map(({ result, index }) => ({ label: result.label, style: lineStyle(index) })));
  const expired = drawings.some(
    ({ aboveFixed, lines }) => !aboveFixed && lines.some(({ line }) => line.afterExpiryBytes !== null),
  );
  return html`${names}<p class="soft">○ readings, the line fitted to them, and its 95 % band${expired ? "; ◇ once all sessions had expired" : ""}.</p><div class="pair-grid">${figures}</div>`;
}

function alone(results: readonly RunResult[]): readonly MemoryDrawing[] {
  return studiesOf(results, "memory").flatMap(({ result, index, study }) =>
    study.measures.flatMap(({ name, lines }) =>
      lines.map((line) => ({
        caption: `Sessions of ${sizeText(line.stateBytes)}, ${name}`,
        lines: [{ index, label: result.label, line }],
        aboveFixed: false,
      })),
    ),
  );
}

/** By the measure that each store gives first. */
function together(results: readonly RunResult[]): readonly MemoryDrawing[] {
  const lines = studiesOf(results, "memory").flatMap(({ result, index, study }) =>
    study.measures[0]!.lines.map((line): DrawnLine => ({ index, label: result.label, line })),
  );
  const sizes = [...new Set(lines.map(({ line }) => line.stateBytes))].sort((a, b) => a - b);
  return sizes.map((size) => ({
    caption: `Sessions of ${sizeText(size)}, beyond the fixed cost`,
    lines: lines.filter(({ line }) => line.stateBytes === size),
    aboveFixed: true,
  }));
}

/** "5.001 ± 0.15 KiB a session; …" */
function inWords({ bytesPerSession, interceptBytes, afterExpiryBytes, reclaimedShare }: MemoryLine): string {
  const estimate = ({ value, interval }: MemoryLine["bytesPerSession"]) => {
    const scale = scaleFor("bytes", [value]);
    return `${formatCell(interval === null ? { value } : { value, interval }, scale)} ${scale.unit}`;
  };
  const expired = [
    ...(afterExpiryBytes === null ? [] : [`${formatFigure(afterExpiryBytes, "bytes")} once all had expired`]),
    ...(reclaimedShare === null ? [] : [`${formatFigure(reclaimedShare, "share")} given back`]),
  ];
  return [
    `${estimate(bytesPerSession)} a session`,
    `${estimate(interceptBytes)} without sessions`,
    ...(expired.length === 0 ? [] : [expired.join(", ")]),
  ].join("; ");
}

function draw(draughtsman: Draughtsman, { caption, lines, aboveFixed }: MemoryDrawing): Markup {
  const fixed = ({ interceptBytes }: MemoryLine) => (aboveFixed ? interceptBytes.value : 0);
  const all = lines.flatMap(({ line }) => line.points.map(({ bytes }) => bytes - fixed(line)));
  const ends = lines.flatMap(({ line }) => memoryBand(line).map(({ highBytes }) => highBytes - fixed(line)));
  const expired = aboveFixed
    ? []
    : lines.flatMap(({ line }) => (line.afterExpiryBytes === null ? [] : [line.afterExpiryBytes]));
  const top = Math.max(1, ...all, ...ends, ...expired);
  const scale = scaleFor("bytes", [top]);
  const sessionsMax = Math.max(1, ...lines.flatMap(({ line }) => line.points.map(({ sessions }) => sessions)));
  const low = Math.min(0, ...all);
  const y = (bytes: number) => bytes / scale.divisor;
  const marks = lines.flatMap(({ index, line }) => {
    const { color, dash } = lineStyle(index);
    const band = memoryBand(line).map(({ sessions, bytes, lowBytes, highBytes }) => ({
      sessions,
      line: y(bytes - fixed(line)),
      low: y(lowBytes - fixed(line)),
      high: y(highBytes - fixed(line)),
    }));
    const points = line.points.map(({ sessions, bytes }) => ({ sessions, bytes: y(bytes - fixed(line)) }));
    return [
      Plot.areaY(band, {
        x: "sessions",
        y1: "low",
        y2: "high",
        fill: color,
        fillOpacity: lines.length > 3 ? 0.1 : 0.2,
      }),
      Plot.line([band[0]!, band.at(-1)!], {
        x: "sessions",
        y: "line",
        stroke: color,
        strokeWidth: 1.8,
        strokeDasharray: dash || undefined,
      }),
      Plot.dot(points, { x: "sessions", y: "bytes", r: lines.length > 3 ? 1.8 : 3, stroke: color, strokeWidth: 1.4 }),
    ];
  });
  return draughtsman.draw({
    title: `${caption}: ${lines.map(({ label, line }) => `${label} ${inWords(line)}`).join("; ")}`,
    width: 470,
    height: 280,
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 58,
      marginRight: 18,
      x: { domain: [0, sessionsMax] },
      y: { domain: [y(low), y(top) * 1.05] },
      marks: [
        Plot.gridY({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.13 }),
        Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.5 }),
        ...marks,
        Plot.dot(expired.map(y), {
          x: 0,
          y: (value: number) => value,
          symbol: "diamond",
          r: 5,
          stroke: "var(--bad)",
          strokeWidth: 1.8,
          clip: false,
        }),
        Plot.axisX({
          ticks: 5,
          tickFormat: formatTick,
          label: "stored sessions",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
        }),
        Plot.axisY({ ticks: 5, tickFormat: formatTick, label: scale.unit, labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}
