// Keys of a scenario file varied as --vary asks for it.

import { describe, expect, test } from "vitest";
import { parseScenario } from "../../config/parse-scenario.ts";
import { InputError } from "../../config/problem.ts";
import { changeTree, expectDistinctKeys, gridOf, parseAxis, parseChange } from "../../config/vary.ts";
import { isWholeKey } from "../../config/whole-keys.ts";

const messageOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "nothing was refused";
};

describe("the values of an axis", () => {
  test.each([
    ["site.sessionsMax=20000..100000/9", [20000, 30000, 40000, 50000, 60000, 70000, 80000, 90000, 100000]],
    ["site.mode=InProc,StateServer,SQLServer", ["InProc", "StateServer", "SQLServer"]],
    ["workload.arrivals.perSecond=0.1..0.3/3", [0.1, 0.2, 0.3]],
    ["site.servers=1..100/3log", [1, 10, 100]],
    ["site.servers=1,2,4..16/4", [1, 2, 4, 8, 12, 16]],
    ["site.affinity=true,false", [true, false]],
  ])("%s", (text, values) => {
    expect(parseAxis(text).values).toEqual(values);
  });

  test.each([
    ["sessionsMax", "write site.sessionsMax=1000..9000/9"],
    ["site.mode=", "a value before and after each comma"],
    ["site.sessionsMax=9..1/3", "write 1..9/3"],
    ["site.sessionsMax=1..9", "write 1..9/5"],
    ["site.sessionsMax=1..9/1", "2 to 10000 values"],
    ["site.sessionsMax=0..9/3log", "above 0"],
    ["site.servers=2,1..3/3", "leave out one 2"],
  ])("%s is refused with its mend", (text, mend) => {
    expect(messageOf(() => parseAxis(text))).toContain(mend);
  });

  test("two axes of one key are refused", () => {
    const axes = [parseAxis("site.servers=1,2"), parseAxis("site.servers=3")];
    expect(messageOf(() => expectDistinctKeys(axes))).toContain("site.servers twice");
  });
});

test("a change is a key and one value", () => {
  expect(parseChange("site.sessionsMax=700", "--set")).toEqual({ key: "site.sessionsMax", value: 700 });
  expect(messageOf(() => parseChange("site.sessionsMax=1,2", "--set"))).toContain("--set");
});

test("a grid has every combination, the last axis fastest", () => {
  const points = gridOf([parseAxis("site.servers=1,2"), parseAxis("site.mode=Off,InProc")]);
  expect(points.map((point) => point.map(({ value }) => value))).toEqual([
    [1, "Off"],
    [1, "InProc"],
    [2, "Off"],
    [2, "InProc"],
  ]);
});

describe("a scenario file with changed keys", () => {
  const text = "name: x\nsite: { mode: SQLServer }\nstore: { provider: mariadb }\nworkload: { arrivals: 2 }";
  const read = (...changes: { key: string; value: number | string }[]) =>
    parseScenario(text, "s.yaml", [], [], changes);

  test("has the new values, and groups that were not there", () => {
    const { value } = read({ key: "site.sessionsMax", value: 7 }, { key: "run.durationMinutes", value: 90 });
    expect(value).toMatchObject({ site: { mode: "SQLServer", sessionsMax: 7 }, run: { durationMinutes: 90 } });
  });

  test("keeps shorthands: a bare number is a law", () => {
    expect(read({ key: "workload.arrivals", value: 9 }).value).toMatchObject({
      workload: { arrivals: { kind: "poisson", perSecond: 9 } },
    });
  });

  test("rounds what a range puts between the whole numbers of a key that wants them", () => {
    expect(isWholeKey("site.sessionsMax")).toBe(true);
    expect(isWholeKey("run.durationMinutes")).toBe(false);
    expect(parseAxis("site.servers=1..3/9").values).toEqual([1, 2, 3]);
    expect(parseAxis("run.durationMinutes=1..2/3").values).toEqual([1, 1.5, 2]);
    // What was written as it stands is meant as it stands.
    expect(read({ key: "site.sessionsMax", value: 7.5 }).problems[0].expected).toContain("whole");
  });

  test("drops a store that does not go with another mode, and takes the mode of another store", () => {
    expect(changeTree({ store: { provider: "mariadb" } }, [{ key: "site.mode", value: "InProc" }])).toEqual({
      site: { mode: "InProc" },
      store: {},
    });
    expect(read({ key: "store.provider", value: "redis" }).value).toMatchObject({ site: { mode: "Custom" } });
  });

  test("refuses a value that cannot be, without a line of the file", () => {
    const { problems } = read({ key: "site.timeoutMinutes", value: 0.02 });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toHaveProperty("line");
    expect(problems[0].at).toBe("site.timeoutMinutes");
    expect(read({ key: "site.timoutMinutes", value: 3 }).problems[0].mend).toContain("timeoutMinutes");
  });
});
