// The process of one run of one case: `node run-case.ts <case> <hours> <seed>`. Prints its reading.

import type { YardstickChoice } from "../yardstick.ts";
import { gauge } from "./gauge.ts";
import type { Reading } from "./reading.ts";
import { eventsOf, type W2Model, type W2Outcome, w2Model } from "./rivals/w2-model.ts";

type Work = (look: () => void) => Pick<Reading, "events" | "sessionsMax">;

/** Loads what the case needs and nothing else, so that no case pays for another's program. */
type Prepare = (hours: number, seed: number) => Promise<Work>;

/** W1 serves so many customers for each hour asked: 8 million events in four. */
const CUSTOMERS_PER_HOUR = 1_000_000;
const MM1_UTILISATION = 0.9;

const cases: Readonly<Record<string, Prepare>> = {
  w1: async (hours, seed) => {
    await asOurProgramRuns();
    const { runMm1 } = await import("../mm1.ts");
    const customers = Math.ceil(hours * CUSTOMERS_PER_HOUR);
    return (look) => ({
      events: runMm1({ utilisation: MM1_UTILISATION, customers, seed, look }).events,
      sessionsMax: null,
    });
  },
  w2: yardstickCase(),
  "w2-capped": yardstickCase({ sessionsMax: 70_000 }),
  "w2-swept": yardstickCase({ sweepSeconds: 20 }),
  w2x10: yardstickCase({ size: 10 }),
  w2x100: yardstickCase({ size: 100 }),
  "w2-inproc": yardstickCase({ requests: "InProc" }),
  "w2-stateserver": yardstickCase({ requests: "StateServer" }),
  "w2-sqlserver": yardstickCase({ requests: "SQLServer" }),
  "w2-locks": yardstickCase({ requests: "SQLServer", parallelShare: 0.2 }),
  simjs: async (hours, seed) => {
    const { runSimjs } = await import("./rivals/simjs.ts");
    return rivalWork(runSimjs, hours, seed);
  },
  "js-simulator": async (hours, seed) => {
    const { runJsSimulator } = await import("./rivals/js-simulator.ts");
    return rivalWork(runJsSimulator, hours, seed);
  },
};

function yardstickCase(choice: YardstickChoice = {}): Prepare {
  return async (hours, seed) => {
    await asOurProgramRuns();
    const { simulate } = await import("../../sim/simulate.ts");
    const { yardstickScenario } = await import("../yardstick.ts");
    const scenario = yardstickScenario({ ...choice, hours, seed });
    return (look) => {
      const { counters, figures } = simulate(scenario, { onProgress: look });
      const { requests, completed, expired, storeCalls, lockPolls } = counters;
      const stored = figures.find(({ key }) => key === "storedSessionsMax")?.value ?? null;
      // In the population model a request takes no time; in process a store call takes none.
      const answers = choice.requests === undefined ? 0 : completed;
      const calls = Object.values(storeCalls).reduce((sum, count) => sum + count, 0);
      const remote = choice.requests === "StateServer" || choice.requests === "SQLServer";
      const events = requests + expired + answers + (remote ? calls + lockPolls : 0);
      return { events, sessionsMax: stored };
    };
  };
}

/** With the flag that every command of ours sets; a rival runs as Node starts it. */
async function asOurProgramRuns(): Promise<void> {
  await import("../../cli/sound-compiler.ts");
}

function rivalWork(run: (model: W2Model) => W2Outcome, hours: number, seed: number): Work {
  const model = w2Model(hours, seed);
  return () => {
    const outcome = run(model);
    return { events: eventsOf(outcome), sessionsMax: outcome.storedMax };
  };
}

const [name = "", hours = "", seed = ""] = process.argv.slice(2);
const prepare = cases[name];
if (prepare === undefined) throw new Error(`no case ${name}`);
const reading = await gauge(await prepare(Number(hours), Number(seed)));
process.stdout.write(`${JSON.stringify(reading)}\n`);
