// Whether a change of shape is found whose median stays where it was: a share of the requests goes a slow way that none went before.
// Every run has its own pace and its own luck with stragglers, as runs on real machines do.

import { planBlock } from "../../bench/against/turns.ts";
import { exp } from "../../config/elementary.ts";
import { judgeInterleaved } from "../../metrics/compare/judge-interleaved.ts";
import { FALSE_DISCOVERY_RATE } from "../../metrics/compare/judged.ts";
import { shapeOfBlocks } from "../../metrics/compare/shape.ts";
import { createHistogram, type Histogram, percentileMs, recordMs } from "../../metrics/latency-histogram.ts";
import { createStream, replicationSeed, type Stream } from "../../workload/random-stream.ts";
import type { Finding, ProofWork } from "../proof-command.ts";
import { ruleFor } from "./ask-verdicts.ts";
import { createNoise } from "./noise-kinds.ts";
import { between, betweenByFactor, normal } from "./random-laws.ts";

/** Of all requests; all of them were slower than the median before, so that it does not move. */
const MOVED_SHARE = 0.1;
/** So many times as long they take. */
const SLOW_TIMES = 4;
const REQUESTS_A_RUN = 600;
const BLOCKS_MAX = 30;
const MEDIAN_MS = 5;
const HISTOGRAM_MS = 10_000;
const FOUND_LEAST = 0.95;

const percentiles = [
  { key: "responseP50Ms", at: 50 },
  { key: "responseP90Ms", at: 90 },
  { key: "responseP99Ms", at: 99 },
] as const;

export interface ShapeOutcome {
  readonly blocks: number;
  /** Keys of what was called regressed at the end. */
  readonly regressed: readonly string[];
}

/** @param work its repeats are trials with the change, and as many without. @returns null when cut short. */
export async function shapeChange({
  repeats,
  seed,
  goOn,
}: Pick<ProofWork, "repeats" | "seed" | "goOn">): Promise<readonly Finding[] | null> {
  const outcomes: Record<"moved" | "alike", ShapeOutcome[]> = { moved: [], alike: [] };
  for (let trial = 0; trial < repeats; trial++) {
    if (!(await goOn(trial / repeats, "a change of shape"))) return null;
    outcomes.moved.push(tryShape(replicationSeed(seed, 2 * trial + 1), MOVED_SHARE));
    outcomes.alike.push(tryShape(replicationSeed(seed, 2 * trial + 2), 0));
  }
  const shareOf = (of: readonly ShapeOutcome[], holds: (outcome: ShapeOutcome) => boolean) =>
    of.filter(holds).length / of.length;
  const found = shareOf(outcomes.moved, ({ regressed }) => regressed.includes("responseShape"));
  const medians = outcomes.moved.filter(({ regressed }) => regressed.includes("responseP50Ms")).length;
  const alarms = shareOf(outcomes.alike, ({ regressed }) => regressed.length > 0);
  const blocks = outcomes.moved.reduce((sum, outcome) => sum + outcome.blocks, 0) / repeats;
  return [
    {
      what: "A second mode, the median unmoved",
      truth: null,
      found,
      unit: "share",
      goal: `found in at least ${FOUND_LEAST * 100} %`,
      held: found >= FOUND_LEAST,
      note:
        `${MOVED_SHARE * 100} % of requests take ${SLOW_TIMES} times as long; ${blocks.toFixed(1)} blocks on average, ${BLOCKS_MAX} at most; ` +
        `p50 called regressed in ${medians} of ${repeats}`,
    },
    {
      what: "False alarms, response times of one shape",
      truth: null,
      found: alarms,
      unit: "share",
      goal: `at most ${FALSE_DISCOVERY_RATE * 100} % of suites`,
      held: alarms <= FALSE_DISCOVERY_RATE,
    },
  ];
}

/** @param movedShare of the candidate's requests; 0: both sides are alike. */
export function tryShape(seed: number, movedShare: number): ShapeOutcome {
  const stream = createStream(seed, "shape");
  const run = createRuns(stream);
  const sides = { base: [] as Histogram[], candidate: [] as Histogram[] };
  for (let block = 0; block < BLOCKS_MAX; block++) {
    for (const side of planBlock(seed, block).order) sides[side].push(run(side === "candidate" ? movedShare : 0));
  }
  const { base, candidate } = sides;
  // What a block says hangs on those before it alone, so that all blocks may be asked at once.
  const { differences, slower } = shapeOfBlocks(base, candidate);
  const valuesOf = (runs: readonly Histogram[], at: number) => runs.map((histogram) => percentileMs(histogram, at)!);
  const metrics = percentiles.map(({ key, at }) => ({
    key,
    rule: ruleFor(key),
    base: valuesOf(base, at),
    candidate: valuesOf(candidate, at),
  }));
  for (let blocks = 1; ; blocks++) {
    const judged = judgeInterleaved(
      [
        ...metrics.map((one) => ({
          ...one,
          base: one.base.slice(0, 2 * blocks),
          candidate: one.candidate.slice(0, 2 * blocks),
        })),
        {
          key: "responseShape",
          rule: ruleFor("responseShape"),
          base: [],
          candidate: [],
          // None of the first block, which is asked nowhere.
          differences: differences.slice(0, blocks - 1),
          slower: slower.slice(0, blocks),
        },
      ],
      { falseDiscoveryRate: FALSE_DISCOVERY_RATE, seed: 1, interim: true },
    );
    if (blocks === BLOCKS_MAX || judged.every(({ verdict }) => verdict !== "cannot tell")) {
      return { blocks, regressed: judged.filter(({ verdict }) => verdict === "regressed").map(({ key }) => key) };
    }
  }
}

/** Log-normal response times; the pace differs from run to run, and so does the share of stragglers. */
function createRuns(stream: Stream): (movedShare: number) => Histogram {
  const pace = createNoise("mixed", betweenByFactor(stream, 0.005, 0.03), stream);
  const sigma = between(stream, 0.2, 0.6);
  const stragglersMost = between(stream, 0, 0.04);
  return (movedShare) => {
    const histogram = createHistogram(HISTOGRAM_MS);
    const medianMs = MEDIAN_MS * exp(Math.min(1, Math.max(-1, pace())));
    const stragglers = stragglersMost * stream.next();
    for (let request = 0; request < REQUESTS_A_RUN; request++) {
      const z = normal(stream);
      const straggles = stream.next() < stragglers;
      // Of the slower half twice the share, which is the share of all.
      const moved = z > 0 && stream.next() < 2 * movedShare;
      recordMs(histogram, medianMs * exp(sigma * z) * (moved || straggles ? SLOW_TIMES : 1));
    }
    return histogram;
  };
}
