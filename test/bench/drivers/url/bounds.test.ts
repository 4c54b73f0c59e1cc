import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reply } from "../../../../bench/drivers/http/http-client.ts";
import { type Bounds, openGate } from "../../../../bench/drivers/url/bounds.ts";
import { createFakeTime } from "../../fake-time.ts";

const ok: Reply = { kind: "answered", status: 200, reason: "", setCookies: [], location: null, lockWaitMs: 0 };
const request = { port: 80, path: "/", cookies: "", clientAddress: "", userAgent: "" };

function setUp(bounds: Partial<Bounds>) {
  const time = createFakeTime();
  const sentAtMs: number[] = [];
  let ended = 0;
  const gate = openGate({
    bounds: { requestsMax: 1_000, secondsMax: 60, perSecondMax: 1_000, ...bounds },
    clock: time.clock,
    wakeAfter: (ms, wake) => time.at(time.clock() + ms, wake),
    async send() {
      sentAtMs.push(time.clock());
      return ok;
    },
    onReached: () => ended++,
  });
  return { time, gate, sentAtMs, ended: () => ended };
}

describe("the bound on requests", () => {
  test("lets so many through and not one more; the first beyond it ends the run, once", async () => {
    const { gate, sentAtMs, ended } = setUp({ requestsMax: 3 });
    const replies = [];
    for (let n = 0; n < 6; n++) replies.push(await gate.send(request));
    expect(sentAtMs).toHaveLength(3);
    expect(replies.map(({ kind }) => kind)).toEqual(["answered", "answered", "answered", "broken", "broken", "broken"]);
    expect(gate.reached()).toBe("requests");
    expect(ended()).toBe(1);
  });
});

describe("the bound on seconds", () => {
  test("ends the run at its moment, and nothing is sent afterwards", async () => {
    const { time, gate, sentAtMs, ended } = setUp({ secondsMax: 2 });
    await gate.send(request);
    await time.advance(1_999);
    expect(gate.reached()).toBeNull();
    await time.advance(1);
    expect([gate.reached(), ended()]).toEqual(["seconds", 1]);
    await gate.send(request);
    expect(sentAtMs).toHaveLength(1);
  });

  test("says nothing once the gate has been closed", async () => {
    const { time, gate, ended } = setUp({ secondsMax: 2 });
    gate.close();
    await time.advance(5_000);
    expect([gate.reached(), ended()]).toEqual([null, 0]);
  });
});

describe("the bound on the rate", () => {
  test("holds in every second, wherever it begins, whatever comes when", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
        async (perSecondMax, gapsMs) => {
          const { time, gate, sentAtMs } = setUp({ perSecondMax });
          const sent = [];
          for (const gapMs of gapsMs) {
            await time.advance(gapMs);
            sent.push(gate.send(request));
          }
          await time.advance(60_000 - time.clock() - 1);
          await Promise.all(sent);
          expect(sentAtMs).toHaveLength(gapsMs.length);
          for (const [index, atMs] of sentAtMs.entries()) {
            expect(atMs - (sentAtMs[index - perSecondMax] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1_000);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("lets a burst within it through at once, and tells how long a request beyond it was held", async () => {
    const { time, gate, sentAtMs } = setUp({ perSecondMax: 2 });
    const replies = [gate.send(request), gate.send(request), gate.send(request)];
    await time.advance(1_500);
    expect(sentAtMs).toEqual([0, 0, 1_000]);
    expect((await Promise.all(replies)).map((reply) => reply.heldMs)).toEqual([undefined, undefined, 1_000]);
    expect(gate.held()).toEqual({ requests: 1, longestMs: 1_000 });
  });

  test("who is held when the gate closes is told at once, and not sent", async () => {
    const { gate, sentAtMs } = setUp({ perSecondMax: 1 });
    await gate.send(request);
    const held = gate.send(request);
    gate.close();
    expect((await held).kind).toBe("broken");
    expect(sentAtMs).toHaveLength(1);
  });

  test("a round of several can be told when all of it may go", async () => {
    const { time, gate } = setUp({ perSecondMax: 4 });
    expect(gate.roomAtMs(4)).toBeLessThanOrEqual(0);
    await time.advance(100);
    for (let n = 0; n < 3; n++) await gate.send(request);
    expect(gate.roomAtMs(1)).toBeLessThanOrEqual(100);
    expect(gate.roomAtMs(2)).toBe(1_100);
    expect(gate.roomAtMs(4)).toBe(1_100);
  });
});
