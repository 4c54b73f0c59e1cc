// npm run proof:plans: does plan find what exhaustive search finds? Each bundled planning scenario is searched as plan does it, by formulas,
// costs and few looks, and again point by point, every one with all replications, whatever it costs. The two must choose the same.

import os from "node:os";
import { describeEnvironment } from "../cli/environment.ts";
import { createEvaluator } from "../cli/plan/evaluate-threads.ts";
import { planningScenarios, readPlanInput } from "../cli/plan/plan-input.ts";
import type { Evaluate } from "../planning/plan/facts.ts";
import { searchTaskOf } from "../planning/plan/make-plan.ts";
import { type Found, searchExhaustively, searchPlan } from "../planning/plan/search.ts";
import { sayChoice } from "../planning/plan/words.ts";
import { type Finding, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

const files = await planningScenarios();

await runCommand(
  proofCommand({
    name: "proof:plans",
    description: "the settings that plan recommends for the bundled planning scenarios, against exhaustive search",
    repeats: { least: 1, usual: files.length, of: "scenarios, in the order of their names", flag: "scenarios" },
    async prove({ repeats, seed, goOn, signal }) {
      const findings: Finding[] = [];
      const { evaluate, end } = createEvaluator(os.availableParallelism(), signal);
      try {
        for (const [place, file] of files.slice(0, repeats).entries()) {
          const finding = await compare(file, seed, evaluate, (part, note) =>
            goOn((place + part) / Math.min(repeats, files.length), note),
          );
          if (finding === null) return findings;
          findings.push(finding);
        }
        return findings;
      } finally {
        await end();
      }
    },
  }),
);

/** @returns null where it was cut short. */
async function compare(
  file: string,
  seed: number,
  evaluate: Evaluate,
  goOn: (part: number, note: string) => Promise<boolean>,
): Promise<Finding | null> {
  const input = await readPlanInput(file, { seed });
  let runs = 0;
  const task = searchTaskOf({
    ...input,
    evaluate(asks) {
      runs += asks.reduce((sum, { from, to }) => sum + to - from, 0);
      return evaluate(asks);
    },
    command: "",
    environment: () => describeEnvironment(new Date(0), 0),
  });
  const { name } = input.base;
  if (!(await goOn(0, `${name}, as plan searches`))) return null;
  const searched = await searchPlan(task);
  const runsOfPlan = runs;
  if (!searched.complete || !(await goOn(0.2, `${name}, exhaustively`))) return null;
  runs = 0;
  const exhaustive = await searchExhaustively(task);
  if (!exhaustive.complete) return null;
  const [own, all] = [choiceOf(searched), choiceOf(exhaustive)];
  return {
    what: `${name}: ${own}`,
    truth: costOf(exhaustive),
    found: costOf(searched),
    unit: "",
    goal: all === own ? "the same choice" : all,
    held: all === own,
    note: `${task.points.length} settings, ${searched.settled.size} settled by formulas; ${runsOfPlan} replications, exhaustively ${runs}`,
  };
}

function choiceOf({ best }: Found): string {
  return best === null ? "no setting meets the targets" : sayChoice(best.candidate.choice);
}

/** Of no setting, 0. */
function costOf({ best }: Found): number {
  return best?.candidate.cost.total ?? 0;
}
