// What a set of access logs says, gathered in one pass: the counts of its rows, and its requests cut into client-sessions. Whether a
// session cookie is logged shows only on the way; so, unless told, both ways of telling clients are followed and one is kept.

import { assert } from "../../config/assert.ts";
import { type ClientKey, type ClientsBy, createKeyOf, type KeyOf, sessionCookieNames } from "./client.ts";
import { createTimeOrder, type TimeOrder } from "./order.ts";
import { isStatic } from "./page.ts";
import { type LogRow, textOf } from "./row.ts";
import { createSessions, type Sessions } from "./sessionise.ts";
import { createTally, type Tally } from "./tally.ts";

export interface StudyOptions {
  /** auto: by the session cookie of ASP.NET or ASP if any request carries one, else by address. */
  readonly clientsBy: ClientsBy | "auto";
  /** A longer gap between two requests of a client begins a new session. */
  readonly gapMs: number;
  /** Leave out images, scripts and other static files (log-page.ts). */
  readonly pagesOnly: boolean;
}

export interface LogStudy {
  /** Takes a row of any of the logs. */
  take(row: LogRow): void;
  /** Every log still being read has come to this moment. */
  reachedMs(atMs: number): void;
  end(): LogEvidence;
}

export interface LogEvidence {
  readonly options: StudyOptions;
  readonly dataRows: number;
  /** Times of the earliest and the latest row; NaN without rows. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** By status, the most frequent first. */
  readonly status: Readonly<Record<string, number>>;
  readonly methods: Readonly<Record<string, number>>;
  /** null where no row has it. */
  readonly timeTakenMs: Tally | null;
  readonly clientsBy: ClientsBy;
  /** Rows left out because they are static files, and because they do not tell their client. */
  readonly staticLeftOut: number;
  readonly clientlessLeftOut: number;
  /** Rows so late that they were taken at a later moment than their own (log-order.ts). */
  readonly rowsTooLate: number;
  readonly sessions: Sessions;
}

/** Different methods counted by name; an attack can bring any number of them, and the rest is counted as "other". */
const METHODS_MAX = 64;

interface Track {
  readonly by: ClientsBy;
  readonly keyOf: KeyOf;
  readonly order: TimeOrder;
  readonly sessions: Sessions;
  clientless: number;
}

function createTrack(by: ClientsBy, gapMs: number): Track {
  const sessions = createSessions(gapMs);
  return { by, keyOf: createKeyOf(by), order: createTimeOrder(sessions.take), sessions, clientless: 0 };
}

export function createLogStudy(options: StudyOptions): LogStudy {
  const auto: ClientsBy[] = [{ kind: "cookie", names: sessionCookieNames }, { kind: "ip" }];
  const tracks = (options.clientsBy === "auto" ? auto : [options.clientsBy]).map((by) =>
    createTrack(by, options.gapMs),
  );
  const key: ClientKey = { low: 0, high: 0 };
  const statusCounts = new Uint32Array(1000);
  const methods = createMethodTally();
  const timeTakenMs = createTally();
  let dataRows = 0;
  let staticLeftOut = 0;
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;

  function take(row: LogRow): void {
    dataRows++;
    statusCounts[row.status]++;
    methods.add(row);
    if (row.timeTakenMs >= 0) timeTakenMs.add(row.timeTakenMs);
    if (!(row.atMs >= firstMs)) firstMs = row.atMs;
    if (!(row.atMs <= lastMs)) lastMs = row.atMs;
    if (options.pagesOnly && isStatic(row)) {
      staticLeftOut++;
      return;
    }
    for (const track of tracks) {
      if (track.keyOf(row, key)) track.order.push(row.atMs, key.low, key.high);
      else track.clientless++;
    }
  }

  function end(): LogEvidence {
    for (const track of tracks) {
      track.order.end();
      track.sessions.end();
    }
    const kept = tracks.find((track) => track.sessions.requests() > 0) ?? tracks[0];
    assert(kept.sessions.requests() + kept.clientless + staticLeftOut === dataRows, "every row is taken or left out");
    return {
      options,
      dataRows,
      firstMs,
      lastMs,
      status: byCount([...statusCounts].map((count, status) => [status === 0 ? "-" : String(status), count])),
      methods: byCount(methods.counts()),
      timeTakenMs: timeTakenMs.count() > 0 ? timeTakenMs : null,
      clientsBy: kept.by,
      staticLeftOut,
      clientlessLeftOut: kept.clientless,
      rowsTooLate: kept.order.tooLate(),
      sessions: kept.sessions,
    };
  }

  return {
    take,
    reachedMs(atMs) {
      for (const track of tracks) track.order.reachedMs(atMs);
    },
    end,
  };
}

/** Keys that look like whole numbers come first and rising in any object, so only other keys keep this order. */
function byCount(counts: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(counts.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]));
}

/** Methods are few and most rows have the same one: they are found by comparing bytes, without making a string. */
function createMethodTally(): { add(row: LogRow): void; counts(): [string, number][] } {
  const known: { readonly name: string; readonly bytes: Uint8Array; count: number }[] = [];
  let other = 0;

  function add(row: LogRow): void {
    const { bytes, methodStart, methodEnd } = row;
    for (const method of known) {
      if (method.bytes.length !== methodEnd - methodStart) continue;
      let i = 0;
      while (i < method.bytes.length && method.bytes[i] === bytes[methodStart + i]) i++;
      if (i === method.bytes.length) {
        method.count++;
        return;
      }
    }
    if (known.length === METHODS_MAX) {
      other++;
      return;
    }
    const name = methodEnd === methodStart ? "-" : textOf(bytes, methodStart, methodEnd);
    known.push({ name, bytes: bytes.slice(methodStart, methodEnd), count: 1 });
  }

  return { add, counts: () => [...known.map(({ name, count }): [string, number] => [name, count]), ["other", other]] };
}
