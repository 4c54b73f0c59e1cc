import { describe, expect, test } from "vitest";
import { InputError } from "../../config/problem.ts";
import { parseResult, parseResults, stringifyResult } from "../../reports/result-file.ts";
import { makeResult } from "./fixture-result.ts";

const result = makeResult({ samples: 200, seriesPoints: 20 });
const text = stringifyResult(result);

function problemsOf(broken: string): InputError["problems"] {
  try {
    parseResults(broken, "broken.json");
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error("the file was taken");
}

function withChange(change: (raw: Record<string, never>) => void): string {
  const raw = JSON.parse(text) as Record<string, never>;
  change(raw);
  return JSON.stringify(raw);
}

test("a long list of something else is complained about in a few lines", () => {
  const foreign = `[${Array.from({ length: 200_000 }, () => '{"schema":"x"}').join(",")}]`;
  expect(problemsOf(foreign)).toHaveLength(20);
});

describe("a written result", () => {
  test("read back is the same result", () => {
    expect(parseResult(text, "result.json")).toEqual(result);
  });

  test("has the same bytes whatever order its keys were made in", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, reversed(part)]),
      );
    };
    expect(stringifyResult(reversed(result) as typeof result)).toBe(text);
  });

  test("ends in one newline and has its environment last", () => {
    expect(text).toMatch(/[^\n]\n$/);
    expect(text.indexOf('\n  "environment"')).toBeGreaterThan(text.indexOf('\n  "series"'));
  });

  test("never holds a number that JSON cannot write", () => {
    const endless = { ...result, endedAtMs: Number.POSITIVE_INFINITY };
    expect(() => stringifyResult(endless)).toThrow("numbers in a result are finite");
  });
});

describe("a file is refused", () => {
  test("that is some other JSON", () => {
    expect(problemsOf('{"name":"sessionlab"}')).toMatchObject([{ at: "schema", given: "", file: "broken.json" }]);
    expect(problemsOf("[]")).toMatchObject([{ given: "an empty list" }]);
    expect(problemsOf("null")).toMatchObject([{ at: "schema" }]);
  });

  test("that was cut off, or is empty", () => {
    expect(problemsOf(text.slice(0, 1000))[0]?.given).toMatch(/^not JSON/);
    expect(problemsOf("")[0]?.given).toBe("empty");
  });

  test("of another schema version, saying which sessionlab can read it", () => {
    const [problem] = problemsOf(text.replace("sessionlab.run-result/1", "sessionlab.run-result/2"));
    expect(problem?.mend).toContain("the version of sessionlab that wrote it");
  });

  test("with every place named where it is broken", () => {
    const broken = withChange((raw) => {
      (raw.counters as Record<string, unknown>).started = "many";
      delete (raw.audit as Record<string, unknown>).verdict;
    });
    expect(problemsOf(broken).map(({ at, given }) => [at, given])).toEqual([
      ["counters.started", '"many"'],
      ["audit.verdict", ""],
    ]);
  });

  test("whose columns are not as long as its times", () => {
    const broken = withChange((raw) => {
      (raw.series as { columns: Record<string, number[]> }).columns.stored!.pop();
    });
    expect(problemsOf(broken)).toMatchObject([{ at: "series.columns.stored", given: "19 values long" }]);
  });

  test("whose histogram cannot be unpacked, or has lost samples", () => {
    const garbled = withChange((raw) => {
      (raw.histograms as Record<string, { data: string }>).response!.data = "HISTgarbage";
    });
    expect(problemsOf(garbled)).toMatchObject([{ at: "histograms.response.data" }]);
    const miscounted = withChange((raw) => {
      (raw.histograms as Record<string, { count: number }>).service!.count = 201;
    });
    expect(problemsOf(miscounted)).toMatchObject([{ at: "histograms.service.data" }]);
  });
});

test("a list of results, as simulate prints it for several modes, is read as several", () => {
  expect(parseResults(`[${text},${text}]`, "two.json")).toHaveLength(2);
  expect(() => parseResult(`[${text},${text}]`, "two.json")).toThrow("expected one result");
});
