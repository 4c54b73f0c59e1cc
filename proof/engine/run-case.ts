// The process of one run: `node run-case.mjs <model> <what of it, as JSON>`. Prints its reading. What is to be run comes worked out, so
// that no process pays for reading scenarios; and it loads what its model needs and nothing else.

import { enableCompileCache } from "node:module";
import type { Scenario } from "../../config/scenario.ts";
import { gauge } from "./gauge.ts";
import type { Reading } from "./reading.ts";
import { eventsOf, type W2Model, type W2Outcome } from "./rivals/w2-model.ts";

type Work = (look: () => void) => Pick<Reading, "events" | "sessionsMax">;

type Prepare = (what: string) => Promise<Work>;

const MM1_UTILISATION = 0.9;

const models: Readonly<Record<string, Prepare>> = {
  mm1: async (what) => {
    await asOurProgramRuns();
    const { runMm1 } = await import("../mm1.ts");
    const { customers, seed } = JSON.parse(what) as { readonly customers: number; readonly seed: number };
    return (look) => ({
      events: runMm1({ utilisation: MM1_UTILISATION, customers, seed, look }).events,
      sessionsMax: null,
    });
  },
  scenario: async (what) => {
    await asOurProgramRuns();
    const { simulate } = await import("../../sim/simulate.ts");
    const scenario = JSON.parse(what) as Scenario;
    return (look) => {
      const { counters, figures } = simulate(scenario, { onProgress: look });
      const { requests, completed, expired, storeCalls, lockPolls } = counters;
      const stored = figures.find(({ key }) => key === "storedSessionsMax")?.value ?? null;
      // In the population model a request takes no time; in process a store call takes none.
      const timed = scenario.run.fidelity === "requests";
      const remote = timed && (scenario.site.mode === "StateServer" || scenario.site.mode === "SQLServer");
      const calls = Object.values(storeCalls).reduce((sum, count) => sum + count, 0);
      const events = requests + expired + (timed ? completed : 0) + (remote ? calls + lockPolls : 0);
      return { events, sessionsMax: stored };
    };
  },
  simjs: async (what) => rivalWork((await import("./rivals/simjs.ts")).runSimjs, what),
  "js-simulator": async (what) => rivalWork((await import("./rivals/js-simulator.ts")).runJsSimulator, what),
};

/** With the flag that every command of ours sets; a rival runs as Node starts it. */
async function asOurProgramRuns(): Promise<void> {
  await import("../../cli/sound-compiler.ts");
}

function rivalWork(run: (model: W2Model) => W2Outcome, what: string): Work {
  const model = JSON.parse(what) as W2Model;
  return () => {
    const outcome = run(model);
    return { events: eventsOf(outcome), sessionsMax: outcome.storedMax };
  };
}

// For everybody alike: what the process before has compiled need not be compiled again.
enableCompileCache();

const [name = "", what = ""] = process.argv.slice(2);
const prepare = models[name];
if (prepare === undefined) throw new Error(`no model ${name}`);
const reading = await gauge(await prepare(what));
process.stdout.write(`${JSON.stringify(reading)}\n`);
