import { describe, expect, test } from "vitest";
import { log, log1p } from "../../config/elementary.ts";
import { negativeLog } from "../../workload/exponential.ts";
import { createDraws, createStream } from "../../workload/random-stream.ts";

const UINT32 = 4_294_967_296;

describe("−ln u by table", () => {
  test("is off by less than 5e-16, or that share of itself, from the smallest draw to the largest", () => {
    const stream = createStream(1, "places");
    const bits = Array.from({ length: 200_000 }, () => stream.nextBits());
    for (let i = 0; i < 50_000; i++) bits.push(i, UINT32 - 1 - i, ((i + 0.5) * 2 ** 20) >>> (i % 20));
    for (const at of bits) {
      const u = (at + 0.5) / UINT32;
      const truth = u > 0.5 ? -log1p(-(1 - u)) : -log(u);
      expect(Math.abs(negativeLog(at) - truth)).toBeLessThan(5e-16 * Math.max(1, truth));
    }
  });

  test("falls as the draw grows, across the borders of pieces and of halves", () => {
    for (const from of [0, 2 ** 11, 2 ** 20, 2 ** 21, 2 ** 31, UINT32 - 2 ** 21].map((border) => border - 40_000)) {
      for (let at = Math.max(0, from); at < from + 80_000 && at + 1 < UINT32; at++) {
        if (negativeLog(at) < negativeLog(at + 1)) expect.fail(`rises at ${at}`);
      }
    }
  });
});

test("mirrored, each draw and each number of a stream is one minus the plain one", () => {
  const plain = createStream(7, "arrivals");
  const mirrored = createStream(7, "arrivals", true);
  for (let i = 0; i < 1000; i++) expect(mirrored.next()).toBe(1 - plain.next());
  const draws = createDraws(7, "think times");
  const turned = createDraws(7, "think times", true);
  for (let visit = 0; visit < 100; visit++) expect(turned.at(visit, visit % 7)).toBe(1 - draws.at(visit, visit % 7));
});
