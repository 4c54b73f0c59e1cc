import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { Audit, RunResult } from "../../metrics/run-result.ts";
import { renderJunit } from "../../reports/junit.ts";
import { makeResult } from "./fixture-result.ts";
import { HOSTILE, hostileResult } from "./hostile.ts";

interface Node {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Node[];
  text: string;
}

function parse(xml: string): Node {
  const root: Node = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node = { name, attributes: attributes as Record<string, string>, children: [], text: "" };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on("text", (text) => {
    open.at(-1)!.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(xml).close();
  expect(root.children).toHaveLength(1);
  return root.children[0]!;
}

const named = (node: Node, name: string) => node.children.filter((child) => child.name === name);

const sound = makeResult({ samples: 2000 });
const targets: RunResult["targets"] = [
  { figure: "refusedShare", limit: "at most 0.01", value: 0.002, met: true },
  { figure: "responseP99Ms", limit: "at most 100", value: 123.4, met: false },
  { figure: "memoryMeanBytes", limit: "at least 1", value: null, met: null },
];

function withVerdict(verdict: Audit["verdict"], findings: readonly string[] = []): RunResult {
  return { ...sound, targets, audit: { ...sound.audit, verdict, findings } };
}

/** The cases of the only suite. */
function cases(result: RunResult): readonly Node[] {
  return named(named(parse(renderJunit([result])), "testsuite")[0]!, "testcase");
}

describe("JUnit XML", () => {
  test("has a suite a run and in it a case for the run and one for each target", () => {
    const root = parse(renderJunit([withVerdict("valid"), { ...sound, label: "again", targets: [] }]));
    expect(root.name).toBe("testsuites");
    const suites = named(root, "testsuite");
    expect(suites.map((suite) => suite.attributes.name)).toEqual(["InProc, simulated", "again"]);
    expect(suites.map((suite) => named(suite, "testcase").length)).toEqual([4, 1]);
    for (const node of [root, ...suites]) {
      const below = (node === root ? suites : [node]).flatMap((suite) => named(suite, "testcase"));
      const count = (name: string) => String(below.filter((one) => named(one, name).length > 0).length);
      expect(node.attributes).toMatchObject({
        tests: String(below.length),
        failures: count("failure"),
        errors: count("error"),
        skipped: count("skipped"),
      });
    }
    expect(suites[0]!.attributes.timestamp).toBe("2024-05-06T12:00:00");
  });

  test("says of a missed target the value and the limit", () => {
    const [, met, missed, unknown] = cases(withVerdict("valid"));
    expect(met!.children).toEqual([]);
    expect(missed!.attributes.name).toBe("Response time, p99: at most 100 ms");
    expect(named(missed!, "failure")[0]!.attributes).toEqual({
      message: "Response time, p99 is 123.4 ms; wanted at most 100 ms",
      type: "target missed",
    });
    expect(named(unknown!, "skipped")).toHaveLength(1);
    expect(named(unknown!, "failure")).toHaveLength(0);
  });

  test("makes an invalid run an error and judges none of its targets", () => {
    const [run, ...rest] = cases(withVerdict("invalid", ["The generator was late.", "A server died."]));
    const [error] = named(run!, "error");
    expect(error!.attributes.message).toBe("The generator was late. A server died.");
    expect(rest.map((one) => one.children.map((child) => child.name))).toEqual([["skipped"], ["skipped"], ["skipped"]]);
    const bare = cases({ ...withVerdict("invalid"), targets: [] });
    expect(bare.map((one) => one.children.map((child) => child.name))).toEqual([["error"]]);
  });

  test("lets a doubtful run pass and says why it is doubtful", () => {
    const [run] = cases(withVerdict("doubtful", ["The machine was busy."]));
    expect(run!.children.map((child) => child.name)).toEqual(["system-out"]);
    expect(run!.children[0]!.text).toContain("The machine was busy.");
  });

  test("is well-formed whatever things are called, and gives their names back as far as XML can write them", () => {
    const root = parse(renderJunit([hostileResult()]));
    const unwritable = ["\u0000", "\u001f", "\uFFFE"];
    const writable = unwritable.reduce((text, letter) => text.replaceAll(letter, "\uFFFD"), HOSTILE.toWellFormed());
    expect(named(root, "testsuite")[0]!.attributes.name).toBe(writable);
    const [run] = cases(hostileResult());
    expect(run!.children[0]!.text).toBe(`! doubtful\n${writable}`);
  });
});
