import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseAgainst } from "../../../cli/against/against-choice.ts";
import { openAlikeSides, openSides, type Sides } from "../../../cli/against/comparison-sides.ts";
import type { BenchCommandOptions } from "../../../cli/bench/bench-options.ts";
import { smallScenario } from "../../bench/small-scenario.ts";

const once = { seed: 5, sessions: null };

async function sidesAgainst(given: readonly string[], options: BenchCommandOptions): Promise<Sides> {
  const sides = await openSides({
    choice: chooseAgainst(given, options),
    file: "/a/scenario.yaml",
    fileDefault: "/default.yaml",
    options,
    store: smallScenario().store,
    signal: new AbortController().signal,
    tell: () => undefined,
  });
  onTestFinished(sides.close);
  return sides;
}

describe("two sides of one program", () => {
  test("differ in the store alone, and in where what they compiled is kept", async () => {
    const { base, candidate } = await sidesAgainst(["provider=sqlite"], { driver: "micro", mode: "InProc" });
    const [main, ...words] = candidate.argumentsFor(once);
    expect(path.basename(main ?? "")).toBe("main.ts");
    expect(words.join(" ")).toBe("bench /a/scenario.yaml --driver micro --mode InProc --seed 5 --json --quiet");
    expect(base.argumentsFor(once).join(" ")).toBe(
      `${main} bench /a/scenario.yaml --driver micro --provider sqlite --seed 5 --json --quiet`,
    );
    expect([base.title, candidate.title]).toEqual(["provider=sqlite", "as asked"]);
    expect(base.cwd).toBe(candidate.cwd);
    const places = [base, candidate].map(({ env }) => env.NODE_COMPILE_CACHE);
    expect(new Set(places)).toHaveProperty("size", 2);
  });

  test("may differ in the scenario", async () => {
    const { base, candidate } = await sidesAgainst(["scenario=b.yaml"], { provider: "redis" });
    expect(base.argumentsFor(once).slice(1, 5)).toEqual(["bench", "b.yaml", "--provider", "redis"]);
    expect(candidate.argumentsFor(once)[2]).toBe("/a/scenario.yaml");
  });

  test("differ in nothing where noise is measured, and leave nothing", () => {
    const sides = openAlikeSides("file.yaml", { driver: "micro" });
    expect(sides.base.argumentsFor(once)).toEqual(sides.candidate.argumentsFor(once));
    const folder = path.dirname(sides.base.env.NODE_COMPILE_CACHE ?? "");
    expect(existsSync(folder)).toBe(true);
    sides.close();
    expect(existsSync(folder)).toBe(false);
  });
});
