import { describe, expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import { parseWaivers } from "../../config/waivers.ts";

const messages = (text: string) =>
  new InputError("Cannot read", parseWaivers(text, "w.yaml").problems).message.split("\n  ").slice(1);

describe("a waiver file", () => {
  test("is a list of waivers, in YAML or JSON", () => {
    const one = { metric: "micro.*.meanMs", commits: "1a2b3c4..5d6e7f8", reason: "a safer codec", until: "2026-12-31" };
    const yaml = `# Known.
- metric: micro.*.meanMs
  commits: 1a2b3c4..5d6e7f8
  reason: a safer codec
  until: 2026-12-31
`;
    expect(parseWaivers(yaml, "w.yaml").value).toEqual([one]);
    expect(parseWaivers(JSON.stringify([one]), "w.json").value).toEqual([one]);
  });

  test("of comments alone waives nothing", () => {
    expect(parseWaivers("# none at present\n", "w.yaml").value).toEqual([]);
    expect(parseWaivers("[]", "w.yaml").value).toEqual([]);
  });

  test.each(["*", "1a2b3c4", "v1.2.0", "v1.2.0..v1.3.0", "1a2b3c4..", "origin/main..topic/x"])(
    "may speak of the commits %s",
    (commits) => {
      const text = JSON.stringify([{ metric: "a", commits, reason: "r" }]);
      expect(parseWaivers(text, "w.yaml").problems).toEqual([]);
    },
  );

  test.each([
    "",
    "HEAD",
    "HEAD~1..HEAD",
    "..abc1234",
    "a...b",
    "a..b..c",
    "--all",
    "a b",
    "main@{1}",
    "main^",
    "a:b",
    "..",
    "@",
  ])('refuses the commits "%s", which name none or tomorrow another', (commits) => {
    const text = JSON.stringify([{ metric: "a", commits, reason: "r" }]);
    expect(parseWaivers(text, "w.yaml").problems.map((problem) => problem.at)).toEqual(["[0].commits"]);
  });

  test.each(["2026-02-29", "2026-13-01", "31.12.2026", "2026-12-31T00:00:00Z", "tomorrow"])(
    "refuses the day %s",
    (until) => {
      const text = JSON.stringify([{ metric: "a", commits: "*", reason: "r", until }]);
      expect(parseWaivers(text, "w.yaml").problems.map((problem) => problem.at)).toEqual(["[0].until"]);
    },
  );

  test("with mistakes tells all of them, each with its line and column", () => {
    const text = `- metric: responseP50Ms
  commits: 1234567
  reason: " "
- metrics: a
  commits: "*"
`;
    expect(messages(text)).toEqual([
      'w.yaml:2:3: [0].commits is a number to YAML; expected a text; put it in quotes: commits: "1234567"',
      'w.yaml:3:3: [0].reason is " "; expected why this is taken on; say it, for whoever reads it next year',
      "w.yaml:4:3: [1].metric is missing; expected a text; add it",
      "w.yaml:4:3: [1].reason is missing; expected a text; add it",
      'w.yaml:4:3: [1].metrics is not a known key; expected one of metric, commits, reason, until; did you mean "metric"?',
    ]);
  });

  test("with a star that lacks its quotes says what to do", () => {
    const [problem] = parseWaivers('- metric: *.meanMs\n  commits: "*"\n  reason: r\n', "w.yaml").problems;
    expect(problem).toMatchObject({ line: 1, column: 11, mend: 'put it in quotes: "*.meanMs"' });
  });
});
