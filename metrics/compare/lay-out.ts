// How the runs of two sides lie to each other: in blocks that took turns, as sets, or one and one; and which of them take part.

import { InputError } from "../../config/problem.ts";
import type { RunResult } from "../run-result.ts";
import { whyLeftOut } from "./comparable.ts";
import type { ComparisonDesign } from "./comparison.ts";

export type Sides = readonly [base: readonly RunResult[], candidate: readonly RunResult[]];

export interface LaidOut {
  readonly design: ComparisonDesign;
  readonly sides: Sides;
  readonly findings: readonly string[];
}

/** Who takes part, and in which order. Of interleaved runs whole blocks do, so that none is heard without the other side. */
export function layOut(base: readonly RunResult[], candidate: readonly RunResult[], force: boolean): LaidOut {
  const all = [...base, ...candidate];
  const reasons = [...new Set(all.map(whyLeftOut).filter((reason) => reason !== null))];
  const counts = (result: RunResult) => whyLeftOut(result) === null;
  const said = reasons.map(
    (reason) => `Left out, ${all.filter((one) => whyLeftOut(one) === reason).length} runs ${reason}`,
  );
  const blocks = wholeBlocks(base, candidate);
  if (blocks !== null) {
    const good = blocks.filter(([a, b]) => [...a, ...b].every(counts));
    if (good.length > 0) {
      return { design: "interleaved", sides: [good.flatMap(([a]) => a), good.flatMap(([, b]) => b)], findings: said };
    }
  }
  const [a, b] = [base.filter(counts), candidate.filter(counts)];
  if (a.length > 0 && b.length > 0) return { design: designOf(a, b), sides: [a, b], findings: said };
  if (force)
    return {
      design: designOf(base, candidate),
      sides: [base, candidate],
      findings: reasons.map((reason) => `Runs that are ${reason}`),
    };
  const side = a.length === 0 ? "base" : "candidate";
  throw new InputError("Cannot compare", [
    {
      at: side,
      given: `no run that counts; ${reasons.join("; ")}`,
      expected: "at least one",
      mend: "run it again, or add --force",
    },
  ]);
}

function designOf(base: readonly RunResult[], candidate: readonly RunResult[]): ComparisonDesign {
  return base.length === 1 && candidate.length === 1 ? "single" : "sets";
}

/** The two sides of every block, in order; null where these runs did not take turns with each other. */
function wholeBlocks(base: readonly RunResult[], candidate: readonly RunResult[]): readonly Sides[] | null {
  if ([...base, ...candidate].some(({ turn }) => turn === undefined)) return null;
  const numbers = [...new Set([...base, ...candidate].map(({ turn }) => turn?.block ?? 0))].sort((a, b) => a - b);
  const blocks = numbers.map((number): Sides => {
    const [a, b] = [base, candidate].map((runs) => runs.filter(({ turn }) => turn?.block === number));
    return [a, b];
  });
  return blocks.every(tookTurns) ? blocks : null;
}

/** ABBA or BAAB, begun one after the other, with the same visitors. */
function tookTurns([a, b]: Sides): boolean {
  const inOrder = [...a, ...b].sort((one, other) => (one.turn?.place ?? 0) - (other.turn?.place ?? 0));
  const sides = inOrder.map((run) => (a.includes(run) ? "A" : "B")).join("");
  return (
    ["ABBA", "BAAB"].includes(sides) &&
    inOrder.every(({ turn, seed }, place) => turn?.place === place && seed === inOrder[0].seed) &&
    inOrder.every((run, place) => place === 0 || startOf(inOrder[place - 1]) <= startOf(run))
  );
}

function startOf({ environment }: RunResult): number {
  return Date.parse(environment.startedAt);
}

/** Simulations have no moment; of measured runs, one side's all came before the other's. */
export function liesApart(base: readonly RunResult[], candidate: readonly RunResult[]): boolean {
  if (base[0].kind === "simulated") return false;
  const [a, b] = [base, candidate].map((runs) => runs.map(startOf));
  return Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
}
