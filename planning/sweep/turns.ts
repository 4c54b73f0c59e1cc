// Knees and cliffs: where, along an axis of a sweep, a figure bends or jumps, where a target is first met or missed, and, where nothing
// of the kind can be told from chance, that too. What is told differs by more than the luck of the replications, over all the places of
// the line where it was looked for.

import type { VariedValue } from "../../config/vary.ts";
import type { PointFigure } from "../../metrics/sweep/point.ts";
import type { PointTarget, SweepAxis, SweepFigure } from "../../metrics/sweep/sweep.ts";
import type { Busy, Step, Turn } from "../../metrics/sweep/turn.ts";
import { type Contrasts, contrastsOf } from "./contrast.ts";
import { type GridLine, gridLines } from "./grid-lines.ts";
import { bestHinge } from "./hinge-fit.ts";

/** A point with every figure that the run knows, shown or not. */
export interface TurningPoint {
  readonly at: readonly VariedValue[];
  readonly figures: Readonly<Record<string, PointFigure>>;
  readonly targets: readonly PointTarget[];
}

/** One slope is so many times the other. */
const KNEE_RATIO = 3;
/** Of the squares that a straight line leaves, the bend may leave so many. */
const KNEE_LEFT_MAX = 0.25;
/** A cliff has so much of the whole range, and so many times what its width would have. */
const CLIFF_SHARE = 0.6;
const CLIFF_TIMES_WIDTH = 1.8;
/** With fewer points, one of two steps would be a cliff by itself. */
const POINTS_MIN = 4;
/** Of the largest value; a bend in what hardly changes is none worth telling. */
const RANGE_MIN = 0.05;
const BUSY = 0.9;

/** @param points that ended, the last axis changing fastest. @returns by axis, line and figure. */
export function turnsOf(
  axes: readonly SweepAxis[],
  figures: readonly SweepFigure[],
  points: readonly TurningPoint[],
): readonly Turn[] {
  return gridLines(axes, points).flatMap((line) => [
    ...(line.numeric ? targetTurns(line) : []),
    ...figures.flatMap((figure) => figureTurns(line, figure)),
  ]);
}

type Line = GridLine<TurningPoint>;

function figureTurns(whole: Line, { key: figure, unit }: SweepFigure): readonly Turn[] {
  const line = knownPart(whole, figure);
  const place = { figure, axis: line.axis, where: line.where };
  const y = line.points.map((point) => figureAt(point, figure));
  if (y.length < 2) return whole.points.length < 2 ? [{ ...place, kind: "untold" }] : [];
  const told = line.points.map(({ figures }) => figures[figure]);
  const differs = contrastsOf(told, unit === "ms");
  if (differs(between(y.length, 0, y.length - 1), 1) === null) return [{ ...place, kind: "untold" }];
  if (!line.numeric) return [{ ...place, ...choiceOf(line, y, differs) }];
  const cliff = cliffOf(line, y, differs);
  const knee = kneeOf(line, y, contrastsOf(told));
  const bothSidesOfCliff = knee !== null && cliff !== null && [cliff.step.from, cliff.step.to].includes(knee.at);
  const turns = [...(cliff === null ? [] : [cliff]), ...(knee === null || bothSidesOfCliff ? [] : [knee])];
  return turns.length > 0
    ? turns.map((turn) => ({ ...place, ...turn }))
    : [{ ...place, ...courseOf(line, y, differs) }];
}

function kneeOf(line: Line, y: readonly number[], differs: Contrasts) {
  if (!worthTelling(y, RANGE_MIN)) return null;
  const x = line.values.map(Number);
  const hinge = bestHinge(x, y);
  if (hinge === null || hinge.leftShare > KNEE_LEFT_MAX) return null;
  const { place, slopeBefore, slopeAfter, weights } = hinge;
  const [before, after] = [Math.abs(slopeBefore), Math.abs(slopeAfter)];
  const bend = before >= KNEE_RATIO * after ? "flattens" : after >= KNEE_RATIO * before ? "steepens" : null;
  if (bend === null || differs(weights, y.length - 2) !== true) return null;
  const because = busyOf(line, bend === "steepens" ? place + 1 : place - 1);
  return { kind: "knee", at: x[place], valueAt: y[place], slopeBefore, slopeAfter, bend, because } as const;
}

function cliffOf(line: Line, y: readonly number[], differs: Contrasts) {
  if (!worthTelling(y, CLIFF_SHARE / 2)) return null;
  const x = line.values.map(Number);
  const steps = y.slice(1).map((value, i) => Math.abs(value - y[i]));
  const place = steps.indexOf(Math.max(...steps));
  const share = steps[place] / rangeOf(y);
  const width = (x[place + 1] - x[place]) / (x[x.length - 1] - x[0]);
  if (share < CLIFF_SHARE || share < CLIFF_TIMES_WIDTH * width) return null;
  if (differs(between(y.length, place, place + 1), y.length - 1) !== true) return null;
  const because = busyOf(line, y[place + 1] > y[place] ? place + 1 : place);
  return { kind: "cliff", step: stepOf(line, y, place, place + 1), share, because } as const;
}

/** What can be told of a line without a turn. */
function courseOf(line: Line, y: readonly number[], differs: Contrasts) {
  const last = y.length - 1;
  const step = stepOf(line, y, 0, last);
  const signs = new Set(
    y
      .slice(1)
      .flatMap((value, i) =>
        value !== y[i] && differs(between(y.length, i, i + 1), y.length) === true ? [Math.sign(value - y[i])] : [],
      ),
  );
  if (y[last] !== y[0] && differs(between(y.length, 0, last), y.length) === true) signs.add(Math.sign(y[last] - y[0]));
  if (signs.size === 0) return { kind: "flat", step } as const;
  const direction = signs.size === 2 ? "rises and falls" : signs.has(1) ? "rises" : "falls";
  return { kind: "steady", step, direction } as const;
}

function choiceOf(line: Line, y: readonly number[], differs: Contrasts) {
  const lowest = y.indexOf(Math.min(...y));
  const highest = y.indexOf(Math.max(...y));
  const pairs = (y.length * (y.length - 1)) / 2;
  return {
    kind: "choice",
    step: stepOf(line, y, lowest, highest),
    differs: lowest !== highest && differs(between(y.length, lowest, highest), pairs) === true,
  } as const;
}

function targetTurns(line: Line): readonly Turn[] {
  const targets = line.points[0]?.targets ?? [];
  return targets.flatMap(({ figure, atMost, atLeast }, i): Turn[] => {
    const limit = { ...(atMost === undefined ? {} : { atMost }), ...(atLeast === undefined ? {} : { atLeast }) };
    const same = line.points.every(({ targets: other }) => {
      const one = other[i];
      return one?.figure === figure && one.atMost === atMost && one.atLeast === atLeast;
    });
    if (!same) return [];
    const standings = line.points.map((point) => point.targets[i].standing);
    const decided = standings.flatMap((standing, place) =>
      standing === "met" || standing === "missed" ? [{ place, met: standing === "met" }] : [],
    );
    return decided.slice(1).flatMap(({ place, met }, before): Turn[] => {
      const from = decided[before];
      if (from.met === met) return [];
      return [
        {
          kind: "target",
          figure,
          axis: line.axis,
          where: line.where,
          step: {
            from: line.values[from.place],
            to: line.values[place],
            valueFrom: figureAt(line.points[from.place], figure),
            valueTo: figureAt(line.points[place], figure),
          },
          limit,
          change: met ? "first met" : "first missed",
          undecided: line.values.slice(from.place + 1, place),
          because: busyOf(line, met ? from.place : place),
        },
      ];
    });
  });
}

/** The points at which the figure is known. */
function knownPart(line: Line, figure: string): Line {
  const known = line.points.map(({ figures }) => (figures[figure]?.value ?? null) !== null);
  return {
    ...line,
    points: line.points.filter((_, i) => known[i]),
    values: line.values.filter((_, i) => known[i]),
  };
}

function figureAt({ figures }: TurningPoint, figure: string): number {
  return figures[figure]?.value ?? Number.NaN;
}

function worthTelling(y: readonly number[], share: number): boolean {
  return y.length >= POINTS_MIN && rangeOf(y) >= share * Math.max(...y.map(Math.abs)) && rangeOf(y) > 0;
}

function rangeOf(y: readonly number[]): number {
  return Math.max(...y) - Math.min(...y);
}

function stepOf({ values }: Line, y: readonly number[], from: number, to: number): Step {
  return { from: values[from], to: values[to], valueFrom: y[from], valueTo: y[to] };
}

function between(length: number, from: number, to: number): readonly number[] {
  return Array.from({ length }, (_, i) => (i === to ? 1 : 0) - (i === from ? 1 : 0));
}

function busyOf({ points, values }: Line, place: number): Busy | null {
  for (const figure of ["coreUtilisation", "storeUtilisation"] as const) {
    const share = points[place]?.figures[figure]?.value ?? 0;
    if (share >= BUSY) return { figure, at: values[place], share };
  }
  return null;
}
