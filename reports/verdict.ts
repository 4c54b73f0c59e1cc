// What the first line of every report says of a run: may it be believed, was it cut short, did it meet its targets.

import { figureKinds } from "../metrics/figures.ts";
import type { Audit, Figure, RunResult, TargetVerdict } from "../metrics/run-result.ts";
import { type StudyFigureKey, studyFigures } from "../metrics/study-figures.ts";
import { formatDuration, formatFigure } from "./format-number.ts";
import { limitInWords } from "./limit-words.ts";

/** A sign beside the word, so that nothing hangs on colour. */
export const verdictSigns: Readonly<Record<Audit["verdict"], string>> = { valid: "✓", doubtful: "!", invalid: "✗" };

/** "✓ valid", "! doubtful", or "✗ invalid: 1 of 4 runs": the worst of them. */
export function worstVerdict(results: readonly RunResult[]): string {
  const order = ["invalid", "doubtful", "valid"] as const;
  const worst = order.find((verdict) => results.some((result) => result.audit.verdict === verdict)) ?? "valid";
  const count = results.filter((result) => result.audit.verdict === worst).length;
  const word = `${verdictSigns[worst]} ${worst}`;
  return count === results.length ? word : `${word}: ${count} of ${results.length} runs`;
}

/**
 * "cut short at 12 min 30 s of 30 min", of an experiment "cut short after 40 s", of several rounds that lack one "cut short"; null for
 * a run that came to its end.
 */
export function cutShort(result: RunResult): string | null {
  if (result.complete) return null;
  if (result.study !== null) return `cut short after ${formatDuration(result.endedAtMs)}`;
  const [until, of] = [result.endedAtMs, result.scenario.run.durationMs].map(formatDuration);
  return until === of ? "cut short" : `cut short at ${until} of ${of}`;
}

/** What a run is judged by. An experiment has figures of its own: targets on visitors' figures are none of its business. */
function targetsOf({ study, targets }: RunResult): readonly TargetVerdict[] {
  return study === null ? targets : targets.filter((target) => target.met !== null);
}

/** "2 of 3 targets met", with what could not be told; "no targets set". */
export function targetsSummary(result: RunResult): string {
  const targets = targetsOf(result);
  if (targets.length === 0)
    return result.targets.length === 0 ? "no targets set" : "no target speaks of this experiment";
  const met = targets.filter((target) => target.met === true).length;
  const unknown = targets.filter((target) => target.met === null).length;
  const count =
    met === targets.length ? (met === 1 ? "the target" : `all ${met} targets`) : `${met} of ${targets.length} targets`;
  return `${count} met${unknown === 0 ? "" : `, ${unknown} unknown`}`;
}

export interface TargetRow {
  readonly figure: string;
  readonly limit: string;
  /** One a result; null where it has no such target. */
  readonly cells: readonly ({ readonly met: boolean | null; readonly text: string } | null)[];
}

/** One row for each target that any result has; the value is given in the unit of its figure. */
export function targetRows(results: readonly RunResult[]): readonly TargetRow[] {
  const targets = results.flatMap(targetsOf);
  const first = targets.filter(
    (target, index) => targets.findIndex((one) => one.figure === target.figure && one.limit === target.limit) === index,
  );
  return first.map(({ figure, limit }) => {
    const known = results.flatMap((result) => result.figures).find((one) => one.key === figure) ?? figureNamed(figure);
    const cells = results.map((result) => {
      const target = targetsOf(result).find((one) => one.figure === figure && one.limit === limit);
      if (target === undefined) return null;
      return { met: target.met, text: formatFigure(target.value, known?.unit ?? "") };
    });
    return { figure: known?.label ?? figure, limit: limitInWords(limit, known?.unit ?? ""), cells };
  });
}

/** Of a figure that no result has. */
function figureNamed(key: string): Pick<Figure, "label" | "unit"> | undefined {
  return figureKinds.find((kind) => kind.key === key) ?? studyFigures[key as StudyFigureKey];
}

/** "✓ met", "✗ missed", "? unknown". */
export function metWord(met: boolean | null): string {
  return met === null ? "? unknown" : met ? "✓ met" : "✗ missed";
}
