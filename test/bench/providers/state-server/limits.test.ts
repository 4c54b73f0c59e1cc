// What the service refuses to be drawn into: too much memory, too slow a client, too many connections; and how it ends.

import { describe, expect, test } from "vitest";
import { ITEM_OVERHEAD_BYTES } from "../../../../bench/providers/state-server/session-table.ts";
import { until } from "../../processes.ts";
import { header, openRaw, put, request, startService } from "./raw-connection.ts";

const KIB = 1024;

describe("the memory limit", () => {
  test("a PUT beyond it is refused with 400 in plain words; sessions that are there go on, and can be written", async () => {
    const server = await startService({ memoryLimitBytes: 10 * (ITEM_OVERHEAD_BYTES + 2 + KIB) });
    const client = await openRaw(server.port);
    const state = "s".repeat(KIB);
    for (let k = 0; k < 10; k++) expect((await client.ask(put(`/${k}`, state))).status).toBe(200);
    const refusal = await client.ask(put("/x", state));
    expect([refusal.status, refusal.body]).toEqual([400, expect.stringContaining("memory limit is reached")]);
    expect((await client.ask(put("/5", "t".repeat(KIB)))).status).toBe(200);
    expect((await client.ask(request("GET", "/5"))).body).toBe("t".repeat(KIB));
    expect((await client.ask(request("DELETE", "/7"))).status).toBe(200);
    expect((await client.ask(put("/x", state))).status).toBe(200);
  });

  test("a body that cannot fit is refused at its head and not taken in", async () => {
    const server = await startService({ memoryLimitBytes: 100 * KIB, itemMaxBytes: 2_000_000_000 });
    const client = await openRaw(server.port);
    const before = process.memoryUsage().arrayBuffers;
    const answer = await client.ask(request("PUT", "/k", "Content-Length: 1900000000"));
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("memory limit is reached")]);
    client.send(Buffer.alloc(8_000_000));
    await until("it is let through", () => server.counters().bytesReceived > 8_000_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  test("a full service still takes a large session that replaces one of its size", async () => {
    const server = await startService({ memoryLimitBytes: 700 * KIB });
    const client = await openRaw(server.port);
    const size = 600 * KIB;
    expect((await client.ask(put("/k", "a".repeat(size)))).status).toBe(200);
    expect((await client.ask(put("/k", "b".repeat(size)))).status).toBe(200);
    expect((await client.ask(put("/l", "b".repeat(size)))).status).toBe(400);
  });

  test("promises of large bodies take memory only as far as the bodies come", async () => {
    const server = await startService({ memoryLimitBytes: 64 * KIB * KIB });
    const before = process.memoryUsage().arrayBuffers;
    const clients = await Promise.all(Array.from({ length: 50 }, () => openRaw(server.port)));
    for (const client of clients) client.send(`${request("PUT", "/k", "Content-Length: 50000000")}x`);
    await until("all have come", () => server.counters().bytesReceived > 50 * 60);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect((await (await openRaw(server.port)).ask(put("/l", "x"))).status).toBe(200);
  });

  test("bodies on their way have a bound of their own: who goes beyond it is refused and the rest of the body let through", async () => {
    const server = await startService({ memoryLimitBytes: 4_000 * KIB, itemMaxBytes: 1_000 * KIB });
    const [first, second] = [await openRaw(server.port), await openRaw(server.port)];
    const state = "x".repeat(900 * KIB);
    first.send(put("/1", state).slice(0, -1));
    await until("it has come", () => server.counters().bytesReceived > 899 * KIB);
    second.send(put("/2", state) + request("GET", "/2"));
    expect([(await second.answer())?.status, (await second.answer())?.status]).toEqual([400, 404]);
    expect((await first.ask("x")).status).toBe(200);
    expect((await second.ask(put("/2", state))).status).toBe(200);
  });
});

describe("slow clients", () => {
  test.each([
    ["a head", "GET /k HT"],
    ["a body", "PUT /k HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc"],
    ["the body of a refused PUT", "PUT /k HTTP/1.1\r\nTimeout: x\r\nContent-Length: 10\r\n\r\nabc"],
  ])("%s that does not come to its end costs the connection", async (_, bytes) => {
    const server = await startService({ requestTimeoutMs: 80 });
    const client = await openRaw(server.port);
    client.send(bytes);
    await client.closed;
    await until("the service knows", () => server.counters().connections.open === 0);
    expect(server.counters().connections.late).toBe(1);
  });

  test("dripping a byte at a time does not help", async () => {
    const server = await startService({ requestTimeoutMs: 80 });
    const client = await openRaw(server.port);
    const drip = setInterval(() => client.send("x"), 10);
    await client.closed;
    clearInterval(drip);
    expect(server.counters().connections.late).toBe(1);
  });

  test("a client that does not take its answers is closed", async () => {
    const server = await startService({ requestTimeoutMs: 1_000 });
    const client = await openRaw(server.port);
    await client.ask(put("/k", "x".repeat(20_000_000)));
    client.socket.pause();
    client.send(request("GET", "/k"));
    await until("it is closed", () => server.counters().connections.open === 0);
    expect(server.counters().connections.late).toBe(1);
  });

  test("an idle connection stays, and one whose requests come in time stays", async () => {
    const server = await startService({ requestTimeoutMs: 60 });
    const [idle, slow, judge] = [await openRaw(server.port), await openRaw(server.port), await openRaw(server.port)];
    expect((await slow.ask(request("HEAD", "/k"))).status).toBe(404);
    judge.send("GET");
    await judge.closed;
    expect((await idle.ask(request("HEAD", "/k"))).status).toBe(404);
    expect((await slow.ask(request("HEAD", "/k"))).status).toBe(404);
  });
});

test("connections beyond the most allowed are closed at once, and those there go on", async () => {
  const server = await startService({ connectionsMax: 2 });
  const [first, second] = [await openRaw(server.port), await openRaw(server.port)];
  expect((await second.ask(request("HEAD", "/k"))).status).toBe(404);
  await (await openRaw(server.port)).closed;
  expect((await first.ask(request("HEAD", "/k"))).status).toBe(404);
  expect(server.counters().connections).toMatchObject({ open: 2, dropped: 1 });
});

describe("stopping", () => {
  test("idle connections end at once; a request under way is answered first, and its answer says so", async () => {
    const server = await startService();
    const [idle, busy] = [await openRaw(server.port), await openRaw(server.port)];
    busy.send("PUT /k HTTP/1.1\r\nContent-Length: 3\r\n\r\na");
    await until("it has come", () => server.counters().bytesReceived > 0);
    const stopped = server.stop(10_000);
    await idle.closed;
    const answer = await busy.ask("bc");
    expect([answer.status, header(answer, "Connection")]).toEqual([200, "close"]);
    await stopped;
  });

  test("a request that does not end does not hold it up beyond the grace", async () => {
    const server = await startService();
    const client = await openRaw(server.port);
    client.send("PUT /k");
    await until("it has come", () => server.counters().bytesReceived > 0);
    await server.stop(30);
    await client.closed;
  });
});

test("a session ends by itself over the wire, at the sweep when nobody asks for it", async () => {
  const server = await startService({ minuteMs: 60 });
  const client = await openRaw(server.port);
  await client.ask(put("/k", "x", "Timeout: 1"));
  await until("it is swept away", () => server.counters().sessions.timedOut === 1);
  expect((await client.ask(request("GET", "/k"))).status).toBe(404);
});
