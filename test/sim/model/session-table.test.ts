import { describe, expect, test } from "vitest";
import { zeroCounters } from "../../../metrics/run-record.ts";
import { createSessionTable } from "../../../sim/model/session-table.ts";
import { scenarioOf } from "../../scenario-of.ts";

const MINUTE = 60_000;

function tableOf(site: string) {
  const counters = zeroCounters();
  const removed: number[] = [];
  const table = createSessionTable({
    site: scenarioOf(`site: ${site}\nworkload: { arrivals: 1 }`).site,
    stores: 1,
    counters,
    onRemoved: (_nowMs, session) => removed.push(session),
  });
  return { table, counters, removed };
}

describe("in process", () => {
  test("a session expires a timeout after its last touch, to the millisecond", () => {
    const { table } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
    const session = table.create(0, 0, -1);
    table.access(1_199_999, session);
    expect(table.nextExpiryAtMs()).toBe(1_199_999 + 20 * MINUTE);
  });

  test("an access at the very moment of expiry still finds the session, one after it removes the session", () => {
    const { table, counters } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
    const kept = table.create(0, 0, -1);
    expect(table.access(20 * MINUTE, kept)).toBe(true);
    const late = table.create(20 * MINUTE, 0, -1);
    table.expireNext(table.nextExpiryAtMs());
    table.expireNext(table.nextExpiryAtMs());
    expect(table.access(40 * MINUTE + 1, late)).toBe(false);
    expect(counters.expired).toBe(1);
  });

  test("an idle session stays stored until the next 20 s sweep after it expired", () => {
    const { table, removed } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
    table.create(1, 0, -1);
    table.expireNext(20 * MINUTE + 1);
    expect([table.live.level, table.stored.level]).toEqual([0, 1]);
    expect(table.nextSweepAtMs).toBe(20 * MINUTE + 20_000);
    table.sweep(table.nextSweepAtMs);
    expect([table.stored.level, table.storedBytes.level, removed.length]).toEqual([0, 0, 1]);
  });

  test.each([3e-16, 7e-14, 1e-9, 0.001, 7.7])(
    "a sweep never comes before the expiry, with an interval of %d s",
    (seconds) => {
      const { table } = tableOf(`{ mode: InProc, timeoutMinutes: 20, expirySweepSeconds: ${seconds} }`);
      for (let n = 1; n <= 200; n++) {
        table.create(n * 77_777.7, 0, -1);
        const atMs = table.nextExpiryAtMs();
        table.expireNext(atMs);
        expect(table.nextSweepAtMs).toBeGreaterThanOrEqual(atMs);
        expect(table.nextSweepAtMs).toBeLessThanOrEqual(atMs + seconds * 1000 + 1e-6);
        table.sweep(table.nextSweepAtMs);
      }
    },
  );

  test("what expires on a sweep's own boundary goes with that sweep", () => {
    const { table } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
    table.create(0, 0, -1);
    table.expireNext(20 * MINUTE);
    expect(table.nextSweepAtMs).toBe(20 * MINUTE);
  });

  test("a slide by less than a second is not recorded, by a second it is", () => {
    const { table } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
    const session = table.create(0, 0, -1);
    table.access(999, session);
    expect(table.nextExpiryAtMs()).toBe(20 * MINUTE);
    table.access(1000, session);
    expect(table.nextExpiryAtMs()).toBe(20 * MINUTE + 1000);
  });

  test("with a sweep interval of 0 a session is removed as it expires", () => {
    const { table, counters } = tableOf("{ mode: InProc, timeoutMinutes: 20, expirySweepSeconds: 0 }");
    table.create(0, 0, -1);
    table.expireNext(20 * MINUTE);
    expect([table.stored.level, counters.expired]).toEqual([0, 1]);
  });
});

describe("SQLServer", () => {
  test("an expired row that the job has not deleted comes back to life at an access", () => {
    const { table, counters } = tableOf("{ mode: SQLServer, timeoutMinutes: 20 }");
    const session = table.create(30_000, 0, -1);
    table.expireNext(table.nextExpiryAtMs());
    expect(table.nextSweepAtMs).toBe(21 * MINUTE);
    expect(table.access(21 * MINUTE - 1, session)).toBe(true);
    expect([counters.revived, table.live.level, table.nextExpiryAtMs()]).toEqual([1, 1, 41 * MINUTE - 1]);
  });

  test("the job deletes only what expired before it runs: a row that expires at that moment waits a minute more", () => {
    const { table } = tableOf("{ mode: SQLServer, timeoutMinutes: 20 }");
    table.create(0, 0, -1);
    table.expireNext(20 * MINUTE);
    expect(table.nextSweepAtMs).toBe(21 * MINUTE);
  });

  test("without an Agent job rows never go", () => {
    const { table } = tableOf("{ mode: SQLServer, timeoutMinutes: 20, deleteJobRuns: false }");
    table.create(0, 0, -1);
    table.expireNext(20 * MINUTE);
    expect([table.nextSweepAtMs, table.stored.level, table.live.level]).toEqual([Number.POSITIVE_INFINITY, 1, 0]);
  });
});

test("the cap counts stored sessions, expired ones among them", () => {
  const { table } = tableOf("{ mode: InProc, sessionsMax: 1 }");
  table.create(0, 0, -1);
  table.expireNext(20 * MINUTE);
  expect(table.hasRoom(0)).toBe(false);
  expect(() => table.create(20 * MINUTE, 0, -1)).toThrow("the cap holds");
  table.sweep(20 * MINUTE);
  expect(table.hasRoom(0)).toBe(true);
});

test("a session is empty until it is changed, and gives its bytes back when it goes", () => {
  const { table } = tableOf("{ mode: InProc, timeoutMinutes: 20 }");
  const session = table.create(0, 0, -1);
  expect(table.storedBytes.level).toBe(0);
  table.setBytes(1, session, 100);
  table.setBytes(2, session, 40);
  expect(table.storedBytes.level).toBe(40);
  table.abandon(3, session);
  expect(table.storedBytes.level).toBe(0);
});

test("sessions of a lost store are lost, those of another stay", () => {
  const counters = zeroCounters();
  const site = scenarioOf("workload: { arrivals: 1 }").site;
  const table = createSessionTable({ site, stores: 2, counters, onRemoved: () => {} });
  for (const store of [0, 0, 1]) table.setBytes(0, table.create(0, store, -1), 10);
  table.loseAll(5, 0);
  expect([counters.lost, table.stored.level, table.storedBytes.level]).toEqual([2, 1, 10]);
});
