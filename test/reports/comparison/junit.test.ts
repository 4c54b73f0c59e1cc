import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { renderComparisonJunit } from "../../../reports/comparison/junit.ts";
import {
  cannotTellComparison,
  forcedComparison,
  hostileComparison,
  makeComparison,
  noWorseComparison,
} from "./fixture-comparison.ts";

interface Case {
  readonly name: string;
  /** "failure", "skipped" …, each with its message. */
  readonly children: { readonly name: string; readonly message: string | undefined }[];
}

/** The suite's attributes and its cases, by a parser that refuses XML with a mistake. */
function read(xml: string): { readonly suite: Record<string, string>; readonly cases: readonly Case[] } {
  let suite: Record<string, string> = {};
  const cases: Case[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const given = attributes as Record<string, string>;
    if (name === "testsuite") suite = given;
    else if (name === "testcase") cases.push({ name: given.name!, children: [] });
    else cases.at(-1)?.children.push({ name, message: given.message });
  });
  parser.write(xml).close();
  return { suite, cases };
}

describe("a comparison as JUnit XML", () => {
  const { suite, cases } = read(renderComparisonJunit(makeComparison()));
  const caseOf = (key: string) => cases.find(({ name }) => name.endsWith(`[${key}]`))!;

  test("has a case a metric, and one for the whole", () => {
    expect(cases).toHaveLength(makeComparison().metrics.length + 1);
    expect(suite).toMatchObject({ tests: "13", failures: "2", errors: "0", skipped: "6" });
  });

  test("fails what is regressed, with the effect and the reason", () => {
    expect(caseOf("micro.getItem.4096.meanMs").children).toEqual([
      { name: "failure", message: expect.stringMatching(/^✗ regressed: \+10\.4 % \(.*\)\. It is worse in nearly all/) },
    ]);
  });

  test("skips what cannot be told, with the reason", () => {
    expect(caseOf("lockWaitMaxMs").children).toEqual([{ name: "skipped", message: "? cannot tell: No run knows it." }]);
  });

  test("skips a regression that is taken on, with whose word it is", () => {
    const [child] = caseOf("saturationRequestsPerSecond").children;
    expect(child!.name).toBe("skipped");
    expect(child!.message).toContain("Waived: Sessions are now signed");
  });

  test("passes what is no worse, and what is better", () => {
    expect(caseOf("responseP50Ms").children.map(({ name }) => name)).toEqual(["system-out"]);
    expect(caseOf("serviceP50Ms").children.map(({ name }) => name)).toEqual(["system-out"]);
    expect(read(renderComparisonJunit(noWorseComparison)).suite).toMatchObject({ failures: "0", skipped: "0" });
  });

  test("is an error where it was cut short before there was a verdict, and none where there was one", () => {
    expect(read(renderComparisonJunit(cannotTellComparison)).suite.errors).toBe("1");
    expect(read(renderComparisonJunit(makeComparison({ complete: false }))).suite.errors).toBe("0");
  });

  test("that was forced says what speaks against it", () => {
    expect(renderComparisonJunit(forcedComparison)).toContain("because of --force:\nThe machines are not the same");
  });

  test("is XML whatever things are named", () => {
    expect(read(renderComparisonJunit(hostileComparison)).cases).toHaveLength(5);
  });
});
