import { describe, expect, test } from "vitest";
import { lockAgeMs } from "../../../../bench/providers/state-server/lock-age.ts";

const YEAR_SECONDS = 31_536_000;
/** 2022-09-24 10:40:00, as DateTime.Ticks counts it. */
const TICKS = 637_996_128_000_000_000;
const AT_MS = Date.UTC(2022, 8, 24, 10, 40);

describe("the age of a lock", () => {
  test.each([
    [0, 0],
    [110, 110_000],
    [YEAR_SECONDS - 1, (YEAR_SECONDS - 1) * 1000],
    [YEAR_SECONDS, 0],
    [1_275_008_970, 0],
  ])("of LockAge %i is %i ms: a year or more cannot be", (lockAgeSeconds, expected) => {
    expect(lockAgeMs({ lockAgeSeconds, lockDateTicks: TICKS }, AT_MS + 5000, 0)).toBe(expected);
  });

  test.each([null, -1])(
    "with LockAge %o is counted from LockDate, in the local time of the server",
    (lockAgeSeconds) => {
      expect(lockAgeMs({ lockAgeSeconds, lockDateTicks: TICKS }, AT_MS + 5000, 0)).toBeCloseTo(5000, 0);
      // Two hours east of UTC the server's clock showed 10:40 when it was 08:40 UTC.
      expect(lockAgeMs({ lockAgeSeconds, lockDateTicks: TICKS }, AT_MS - 7_200_000 + 5000, -120)).toBeCloseTo(5000, 0);
    },
  );

  test.each([null, 0, -5, TICKS + 100_000_000])(
    "of LockDate %o alone, which is missing, impossible or to come, is 0",
    (lockDateTicks) => {
      expect(lockAgeMs({ lockAgeSeconds: null, lockDateTicks }, AT_MS, 0)).toBe(0);
    },
  );
});
