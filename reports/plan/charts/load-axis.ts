// The load on one line: what the recommendation carries, what it surely does not, and the stretch between, of which nothing is known.

import * as Plot from "@observablehq/plot";
import type { BreakingPoint } from "../../../metrics/plan/plan.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import type { Markup } from "../../html/markup.ts";
import { times } from "../plan-words.ts";

const WIDTH = 440;
const HEIGHT = 96;
const LINE_PX = 17;
/** Of the width, what the longest text takes. */
const TEXT_SHARE = 0.45;

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
  // The leftmost in the first line below: no line down to a name then crosses the name of another.
  const said = [
    { at: 1, text: "1×, the load planned for" },
    { at: metAt, text: `met up to ${times(metAt)}×` },
    ...(missedAt === null ? [] : [{ at: missedAt, text: `missed at ${times(missedAt)}×` }]),
  ]
    .sort((one, other) => one.at - other.at)
    .map((one, line) => ({ ...one, dy: LINE_PX * (line + 1) }));
  return draughtsman.draw({
    title: `Load: met up to ${times(metAt)} times the load planned for, ${missedAt === null ? "not looked further" : `missed at ${times(missedAt)} times`}`,
    width: WIDTH,
    height: HEIGHT,
    options: {
      marginTop: 6,
      marginBottom: 58,
      marginLeft: 10,
      marginRight: 16,
      x: { domain: [0, end], axis: null },
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
        ...said.flatMap(({ at, text, dy }) => {
          const right = at / end > TEXT_SHARE;
          return [
            Plot.ruleX([at], { stroke: "currentColor", strokeWidth: at === 1 ? 3 : 1.3, insetBottom: -dy - 4 }),
            Plot.text([at], {
              x: (load: number) => load,
              frameAnchor: "bottom",
              lineAnchor: "middle",
              text: () => text,
              textAnchor: right ? "end" : "start",
              dx: right ? -6 : 6,
              dy,
              fill: "currentColor",
              fontWeight: at === 1 ? 600 : 400,
            }),
          ];
        }),
      ],
    },
  });
}
