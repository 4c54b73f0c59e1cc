import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../metrics/random-numbers.ts";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe("numbers from a seed", () => {
  test("the same seed gives the same numbers, another seed others", () => {
    fc.assert(
      fc.property(seeds, seeds, (one, other) => {
        const first = (seed: number) => {
          const random = createRandom(seed);
          return Array.from({ length: 4 }, () => random.next());
        };
        expect(first(one)).toEqual(first(one));
        if (one !== other) expect(first(one)).not.toEqual(first(other));
      }),
    );
  });

  test("a seed beyond 32 bits is not that of its lower half", () => {
    expect(createRandom(7).next()).not.toBe(createRandom(7 + 2 ** 32).next());
  });

  test("choices are whole, below n, and each as likely as any other", () => {
    const random = createRandom(1);
    const counts = new Array<number>(12).fill(0);
    for (let draw = 0; draw < 120_000; draw++) counts[random.below(12)]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // Of 11 degrees of freedom, 31.3 is passed once in a thousand.
    expect(chiSquare).toBeLessThan(31.3);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test("numbers of neighbouring seeds fill 0 to 1 evenly and do not go together", () => {
    const size = 20_000;
    const firsts = Array.from({ length: size }, (_, seed) => createRandom(seed).next() - 0.5);
    const mean = firsts.reduce((sum, value) => sum + value, 0) / size;
    const together = firsts.slice(1).reduce((sum, value, place) => sum + value * firsts[place]!, 0) / size;
    expect(Math.min(...firsts)).toBeGreaterThanOrEqual(-0.5);
    expect(Math.max(...firsts)).toBeLessThan(0.5);
    // Four standard errors.
    expect(Math.abs(mean)).toBeLessThan((4 * Math.sqrt(1 / 12)) / Math.sqrt(size));
    expect(Math.abs(together)).toBeLessThan(4 / 12 / Math.sqrt(size));
  });

  test("there is nothing to choose among none", () => {
    expect(() => createRandom(1).below(0)).toThrow(/something to choose/);
    expect(() => createRandom(-1)).toThrow(/seed/);
  });
});
