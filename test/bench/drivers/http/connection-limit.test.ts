import { describe, expect, test } from "vitest";
import { limitConnections } from "../../../../bench/drivers/http/connection-limit.ts";
import type { Answered, ClientRequest, HttpClient, Reply } from "../../../../bench/drivers/http/http-client.ts";
import { createFakeTime } from "../../fake-time.ts";

const ok: Answered = { kind: "answered", status: 200, reason: "OK", setCookies: [], location: null, lockWaitMs: 0 };
const request: ClientRequest = { port: 80, path: "/", cookies: "", clientAddress: "", userAgent: "" };

/** A site that takes 10 ms a request, behind two connections. */
function setUp(answer: (index: number) => Reply = () => ok) {
  const time = createFakeTime();
  const sentAtMs: number[] = [];
  let inFlight = 0;
  const site: HttpClient = {
    async send() {
      const index = sentAtMs.push(time.clock()) - 1;
      inFlight++;
      await time.delay(10);
      inFlight--;
      return answer(index);
    },
    inFlight: () => inFlight,
    close: () => undefined,
  };
  return { time, sentAtMs, client: limitConnections(site, 2, time.clock) };
}

describe("a limit of connections", () => {
  test("keeps the others waiting, first come, first served, and tells each how long he waited", async () => {
    const { time, sentAtMs, client } = setUp();
    const replies = Promise.all(Array.from({ length: 5 }, () => client.send(request)));
    await time.advance(5);
    expect(client.inFlight()).toBe(5);
    await time.advance(100);
    expect(sentAtMs).toEqual([0, 0, 10, 10, 20]);
    expect((await replies).map((reply) => reply.kind === "answered" && reply.queuedMs)).toEqual([0, 0, 10, 10, 20]);
    expect(client.inFlight()).toBe(0);
  });

  test("a request that breaks gives its connection back", async () => {
    const broken: Reply = { kind: "broken", failure: "connection reset" };
    const { time, sentAtMs, client } = setUp((index) => (index < 2 ? broken : ok));
    const replies = Promise.all(Array.from({ length: 3 }, () => client.send(request)));
    await time.advance(100);
    expect((await replies).map(({ kind }) => kind)).toEqual(["broken", "broken", "answered"]);
    expect(sentAtMs).toEqual([0, 0, 10]);
  });

  test("once closed, those who still wait are never sent", async () => {
    const { time, sentAtMs, client } = setUp();
    const replies = Promise.all(Array.from({ length: 4 }, () => client.send(request)));
    await time.advance(5);
    client.close();
    await time.advance(100);
    expect(sentAtMs).toEqual([0, 0]);
    expect((await replies).map(({ kind }) => kind)).toEqual(["answered", "answered", "broken", "broken"]);
    expect(client.inFlight()).toBe(0);
  });
});
