// npm run proof:rare: a refusal in a million sessions, which a plain run of hours would not see once, estimated beside Erlang B; and
// how long that took.

import { erlangB, erlangBPlaces } from "../sim/analytic/erlang.ts";
import { createRareStudy } from "../sim/rare/rare-refusals.ts";
import { replicationSeed } from "../workload/random-stream.ts";
import { type Finding, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";
import { w2 } from "./w2.ts";
import { yardstickScenario } from "./yardstick.ts";

const SHARE = 1e-6;
const FACTOR_MAX = 1.5;
const SECONDS_MAX = 60;
/** An interval that reaches a factor of 1.34 to either side, so that the estimate itself strays by 1.5 in one of some hundred. */
const PRECISION = 0.3;
/** After two hours hardly anybody is left of those who came first, so that no trace of the empty start is. */
const RUN = { hours: 3, warmupHours: 2 } as const;

await runCommand(
  proofCommand({
    name: "proof:rare",
    description: `refusals of one in a million on the yardstick, against Erlang B, in less than ${SECONDS_MAX} s`,
    repeats: { least: 1, usual: 3, of: "estimates, each with a seed of its own" },
    async prove({ repeats, seed, goOn }) {
      const cap = erlangBPlaces(w2.liveErlangs, SHARE);
      const truth = erlangB(cap, w2.liveErlangs);
      const findings: Finding[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const scenario = yardstickScenario({ ...RUN, sessionsMax: cap, seed: replicationSeed(seed, repeat) });
        const beganMs = performance.now();
        const before = process.cpuUsage();
        const study = createRareStudy(scenario, { relativeHalfWidth: PRECISION });
        while (!study.done) {
          if (!(await goOn((repeat + study.share) / repeats, `estimate ${repeat + 1} of ${repeats}`))) return findings;
          study.step();
        }
        const seconds = (performance.now() - beganMs) / 1000;
        const { user, system } = process.cpuUsage(before);
        const { share, runs, refusing } = study.estimate();
        findings.push(
          {
            what: `Refused at a cap of ${cap.toLocaleString("en")}, estimate ${repeat + 1}`,
            truth,
            found: share.value,
            unit: "",
            goal: `within a factor ${FACTOR_MAX}`,
            held: factor(share.value, truth) <= FACTOR_MAX,
            note: `${runs} runs, ${refusing} of them refusing`,
          },
          {
            what: "  widest side of its interval, as a factor",
            truth: null,
            found: share.interval === null ? Number.MAX_VALUE : widest(share.value, share.interval),
            unit: "",
            goal: `at most ${FACTOR_MAX}`,
            held: share.interval !== null && widest(share.value, share.interval) <= FACTOR_MAX,
          },
          {
            what: "  time it took",
            truth: null,
            found: seconds,
            unit: "s",
            goal: `under ${SECONDS_MAX} s`,
            held: seconds < SECONDS_MAX,
            note: `${((user + system) / 1e6).toFixed(1)} s of processor time`,
          },
        );
      }
      return findings;
    },
  }),
);

function factor(a: number, b: number): number {
  return Math.max(a / b, b / a);
}

function widest(value: number, { low, high }: { readonly low: number; readonly high: number }): number {
  return Math.max(factor(value, low), factor(high, value));
}
