import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Side, Sides } from "../../../cli/against/comparison-sides.ts";
import { type Interleaving, interleave } from "../../../cli/against/interleave.ts";
import { InputError } from "../../../config/problem.ts";
import { stringifyResult } from "../../../reports/result-file.ts";
import { temporaryFolder } from "../../bench/temporary-folder.ts";
import { makeResult } from "../../reports/fixture-result.ts";

/** Prints a result that is there already, and notes that it did. */
const program = `
  const fs = require("node:fs");
  const [folder, name, seed, sessions] = process.argv.slice(1);
  fs.appendFileSync(folder + "/ran", [name, seed, sessions].join(" ") + "\\n");
  const script = folder + "/" + name + ".js";
  if (fs.existsSync(script)) require(script);
  else process.stdout.write(fs.readFileSync(folder + "/result.json"));
`;

interface Stage {
  readonly sides: Sides;
  readonly ran: () => Promise<readonly string[]>;
}

/** @param scripts what a side does instead of printing a result. */
async function stage(scripts: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "result.json"), stringifyResult(makeResult({ samples: 100, seriesPoints: 5 })));
  for (const [name, text] of Object.entries(scripts)) await writeFile(path.join(folder, `${name}.js`), text);
  const side = (name: string): Side => ({
    title: `the ${name}`,
    cwd: folder,
    env: process.env,
    commit: name === "candidate" ? "0123456789ab" : null,
    argumentsFor: ({ seed, sessions }) => ["-e", program, "--", folder, name, String(seed), String(sessions)],
  });
  return {
    sides: { base: side("base"), candidate: side("candidate"), close: () => undefined },
    ran: async () => (await readFile(path.join(folder, "ran"), "utf8")).trim().split("\n"),
  };
}

function interleaving(changes: Partial<Interleaving> = {}): Interleaving {
  return {
    seed: 3,
    unseeded: false,
    blocksMax: 2,
    budgetMs: 60_000,
    signal: new AbortController().signal,
    tell: () => undefined,
    begin: async () => ({ sessions: 40 }),
    judge: () => ({ settled: false, note: "open" }),
    ...changes,
  };
}

describe("runs of two sides", () => {
  test("take turns in blocks, after one of each that does not count, with one seed a block", async () => {
    const { sides, ran } = await stage();
    const { runs, blocks, ended } = await interleave(sides, interleaving());
    expect([blocks, ended]).toEqual([2, "all blocks run"]);
    const order = await ran();
    expect(order.slice(0, 2)).toEqual(["base 3 null", "candidate 3 null"]);
    for (const block of [order.slice(2, 6), order.slice(6)]) {
      expect(block.map((line) => line.split(" ")[0]).join(" ")).toMatch(
        /^(base candidate candidate base|candidate base base candidate)$/,
      );
      expect(new Set(block.map((line) => line.split(" ").slice(1).join(" ")))).toHaveProperty("size", 1);
      expect(block[0]).toMatch(/ 40$/);
    }
    expect(order[2]!.split(" ")[1]).not.toBe(order[6]!.split(" ")[1]);
    const turns = [...runs.base, ...runs.candidate].map(({ turn }) => `${turn?.block}.${turn?.place}`).sort();
    expect(turns).toEqual(["0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "1.3"]);
    expect(new Set(runs.candidate.map(({ environment }) => environment.commit))).toEqual(new Set(["0123456789ab"]));
  });

  test("end when there is nothing left to find out", async () => {
    const { sides } = await stage();
    const judge = () => ({ settled: true, note: "" });
    expect(await interleave(sides, interleaving({ judge, blocksMax: 9 }))).toMatchObject({
      blocks: 1,
      ended: "settled",
    });
  });

  test("end when there is no time for another block", async () => {
    const { sides } = await stage();
    const over = await interleave(sides, interleaving({ budgetMs: 1, blocksMax: 9 }));
    expect(over).toMatchObject({ blocks: 1, ended: "time is over" });
  });

  test("that are interrupted keep the blocks that are whole", async () => {
    const { sides } = await stage();
    const controller = new AbortController();
    let places = 0;
    const tell = (_share: number, note: string) => {
      // The second of the second block.
      if (note.startsWith("block") && ++places === 6) controller.abort();
    };
    const cut = await interleave(sides, interleaving({ signal: controller.signal, tell }));
    expect(cut).toMatchObject({ blocks: 1, ended: "interrupted" });
    expect([cut.runs.base.length, cut.runs.candidate.length]).toEqual([2, 2]);
  });

  test("are repeated by the block where one is invalid, and kept; in the end they are given up", async () => {
    const invalid = `
      const result = JSON.parse(fs.readFileSync(folder + "/result.json"));
      result.audit.verdict = "invalid";
      process.stdout.write(JSON.stringify(result));
      process.exitCode = 3;
    `;
    const { sides } = await stage({
      base: `const fs = require("node:fs"); const [folder] = process.argv.slice(1); ${invalid}`,
    });
    const judge = () => {
      throw new Error("a block with an invalid run is not judged");
    };
    const { runs, blocks, ended } = await interleave(sides, interleaving({ judge }));
    expect([blocks, ended, runs.base.length]).toEqual([0, "too many invalid runs", 8]);
  });

  test.each<[string, string, RegExp]>([
    [
      "refuses its input",
      'console.error("Cannot run: mode"); process.exit(2);',
      /Cannot run the candidate.*exit code 2.*mode/,
    ],
    ["prints no result", 'console.log("hello");', /a run of the candidate/],
    [
      "is too old",
      'console.error("error: unknown option --seconds"); process.exit(2);',
      /a commit whose bench knows it/,
    ],
    ["tells a password", 'console.error("redis://:topsecret@host"); process.exit(4);', /redis:\/\/:?\*+@host/],
  ])("end with a message that names the side where one %s", async (_what, script, message) => {
    const { sides } = await stage({ candidate: script });
    const error = await interleave(sides, interleaving()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain("topsecret");
  });

  test("a program that cannot be loaded ends with exit code 1 and no result: its own words are told", async () => {
    const { sides } = await stage({ base: 'require("./not-there.js")' });
    await expect(interleave(sides, interleaving())).rejects.toThrow(
      /Cannot run the base: .*exit code 1.*Cannot find module/,
    );
  });
});
