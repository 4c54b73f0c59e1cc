// sessionlab plan: which settings to run, what they cost and how sure that is.

import os from "node:os";
import { Command } from "commander";
import { InputError } from "../../config/problem.ts";
import type { Plan } from "../../metrics/plan/plan.ts";
import { makePlan } from "../../planning/plan/make-plan.ts";
import { planMarkdown } from "../../reports/plan/markdown.ts";
import { stringifyPlan } from "../../reports/plan/plan-file.ts";
import { renderPlan } from "../../reports/plan/terminal.ts";
import { describeEnvironment } from "../environment.ts";
import { RUN_INVALID, TARGET_MISSED } from "../exit-codes.ts";
import { interruptible } from "../interruptible.ts";
import { commandLine, wholeNumber } from "../options.ts";
import { terminal } from "../terminal.ts";
import { expectWritableFolder, writeFiles } from "../write-report.ts";
import { createEvaluator } from "./evaluate-threads.ts";
import { type PlanOptions, readPlanInput } from "./plan-input.ts";
import { chooseAtOnce, refuseWithInstant } from "./plan-instant.ts";

interface CommandOptions extends PlanOptions {
  readonly workers?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly instant?: boolean;
  readonly confirm: boolean;
}

export function planCommand(): Command {
  return new Command("plan")
    .description("find the cheapest settings that meet the targets of a scenario, at the peak and under faults")
    .argument("<scenario>", "scenario file (YAML or JSON) with targets, or a web.config")
    .option("--prices <file>", "what machines, memory and stores cost a month; default: the scenario's, or examples")
    .option(
      "--search <key=values>",
      "a key of the scenario file that may be set, and to what: site.mode=InProc,SQLServer, site.servers=1..8/8; again for more keys",
      (text: string, before: string[] = []) => [...before, text],
    )
    .option("--faults <kinds>", "hold the targets under these, each alone; none: under none. Default: the scenario's")
    .option("--confidence <share>", "with which the recommendation meets every target (default: 0.95)", confidence)
    .option("--seed <n>", "another seed than the scenario's", wholeNumber("--seed", 0, Number.MAX_SAFE_INTEGER))
    .option(
      "--workers <n>",
      "threads at most; default: the cores. The plan is the same for any",
      wholeNumber("--workers", 1, 1024),
    )
    .option("--instant", "first tell what formulas alone would choose")
    .option("--no-confirm", "with --instant: stop there, without a simulation")
    .option("--out <dir>", "write plan.json, plan.html and plan.md there")
    .option("--json", "print the plan as JSON")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Where no key is named, neither here nor in the scenario (plan.search), modes and servers are searched, and a cap where
there is one or memory is limited. Of settings that cost the same, what is written first is preferred.

Exit codes: 0 a recommendation was found, 1 no setting is sure to meet the targets, 2 the input was wrong, 3 cut short: the
best so far is told.

Examples:
  sessionlab plan scenarios/planning/television-spot.yaml
  sessionlab plan shop.yaml --prices prices.yaml --search site.mode=InProc,StateServer --search site.servers=1..8/8
  sessionlab plan shop.yaml --search site.sessionsMax=1000..9000/9 --faults recycle,kill-worker --out out`,
    )
    .action(async (file: string, options: CommandOptions) => {
      refuseWithInstant(options);
      if (options.out !== undefined) await expectWritableFolder(options.out);
      const startedAt = new Date();
      const input = await readPlanInput(file, options);
      if (options.quiet !== true) for (const remark of input.remarks) process.stderr.write(`Note: ${remark}.\n`);
      if (options.instant === true) chooseAtOnce(input, options);
      if (!options.confirm) return;
      const threads = options.workers ?? os.availableParallelism();
      const plan = await interruptible("planning", options.quiet === true, async (signal, tell) => {
        const { evaluate, end } = createEvaluator(threads, signal);
        try {
          return await makePlan({
            ...input,
            evaluate,
            command: commandLine(),
            environment: () => describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
            onProgress: tell,
          });
        } finally {
          await end();
        }
      });
      process.stdout.write(options.json === true ? stringifyPlan(plan) : renderPlan(plan, terminal()));
      if (options.out !== undefined) await writePlan(plan, options.out, options.json === true);
      if (!plan.complete) process.exitCode = RUN_INVALID;
      else if (plan.recommendation === null) process.exitCode = TARGET_MISSED;
    });
}

async function writePlan(plan: Plan, out: string, json: boolean): Promise<void> {
  // Charts take half of the time that a command needs to start.
  const { planPage } = await import("../../reports/plan/html.ts");
  const paths = await writeFiles(
    [
      { name: "plan.html", text: await planPage(plan) },
      { name: "plan.json", text: stringifyPlan(plan) },
      { name: "plan.md", text: planMarkdown(plan) },
    ],
    out,
  );
  (json ? process.stderr : process.stdout).write(`${paths[0]}\n`);
}

function confidence(text: string): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (/^[\d.]+%?$/.test(text) && value >= 0.5 && value <= 0.9999) return value;
  const expected = "a share from 0.5 to 0.9999";
  const mend = value > 1 && value < 100 ? `write ${value / 100}, or ${value}%` : "0.95 is usual";
  throw new InputError("Cannot plan", [{ at: "--confidence", given: `"${text}"`, expected, mend }]);
}
