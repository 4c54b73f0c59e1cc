import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { benchCommand } from "../../cli/bench/bench.ts";
import { compareCommand } from "../../cli/compare/compare.ts";
import { historyCommand } from "../../cli/history/history.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { parseWaivers } from "../../config/waivers.ts";
import { COMMENT_MARKER } from "../../reports/comparison/markdown.ts";

const folder = path.join(packageRoot, "scenarios", "ci");
const workflowText = await readFile(path.join(folder, "github-actions.yml"), "utf8");
const readme = await readFile(path.join(folder, "README.md"), "utf8");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
const workflow = parse(workflowText) as {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
};

/** The words of each "npx sessionlab …", as a shell parts them, lines that go on put together. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => (/^\s*npx sessionlab /.test(line) ? [line.trim()] : []))
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(2));
}

const commands = new Map<string, Command>(
  [benchCommand(), compareCommand(), historyCommand()].map((one) => [one.name(), one]),
);

/** The command that the words name, a command below it where they go on with one. */
function commandOf([name, below]: readonly string[]): Command {
  const command = commands.get(name!);
  expect(command, name).toBeDefined();
  return command!.commands.find((one) => one.name() === below) ?? command!;
}

const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
const given = [...commandsIn(runs.join("\n")), ...commandsIn(readme)];

describe("the example workflow", () => {
  test("is YAML of three jobs, for pull requests and for pushes", () => {
    expect(Object.keys(workflow.jobs)).toEqual(["compare", "comment", "history"]);
    expect(Object.keys(workflow.on)).toEqual(["pull_request", "push"]);
  });

  test("has commands of this program alone, with options that their help knows", () => {
    expect(given.map(([name, below]) => (name === "history" && below === "add" ? "history add" : name))).toEqual([
      "bench",
      "compare",
      "bench",
      "history add",
      "history",
      "bench",
      "compare",
    ]);
    for (const words of given) {
      const help = commandOf(words).helpInformation();
      for (const option of words.filter((word) => word.startsWith("--"))) {
        expect(help, words.join(" ")).toMatch(new RegExp(`^ +${option}\\b`, "m"));
      }
    }
  });

  test("names files that one command writes and another reads", () => {
    const against = given[0]!;
    const outDir = against[against.indexOf("--out") + 1]!;
    expect(given[1]![1]).toBe(`${outDir}/comparison.json`);
    expect(workflowText).toContain(`body=@${outDir}/comparison.md`);
  });

  test("has all commits at hand wherever they are compared or kept", () => {
    const checkouts = [workflow.jobs.compare!, workflow.jobs.history!].map(({ steps }) => steps[0]!);
    for (const { uses, with: options } of checkouts) {
      expect(uses).toMatch(/^actions\/checkout@/);
      expect(options).toMatchObject({ "fetch-depth": 0 });
    }
  });

  test("finds its comment by the marker with which it begins", () => {
    expect(workflowText).toContain(`startswith("${COMMENT_MARKER}")`);
  });

  test("runs no code of a pull request beside a token that may write", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs.compare!.permissions).toBeUndefined();
    expect(workflow.jobs.comment!.steps.some(({ uses }) => uses?.startsWith("actions/checkout") === true)).toBe(false);
  });

  test("puts nothing that a stranger can name into a command", () => {
    expect(runs.filter((run) => run.includes("${{"))).toEqual([]);
  });
});

test("the example of waivers is a waiver file", async () => {
  const parsed = parseWaivers(await readFile(path.join(folder, "waivers.yaml"), "utf8"), "waivers.yaml");
  expect(parsed.problems).toEqual([]);
  expect(parsed.value).toHaveLength(2);
});
