// The load on one line: what the recommendation carries, what it surely does not, and the stretch between, of which nothing is known.

import * as Plot from "@observablehq/plot";
import type { BreakingPoint } from "../../../metrics/plan/plan.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import type { Markup } from "../../html/markup.ts";
import { times } from "../plan-words.ts";

const WIDTH = 440;
const HEIGHT = 120;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  readonly opacity: number;
}

export function loadAxis(draughtsman: Draughtsman, { metAt, missedAt }: BreakingPoint): Markup {
  const end = Math.max(1, missedAt ?? metAt) * 1.3;
  const stretches: readonly Stretch[] = [
    { from: 0, to: metAt, fill: "var(--good)", opacity: 0.75 },
    { from: metAt, to: missedAt ?? end, fill: "var(--doubtful)", opacity: 0.3 },
    ...(missedAt === null ? [] : [{ from: missedAt, to: end, fill: "var(--bad)", opacity: 0.75 }]),
  ];
  const said = [
    { at: 1, text: "the load planned for", dy: -30 },
    { at: metAt, text: `met up to ${times(metAt)}×`, dy: -15 },
    ...(missedAt === null ? [] : [{ at: missedAt, text: `missed at ${times(missedAt)}×`, dy: 34 }]),
  ];
  return draughtsman.draw({
    title: `Load: met up to ${times(metAt)} times the load planned for, ${missedAt === null ? "not looked further" : `missed at ${times(missedAt)} times`}`,
    width: WIDTH,
    height: HEIGHT,
    options: {
      marginTop: 38,
      marginBottom: 58,
      marginLeft: 10,
      marginRight: 16,
      x: { domain: [0, end] },
      y: { domain: [0, 1], axis: null },
      marks: [
        ...stretches.map((stretch) =>
          Plot.rect([stretch], {
            x1: "from",
            x2: "to",
            y1: 0,
            y2: 1,
            fill: stretch.fill,
            fillOpacity: stretch.opacity,
          }),
        ),
        Plot.ruleX([1], { stroke: "currentColor", strokeWidth: 3, insetTop: -24 }),
        ...said.map(({ at, text, dy }) => {
          const right = at > end / 2;
          return Plot.text([at], {
            x: (load: number) => load,
            frameAnchor: dy > 0 ? "bottom" : "top",
            lineAnchor: "middle",
            text: () => text,
            textAnchor: right ? "end" : "start",
            dx: right ? -5 : 5,
            dy,
            fill: "currentColor",
            fontWeight: 600,
          });
        }),
        Plot.axisX({
          ticks: 5,
          tickFormat: (load: number) => `${formatTick(load)}×`,
          label: null,
          tickSize: 3,
        }),
      ],
    },
  });
}
