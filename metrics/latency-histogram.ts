// Latencies as HDR histograms: three significant digits from a microsecond to hours, mergeable without loss. The library counts
// whole numbers, so values are kept in microseconds; everything outside this file speaks milliseconds.

import { unzlibSync, zlibSync } from "fflate";
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  JsHistogram,
} from "hdr-histogram-js";
import { assert } from "../config/assert.ts";

export type { Histogram };

/** An HDR histogram, whole: the standard compressed base64 encoding, values in microseconds. */
export interface HistogramJson {
  readonly encoding: "hdr-v2-deflate-base64";
  readonly unit: "us";
  readonly count: number;
  readonly data: string;
}

const HOUR_MS = 3_600_000;

/** @param expectedMaxMs room is made for so much at once; it grows when more comes. */
export function createHistogram(expectedMaxMs = HOUR_MS): Histogram {
  return build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: Math.round(expectedMaxMs * 1000),
    numberOfSignificantValueDigits: 3,
  });
}

/** @param latencyMs at least 0; rounded to whole microseconds. */
export function recordMs(histogram: Histogram, latencyMs: number): void {
  histogram.recordValue(Math.round(latencyMs * 1000));
}

/** The latency that `percentile` (0 … 100) of the values do not exceed; null when nothing was recorded. */
export function percentileMs(histogram: Histogram, percentile: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile) / 1000;
}

export function meanMs(histogram: Histogram): number | null {
  return histogram.totalCount === 0 ? null : histogram.mean / 1000;
}

export function encodeHistogram(histogram: Histogram): HistogramJson {
  return {
    encoding: "hdr-v2-deflate-base64",
    unit: "us",
    count: histogram.totalCount,
    data: deflateAlike(encodeIntoCompressedBase64(histogram)),
  };
}

/** Cookie and length, big-endian, before the deflated counts (HdrHistogram, V2 compressed encoding). */
const HEADER_BYTES = 8;

/**
 * The same encoding, deflated by the same code everywhere. The library leaves that to the engine's zlib, whose output depends on its
 * version and on the processor; the same counts would then be other bytes on another machine.
 */
function deflateAlike(encoded: string): string {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const wordsOf = (view: Uint8Array) => new DataView(view.buffer);
  const deflatedBytes = wordsOf(bytes).getUint32(4);
  const deflated = zlibSync(unzlibSync(bytes.subarray(HEADER_BYTES, HEADER_BYTES + deflatedBytes)));
  const alike = new Uint8Array(HEADER_BYTES + deflated.length);
  alike.set(bytes.subarray(0, 4));
  wordsOf(alike).setUint32(4, deflated.length);
  alike.set(deflated, HEADER_BYTES);
  return btoa(String.fromCharCode(...alike));
}

export function decodeHistogram(json: HistogramJson): Histogram {
  return decodeFromCompressedBase64(json.data, 32);
}

/** Values that have to lie beyond a percentile before it is told. */
const VALUES_BEYOND = 10;

/** Values without which a percentile is not told: 20 for the median, 10,000 for 99.9. */
export function valuesNeeded(percentile: number): number {
  return Math.round(VALUES_BEYOND / (1 - percentile / 100));
}

/** The highest percentile that so many values support, one of 99.999, 99.99, 99.9, 99 and 90; else 50. */
export function percentileSupported(count: number): number {
  return [99.999, 99.99, 99.9, 99, 90].find((percentile) => count >= valuesNeeded(percentile)) ?? 50;
}

export interface RecordedValue {
  /** The smallest value that the histogram does not tell from the recorded one: within 0.1 % of it. */
  readonly us: number;
  readonly count: number;
}

/** What was recorded, smallest first, as exactly as the histogram keeps it. */
export function recordedValues(histogram: Histogram): readonly RecordedValue[] {
  assert(histogram instanceof JsHistogram, "histograms are made and decoded without WebAssembly");
  const values: RecordedValue[] = [];
  const iterator = histogram.recordedValuesIterator;
  iterator.reset();
  while (iterator.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = iterator.next();
    values.push({ us: histogram.lowestEquivalentValue(valueIteratedTo), count: countAtValueIteratedTo });
  }
  return values;
}

/** How many values are at most so large, as far as the histogram tells values apart. */
export function countUpTo(histogram: Histogram, latencyMs: number): number {
  assert(histogram instanceof JsHistogram, "histograms are made and decoded without WebAssembly");
  const largest = Math.min(Math.round(latencyMs * 1000), histogram.maxValue);
  const last = histogram.countsArrayIndex(largest);
  let count = 0;
  for (let index = 0; index <= last; index++) count += histogram.getCountAtIndex(index);
  return count;
}
