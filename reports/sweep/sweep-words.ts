// What the reports of a sweep say alike: values of an axis, limits, where a point stands to its targets.

import type { VariedValue } from "../../config/vary.ts";
import type { PointTarget, Sweep, SweepPoint, TargetStanding } from "../../metrics/sweep/sweep.ts";
import { formatFigure, formatNumber, type Scale, scaleFor } from "../format-number.ts";

/** "20,000", "InProc", "true". */
export function valueText(value: VariedValue): string {
  return typeof value === "number" ? formatNumber(value, 6) : String(value);
}

/** "at most 1 %", without zeros that nobody wrote. */
export function limitText({ atMost, atLeast }: Pick<PointTarget, "atMost" | "atLeast">, unit: string): string {
  const plain = (limit: number) =>
    formatFigure(limit, unit).replace(/\.(\d*?)0+(?!\d)/, (_, kept: string) => (kept === "" ? "" : `.${kept}`));
  return [
    ...(atMost === undefined ? [] : [`at most ${plain(atMost)}`]),
    ...(atLeast === undefined ? [] : [`at least ${plain(atLeast)}`]),
  ].join(" and ");
}

/** A sign beside the colour, so that nothing hangs on colour. */
export const standingSigns: Readonly<Record<TargetStanding, string>> = {
  met: "✓",
  missed: "✗",
  undecided: "≈",
  unknown: "?",
};

export const STANDING_LEGEND =
  "✓ the target is met, ✗ missed, ≈ the 95 % interval lies on both sides of the limit, ? the run cannot know the figure.";

/** The worst of all targets of a point: missed before undecided before unknown before met; null where there are none. */
export function worstStanding({ targets }: Pick<SweepPoint, "targets">): TargetStanding | null {
  const order: readonly TargetStanding[] = ["missed", "undecided", "unknown", "met"];
  return order.find((standing) => targets.some((target) => target.standing === standing)) ?? null;
}

/** The worst of those that speak of this figure; null where none does. */
export function figureStanding({ targets }: SweepPoint, figure: string): TargetStanding | null {
  return worstStanding({ targets: targets.filter((target) => target.figure === figure) });
}

/** One scale for a figure over all points. */
export function figureScale({ figures, points }: Sweep, key: string): Scale {
  const unit = figures.find((figure) => figure.key === key)?.unit ?? "";
  return scaleFor(
    unit,
    points.flatMap((point) => point.figures[key]?.value ?? []),
  );
}

/** "27 of 27 points, 10 replications each, seed 1". */
export function extent({ points, pointsAsked, seed }: Sweep): string {
  const counts = [...new Set(points.map(({ replications }) => replications))].sort((a, b) => a - b);
  const each =
    counts.length === 0
      ? ""
      : counts.length === 1
        ? `, ${counts[0]} ${counts[0] === 1 ? "replication" : "replications"} each`
        : `, ${counts[0]} to ${counts.at(-1)} replications`;
  return `${formatNumber(points.length)} of ${formatNumber(pointsAsked)} points${each}, seed ${seed}`;
}

/** "all targets are met at 4 of 9 points"; null where there are none. */
export function targetsTold({ points }: Sweep): string | null {
  if (points.every(({ targets }) => targets.length === 0)) return null;
  // A figure that this kind of run never knows decides nothing.
  const told = points.map(({ targets }) => targets.filter(({ standing }) => standing !== "unknown"));
  if (told.every((targets) => targets.length === 0)) return "no target is of a figure that a run can know";
  const met = told.filter((targets) => targets.length > 0 && targets.every(({ standing }) => standing === "met"));
  const known = told.some((targets, i) => targets.length < points[i].targets.length)
    ? "all targets that a run can know"
    : "all targets";
  const count =
    met.length === points.length
      ? `each of the ${points.length}`
      : met.length === 0
        ? "none of the"
        : `${met.length} of the`;
  return `${known} are met at ${met.length === points.length ? `${count} points` : `${count} ${met.length === 0 ? "" : `${points.length} `}points`}`;
}

/** What makes figures doubtful, each kind once: "at 3 points, first at …: The web cores are overloaded (98.9 % busy) …". */
export function findingsTold({ axes, points }: Sweep): readonly string[] {
  const kinds = new Map<string, { readonly text: string; readonly at: string; count: number }>();
  for (const { at, findings } of points) {
    for (const text of findings) {
      // Findings of one kind differ in their numbers.
      const kind = text.replace(/[\d.,]+/g, "#");
      const found = kinds.get(kind);
      if (found === undefined)
        kinds.set(kind, { text, at: placeText(axes.map(({ key }, i) => [key, at[i]])), count: 1 });
      else found.count++;
    }
  }
  return [...kinds.values()].map(({ text, at, count }) =>
    count === 1 ? `At ${at}: ${text}` : `At ${count} of ${points.length} points, first at ${at}: ${text}`,
  );
}

/** "site.mode = InProc, site.servers = 2". */
export function placeText(where: readonly (readonly [key: string, value: VariedValue])[]): string {
  return where.map(([key, value]) => `${key} = ${valueText(value)}`).join(", ");
}
