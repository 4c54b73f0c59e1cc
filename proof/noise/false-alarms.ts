// How often a comparison of a program with itself raises an alarm, and how often one whose candidate is worse by exactly the minimum
// effect calls it no worse, under noise of every kind.

import { FALSE_DISCOVERY_RATE } from "../../metrics/compare/judged.ts";
import { replicationSeed } from "../../workload/random-stream.ts";
import type { Finding, ProofWork } from "../proof-command.ts";
import { BLOCKS_MAX, ruleFor, verdictsOn, worsened } from "./ask-verdicts.ts";
import { interleave, type Outcome } from "./interleave.ts";
import { type NoiseKind, noiseKinds } from "./noise-kinds.ts";
import { createSuite } from "./suite.ts";

/** Evidence of 20 comes by chance in one of twenty cases at most. */
const WRONG_NO_WORSE_MOST = 0.05;

interface Tally {
  suites: number;
  metrics: number;
  alarms: number;
  alarmsEver: number;
  noWorse: number;
  blocks: number;
}

type Work = Pick<ProofWork, "repeats" | "seed" | "goOn">;

/** @param work its repeats are suites of each kind of noise. @returns null when cut short. */
export async function falseAlarms(work: Work): Promise<readonly Finding[] | null> {
  const tallies = await tryKinds(work, "A/A suites", () => (value) => value);
  if (tallies === null) return null;
  const rows = [...tallies, ["noise of every kind", sumOf([...tallies.values()])] as const];
  return rows.map(([kind, { suites, metrics, alarms, alarmsEver, noWorse, blocks }]) => ({
    what: `False alarms, ${kind}`,
    truth: null,
    found: alarms / suites,
    unit: "share",
    goal: `at most ${FALSE_DISCOVERY_RATE * 100} % of suites`,
    held: alarms <= FALSE_DISCOVERY_RATE * suites,
    note:
      `${alarms} of ${suites} suites of 12 metrics, ${alarmsEver} after any block; ${percent(noWorse / metrics)} of metrics no worse; ` +
      `${(blocks / suites).toFixed(1)} blocks on average, ${BLOCKS_MAX} at most`,
  }));
}

/** Every metric of every suite is worse by exactly its minimum effect. As above. */
export async function wrongNoWorse(work: Work): Promise<readonly Finding[] | null> {
  const tallies = await tryKinds(work, "suites at the minimum effect", () => (value, key) => {
    return worsened(value, key, ruleFor(key).minimumEffect);
  });
  if (tallies === null) return null;
  const worst = [...tallies].sort(([, a], [, b]) => b.noWorse / b.metrics - a.noWorse / a.metrics)[0]!;
  const { noWorse, metrics } = sumOf([...tallies.values()]);
  return [
    {
      what: "No worse, wrongly said",
      truth: null,
      found: noWorse / metrics,
      unit: "share",
      goal: `at most ${WRONG_NO_WORSE_MOST * 100} % of metrics`,
      held: noWorse / metrics <= WRONG_NO_WORSE_MOST,
      note: `${noWorse} of ${metrics}, all worse by exactly the minimum effect; most under ${worst[0]} noise, ${percent(worst[1].noWorse / worst[1].metrics)}`,
    },
  ];
}

async function tryKinds(
  { repeats, seed, goOn }: Work,
  what: string,
  changeOf: (seed: number) => (value: number, key: string) => number,
): Promise<ReadonlyMap<NoiseKind, Tally> | null> {
  const tallies = new Map(noiseKinds.map((kind) => [kind, emptyTally()]));
  const suites = repeats * noiseKinds.length;
  for (let suite = 0; suite < suites; suite++) {
    const kind = noiseKinds[suite % noiseKinds.length]!;
    if (!(await goOn(suite / suites, `${what}, ${kind}`))) return null;
    const ofSuite = replicationSeed(seed, suite + 1);
    count(tallies.get(kind)!, tryOne(kind, ofSuite, changeOf(ofSuite)));
  }
  return tallies;
}

export function tryOne(kind: NoiseKind, seed: number, change: (value: number, key: string) => number): Outcome {
  return interleave({ ...createSuite(kind, seed), change, seed, blocksMax: BLOCKS_MAX, judge: verdictsOn });
}

function emptyTally(): Tally {
  return { suites: 0, metrics: 0, alarms: 0, alarmsEver: 0, noWorse: 0, blocks: 0 };
}

function count(tally: Tally, { blocks, verdicts, everRegressed }: Outcome): void {
  tally.suites++;
  tally.metrics += verdicts.length;
  if (verdicts.includes("regressed")) tally.alarms++;
  if (everRegressed.length > 0) tally.alarmsEver++;
  tally.noWorse += verdicts.filter((verdict) => verdict === "no worse").length;
  tally.blocks += blocks;
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = emptyTally();
  for (const tally of tallies) for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += tally[name];
  return sum;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
