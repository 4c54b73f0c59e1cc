// The requests of an access log with the time each took, kept whole so that how busy the site was around a request can be worked out
// once everything is read.

import { isStatic } from "../../workload/log/page.ts";
import type { LogRow } from "../../workload/log/row.ts";

export interface LogTimes {
  take(row: LogRow): void;
  /** Of those kept. */
  count(): number;
  /** Rows that do not say how long they took. */
  untimed(): number;
  /** Rows beyond the first REQUESTS_MAX. */
  leftOut(): number;
  /** UTC, ms since 1970, when the request ended. */
  atMs(i: number): number;
  tookMs(i: number): number;
  /** No image, script or other file, and not failed on the server's side. */
  isPage(i: number): boolean;
}

/** Some 50 MB; more requests would not make the law any better known. */
export const REQUESTS_MAX = 4_000_000;

export function createLogTimes(requestsMax = REQUESTS_MAX): LogTimes {
  let at = new Float64Array(1024);
  let took = new Uint32Array(1024);
  let page = new Uint8Array(1024);
  let count = 0;
  let untimed = 0;
  let leftOut = 0;

  function makeRoom(): void {
    const length = Math.min(requestsMax, at.length * 2);
    const [moments, lengths, pages] = [new Float64Array(length), new Uint32Array(length), new Uint8Array(length)];
    moments.set(at);
    lengths.set(took);
    pages.set(page);
    [at, took, page] = [moments, lengths, pages];
  }

  return {
    take(row) {
      if (row.timeTakenMs < 0) {
        untimed++;
        return;
      }
      if (count === requestsMax) {
        leftOut++;
        return;
      }
      if (count === at.length) makeRoom();
      at[count] = row.atMs;
      took[count] = row.timeTakenMs;
      page[count] = isStatic(row) || row.status >= 500 ? 0 : 1;
      count++;
    },
    count: () => count,
    untimed: () => untimed,
    leftOut: () => leftOut,
    atMs: (i) => at[i]!,
    tookMs: (i) => took[i]!,
    isPage: (i) => page[i] === 1,
  };
}
