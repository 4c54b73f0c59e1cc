// npm run proof:pairs: is the difference between two caps known better when both meet the same visitors? The variance of the difference
// in refused sessions over pairs with one seed, and over pairs with two.

import { varianceOf } from "../metrics/confidence.ts";
import { runReplication } from "../sim/simulate.ts";
import { replicationSeed } from "../workload/random-stream.ts";
import { proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";
import { yardstickScenario } from "./yardstick.ts";

const CAPS = [70_000, 73_500] as const;
const TIMES_MIN = 5;

await runCommand(
  proofCommand({
    name: "proof:pairs",
    description: "how much smaller the variance of a difference is under common random numbers, caps 70,000 and 73,500",
    repeats: { least: 30, usual: 40, of: "pairs of each sort" },
    async prove({ repeats, seed, goOn }) {
      const [low, high] = CAPS.map((sessionsMax) => yardstickScenario({ sessionsMax }));
      const shareOf = (scenario: ReturnType<typeof yardstickScenario>, repeat: number) => {
        const { measured } = runReplication(scenario, replicationSeed(seed, repeat));
        return measured.refused / measured.arrivals;
      };
      const same: number[] = [];
      const own: number[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        if (!(await goOn(repeat / repeats, `pair ${repeat + 1} of ${repeats}`))) return [];
        const first = shareOf(low!, repeat);
        same.push(first - shareOf(high!, repeat));
        own.push(first - shareOf(high!, repeats + repeat));
      }
      const times = varianceOf(own) / varianceOf(same);
      return [
        {
          what: "Variance under own seeds, over that under the same",
          truth: null,
          found: times,
          unit: "",
          goal: `at least ${TIMES_MIN}`,
          held: times >= TIMES_MIN,
          note: `standard deviations ${points(own)} and ${points(same)}, ${repeats} pairs each`,
        },
      ];
    },
  }),
);

function points(values: readonly number[]): string {
  return `${(100 * Math.sqrt(varianceOf(values))).toFixed(4)} points`;
}
