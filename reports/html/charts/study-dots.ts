// Experiments drawn as dots: single provider calls, a chart a call with a row a size; saturation, and the engine, with every round.

import type { StoreOperation } from "../../../config/scenario.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { formatFigure, scaleFor } from "../../format-number.ts";
import { sizeText, studiesOf } from "../../studies/study-cube.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { type Dot, drawDotRows } from "./dot-rows.ts";
import { legend, lineStyle } from "./line-styles.ts";
import type { Draughtsman } from "./plot-svg.ts";

/** Beyond this ratio of slowest to quickest a straight axis would hide the quick ones. */
const LOG_FROM_RATIO = 20;

const MILLION = 1e6;

/** Mean time of each call and size; null where no result has a micro experiment. */
export function microCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "micro");
  if (studies.length === 0) return null;
  const operations = [...new Set(studies.flatMap(({ study }) => study.calls.map((call) => call.operation)))];
  const figures = operations.map((operation) => {
    const chart = drawCall(draughtsman, results, operation);
    return html`<figure><figcaption>${operation}, mean time of a call</figcaption>${chart}${downloads(draughtsman.picture(`micro ${operation}`, chart))}</figure>`;
  });
  return html`${names(results, "micro")}<div class="pair-grid">${figures}</div><p class="soft">● mean with its 95 % confidence interval as a bar; ${studies.length === 1 ? "fine strokes: the median of each round" : "in each group from top to bottom in the order of the legend"}.</p>`;
}

function drawCall(draughtsman: Draughtsman, results: readonly RunResult[], operation: StoreOperation): Markup {
  const found = studiesOf(results, "micro").flatMap(({ index, result, study }) =>
    study.calls.filter((call) => call.operation === operation).map((call) => ({ index, label: result.label, call })),
  );
  const values = found.map(({ call }) => call.meanMs.value);
  const scale = scaleFor("ms", values);
  const sizes = [...new Set(found.map(({ call }) => call.stateBytes))].sort((a, b) => a - b);
  return drawDotRows(draughtsman, {
    title: `${operation}: ${found.map(({ label, call }) => `${label} at ${sizeText(call.stateBytes)} ${formatFigure(call.meanMs.value, "ms")}`).join("; ")}`,
    unit: scale.unit,
    log: Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > LOG_FROM_RATIO,
    rows: sizes.map((size) => ({
      label: sizeText(size),
      dots: found
        .filter(({ call }) => call.stateBytes === size)
        .map(({ index, call: { meanMs, roundsMedianMs } }) =>
          dot(index, meanMs, studiesOf(results, "micro").length === 1 ? roundsMedianMs : [], scale.divisor),
        ),
    })),
  });
}

/** null where no result has a saturation experiment. */
export function saturationChart(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "saturation");
  if (studies.length === 0) return null;
  const chart = drawDotRows(draughtsman, {
    title: `Requests a second at saturation: ${studies.map(({ result, study }) => `${result.label} ${formatFigure(study.requestsPerSecond.value, "/s")}`).join("; ")}`,
    unit: "requests a second",
    log: false,
    rows: studies.map(({ index, study }) => ({
      label: "",
      dots: [dot(index, study.requestsPerSecond, study.roundsRequestsPerSecond, 1)],
    })),
  });
  return html`${names(results, "saturation")}<div class="pair-grid"><figure><figcaption>Requests a second, and each round</figcaption>${chart}${downloads(draughtsman.picture("saturation", chart))}</figure></div>`;
}

/** A row a simulation; null where no result has measured the engine. */
export function engineChart(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "engine");
  if (studies.length === 0) return null;
  const labels = new Map(studies.flatMap(({ study }) => study.cases.map(({ name, label }) => [name, label] as const)));
  const chart = drawDotRows(draughtsman, {
    title: `Events a second: ${studies.flatMap(({ study }) => study.cases.map((one) => `${one.label} ${formatFigure(one.eventsPerSecond.value, "/s")}`)).join("; ")}`,
    unit: "millions of events a second",
    log: true,
    rows: [...labels].map(([name, label]) => ({
      label,
      dots: studies.flatMap(({ index, study }) =>
        study.cases
          .filter((one) => one.name === name)
          .map((one) => dot(index, one.eventsPerSecond, one.roundsEventsPerSecond, MILLION)),
      ),
    })),
  });
  return html`${names(results, "engine")}<div class="pair-grid"><figure><figcaption>Events a second, and each round</figcaption>${chart}${downloads(draughtsman.picture("engine", chart))}</figure></div>`;
}

function names(results: readonly RunResult[], kind: "micro" | "saturation" | "engine"): Markup {
  return legend(
    studiesOf(results, kind).map(({ result, index }) => ({
      label: result.label,
      style: { color: lineStyle(index).color, dash: "" },
    })),
  );
}

function dot(
  index: number,
  {
    value,
    interval,
  }: { readonly value: number; readonly interval: { readonly low: number; readonly high: number } | null },
  rounds: readonly number[],
  divisor: number,
): Dot {
  const { low, high } = interval ?? { low: value, high: value };
  return {
    index,
    value: value / divisor,
    low: low / divisor,
    high: high / divisor,
    rounds: rounds.map((one) => one / divisor),
  };
}
