// Which way is good, as far as a unit tells: less time, fewer bytes, more a second. Units of other tools are spelt in many ways.

/** A time, alone or for one of something: "ms", "ns/iter", "µs/op", "seconds". */
const time =
  /^(ns|nsec|nanoseconds?|[uµμ]s|usec|microseconds?|ms|msec|milliseconds?|s|secs?|seconds?|min|minutes?)(\s*(\/|per )\s*\w+)?$/i;
/** How much of something in a time: "/s", "ops/sec", "MB/s", "iterations per second", "req/min". */
const rate = /(\/|\bper )\s*(s|secs?|seconds?|ms|[uµμ]s|ns|min|minutes?|h|hours?)$/i;
const rateByName = /^(ops|tps|qps|rps|fps|hz|[kmg]hz|[kmg]?bps|m?flops)$/i;
const bytes = /^(b|bytes?|[kmg]i?b|[kmg]i?bytes|allocs|allocations)(\s*(\/|per )\s*\w+)?$/i;

/** @param unit as a tool writes it. @returns null where it does not tell: "", "share", "%". */
export function directionOfUnit(unit: string): "low" | "high" | null {
  const text = unit.trim();
  if (rate.test(text) || rateByName.test(text)) return "high";
  return time.test(text) || bytes.test(text) ? "low" : null;
}
