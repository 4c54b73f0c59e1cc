// The search for the highest rate that meets the objectives: every rate that was tried against the response time it gave, the limit,
// and the bracket in which the answer lies.

import * as Plot from "@observablehq/plot";
import type { RunResult } from "../../../metrics/run-result.ts";
import type { SloProbe, SloStudy } from "../../../metrics/study.ts";
import { formatFigure } from "../../format-number.ts";
import { studiesOf } from "../../studies/study-cube.ts";
import { downloads } from "../download.ts";
import { html, type Markup } from "../markup.ts";
import { logTicks } from "./line-chart.ts";
import type { Draughtsman } from "./plot-svg.ts";
import { formatTick } from "./time-axis.ts";

const looks = {
  met: { color: "var(--good)", symbol: "circle", label: "met" },
  missed: { color: "var(--bad)", symbol: "times", label: "missed" },
  late: { color: "var(--doubtful)", symbol: "triangle", label: "the generator could not be believed" },
} as const;
type Look = keyof typeof looks;

/** null where no result has such a search. */
export function sloCharts(draughtsman: Draughtsman, results: readonly RunResult[]): Markup | null {
  const studies = studiesOf(results, "slo");
  if (studies.length === 0) return null;
  const figures = studies.map(({ result, study }) => {
    const chart = draw(draughtsman, result, study);
    return html`<figure><figcaption>${result.label}</figcaption>${chart}<p class="under">${answers[study.bound]}</p>${downloads(draughtsman.picture(`slo ${result.label}`, chart))}</figure>`;
  });
  const used = (Object.keys(looks) as Look[]).filter((look) =>
    studies.some(({ study }) => study.probes.some((probe) => lookOf(probe) === look)),
  );
  const key = used.map((look) => html`<li>${sample(look)}${looks[look].label}</li>`);
  const bracketed = studies.some(({ study }) => (study.requestsPerSecond?.interval ?? null) !== null);
  const answer = html`<li><svg class="swatch" viewBox="0 0 18 12" aria-hidden="true"><path d="M0 0H18V12H0z" fill="var(--line-0)" fill-opacity=".25"/></svg>the answer lies here</li>`;
  return html`<ul class="legend">${key}${bracketed ? answer : null}</ul><div class="pair-grid">${figures}</div>`;
}

const answers: Readonly<Record<SloStudy["bound"], string>> = {
  bracket: "The answer lies between the highest rate that met the objectives and the lowest that missed them.",
  "at least": "At least the highest rate that met the objectives: none above it was found to miss them.",
  none: "Not even the lowest rate that was tried met the objectives.",
};

function sample(look: Look): Markup {
  const shapes = { met: "M9 2a4 4 0 1 0 .01 0", missed: "M5 2L13 10M13 2L5 10", late: "M9 2L14 10H4z" };
  return html`<svg class="swatch" viewBox="0 0 18 12" aria-hidden="true"><path d="${shapes[look]}" fill="${look === "met" ? looks.met.color : "none"}" stroke="${looks[look].color}" stroke-width="1.8"/></svg>`;
}

function lookOf({ met, valid }: SloProbe): Look {
  return valid ? (met ? "met" : "missed") : "late";
}

function draw(draughtsman: Draughtsman, result: RunResult, study: SloStudy): Markup {
  const { probes, responseP99MsMax, requestsPerSecond } = study;
  const known = probes.flatMap(({ responseP99Ms }) =>
    responseP99Ms === null || responseP99Ms <= 0 ? [] : [responseP99Ms],
  );
  const low = Math.min(responseP99MsMax, ...known) / 1.6;
  const high = Math.max(responseP99MsMax, ...known) * 1.6;
  const rateMax = Math.max(...probes.map((probe) => probe.requestsPerSecond), 1e-9) * 1.08;
  const bracket = requestsPerSecond?.interval ?? null;
  const ticks = logTicks(low, high);
  const dots = (Object.keys(looks) as Look[]).map((look) =>
    Plot.dot(
      probes.filter((probe) => lookOf(probe) === look),
      {
        x: "requestsPerSecond",
        // A rate at which too little was answered for a p99 stands at the top.
        y: ({ responseP99Ms }: SloProbe) => (responseP99Ms === null || responseP99Ms <= 0 ? high : responseP99Ms),
        symbol: looks[look].symbol,
        r: 4.5,
        stroke: looks[look].color,
        fill: look === "met" ? looks[look].color : "none",
        strokeWidth: 1.8,
      },
    ),
  );
  return draughtsman.draw({
    title: describe(result, study),
    width: 470,
    height: 280,
    options: {
      marginTop: 28,
      marginBottom: 40,
      marginLeft: 58,
      marginRight: 18,
      x: { domain: [0, rateMax], type: "linear" },
      y: { domain: [low, high], type: "log" },
      marks: [
        Plot.gridY(ticks, { stroke: "currentColor", strokeOpacity: 0.13 }),
        ...(bracket === null
          ? []
          : [
              Plot.rect([bracket], {
                x1: "low",
                x2: "high",
                y1: low,
                y2: high,
                fill: "var(--line-0)",
                fillOpacity: 0.22,
              }),
            ]),
        Plot.ruleY([responseP99MsMax], { stroke: "var(--bad)", strokeWidth: 1.6, strokeDasharray: "9 4" }),
        Plot.text([responseP99MsMax], {
          x: 0,
          y: (ms: number) => ms,
          dx: 6,
          dy: -9,
          text: (ms: number) => `objective: p99 at most ${formatFigure(ms, "ms")}`,
          textAnchor: "start",
          fill: "var(--bad)",
          stroke: "var(--page)",
          strokeWidth: 4,
        }),
        ...dots,
        Plot.axisX({
          ticks: 5,
          tickFormat: formatTick,
          label: "requests a second",
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 36,
        }),
        Plot.axisY(ticks, { text: formatTick, label: "response p99, ms, log scale", labelArrow: "none", tickSize: 0 }),
      ],
    },
  });
}

function describe(result: RunResult, { probes, requestsPerSecond, responseP99MsMax }: SloStudy): string {
  const asked = `p99 at most ${formatFigure(responseP99MsMax, "ms")}`;
  const found =
    requestsPerSecond === null
      ? "no rate that was tried met it"
      : `met up to ${formatFigure(requestsPerSecond.value, "/s")}`;
  return `${result.label}: ${probes.length} rates tried, ${asked}, ${found}`;
}
