// What a model of one's own watches and queues at, all by the clock of its simulation: levels over time, values one by one, whole
// distributions, and stations with servers and a queue. When the warm-up is over they all forget what they saw.

import { createHistogram, meanMs, percentileMs, recordMs } from "../../metrics/latency-histogram.ts";
import { misuse, requireWhole } from "./misuse.ts";
import { createStation } from "./station.ts";
import { createTally } from "./tally.ts";
import { createValueTally, type ValueTally } from "./value-tally.ts";

/** Something that is at some height all the time: sessions held, people waiting. */
export interface Level {
  add(change: number): void;
  /** The height it is at. */
  value(): number;
  /** The highest since the warm-up. */
  max(): number;
  /** Weighed by how long each height stood, from the end of the warm-up until now. */
  mean(): number;
}

/** How long something took, as an HDR histogram of three significant digits and no less than a microsecond. */
export interface Durations {
  count(): number;
  /** null when nothing was recorded. */
  meanMs(): number | null;
  /** @param percentile 0 to 100. @returns null when nothing was recorded. */
  percentileMs(percentile: number): number | null;
  /** @throws InputError for a length below 0 or endless. */
  record(lengthMs: number): void;
}

/** A place with servers and one queue, first come first served. */
export interface ServicePoint {
  /** Servers at work; its mean divided by their number is the utilisation. */
  readonly busy: Level;
  /** In the queue, those in service not counted. */
  readonly waiting: Level;
  /**
   * Someone comes. @param id whole, 0 or more, and not here already.
   * @returns true: served at once; false: queued, until a `leave` returns the id.
   */
  enter(id: number): boolean;
  /** Someone has been served. @returns who is served next, from now on; −1 when nobody waits. @throws InputError when nobody is served. */
  leave(): number;
}

export interface Observers {
  level(): Level;
  values(): ValueTally;
  durations(): Durations;
  /** @param servers whole, 1 or more. */
  station(servers: number): ServicePoint;
}

const IDS_MAX = 2 ** 27;

/** @returns the observers, and how they are told that the warm-up is over. */
export function createObservers(clock: { readonly nowMs: number }): { observers: Observers; restart: () => void } {
  const restarts: (() => void)[] = [];

  function levelOf(tally = createTally()): Level {
    restarts.push(() => tally.restart(clock.nowMs));
    return {
      add: (change) => tally.add(clock.nowMs, change),
      value: () => tally.level,
      max: () => tally.max,
      mean: () => tally.mean(clock.nowMs),
    };
  }

  function values(): ValueTally {
    const tally = createValueTally();
    restarts.push(tally.restart);
    return tally;
  }

  function durations(): Durations {
    const histogram = createHistogram();
    restarts.push(() => histogram.reset());
    return {
      count: () => histogram.totalCount,
      meanMs: () => meanMs(histogram),
      percentileMs: (percentile) => percentileMs(histogram, percentile),
      record(lengthMs) {
        if (!(lengthMs >= 0 && lengthMs < Number.POSITIVE_INFINITY)) {
          const mend = "take the earlier moment from the later one";
          throw misuse(`Cannot record at ${clock.nowMs} ms`, "lengthMs", lengthMs, "0 or more, finite", mend);
        }
        recordMs(histogram, lengthMs);
      },
    };
  }

  function station(servers: number): ServicePoint {
    requireWhole("Cannot build a station", "servers", servers, 1, IDS_MAX);
    let links = new Int32Array(64);
    const inner = createStation(servers, () => links);
    const waiting = levelOf();

    function makeRoom(id: number): void {
      requireWhole(`Cannot enter a station at ${clock.nowMs} ms`, "id", id, 0, IDS_MAX);
      const longer = new Int32Array(Math.max(id + 1, links.length * 2));
      longer.set(links);
      links = longer;
    }

    return {
      busy: levelOf(inner.busy),
      waiting,
      enter(id) {
        if (!(id >>> 0 < links.length && id >>> 0 === id)) makeRoom(id);
        const served = inner.enter(clock.nowMs, id);
        if (!served) waiting.add(1);
        return served;
      },
      leave() {
        if (inner.busy.level === 0) {
          const mend = "let each leave once, when its service is over";
          throw misuse(`Cannot leave a station at ${clock.nowMs} ms`, "in service", 0, "1 or more", mend);
        }
        const next = inner.leave(clock.nowMs);
        if (next >= 0) waiting.add(-1);
        return next;
      },
    };
  }

  return {
    observers: { level: () => levelOf(), values, durations, station },
    restart() {
      for (const one of restarts) one();
    },
  };
}
