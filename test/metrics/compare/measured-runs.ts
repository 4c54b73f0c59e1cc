// Measured runs of two sides that took turns, without measuring: a fixture's result with its figures moved.

import { createRandom, type Random } from "../../../metrics/random-numbers.ts";
import type { RunResult } from "../../../metrics/run-result.ts";
import { makeResult } from "../../reports/fixture-result.ts";

export interface PlantedRuns {
  readonly blocks: number;
  /** Of the response times of the candidate. */
  readonly factor: number;
  readonly noise: number;
  readonly seed: number;
}

const plain = makeResult({ kind: "measured", samples: 1500, seriesPoints: 2 });
const BEGAN_MS = Date.parse("2026-11-21T12:00:00Z");

export function plantRuns({ blocks, factor, noise, seed }: PlantedRuns): { base: RunResult[]; candidate: RunResult[] } {
  const random = createRandom(seed);
  const base: RunResult[] = [];
  const candidate: RunResult[] = [];
  for (let block = 0; block < blocks; block++) {
    const order = random.below(2) === 0 ? "ABBA" : "BAAB";
    for (let place = 0; place < 4; place++) {
      const ofBase = order[place] === "A";
      const moved = ofBase ? 1 : factor;
      const run = {
        ...measuredRun(4 * block + place, moved, noise, random),
        seed: block,
        turn: { block, place },
      };
      (ofBase ? base : candidate).push(run);
    }
  }
  return { base, candidate };
}

/** @param minute of its start. */
export function measuredRun(minute: number, factor: number, noise: number, random: Random): RunResult {
  const mood = factor * (1 + noise * (2 * random.next() - 1));
  return {
    ...plain,
    figures: plain.figures.map((figure) =>
      figure.unit === "ms" && figure.value !== null ? { ...figure, value: figure.value * mood } : figure,
    ),
    audit: { ...plain.audit, verdict: "valid", findings: [] },
    environment: { ...plain.environment, startedAt: new Date(BEGAN_MS + minute * 60_000).toISOString() },
  };
}
