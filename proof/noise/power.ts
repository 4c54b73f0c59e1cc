// How often a true change for the worse is found under the noise that a machine was measured to have: one metric of a comparison is
// worse, its others are not.

import { minimumWorsening } from "../../metrics/compare/block-differences.ts";
import type { ComparisonVerdict } from "../../metrics/compare/comparison.ts";
import { judgeInterleaved } from "../../metrics/compare/judge-interleaved.ts";
import { ruleOf } from "../../metrics/compare/metric-rules.ts";
import type { NoiseFloor, NoiseFloors } from "../../metrics/compare/noise-floors.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import type { Finding, ProofWork } from "../proof-command.ts";
import { judging, ruleFor } from "./ask-verdicts.ts";
import { createMeasuredBlocks } from "./measured-blocks.ts";
import { recordedNoise } from "./recorded-noise.ts";

/** What is found in so many of the trials counts as found without fail. */
const FOUND_LEAST = 0.95;
const GOAL = `found in at least ${FOUND_LEAST * 100} %`;
/** As many of micro as ten minutes have room for, the time of a comparison that is told nothing else. */
const BLOCKS_MAX = 60;

/** Of the store in process, which no server's noise is added to. */
const IN_PROCESS = /^InProc\b/;

/** What must be found, and in which metric. */
export const claims = [
  { what: "Macro p50", effect: 0.1, keys: /^responseP50Ms$/ },
  { what: "Micro benchmark", effect: 0.05, keys: /^micro\.getItem\.\d+\.p50Ms$/ },
  { what: "Bytes per session", effect: 0.03, keys: /^memoryBytesPerSession$/ },
] as const;

type Claim = (typeof claims)[number];

/**
 * @param measured every claim is tried under each that has its metric; where none has, under what was recorded elsewhere.
 * @param work its repeats are trials of each claim.
 * @returns null when cut short.
 */
export async function power(
  measured: readonly NoiseFloors[],
  { repeats, seed, goOn }: Pick<ProofWork, "repeats" | "seed" | "goOn">,
): Promise<readonly Finding[] | null> {
  const cases = claims.flatMap((claim) => {
    const own = casesOf(claim, measured);
    return own.length > 0 ? own : casesOf(claim, recordedNoise);
  });
  const findings = claims.filter((claim) => !cases.some((one) => one.claim === claim)).map(untried);
  for (const [number, { claim, noise, floors, floor }] of cases.entries()) {
    let found = 0;
    let others = 0;
    let blocks = 0;
    for (let trial = 0; trial < repeats; trial++) {
      if (!(await goOn((number + trial / repeats) / cases.length, `power, ${claim.what}`))) return null;
      const outcome = compareWorsened(floors, floor, claim.effect, replicationSeed(seed, trial + 1));
      if (outcome.verdicts[floors.indexOf(floor)] === "regressed") found++;
      if (outcome.verdicts.some((verdict, n) => floors[n] !== floor && verdict === "regressed")) others++;
      blocks += outcome.blocks;
    }
    findings.push({
      what: `${nameOf(claim.what, claim.effect)}, ${noise.label}`,
      truth: null,
      found: found / repeats,
      unit: "share",
      goal: GOAL,
      held: found >= FOUND_LEAST * repeats,
      note:
        `${floor.key} among ${floors.length} metrics; single runs lie ${percent(floor.runDeviation)} apart, blocks ` +
        `${percent(floor.blockDeviation)} (${noise.machine}, ${noise.measuredAt.slice(0, 10)}, ${noise.blocks} blocks); ` +
        `${(blocks / repeats).toFixed(1)} blocks on average, ${BLOCKS_MAX} at most; others regressed in ${others} of ${repeats}`,
    });
  }
  return findings;
}

/** As `bench --against` goes on: block after block, until every metric has its verdict. */
function compareWorsened(
  floors: readonly NoiseFloor[],
  worse: NoiseFloor,
  effect: number,
  seed: number,
): { readonly verdicts: readonly ComparisonVerdict[]; readonly blocks: number } {
  const nextBlock = createMeasuredBlocks(floors, seed);
  const metrics = floors.map(({ key }) => ({
    key,
    rule: ruleFor(key),
    base: [],
    candidate: [],
    differences: [] as number[],
  }));
  const worsening = minimumWorsening({ ...ruleFor(worse.key), minimumEffect: effect });
  let verdicts: readonly ComparisonVerdict[] = ["cannot tell"];
  let blocks = 0;
  while (blocks < BLOCKS_MAX && verdicts.includes("cannot tell")) {
    for (const [place, noise] of nextBlock().entries()) {
      metrics[place]!.differences.push(noise + (floors[place] === worse ? worsening : 0));
    }
    blocks++;
    verdicts = judgeInterleaved(metrics, judging).map(({ verdict }) => verdict);
  }
  return { verdicts, blocks };
}

/** A claim that cannot be tried is not held. */
function untried({ what, effect, keys }: Claim): Finding {
  return {
    what: nameOf(what, effect),
    truth: null,
    found: 0,
    unit: "share",
    goal: GOAL,
    held: false,
    note: `not tried: no noise of ${keys.source.replaceAll(/[\^$\\]/g, "")} was measured in process; see proof/noise/recorded-noise.ts`,
  };
}

function nameOf(what: string, effect: number): string {
  return `${what} +${effect * 100} %`;
}

function casesOf(claim: Claim, measured: readonly NoiseFloors[]) {
  const inProcess = measured.filter(({ label }) => IN_PROCESS.test(label));
  return inProcess.flatMap((noise) => {
    // A metric that not every block had cannot be drawn together with the others.
    const floors = noise.floors.filter(
      ({ key, blockDifferences }) => ruleOf(key) !== null && blockDifferences.length === noise.blocks,
    );
    return floors.filter(({ key }) => claim.keys.test(key)).map((floor) => ({ claim, noise, floors, floor }));
  });
}

const percent = (deviation: number) => `${(deviation * 100).toPrecision(2)} %`;
