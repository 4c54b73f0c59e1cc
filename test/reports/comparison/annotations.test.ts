import { describe, expect, test } from "vitest";
import { renderAnnotations } from "../../../reports/comparison/annotations.ts";
import {
  forcedComparison,
  hostileComparison,
  makeComparison,
  makeMetric,
  noWorseComparison,
  regressedMetric,
} from "./fixture-comparison.ts";

/** As the runner reads a line: actions/runner, src/Runner.Common/ActionCommand.cs. */
function read(text: string) {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [, level, properties, message] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
      expect(level, line).toBeDefined();
      const plain = (part: string) =>
        part
          .replaceAll("%0D", "\r")
          .replaceAll("%0A", "\n")
          .replaceAll("%3A", ":")
          .replaceAll("%2C", ",")
          .replaceAll("%25", "%");
      expect(properties!.split(",")).toHaveLength(1);
      return { level: level!, title: plain(properties!.replace("title=", "")), message: plain(message!) };
    });
}

describe("annotations of GitHub", () => {
  const annotations = read(renderAnnotations(makeComparison()));

  test("are an error for each regression, which says how much, against what, and why", () => {
    const errors = annotations.filter(({ level }) => level === "error");
    expect(errors.map(({ title }) => title)).toEqual([
      "Regressed: getItem, 4 KiB, mean (µs)",
      "Regressed: Response time, shape",
    ]);
    expect(errors[0]!.message).toBe(
      "+10.4 % (+7.45 to +13.4), 40.20 to 44.40: the working tree (2222222bbbbb) against HEAD~1 (1111111aaaaa). " +
        "It is worse in nearly all blocks, by more than the minimum effect. " +
        "[micro.getItem.4096.meanMs]",
    );
  });

  test("are one warning for all that cannot be told", () => {
    const [warning, ...others] = annotations.filter(({ level }) => level === "warning");
    expect(others).toEqual([]);
    expect(warning!.title).toBe("Cannot tell: 5 metrics");
    expect(warning!.message).toContain("Response time, p99 (36 a side would settle it)");
  });

  test("are notices for what is waived, what is better, and how it came out", () => {
    const notices = annotations.filter(({ level }) => level === "notice").map(({ title }) => title);
    expect(notices).toEqual([
      "Regressed, waived: Requests at saturation (/s)",
      "Improved: Service time, p50 (ms)",
      "✗ regressed: the working tree (2222222bbbbb) against HEAD~1 (1111111aaaaa)",
    ]);
    expect(read(renderAnnotations(noWorseComparison)).map(({ level }) => level)).toEqual(["notice", "notice"]);
  });

  test("warn of what was compared by force", () => {
    const [warning] = read(renderAnnotations(forcedComparison)).filter(({ level }) => level === "warning");
    expect(warning!.title).toBe("Compared by force");
    expect(warning!.message).toContain("The machines are not the same: Example CPU");
  });

  test("are at most ten of a kind, the last of which names those that GitHub would drop", () => {
    const metrics = Array.from({ length: 25 }, (_, index) => ({
      ...regressedMetric,
      key: `r${index}`,
      label: `R ${index}`,
    }));
    const better = Array.from({ length: 25 }, (_, index) => makeMetric({ key: `b${index}`, improved: true }));
    const said = read(renderAnnotations(makeComparison({ metrics: [...metrics, ...better] })));
    const errors = said.filter(({ level }) => level === "error");
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toMatchObject({ title: "16 more", message: expect.stringContaining("Regressed: R 24 (µs)") });
    expect(said.filter(({ level }) => level === "notice")).toHaveLength(10);
  });

  test("are one command a line, whatever things are named", () => {
    expect(read(renderAnnotations(hostileComparison)).map(({ level }) => level)).toEqual([
      "error",
      "warning",
      "warning",
      "notice",
      "notice",
    ]);
    const owned = { ...regressedMetric, label: "a\r\n::set-env name=x::y%0A,b:c" };
    const [error] = read(renderAnnotations(makeComparison({ metrics: [owned] })));
    expect(error!.title).toBe("Regressed: a ::set-env name=x::y%0A,b:c (µs)");
  });
});
