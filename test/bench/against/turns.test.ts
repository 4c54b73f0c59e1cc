import { describe, expect, test } from "vitest";
import { planBlock } from "../../../bench/against/turns.ts";

const blocks = Array.from({ length: 2_000 }, (_, block) => planBlock(7, block));

describe("a block", () => {
  test("has two runs of each side, whose places lie around one middle", () => {
    const orders = new Set(blocks.map(({ order }) => order.join(" ")));
    expect([...orders].sort()).toEqual(["base candidate candidate base", "candidate base base candidate"]);
  });

  test("begins with either side as a fair coin says", () => {
    const heads = blocks.filter(({ order }) => order[0] === "base").length;
    // Four standard deviations of a fair coin thrown 2,000 times.
    expect(Math.abs(heads - 1_000)).toBeLessThan(4 * Math.sqrt(500));
  });

  test("has a coin that does not hang on the one before", () => {
    const same = blocks.slice(1).filter(({ order }, index) => order[0] === blocks[index]!.order[0]).length;
    expect(Math.abs(same - 999.5)).toBeLessThan(4 * Math.sqrt(500));
  });

  test("is the same for the same seed, and meets visitors of its own", () => {
    expect(planBlock(7, 3)).toEqual(blocks[3]);
    expect(new Set(blocks.map(({ runSeed }) => runSeed)).size).toBeGreaterThan(1_990);
  });
});
