// npm run proof:verdicts: may the verdicts of `bench --against` be trusted? Made-up suites on noisy machines, thousands of them, go
// through the very decision that real ones go through: none changed, all worse by exactly what matters, or one worse.

import { FALSE_DISCOVERY_RATE } from "../metrics/compare/judged.ts";
import { falseAlarms, wrongNoWorse } from "./noise/false-alarms.ts";
import { measuredHere } from "./noise/measured-here.ts";
import { plainTest } from "./noise/plain-test.ts";
import { power } from "./noise/power.ts";
import { shapeChange } from "./noise/shape-change.ts";
import { type Finding, type ProofWork, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

/** Fewer can hold no false alarm in a hundred. */
const REPEATS_LEAST = 1 / FALSE_DISCOVERY_RATE;
/** Of the repeats: trials that take long. */
const SHAPE_TRIALS = 0.25;

const command = proofCommand({
  name: "proof:verdicts",
  description: "false alarms and power of the verdicts on interleaved runs, under noise as machines make it",
  repeats: { least: REPEATS_LEAST, usual: 400, of: "suites of each kind of noise, and trials of each change" },
  async prove(work) {
    const measured = await measuredHere(command.opts<{ noise?: string[] }>().noise);
    const parts = [
      { cost: 16, prove: falseAlarms },
      { cost: 4, prove: plainTest },
      { cost: 12, prove: wrongNoWorse },
      { cost: 12, prove: (own: ProofWork) => power(measured, own) },
      {
        cost: 14,
        prove: (own: ProofWork) => shapeChange({ ...own, repeats: Math.ceil(own.repeats * SHAPE_TRIALS) }),
      },
    ];
    const whole = parts.reduce((sum, { cost }) => sum + cost, 0);
    const findings: Finding[] = [];
    let before = 0;
    for (const { cost, prove } of parts) {
      const goOn: ProofWork["goOn"] = (share, note) => work.goOn((before + cost * share) / whole, note);
      const found = await prove({ ...work, goOn });
      if (found === null) return findings;
      findings.push(...found);
      before += cost;
    }
    return findings;
  },
});

await runCommand(
  command.option(
    "--noise <file...>",
    "power under the noise of these, as bench --calibrate-noise writes them (default: all it has kept here; else what is recorded in proof/noise/recorded)",
  ),
);
