// A RunRecord on its way from one thread to another. Histograms are objects with methods, which do not pass; they go as plain numbers
// and are made again on the other side. Everything else in a record is plain data and passes as it is.

import {
  isHistogram,
  type PackedHistogram,
  packHistogram,
  unpackHistogram,
} from "../../../metrics/packed-histogram.ts";
import type { RunRecord } from "../../../metrics/run-record.ts";

/** The record, with `{ packed }` where a histogram was. */
export interface PackedRecord {
  readonly record: unknown;
}

export function packRecord(record: RunRecord): PackedRecord {
  return { record: copyOf(record, (value) => (isHistogram(value) ? { packed: packHistogram(value) } : undefined)) };
}

export function unpackRecord({ record }: PackedRecord): RunRecord {
  return copyOf(record, (value) => (isPacked(value) ? unpackHistogram(value.packed) : undefined)) as RunRecord;
}

/** A copy of a tree of plain data, in which some values are swapped for others. */
function copyOf(value: unknown, swap: (value: object) => unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const swapped = swap(value);
  if (swapped !== undefined) return swapped;
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((item) => copyOf(item, swap)) : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item, swap)]));
}

function isPacked(value: object): value is { packed: PackedHistogram } {
  return "packed" in value;
}
