// Where requests begin and end: line ends, limits, bodies in pieces, and input that is no request at all.

import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../processes.ts";
import { header, openRaw, put, request, startService } from "./raw-connection.ts";

describe("lines", () => {
  test("may end in LF alone, and empty lines before a request are no request", async () => {
    const client = await openRaw((await startService()).port);
    expect((await client.ask("\r\n\n\r\nPUT /k HTTP/1.1\nTimeout: 20\nContent-Length: 3\n\nabc")).status).toBe(200);
    expect((await client.ask("\r\nGET /k HTTP/1.1\nHost: h\r\n\n")).body).toBe("abc");
  });

  test.each([
    ["a verb in lower case", "get /k HTTP/1.1\r\n\r\n"],
    ["no target", "GET HTTP/1.1\r\n\r\n"],
    ["an empty target", "GET  HTTP/1.1\r\n\r\n"],
    ["a blank in the target", "GET /a b HTTP/1.1\r\n\r\n"],
    ["no version", "GET /k\r\n\r\n"],
    ["another protocol", "GET /k SMTP/1.1\r\n\r\n"],
    ["HTTP/2", "GET /k HTTP/2.0\r\n\r\n"],
    ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["a NUL in the target", "GET /k\0 HTTP/1.1\r\n\r\n"],
    ["a NUL in a value", "GET /k HTTP/1.1\r\nHost: \0\r\n\r\n"],
    ["a lone CR in a value", "GET /k HTTP/1.1\r\nHost: a\rExclusive: acquire\r\n\r\n"],
    ["a folded line", "GET /k HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"],
    ["a header without a colon", "GET /k HTTP/1.1\r\nHost\r\n\r\n"],
    ["a header without a name", "GET /k HTTP/1.1\r\n: x\r\n\r\n"],
    ["a blank before the colon", "GET /k HTTP/1.1\r\nLockCookie : 1\r\n\r\n"],
    ["Transfer-Encoding", "PUT /k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a Content-Length beyond int32", "PUT /k HTTP/1.1\r\nContent-Length: 2147483648\r\n\r\n"],
    ["too many headers", `GET /k HTTP/1.1\r\n${"a: b\r\n".repeat(101)}\r\n`],
    ["a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n"],
  ])("%s: one 400, and the connection ends", async (_, bytes) => {
    const server = await startService();
    const client = await openRaw(server.port);
    client.send(Buffer.from(bytes, "latin1"));
    const answer = await client.answer();
    expect(answer?.status).toBe(400);
    expect(header(answer!, "Connection")).toBe("close");
    expect(await client.answer()).toBeNull();
    expect(server.counters().malformed).toBe(1);
    expect(server.counters().sessions.total).toBe(0);
  });

  test("a head that does not end is refused at its limit, whether it comes at once or in pieces", async () => {
    for (const pieces of [1, 100]) {
      const server = await startService({ headMaxBytes: 2_000 });
      const client = await openRaw(server.port);
      const endless = `GET /${"a".repeat(2_000)}`;
      for (let at = 0; at < pieces; at++) {
        client.send(endless.slice((at * endless.length) / pieces, ((at + 1) * endless.length) / pieces));
        await delay(0);
      }
      expect((await client.answer())?.status).toBe(400);
      await client.closed;
    }
  });
});

describe("what follows a request", () => {
  test("Connection: close is honoured, and announced", async () => {
    const client = await openRaw((await startService()).port);
    client.send(put("/k", "x") + request("GET", "/k", "Connection: Close") + request("GET", "/k"));
    expect(header((await client.answer())!, "Connection")).toBeUndefined();
    expect(header((await client.answer())!, "Connection")).toBe("close");
    expect(await client.answer()).toBeNull();
  });

  test("a client of HTTP/1.0 keeps its connection only if it asks to", async () => {
    const { port } = await startService();
    const client = await openRaw(port);
    expect((await client.ask("HEAD /k HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")).status).toBe(404);
    expect((await client.ask("HEAD /k HTTP/1.0\r\n\r\n")).status).toBe(404);
    await client.closed;
  });

  test("Content-Length on anything but a PUT counts for nothing: the next byte begins the next request", async () => {
    const client = await openRaw((await startService()).port);
    client.send(
      put("/k", "x") + request("GET", "/k", "Content-Length: 589") + request("GET", "/k", "Content-Length: junk"),
    );
    expect((await client.answer())?.status).toBe(200);
    expect((await client.answer())?.body).toBe("x");
    expect((await client.answer())?.body).toBe("x");
  });

  test("the body of a refused PUT is let through, and the next request is answered", async () => {
    const client = await openRaw((await startService({ itemMaxBytes: 1_000 })).port);
    client.send(put("/k", request("DELETE", "/other"), "Timeout: -1") + request("GET", "/k"));
    expect([(await client.answer())?.status, (await client.answer())?.status]).toEqual([400, 404]);
    client.send(put("/k", "x".repeat(500_000)) + request("GET", "/k"));
    const refusal = await client.answer();
    expect([refusal?.status, refusal?.body]).toEqual([400, expect.stringContaining("larger than this service takes")]);
    expect((await client.answer())?.status).toBe(404);
  });

  test("a client that shuts its side down still gets the answers to what it sent", async () => {
    const client = await openRaw((await startService()).port);
    client.socket.end(put("/k", "x") + request("GET", "/k"));
    expect((await client.answer())?.status).toBe(200);
    expect((await client.answer())?.body).toBe("x");
    expect(await client.answer()).toBeNull();
  });
});

describe("large items", () => {
  test("come back as they went, in whatever pieces they arrived", async () => {
    const client = await openRaw((await startService()).port);
    for (const bytes of [16_384, 16_385, 65_535, 65_536, 65_537, 3_000_000]) {
      const state = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 8)) % 256)).toString("latin1");
      client.send(Buffer.from(put("/k", state), "latin1"));
      expect((await client.answer())?.status).toBe(200);
      const answer = await client.ask(request("GET", "/k"));
      expect(answer.body === state).toBe(true);
    }
  });

  test("a reader gets the item as it was when it asked, though it is written over while on its way", async () => {
    const { port } = await startService();
    const [reader, writer] = [await openRaw(port), await openRaw(port)];
    const size = 30_000_000;
    expect((await writer.ask(put("/k", "a".repeat(size)))).status).toBe(200);
    reader.socket.pause();
    reader.send(request("GET", "/k"));
    expect((await writer.ask(request("HEAD", "/k"))).status).toBe(200);
    await delay(20);
    expect((await writer.ask(put("/k", "b".repeat(size)))).status).toBe(200);
    reader.socket.resume();
    const { body } = (await reader.answer())!;
    expect([body.length, body === "a".repeat(size)]).toEqual([size, true]);
  });

  test("a client that asks and asks but does not read is not read from either, and gets all its answers when it does", async () => {
    const server = await startService();
    const client = await openRaw(server.port);
    await client.ask(put("/k", "x".repeat(100_000)));
    client.socket.pause();
    const asked = 2_000;
    client.send(request("GET", "/k").repeat(asked));
    await until("the service waits", async () => {
      const before = server.counters().requests.GET[200];
      await delay(50);
      return before > 0 && before === server.counters().requests.GET[200];
    });
    expect(server.counters().requests.GET[200]).toBeLessThan(asked / 2);
    client.socket.resume();
    for (let got = 0; got < asked; got++) expect((await client.answer())?.status).toBe(200);
  });
});
