// The engine of two commits in turns: each side's own bench of it, in the files of that commit, one round a run.

import { openSides, type Side } from "../../cli/against/comparison-sides.ts";
import { interleave, type Runs } from "../../cli/against/interleave.ts";
import { ycsbPath } from "../../cli/load-scenario.ts";
import { compareRuns } from "../../metrics/compare/compare-runs.ts";
import type { Comparison } from "../../metrics/compare/comparison.ts";
import { yardstickScenario } from "../yardstick.ts";
import type { PartAsked } from "./part.ts";

/** One of each kind: the event list alone, the population model, the request model with a store. */
const CASES = "w1,w2,w2-sqlserver";
/** Simulated. Speeds of short runs are judged against each other alone. */
const HOURS = 1;
const ENGINE_BENCH = [
  "proof/bench-engine.ts",
  ...["--cases", CASES, "--hours", String(HOURS), "--rounds", "1"],
  ...["--no-rivals", "--json", "--quiet"],
];
/** More than any budget has room for. */
const BLOCKS_MAX = 1_000;

/** @returns null when it was interrupted before there was a block. @throws InputError when a side cannot be run. */
export async function compareEngines({
  ref,
  seed,
  budgetMinutes,
  blocksMax,
  signal,
  tell,
}: PartAsked): Promise<Comparison | null> {
  const sides = await openSides({
    choice: { kind: "commit", ref },
    file: null,
    fileDefault: ycsbPath,
    options: {},
    store: yardstickScenario().store,
    signal,
    tell: (note) => tell(0, note),
  });
  try {
    const asked = { base: benchOfEngine(sides.base), candidate: benchOfEngine(sides.candidate), close: sides.close };
    const compare = ({ base, candidate }: Runs, complete: boolean, interim: boolean) =>
      compareRuns(base, candidate, {
        names: { base: sides.base.title, candidate: sides.candidate.title },
        seed,
        command: ["npm run bench:self --", ...process.argv.slice(2)].join(" "),
        complete,
        interim,
        force: false,
        noise: null,
        waivers: [],
        today: "",
        covers: () => null,
      });
    const { runs, blocks, ended } = await interleave(asked, {
      seed,
      unseeded: true,
      blocksMax: blocksMax ?? BLOCKS_MAX,
      budgetMs: budgetMinutes * 60_000,
      signal,
      tell,
      begin: async () => ({ sessions: null }),
      judge(so) {
        const { metrics } = compare(so, true, true);
        const open = metrics.filter(({ verdict }) => verdict === "cannot tell").length;
        return { settled: open === 0, note: `${open} of ${metrics.length} metrics without a verdict` };
      },
    });
    return blocks === 0 ? null : compare(runs, ended !== "interrupted", false);
  } finally {
    sides.close();
  }
}

function benchOfEngine(side: Side): Side {
  return { ...side, argumentsFor: () => ENGINE_BENCH };
}
