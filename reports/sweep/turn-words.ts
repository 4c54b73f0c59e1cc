// Knees and cliffs in sentences, the most telling first. Lines of the grid on which a figure turns at the same place share a sentence.

import type { Sweep, SweepFigure } from "../../metrics/sweep/sweep.ts";
import type { Busy, Turn } from "../../metrics/sweep/turn.ts";
import { formatFigure, formatNumber } from "../format-number.ts";
import { limitText, placeText, valueText } from "./sweep-words.ts";

export interface TurnSentence {
  readonly kind: Turn["kind"];
  readonly figure: string;
  readonly text: string;
}

/** Of each kind, before the others are held back. */
const LEADING: Readonly<Record<Turn["kind"], number>> = {
  target: 6,
  cliff: 5,
  knee: 5,
  choice: 4,
  steady: 4,
  flat: 4,
  untold: 4,
};

/** The first of each kind, and the rest: targets of a large grid would drown its cliffs. */
export function leadingSentences(sentences: readonly TurnSentence[]): {
  readonly leading: readonly TurnSentence[];
  readonly rest: readonly TurnSentence[];
} {
  const seen = new Map<Turn["kind"], number>();
  const leads = sentences.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= LEADING[kind];
  });
  return { leading: sentences.filter((_, i) => leads[i]), rest: sentences.filter((_, i) => !leads[i]) };
}

const order: readonly Turn["kind"][] = ["target", "cliff", "knee", "choice", "steady", "flat", "untold"];

/** Said in a sentence of its own. */
function isTelling(turn: Turn): boolean {
  return turn.kind === "choice" ? turn.differs : ["target", "cliff", "knee"].includes(turn.kind);
}

/** @returns targets, cliffs and knees, a sentence each; then, together, what has none of them. */
export function turnSentences({ turns, figures, axes }: Sweep): readonly TurnSentence[] {
  const told = order.flatMap((kind) => turns.filter((turn) => turn.kind === kind && isTelling(turn)));
  const groups = new Map<string, Turn[]>();
  for (const turn of told) {
    const key = JSON.stringify([turn.kind, turn.figure, turn.axis, spotOf(turn)]);
    groups.set(key, [...(groups.get(key) ?? []), turn]);
  }
  const sentences = [...groups.values()].map((group): TurnSentence => {
    const [first, ...others] = group as [Turn, ...Turn[]];
    const text = `${sentenceOf(first, figureOf(first, figures))}${placeOf(first, others)}`;
    return { kind: first.kind, figure: first.figure, text };
  });
  return [...sentences, ...axes.flatMap(({ key }) => withoutTurn(turns, key, figures))];
}

/** Where it turns, apart from how far. */
function spotOf(turn: Turn): unknown {
  if (turn.kind === "knee") return [turn.at, turn.bend];
  if (turn.kind === "target") return [turn.step.from, turn.step.to, turn.limit, turn.change];
  return turn.kind === "untold" ? null : [turn.step.from, turn.step.to];
}

const OTHERS_TOLD = 3;

/** " With site.mode = InProc; at the same place with site.mode = SQLServer." */
function placeOf(first: Turn, others: readonly Turn[]): string {
  const where = Object.entries(first.where);
  if (where.length === 0) return "";
  const told = others.slice(0, OTHERS_TOLD).map((turn) => placeText(Object.entries(turn.where)));
  const more = others.length > OTHERS_TOLD ? ` and ${others.length - OTHERS_TOLD} more` : "";
  const also = others.length === 0 ? "" : `; at the same place with ${told.join("; ")}${more}`;
  return ` With ${placeText(where)}${also}.`;
}

type Words = Pick<SweepFigure, "label" | "unit">;

function figureOf({ figure }: Turn, figures: readonly SweepFigure[]): Words {
  return figures.find(({ key }) => key === figure) ?? { label: figure, unit: "" };
}

function sentenceOf(turn: Turn, { label, unit }: Words): string {
  const say = (value: number) => formatFigure(value, unit);
  switch (turn.kind) {
    case "target": {
      const { step, undecided } = turn;
      const head =
        turn.change === "first met"
          ? `${label}: ${limitText(turn.limit, unit)} is first met at ${turn.axis} = ${valueText(step.to)}`
          : `${label}: ${limitText(turn.limit, unit)} is met up to ${turn.axis} = ${valueText(step.from)} and missed from ${valueText(step.to)} on`;
      const between = undecided.length === 0 ? "" : `; at ${undecided.map(valueText).join(", ")} it cannot be told`;
      return `${head} (${say(step.valueFrom)} at ${valueText(step.from)}, ${say(step.valueTo)} at ${valueText(step.to)}${between})${because(turn.because)}.`;
    }
    case "cliff": {
      const { step, share } = turn;
      const way = step.valueTo > step.valueFrom ? "rises" : "falls";
      return `between ${valueText(step.from)} and ${valueText(step.to)} ${turn.axis}, ${label} ${way} from ${say(step.valueFrom)} to ${say(step.valueTo)}, ${formatNumber(Math.round(share * 100))} % of its whole range${because(turn.because)}.`;
    }
    case "knee": {
      const { at, bend, slopeBefore, slopeAfter, valueAt } = turn;
      const way = (slope: number) => (slope > 0 ? "rises" : "falls");
      const head = `at ${turn.axis} = ${valueText(at)}, where ${label} is ${say(valueAt)}`;
      const [before, after] = [Math.abs(slopeBefore), Math.abs(slopeAfter)];
      const told =
        bend === "flattens"
          ? `up to there it ${way(slopeBefore)}, beyond it ${after * HARDLY < before ? "hardly changes" : `${way(slopeAfter)} ${times(before, after)} more slowly`}`
          : `up to there it ${before * HARDLY < after ? "hardly changes" : way(slopeBefore)}, beyond it ${way(slopeAfter)}${before * HARDLY < after ? "" : ` ${times(after, before)} as fast`}`;
      return `${head}: ${told}${because(turn.because)}.`;
    }
    case "choice": {
      const { step } = turn;
      return `${label} is lowest with ${turn.axis} = ${valueText(step.from)}, ${say(step.valueFrom)}, and highest with ${valueText(step.to)}, ${say(step.valueTo)}.`;
    }
    default:
      throw new Error(`${turn.kind} is told together with others`);
  }
}

/** A slope this many times smaller is as good as none. */
const HARDLY = 20;

function times(large: number, small: number): string {
  const ratio = large / small;
  return `${formatNumber(ratio < 10 ? ratio : Math.round(ratio), 2)} times`;
}

function because(busy: Busy | null): string {
  if (busy === null) return "";
  const what = busy.figure === "coreUtilisation" ? "web cores" : "store";
  return `: ${what} ${formatNumber(Math.round(busy.share * 100))} % busy at ${valueText(busy.at)}`;
}

/** One sentence an axis for each way of having neither knee nor cliff. */
function withoutTurn(turns: readonly Turn[], axis: string, figures: readonly SweepFigure[]): readonly TurnSentence[] {
  const along = turns.filter((turn) => turn.axis === axis);
  const kinds = ["steady", "flat", "untold"] as const;
  return kinds.flatMap((kind): TurnSentence[] => {
    const found = along.filter(
      (turn) => turn.kind === kind || (kind === "flat" && turn.kind === "choice" && !turn.differs),
    );
    if (found.length === 0) return [];
    const names = figures
      .filter(({ key }) => found.some(({ figure }) => figure === key))
      .map(({ key, label, unit }) => {
        const of = found.filter(({ figure }) => figure === key);
        const lines = along.filter((turn) => turn.figure === key && turn.kind !== "target");
        const count = of.length === lines.length ? "" : ` on ${of.length} of ${lines.length} lines`;
        return `${label}${course(of, unit)}${count}`;
      });
    return [{ kind, figure: found[0]!.figure, text: `${opening[kind](axis)}: ${names.join("; ")}.` }];
  });
}

const opening: Readonly<Record<"steady" | "flat" | "untold", (axis: string) => string>> = {
  steady: (axis) => `No knee or cliff along ${axis}`,
  flat: (axis) => `No change along ${axis} by more than chance`,
  untold: (axis) => `Nothing can be told from chance along ${axis}, with one replication or one point`,
};

/** " rises from 12 to 30", where all lines are alike in it. */
function course(turns: readonly Turn[], unit: string): string {
  const directions = new Set(
    turns.map((turn) => (turn.kind === "steady" ? turn.direction : turn.kind === "choice" ? "flat" : turn.kind)),
  );
  const [direction] = directions;
  if (directions.size > 1 || direction === undefined || direction === "untold") return "";
  const ends = turns.flatMap((turn) => ("step" in turn ? [turn.step.valueFrom, turn.step.valueTo] : []));
  const range = `${formatFigure(Math.min(...ends), unit)} to ${formatFigure(Math.max(...ends), unit)}`;
  if (direction === "flat")
    return Math.min(...ends) === Math.max(...ends) ? ` (${formatFigure(ends[0] ?? null, unit)})` : ` (${range})`;
  const [turn] = turns as [Turn];
  if (turns.length > 1 || turn.kind !== "steady") return ` ${direction} (${range})`;
  return ` ${direction}, from ${formatFigure(turn.step.valueFrom, unit)} to ${formatFigure(turn.step.valueTo, unit)}`;
}
