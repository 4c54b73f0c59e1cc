// What of this project is held against its past: the engine, and the calls of every store that this machine has the programs for.

import { packageRoot } from "../../cli/package-root.ts";
import { askBench } from "../ask-bench.ts";
import { compareEngines } from "./engine-part.ts";
import type { SelfPart } from "./part.ts";

export const selfParts: readonly SelfPart[] = [
  { name: "engine", weight: 16, compare: compareEngines },
  store("inproc", 9, "--mode", "InProc"),
  store("stateserver", 9, "--mode", "StateServer"),
  store("postgresql", 15, "--provider", "postgresql"),
  store("mariadb", 14, "--provider", "mariadb"),
  store("redis", 10, "--provider", "redis"),
  store("sqlite", 9, "--provider", "sqlite"),
];

const SCENARIO = "scenarios/basket.yaml";
/** Worktrees and the last block come on top of the budget; what takes so many times as long hangs. */
const PATIENCE = 3;
const PATIENCE_MS = 5 * 60_000;

function store(name: string, weight: number, ...which: readonly string[]): SelfPart {
  return {
    name,
    weight,
    async compare({ ref, seed, budgetMinutes, blocksMax, signal, tell }) {
      const bounds = ["--budget-minutes", budgetMinutes.toFixed(2), "--seed", String(seed)];
      if (blocksMax !== undefined) bounds.push("--blocks-max", String(blocksMax));
      const answered = await askBench({
        args: [SCENARIO, "--against", ref, "--driver", "micro", ...which, ...bounds],
        folder: packageRoot,
        limitMs: PATIENCE * budgetMinutes * 60_000 + PATIENCE_MS,
        signal,
        tell: (seconds) => tell(Math.min(1, seconds / 60 / budgetMinutes), `against ${ref}, ${seconds.toFixed(0)} s`),
      });
      return answered?.comparison ?? null;
    },
  };
}
