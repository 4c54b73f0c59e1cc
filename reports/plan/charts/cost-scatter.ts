// What every choice that was simulated costs, against its smallest margin: the cheapest above the limit is the one to buy.

import * as Plot from "@observablehq/plot";
import type { Plan, SeenPoint } from "../../../metrics/plan/plan.ts";
import type { Draughtsman } from "../../html/charts/plot-svg.ts";
import { formatTick } from "../../html/charts/time-axis.ts";
import { html, type Markup } from "../../html/markup.ts";
import { choiceInWords, shownOf, smallestMargin, verdictSigns } from "../plan-words.ts";

const WIDTH = 440;
const HEIGHT = 215;
/** A choice that misses by more says no more by it. */
const MARGIN_MIN = -1;
const MARGIN_MAX = 1.5;

const marks = {
  meets: { color: "var(--good)", symbol: "circle" },
  undecided: { color: "var(--doubtful)", symbol: "triangle" },
  misses: { color: "var(--bad)", symbol: "times" },
} as const;

interface Dot {
  readonly cost: number;
  /** Per cent, no further out than the axis reaches. */
  readonly margin: number;
  /** "" or the number of the alternative. */
  readonly name: string;
}

/** null with fewer than two choices whose margin is known. */
export function costScatter(draughtsman: Draughtsman, plan: Plan): Markup | null {
  const candidates = [shownOf(plan), ...plan.alternatives.map(({ candidate }) => candidate)].filter(
    (one) => one !== null,
  );
  const seen =
    plan.seen ??
    candidates.map(
      (one): SeenPoint => ({
        choice: one.choice,
        cost: one.cost.total,
        verdict: one.verdict,
        margin: smallestMargin(one),
      }),
    );
  const known = seen.flatMap((point) => (point.margin === null ? [] : [{ ...point, margin: point.margin }]));
  if (known.length < 2) return null;
  const named = new Map(candidates.map(({ choice }, index) => [choiceInWords(choice), index === 0 ? "0" : `${index}`]));
  const dotsOf = (verdict: SeenPoint["verdict"]): readonly Dot[] =>
    known
      .filter((point) => point.verdict === verdict)
      .map(({ choice, cost, margin }) => ({
        cost,
        margin: 100 * Math.min(MARGIN_MAX, Math.max(MARGIN_MIN, margin)),
        name: named.get(choiceInWords(choice)) ?? "",
      }));
  const groups = (["misses", "undecided", "meets"] as const).map((verdict) => ({
    ...marks[verdict],
    verdict,
    dots: dotsOf(verdict),
  }));
  const dots = groups.flatMap((group) => group.dots);
  const chosen = plan.recommendation === null ? [] : dots.filter(({ name }) => name === "0");
  const clipped = known.some(({ margin }) => margin < MARGIN_MIN || margin > MARGIN_MAX);
  const counts = groups
    .filter((group) => group.dots.length > 0)
    .map((group) => `${group.dots.length} ${verdictSigns[group.verdict]}`);
  const chart = draughtsman.draw({
    title: `Cost a month against smallest margin of ${known.length} choices: ${counts.join(", ")}`,
    width: WIDTH,
    height: HEIGHT,
    options: {
      marginTop: 26,
      marginBottom: 40,
      marginLeft: 62,
      marginRight: 14,
      x: { nice: true, insetLeft: 14, insetRight: 14 },
      y: { insetTop: 14, insetBottom: 14 },
      marks: [
        Plot.gridY({ ticks: 5, stroke: "currentColor", strokeOpacity: 0.13 }),
        Plot.ruleY([0], { stroke: "currentColor", strokeWidth: 1.5, strokeDasharray: "3 3" }),
        ...groups.map(({ dots: some, color, symbol }) =>
          symbol === "times"
            ? Plot.dot(some, { x: "cost", y: "margin", symbol, r: 4, stroke: color, strokeWidth: 2 })
            : Plot.dot(some, { x: "cost", y: "margin", symbol, r: 4, fill: color }),
        ),
        Plot.dot(chosen, { x: "cost", y: "margin", r: 9, stroke: "currentColor", strokeWidth: 2 }),
        ...dots
          .filter(({ name }) => name !== "" && name !== "0")
          .map((dot) =>
            Plot.text([dot], {
              x: "cost",
              y: "margin",
              text: "name",
              dy: -11,
              fill: "currentColor",
              stroke: "var(--page)",
              strokeWidth: 3,
              fontWeight: 600,
            }),
          ),
        Plot.axisY({
          ticks: 5,
          tickFormat: (value: number) => `${formatTick(value).replace("-", "−")} %`,
          label: "↑ smallest margin",
          tickSize: 3,
        }),
        Plot.axisX({
          ticks: 5,
          tickFormat: formatTick,
          label: `${plan.currency} a month →`,
          labelArrow: "none",
          labelOffset: 36,
          tickSize: 3,
        }),
      ],
    },
  });
  return html`${chart}<p class="under">${plan.recommendation === null ? "" : "○ the recommendation; "}1, 2, 3 the next best; ● meets, ▲ undecided, × misses; below the dashed line a target is missed.${clipped ? " Margins beyond the axis are drawn at its end." : ""}</p>`;
}
