import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyOf } from "../../../workload/log/client.ts";
import { createKeySet } from "../../../workload/log/key-set.ts";
import { createTimeOrder } from "../../../workload/log/order.ts";
import { clearRow, createRow } from "../../../workload/log/row.ts";
import { createSessions } from "../../../workload/log/sessionise.ts";
import { createTally } from "../../../workload/log/tally.ts";

const GAP_MS = 1_200_000;

function sessionsOf(requests: readonly (readonly [atMs: number, client: number])[], gapMs = GAP_MS) {
  const sessions = createSessions(gapMs);
  for (const [atMs, client] of requests) sessions.take(atMs, client, 7);
  sessions.end();
  return sessions;
}

describe("client-sessions", () => {
  test("a gap of exactly the limit goes on, one millisecond more begins a new session", () => {
    expect(
      sessionsOf([
        [0, 1],
        [GAP_MS, 1],
      ]).sessions(),
    ).toBe(1);
    const cut = sessionsOf([
      [0, 1],
      [GAP_MS + 1, 1],
    ]);
    expect(cut.sessions()).toBe(2);
    expect(cut.thinkMs.count()).toBe(0);
    expect(cut.clients()).toBe(1);
  });

  test("clients do not end each other's sessions", () => {
    const both = sessionsOf([
      [0, 1],
      [10, 2],
      [1000, 1],
      [1010, 2],
    ]);
    expect([both.sessions(), both.clients(), both.requests()]).toEqual([2, 2, 4]);
    expect(both.thinkMs.entries()).toEqual({ values: [1000], counts: [2] });
    expect(both.durationMsSum()).toBe(2000);
  });

  test("any number of clients, with closed sessions cleared out, gives what a slow obvious count gives", () => {
    const request = fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 3000 }));
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 3000 }),
        (steps, gap) => {
          // Thousands of clients that come once push the table beyond its first size.
          let atMs = 0;
          const requests: [number, number][] = [];
          for (const [step, client] of steps) {
            atMs += step;
            requests.push([atMs, client]);
            for (let i = 0; i < 20; i++) requests.push([atMs, 10_000 + requests.length]);
          }
          const fast = sessionsOf(requests, gap);
          const last = new Map<number, number>();
          let sessions = 0;
          let thinkSum = 0;
          for (const [at, client] of requests) {
            const before = last.get(client);
            if (before === undefined || at - before > gap) sessions++;
            else thinkSum += at - before;
            last.set(client, at);
          }
          expect(fast.sessions()).toBe(sessions);
          expect(fast.thinkMs.sum()).toBe(thinkSum);
          expect(fast.clients()).toBe(last.size);
          expect(fast.requestsPerSession.sum()).toBe(requests.length);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("time order", () => {
  function ordered(times: readonly number[], capacity: number) {
    const out: number[] = [];
    const order = createTimeOrder((atMs) => out.push(atMs), capacity);
    for (const time of times) order.push(time, 1, 1);
    order.end();
    return { out, tooLate: order.tooLate() };
  }

  test("fewer rows than the capacity are sorted whole, even when they lie backwards", () => {
    const times = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    expect(ordered(times, 1024)).toEqual({ out: times.toReversed(), tooLate: 0 });
  });

  test("rows late by less than half the capacity are put in their place", () => {
    const times = Array.from({ length: 5000 }, (_, i) => i + ((i * 7919) % 30));
    expect(ordered(times, 128)).toEqual({ out: times.toSorted((a, b) => a - b), tooLate: 0 });
  });

  test("what comes too late is counted and taken at the moment reached, so that time never runs backwards", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1000 }), { maxLength: 300 }), (times) => {
        const { out, tooLate } = ordered(times, 16);
        expect(out).toEqual(out.toSorted((a, b) => a - b));
        expect(out).toHaveLength(times.length);
        const outOfOrder = times.filter((time, i) => time < Math.max(0, ...times.slice(0, i))).length;
        expect(tooLate).toBeLessThanOrEqual(outOfOrder);
        if (times.length <= 16) expect(tooLate).toBe(0);
      }),
    );
  });
});

describe("who a client is", () => {
  function keyOf(
    text: { ip?: string; agent?: string; cookie?: string; setCookie?: string },
    by: Parameters<typeof createKeyOf>[0],
  ) {
    const row = createRow();
    const parts = [text.ip ?? "", text.agent ?? "", text.cookie ?? "", text.setCookie ?? ""];
    clearRow(row, new TextEncoder().encode(parts.join("")));
    const ends = parts.map((_, i) => parts.slice(0, i + 1).join("").length);
    [row.clientStart, row.clientEnd, row.agentStart, row.agentEnd] = [0, ends[0], ends[0], ends[1]];
    [row.cookieStart, row.cookieEnd, row.setCookieStart, row.setCookieEnd] = [ends[1], ends[2], ends[2], ends[3]];
    const key = { low: 0, high: 0 };
    return createKeyOf(by)(row, key) ? `${key.low}/${key.high}` : null;
  }
  const byCookie = { kind: "cookie", names: ["ASP.NET_SessionId", "ASPSESSIONID*"] } as const;

  test("address and agent are two values, not one text", () => {
    const by = { kind: "ip+agent" } as const;
    expect(keyOf({ ip: "10.0.0.1", agent: "2x" }, by)).not.toBe(keyOf({ ip: "10.0.0.12", agent: "x" }, by));
    expect(keyOf({ ip: "10.0.0.1", agent: "a" }, { kind: "ip" })).toBe(
      keyOf({ ip: "10.0.0.1", agent: "b" }, { kind: "ip" }),
    );
    expect(keyOf({ agent: "x" }, by)).toBeNull();
  });

  test("a cookie is found by its whole name, anywhere in the header", () => {
    const alone = keyOf({ cookie: "ASP.NET_SessionId=abc" }, byCookie);
    expect(alone).not.toBeNull();
    expect(keyOf({ cookie: "a=1;+ASP.NET_SessionId=abc;+b=2" }, byCookie)).toBe(alone);
    expect(keyOf({ cookie: "a=1; ASP.NET_SessionId=abd" }, byCookie)).not.toBe(alone);
    expect(keyOf({ cookie: "XASP.NET_SessionId=abc" }, byCookie)).toBeNull();
    expect(keyOf({ cookie: "x=ASP.NET_SessionId=abc" }, byCookie)).toBeNull();
    expect(keyOf({ cookie: "ASP.NET_SessionId=" }, byCookie)).toBeNull();
    expect(keyOf({ cookie: "ASPSESSIONIDQQGA=abc" }, byCookie)).not.toBeNull();
  });

  test("the cookie that a first response sets tells the first request", () => {
    const later = keyOf({ cookie: "ASP.NET_SessionId=abc" }, byCookie);
    expect(keyOf({ setCookie: "ASP.NET_SessionId=abc;+path=/;+HttpOnly" }, byCookie)).toBe(later);
  });

  test("half a million addresses have half a million keys", () => {
    const keys = createKeySet();
    const row = createRow();
    const by = createKeyOf({ kind: "ip" });
    const key = { low: 0, high: 0 };
    for (let i = 0; i < 500_000; i++) {
      clearRow(row, new TextEncoder().encode(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
      row.clientEnd = row.bytes.length;
      by(row, key);
      keys.add(key.low, key.high);
      if (i % 3 === 0) expect(keys.add(key.low, key.high)).toBe(false);
    }
    expect(keys.size()).toBe(500_000);
  });
});

test("a tally gives the exact mean, error and nearest-rank percentiles of what was added", () => {
  const value = fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 5_000_000 }));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 2, maxLength: 50 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, p) => {
        const tally = createTally();
        for (const each of values) tally.add(each);
        const sorted = values.toSorted((a, b) => a - b);
        const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
        const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
        expect(tally.mean()).toBeCloseTo(mean, 6);
        expect(tally.standardError()).toBeCloseTo(Math.sqrt(variance / values.length), 3);
        expect(tally.percentile(p)).toBe(sorted[Math.max(1, Math.ceil(p * values.length)) - 1]);
        expect(tally.max()).toBe(sorted.at(-1));
      },
    ),
  );
});
