import { describe, expect, test } from "vitest";
import {
  type Evidence,
  judge,
  lean,
  poolEvidence,
  shareInterval,
} from "../../../../bench/drivers/slo/slo-judgement.ts";
import { queueProbe } from "./queue-site.ts";

const objectives = { responseP99MsMax: 50, failedShareMax: 0.001 };

/** Twenty stretches of a hundred responses; in each so many slow. */
function seen(slow: (stretch: number) => number, failed = 0, meanMs: (stretch: number) => number = () => 5): Evidence {
  const stretches = Array.from({ length: 20 }, (_, n) => ({ answered: 100, slow: slow(n), meanMs: meanMs(n) }));
  return { requests: 2_000 + failed, failed, probes: [{ stretches, stretchMs: 250 }] };
}

describe("a rate is judged", () => {
  test("met with hardly a slow response, missed with three in a hundred, and one in a hundred tells nothing", () => {
    expect(
      judge(
        seen(() => 0),
        objectives,
      ),
    ).toBe("met");
    expect(
      judge(
        seen(() => 3),
        objectives,
      ),
    ).toBe("missed");
    expect(
      judge(
        seen(() => 1),
        objectives,
      ),
    ).toBe("undecided");
  });

  test("not by slow responses that all came in one burst: they are worth few", () => {
    const spread = seen((stretch) => (stretch % 2 === 0 ? 4 : 0));
    const burst = seen((stretch) => (stretch === 7 ? 40 : 0));
    expect(judge(spread, objectives)).toBe("missed");
    expect(judge(burst, objectives)).toBe("undecided");
    expect(lean(burst, objectives)).toBe("missed");
  });

  test("undecided with too few responses for a p99, until several probes together have enough", () => {
    const stretches = Array.from({ length: 20 }, () => ({ answered: 40, slow: 0, meanMs: 5 }));
    const short = { requests: 800, failed: 0, probes: [{ stretches, stretchMs: 250 }] };
    expect(judge(short, objectives)).toBe("undecided");
    expect(judge(poolEvidence([short, short]), objectives)).toBe("met");
  });

  test("missed by its failures alone, and never met with more of them than allowed", () => {
    expect(
      judge(
        seen(() => 0, 40),
        objectives,
      ),
    ).toBe("missed");
    expect(
      judge(
        seen(() => 0, 4),
        objectives,
      ),
    ).toBe("undecided");
    expect(
      judge(
        seen(() => 0, 2),
        objectives,
      ),
    ).toBe("met");
  });

  test("missed when nothing was answered and everything failed", () => {
    expect(judge({ requests: 1, failed: 1, probes: [] }, objectives)).toBe("missed");
  });

  test("missed when response times rise too fast to be held for a minute, though none was slow yet", () => {
    const rising = seen(
      () => 0,
      0,
      (stretch) => 5 + stretch * 0.5 + (stretch % 3) * 0.1,
    );
    expect(judge(rising, objectives)).toBe("missed");
    expect(lean(rising, objectives)).toBe("missed");
    const wavering = seen(
      () => 0,
      0,
      (stretch) => 5 + (stretch % 4) * 2,
    );
    expect(judge(wavering, objectives)).toBe("met");
  });

  test("missed a twentieth above the capacity of a queue within five seconds", () => {
    expect(judge(queueProbe(1_000, 1_050, 5_000, 4), { ...objectives, responseP99MsMax: 500 })).toBe("missed");
  });
});

test("Wilson's interval is that of the textbook", () => {
  // 10 of 100 at z = 2.5758: (0.1 + z²/200 ± z √(0.09/100 + z²/40000)) / (1 + z²/100).
  const { low, high } = shareInterval(10, 100, 1);
  expect(low).toBeCloseTo(0.046, 3);
  expect(high).toBeCloseTo(0.2037, 3);
  expect(shareInterval(0, 0, 1)).toEqual({ low: 0, high: 1 });
});
