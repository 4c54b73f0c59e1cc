// npm run proof:forms: does a report say that a closed form disagrees where it does, and only there? Sites drawn at random are simulated
// beside their forms, and beside the same forms made wrong. Of true forms one report in a hundred may be said to disagree.

import type { RunResult } from "../metrics/run-result.ts";
import { judgeForms } from "../sim/form-agreement.ts";
import { simulate } from "../sim/simulate.ts";
import { drawnSite } from "./drawn-sites.ts";
import { type Finding, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

const REQUESTS = 8000;
const REPLICATIONS = 5;
const FALSE_MAX = 0.01;
/** Wrong beyond what a form says it may be off. */
const WRONG = 0.3;
const FOUND_MIN = 0.9;
/** Ones that have a form for every drawn site whose queues settle, and narrow intervals. */
const WRONGED = ["coreUtilisation", "requestsPerSecond"];

await runCommand(
  proofCommand({
    name: "closed forms",
    description: "Are closed forms that describe a site told to agree with its simulation, and wrong ones not?",
    repeats: { least: 1, usual: 300, of: "sites to draw" },
    async prove({ repeats, seed, goOn }) {
      const seen = { sites: 0, forms: 0, flagged: 0, wronged: 0, found: 0 };
      const flags: string[] = [];
      for (let i = 0; i < repeats; i++) {
        if (!(await goOn(i / repeats, `site ${i + 1} of ${repeats}, ${seen.flagged} told to disagree`))) break;
        const result = simulate(drawnSite(seed + i, REQUESTS, REPLICATIONS));
        const { findings } = judgeForms(result, REPLICATIONS);
        seen.sites++;
        seen.forms += result.figures.filter(({ closedForm }) => closedForm !== undefined).length;
        if (findings.length > 0) {
          seen.flagged++;
          flags.push(`site ${seed + i}: ${findings[0]}`);
        }
        for (const key of WRONGED) {
          if (result.figures.every((figure) => figure.key !== key || figure.closedForm === undefined)) continue;
          seen.wronged++;
          const figures = judgeForms(wronged(result, key), REPLICATIONS).figures;
          if (figures.some((figure) => figure.key === key && figure.closedForm?.disagrees === true)) seen.found++;
        }
      }
      return seen.sites === 0 ? [] : findingsOf(seen, flags);
    },
  }),
);

function findingsOf(
  { sites, forms, flagged, wronged, found }: Record<"sites" | "forms" | "flagged" | "wronged" | "found", number>,
  flags: readonly string[],
): readonly Finding[] {
  const falsely: Finding = {
    what: `Reports with a form told to disagree, of ${sites}`,
    truth: 0,
    found: flagged / sites,
    unit: "share",
    goal: "at most 1 %",
    held: flagged / sites <= FALSE_MAX,
    note: [`${forms} forms`, ...flags].join("; "),
  };
  if (wronged === 0) return [falsely];
  const truly: Finding = {
    what: `Forms wrong by 30 % told to disagree, of ${wronged}`,
    truth: 1,
    found: found / wronged,
    unit: "share",
    goal: "at least 90 %",
    held: found / wronged >= FOUND_MIN,
  };
  return [falsely, truly];
}

function wronged(result: RunResult, key: string): RunResult {
  const figures = result.figures.map((figure) => {
    if (figure.key !== key || figure.closedForm === undefined) return figure;
    const { disagrees: _, ...form } = figure.closedForm;
    return { ...figure, closedForm: { ...form, value: form.value * (1 + WRONG) } };
  });
  return { ...result, figures };
}
