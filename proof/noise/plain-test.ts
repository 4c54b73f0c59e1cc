// What most tools do: all runs of one side, then all of the other, and Student's t between them, sure to one in a hundred over all
// metrics by Bonferroni. Here to show that the noise of these suites is not tame: a proof under which every test holds shows nothing.

import { log } from "../../config/elementary.ts";
import { FALSE_DISCOVERY_RATE } from "../../metrics/compare/judged.ts";
import { meanOf, tTwoSided, varianceOf } from "../../metrics/confidence.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import type { Finding, ProofWork } from "../proof-command.ts";
import { type NoiseKind, noiseKinds } from "./noise-kinds.ts";
import { createSuite } from "./suite.ts";

const RUNS_A_SIDE = 40;
/** Noise that fools it less often would be too tame to prove anything. */
const FOOLED_LEAST = 0.5;

/** @param work its repeats are suites of each kind of noise. @returns null when cut short. */
export async function plainTest({
  repeats,
  seed,
  goOn,
}: Pick<ProofWork, "repeats" | "seed" | "goOn">): Promise<readonly Finding[] | null> {
  const fooled = new Map<NoiseKind, number>(noiseKinds.map((kind) => [kind, 0]));
  for (let suite = 0; suite < repeats; suite++) {
    if (!(await goOn(suite / repeats, "Student's t, side after side"))) return null;
    for (const kind of noiseKinds) {
      if (isFooled(kind, replicationSeed(seed, suite + 1))) fooled.set(kind, fooled.get(kind)! + 1);
    }
  }
  const sum = [...fooled.values()].reduce((total, count) => total + count, 0);
  const found = sum / (repeats * noiseKinds.length);
  return [
    {
      what: "False alarms of Student's t, side after side",
      truth: null,
      found,
      unit: "share",
      goal: `at least ${FOOLED_LEAST * 100} %`,
      held: found >= FOOLED_LEAST,
      note: `of suites like those above; were it less, their noise would be too tame; ${[...fooled].map(([kind, count]) => `${kind} ${((100 * count) / repeats).toFixed(0)} %`).join(", ")}`,
    },
  ];
}

/** Of two sides that are alike one comes out worse or better. */
export function isFooled(kind: NoiseKind, seed: number): boolean {
  const suite = createSuite(kind, seed);
  const runs = () => Array.from({ length: RUNS_A_SIDE }, () => suite.run().map(log));
  const [base, candidate] = [runs(), runs()];
  return suite.keys.some((_, metric) => {
    const [a, b] = [base, candidate].map((side) => side.map((values) => values[metric]!));
    const error = Math.sqrt((varianceOf(a!) + varianceOf(b!)) / RUNS_A_SIDE);
    const chance = tTwoSided((meanOf(b!) - meanOf(a!)) / error, 2 * RUNS_A_SIDE - 2);
    return chance < FALSE_DISCOVERY_RATE / suite.keys.length;
  });
}
