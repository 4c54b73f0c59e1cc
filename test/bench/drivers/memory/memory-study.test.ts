import { describe, expect, test } from "vitest";
import { auditMemory, type MemoryEvidence } from "../../../../bench/drivers/memory/memory-audit.ts";
import {
  type Emptied,
  type Filling,
  memoryFigures,
  memoryStudy,
} from "../../../../bench/drivers/memory/memory-study.ts";
import type { Measure } from "../../../../bench/drivers/memory/memory-subject.ts";

const heap: Measure = { name: "heap", resolutionBytes: 8 };
const rss: Measure = { name: "rss", resolutionBytes: 4_096 };
const FIXED_BYTES = 1_000_000;

/** Each session takes 700 bytes and 1.25 a byte of state, in the resident set twice that. */
function filling(round: number, stateBytes: number, emptied: Emptied | null = null): Filling {
  const each = 700 + 1.25 * stateBytes + (round - 1) / 10;
  const points = [100, 200 + round, 400].map((sessions) => {
    const bytes = FIXED_BYTES + each * sessions;
    return { sessions, bytes: [bytes, 2 * bytes] };
  });
  return { round, stateBytes, points, emptied };
}

const emptied: Emptied = { before: [1e6, 2e6], full: [5e6, 9e6], after: [2e6, 9e6] };
const fillings = [0, 1, 2].flatMap((round) => [
  filling(round, 4_000, round === 2 ? emptied : null),
  filling(round, 80),
]);

describe("the study", () => {
  const { measures } = memoryStudy([heap, rss], fillings, null);

  test("has a line for each size by each measure, its points told by filling", () => {
    expect(measures.map(({ name, lines }) => [name, lines.map(({ stateBytes }) => stateBytes)])).toEqual([
      ["heap", [80, 4_000]],
      ["rss", [80, 4_000]],
    ]);
    expect(measures[0].lines[1].bytesPerSession.value).toBeCloseTo(5_700, 6);
    expect(measures[1].lines[1].bytesPerSession.value).toBeCloseTo(11_400, 6);
    expect(measures[0].lines[1].interceptBytes.value).toBeCloseTo(FIXED_BYTES, 3);
    expect(measures[0].lines[0].points.map((point) => point.filling)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  test("tells what was given back, of what was taken, by each measure, where it was seen", () => {
    expect(measures[0].lines[1]).toMatchObject({ afterExpiryBytes: 2e6, reclaimedShare: 0.75 });
    expect(measures[1].lines[1]).toMatchObject({ afterExpiryBytes: 9e6, reclaimedShare: 0 });
    expect(measures[0].lines[0]).toMatchObject({ afterExpiryBytes: null, reclaimedShare: null });
  });

  test("of one store for all fillings gives its one emptying to every size", () => {
    const [{ lines }] = memoryStudy([heap, rss], fillings, emptied).measures;
    expect(lines.map(({ reclaimedShare }) => reclaimedShare)).toEqual([0.75, 0.75]);
  });

  test("of a run cut short has no line of too few points, and may have none at all", () => {
    const two = { ...filling(0, 80), points: filling(0, 80).points.slice(0, 2) };
    expect(memoryStudy([heap], [two], null).measures).toEqual([{ name: "heap", lines: [] }]);
    expect(memoryStudy([], [], null).measures).toHaveLength(1);
  });
});

describe("the figures", () => {
  const sizes = { all: [80, 4_000], main: 4_000, spread: false };
  const study = memoryStudy([heap, rss], fillings, null);
  const figures = memoryFigures(study, fillings, sizes);
  const figure = (key: string) => figures.find((known) => known.key === key);

  test("speak of the main size, of each size, and of what a session takes without state and for each byte of it", () => {
    expect(figure("memoryBytesPerSession")?.value).toBeCloseTo(5_700, 6);
    expect(figure("memoryBytesPerSession.80")?.value).toBeCloseTo(800, 6);
    expect(figure("memoryFixedBytes")?.value).toBeCloseTo(FIXED_BYTES, 3);
    expect(figure("memoryReclaimedShare")?.value).toBe(0.75);
    expect(figure("memoryOverheadBytes")?.value).toBeCloseTo(700, 6);
    expect(figure("memoryOverheadBytes")?.interval?.high).toBeCloseTo(700 + (4.30265 * 0.1) / Math.sqrt(3), 4);
    expect(figure("memoryBytesPerStateByte")?.value).toBeCloseTo(1.25, 9);
  });

  test("say of sizes that are spread that they are means", () => {
    const label = (spread: boolean) =>
      memoryFigures(study, fillings, { ...sizes, spread }).find(({ key }) => key.endsWith(".80"))?.label;
    expect(label(false)).toMatch(/with 80 bytes of state, by heap$/);
    expect(label(true)).toMatch(/with 80 bytes of state on average, by heap$/);
  });

  test("are unknown where nothing was measured", () => {
    const none = memoryFigures(memoryStudy([heap], [], null), [], sizes);
    expect(none.map(({ value }) => value)).toEqual([null, null, null, null, null]);
  });
});

describe("the audit", () => {
  const evidence: MemoryEvidence = {
    study: memoryStudy([heap], fillings, null),
    complete: true,
    interrupted: false,
    failure: null,
    missing: 0,
    othersStored: 0,
    kind: { ours: true },
    provider: "in-proc",
  };

  test("has nothing to say of a run in which all went well", () => {
    expect(auditMemory(evidence)).toEqual({ verdict: "valid", findings: [] });
  });

  test("doubts a slope that is not known, sessions that vanished, and a store with others' sessions", () => {
    const wild = [0, 1].map((round) => {
      const { points, ...rest } = filling(round, 80);
      return { ...rest, points: points.map(({ sessions, bytes }) => ({ sessions, bytes: [bytes[0] * (1 + round)] })) };
    });
    const study = memoryStudy([heap], wild, emptied);
    const { verdict, findings } = auditMemory({ ...evidence, study, missing: 3, othersStored: 5 });
    expect(verdict).toBe("doubtful");
    expect(findings.join("\n")).toMatch(
      /3 sessions were put.*\n.*5 sessions of others.*\n.*80 bytes takes \(heap\) is known to ±/,
    );
  });

  test("calls a run without a line invalid", () => {
    const study = memoryStudy([heap], [], null);
    expect(auditMemory({ ...evidence, study, complete: false, interrupted: true }).verdict).toBe("invalid");
  });
});
