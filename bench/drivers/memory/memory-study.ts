// From the readings of all fillings to the study and its figures.

import { meanInterval, meanOf } from "../../../metrics/confidence.ts";
import { FILL_POINTS_MIN, fitRepeats, type Line, leastSquares } from "../../../metrics/regression.ts";
import type { Estimate, Figure } from "../../../metrics/run-result.ts";
import type { MemoryLine, MemoryStudy } from "../../../metrics/study.ts";
import { studyFigure } from "../../../metrics/study-figures.ts";
import type { MemorySizes } from "./memory-plan.ts";
import type { Measure } from "./memory-subject.ts";

/** Memory while one store was being filled with sessions of one size. */
export interface Filling {
  readonly round: number;
  readonly stateBytes: number;
  /** Sessions of this filling, and the memory by each measure. */
  readonly points: readonly { readonly sessions: number; readonly bytes: readonly number[] }[];
  /** null where that was not waited for. */
  readonly emptied: Emptied | null;
}

const TAKEN_BYTES_MIN = 262_144;

/** The memory of a store by each measure before there were sessions, with them, and once all had expired and were removed. */
export interface Emptied {
  readonly before: readonly number[];
  readonly full: readonly number[];
  readonly after: readonly number[];
}

/** Of a run that ended before its store was open. */
const UNKNOWN: Measure = { name: "memory", resolutionBytes: 1 };

/**
 * @param fillings of one size or more; those with fewer than three readings are left out.
 * @param whole where the fillings stood in one store, and that was seen to empty.
 * @returns without lines when no size was filled far enough for one.
 */
export function memoryStudy(
  measures: readonly Measure[],
  fillings: readonly Filling[],
  whole: Emptied | null,
): MemoryStudy {
  const usable = fillings.filter(({ points }) => points.length >= FILL_POINTS_MIN);
  const sizes = sizesOf(usable);
  return {
    kind: "memory",
    measures: (measures.length === 0 ? [UNKNOWN] : measures).map(({ name, resolutionBytes }, index) => ({
      name,
      lines: sizes.map((stateBytes) => {
        const ofSize = usable.filter((filling) => filling.stateBytes === stateBytes);
        return memoryLine(stateBytes, ofSize, index, resolutionBytes, whole);
      }),
    })),
  };
}

function sizesOf(fillings: readonly Filling[]): number[] {
  return [...new Set(fillings.map(({ stateBytes }) => stateBytes))].sort((a, b) => a - b);
}

function memoryLine(
  stateBytes: number,
  fillings: readonly Filling[],
  measure: number,
  resolutionBytes: number,
  whole: Emptied | null,
): MemoryLine {
  const line: Line = fitRepeats(
    fillings.map(({ points }) => points.map(({ sessions, bytes }) => ({ x: sessions, y: bytes[measure] }))),
    resolutionBytes,
  );
  const emptied = whole ?? fillings.findLast((filling) => filling.emptied !== null)?.emptied ?? null;
  return {
    stateBytes,
    points: fillings.flatMap(({ points, round }) =>
      points.map(({ sessions, bytes }) => ({ sessions, bytes: bytes[measure], filling: round })),
    ),
    bytesPerSession: line.slope,
    interceptBytes: line.intercept,
    afterExpiryBytes: emptied?.after[measure] ?? null,
    reclaimedShare: emptied === null ? null : reclaimedShare(emptied, measure),
  };
}

/** null where hardly anything was taken: there is nothing to give back. */
function reclaimedShare({ before, full, after }: Emptied, measure: number): number | null {
  const taken = full[measure] - before[measure];
  return taken < TAKEN_BYTES_MIN ? null : (full[measure] - after[measure]) / taken;
}

export function memoryFigures(study: MemoryStudy, fillings: readonly Filling[], sizes: MemorySizes): Figure[] {
  const { name, lines } = study.measures[0];
  const main = lines.find(({ stateBytes }) => stateBytes === sizes.main) ?? null;
  const perSession = studyFigure("memoryBytesPerSession", main?.bytesPerSession ?? null);
  const [overhead, perByte] = overSizes(fillings);
  return [
    perSession,
    ...lines.map(({ stateBytes, bytesPerSession }) => ({
      ...studyFigure("memoryBytesPerSession", bytesPerSession),
      key: `${perSession.key}.${stateBytes}`,
      label: `${perSession.label} with ${stateBytes} bytes of state${sizes.spread ? " on average" : ""}, by ${name}`,
    })),
    studyFigure("memoryFixedBytes", main?.interceptBytes ?? null),
    studyFigure("memoryReclaimedShare", main?.reclaimedShare ?? null),
    studyFigure("memoryOverheadBytes", overhead),
    studyFigure("memoryBytesPerStateByte", perByte),
  ];
}

/**
 * What a session takes without state, and for each byte of it: a line over the sizes for each round, its points weighted so that the
 * same share of a session counts alike at every size.
 */
function overSizes(fillings: readonly Filling[]): [Estimate | null, Estimate | null] {
  const usable = fillings.filter(({ points }) => points.length >= FILL_POINTS_MIN);
  const sizes = sizesOf(usable);
  if (sizes.length < 2) return [null, null];
  const rounds = [...new Set(usable.map(({ round }) => round))].map((round) =>
    usable.filter((filling) => filling.round === round),
  );
  const lines = rounds
    .filter((round) => round.length === sizes.length)
    .map((round) =>
      leastSquares(
        round.map(({ stateBytes, points }) => ({
          x: stateBytes,
          y: leastSquares(points.map(({ sessions, bytes }) => ({ x: sessions, y: bytes[0] }))).slope,
        })),
        round.map(({ stateBytes }) => 1 / (stateBytes + 256) ** 2),
      ),
    );
  if (lines.length === 0) return [null, null];
  const estimate = (values: readonly number[]): Estimate => ({
    value: meanOf(values),
    interval: meanInterval(values, 0.95, `t over ${values.length} rounds`),
  });
  return [estimate(lines.map(({ intercept }) => intercept)), estimate(lines.map(({ slope }) => slope))];
}
