import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { turnArguments } from "../../../cli/against/turn-arguments.ts";
import { addAgainstOptions, addScenarioOptions, type BenchCommandOptions } from "../../../cli/bench/bench-options.ts";

const once = { seed: 5, sessions: null };

function parsed(...words: readonly string[]): BenchCommandOptions {
  const command = addAgainstOptions(addScenarioOptions(new Command().argument("[scenario]").exitOverride()));
  return command.parse(["node", "sessionlab", ...words]).opts();
}

describe("the command line of one run of a comparison", () => {
  test("says what is run as the whole said it, and nothing of what becomes of it", () => {
    const run =
      "--driver micro --state-bytes 256,4096 --operations getItem,removeItem --provider redis --connection a b";
    const whole =
      "--against HEAD~1 --budget-minutes 5 --blocks-max 3 --build make --noise-file n --strict --force --out o";
    const options = parsed(...run.split(" "), ...whole.split(" "), "--json", "--quiet", "--seed", "9");
    const words = turnArguments("file.yaml", options, once);
    expect(words).toEqual(["bench", "file.yaml", ...run.split(" "), "--seed", "5", "--json", "--quiet"]);
  });

  test("reads back as the same run", () => {
    const given =
      "--mode Custom --module ./a.mjs --straight --generators 2 --seconds 0.5 --faults none --time-scale 60";
    const options = parsed(...given.split(" "));
    const [, ...words] = turnArguments("file.yaml", options, { seed: null, sessions: 40 });
    expect(parsed(...words)).toEqual({ ...options, sessions: 40, json: true, quiet: true });
  });
});
