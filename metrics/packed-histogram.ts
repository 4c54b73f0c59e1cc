// A histogram as plain numbers, to pass from thread to thread: what was recorded, where the counts begin and end, and the room that
// was made. Unpacked it is the same in everything that can be asked of it; text encodings of histograms take longer.

import { JsHistogram } from "hdr-histogram-js";
import { createHistogram, type Histogram, recordedValues } from "./latency-histogram.ts";

export interface PackedHistogram {
  /** What the counts are of; the two columns are equally long. */
  readonly us: Float64Array;
  readonly counts: Float64Array;
  readonly minNonZeroUs: number;
  readonly maxUs: number;
  /** Room was made for values up to this. */
  readonly trackableUs: number;
}

export function isHistogram(value: object): value is Histogram {
  return value instanceof JsHistogram;
}

export function packHistogram(histogram: Histogram): PackedHistogram {
  const values = recordedValues(histogram);
  return {
    us: Float64Array.from(values, ({ us }) => us),
    counts: Float64Array.from(values, ({ count }) => count),
    minNonZeroUs: histogram.minNonZeroValue,
    maxUs: histogram.maxValue,
    trackableUs: histogram.highestTrackableValue,
  };
}

export function unpackHistogram({ us, counts, minNonZeroUs, maxUs, trackableUs }: PackedHistogram): Histogram {
  const histogram = createHistogram(trackableUs / 1000);
  for (let i = 0; i < us.length; i++) {
    // The smallest value of a bucket may lie below the smallest that was recorded in it.
    histogram.recordValueWithCount(us[i] === 0 ? 0 : Math.max(us[i], minNonZeroUs), counts[i]);
  }
  if (us.length > 0) histogram.recordValueWithCount(maxUs, 0);
  return histogram;
}
