// npm run proof:erlang: does a long run of the yardstick refuse what Erlang's loss formula says? 400 measured hours at each cap, as
// twenty runs of a day each whose first four hours are left out: all began empty, and sessions that began together end together for
// some rounds of 1,470 s.

import { erlangB, runReplication } from "../sim/simulate.ts";
import { replicationSeed } from "../workload/random-stream.ts";
import { type Finding, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";
import { w2 } from "./w2.ts";
import { yardstickScenario } from "./yardstick.ts";

const CAPS = [60_000, 70_000] as const;
const WARMUP_HOURS = 4;
const MEASURED_HOURS = 20;
/** "within 0.05 points". */
const WITHIN = 0.0005;

await runCommand(
  proofCommand({
    name: "proof:erlang",
    description:
      "the share of sessions refused in 400 hours of the yardstick, against Erlang B, at caps 60,000 and 70,000",
    repeats: { least: 1, usual: 20, of: `runs of ${MEASURED_HOURS} measured hours at each cap` },
    async prove({ repeats, seed, goOn }) {
      const findings: Finding[] = [];
      for (const [place, cap] of CAPS.entries()) {
        const scenario = yardstickScenario({
          sessionsMax: cap,
          hours: WARMUP_HOURS + MEASURED_HOURS,
          warmupHours: WARMUP_HOURS,
        });
        let refused = 0;
        let arrivals = 0;
        for (let repeat = 0; repeat < repeats; repeat++) {
          const share = (place + repeat / repeats) / CAPS.length;
          if (!(await goOn(share, `cap ${cap}`))) return findings;
          const { measured } = runReplication(scenario, replicationSeed(seed, repeat));
          refused += measured.refused;
          arrivals += measured.arrivals;
        }
        const truth = erlangB(cap, w2.liveErlangs);
        const found = refused / arrivals;
        findings.push({
          what: `Refused at a cap of ${cap.toLocaleString("en")}, ${repeats * MEASURED_HOURS} hours`,
          truth,
          found,
          unit: "share",
          goal: `within ${WITHIN * 100} points`,
          held: Math.abs(found - truth) <= WITHIN,
          note: `${arrivals.toLocaleString("en")} arrivals`,
        });
      }
      return findings;
    },
  }),
);
