import { createServer } from "node:http";
import type { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ByteStore } from "../../../../bench/providers/byte-store.ts";
import { openStateServerStore } from "../../../../bench/providers/state-server/client.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { openClient, options } from "./open-client.ts";
import { afterProbe, notFound, startScriptedServer } from "./scripted-server.ts";
import { startSimpleStateServer } from "./simple-state-server.ts";

const ID = "4m4irghotazmxblpyakfaw1d";
const state = { bytes: Buffer.from("state"), timeoutMinutes: 20 };
const soon = { ...options, networkTimeoutMs: 300 };
const cannot =
  /^Unable to make the session state request to the session state server\. Please ensure that the ASP\.NET State service is started/;

/** A store whose peer, once opened, does as told. */
async function openAt(play: (socket: Socket, request: string) => void): Promise<ByteStore> {
  const { connection } = await startScriptedServer(afterProbe(play));
  return openClient(connection, { networkTimeoutMs: 300 });
}

describe("who listens there is not a state service:", () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ["it closes at once", (socket) => socket.destroy(), /closed the connection without an answer/],
    [
      "it resets",
      (socket) => socket.once("data", () => socket.resetAndDestroy()),
      /closed the connection without an answer/,
    ],
    [
      "Redis",
      (socket) => socket.once("data", () => socket.end("-ERR unknown command 'HEAD'\r\n")),
      /began its answer with "-ERR/,
    ],
    [
      "MariaDB greets first",
      (socket) => socket.write(Buffer.from("4a0000000a352e352e352d31302e31", "hex")),
      /began its answer/,
    ],
    [
      "TLS alert",
      (socket) => socket.write(Buffer.from("15030300020246", "hex")),
      /began its answer with "\.\.\.\.\.\.F"/,
    ],
    ["SMTP", (socket) => socket.write("220 mail ESMTP\r\n"), /began its answer with "220 mail ESMTP"/],
    ["garbage", (socket) => socket.write(Buffer.alloc(100_000, 0xff)), /began its answer/],
    [
      "endless headers",
      (socket) => socket.write(`HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(10_000)}`),
      /headers without end/,
    ],
    ["an endless line", (socket) => socket.write(`HTTP/1.1 ${"2".repeat(100_000)}`), /headers without end/],
    [
      "no version",
      (socket) => socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
      /names no X-AspNet-Version/,
    ],
    [
      "status 500",
      (socket) => socket.write("HTTP/1.1 500 Oops\r\n\r\n"),
      /began its answer with "HTTP\/1\.1 500 Oops"/,
    ],
    [
      "it knows all sessions",
      (socket) => socket.write(notFound.replace("404", "200")),
      /answers 200 for a session that never was/,
    ],
    [
      "half an answer",
      (socket) => socket.end(notFound.slice(0, -10)),
      /closed the connection in the middle of an answer/,
    ],
    [
      "a header that is none",
      (socket) => socket.write("HTTP/1.1 404 Not Found\r\nhello\r\n\r\n"),
      /sent the header "hello"/,
    ],
  ])("%s", async (_name, play, expected) => {
    const { connection, sockets } = await startScriptedServer(play);
    const refusal = await openStateServerStore(connection, soon).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreError);
    expect(refusal).toMatchObject({ kind: "protocol", message: expect.stringMatching(expected) });
    expect(String(refusal)).toMatch(
      /^StoreError: What listens at 127\.0\.0\.1:\d+ is not an ASP\.NET state service: it /,
    );
    await expect.poll(() => sockets.size).toBe(0);
  });

  test.each([404, 400])("a web server that answers %i", async (status) => {
    const web = createServer((_request, response) =>
      response.writeHead(status, { "Content-Type": "text/html" }).end("no"),
    );
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void web.close());
    const address = web.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
    await expect(openStateServerStore(`tcpip=127.0.0.1:${address.port}`, soon)).rejects.toMatchObject({
      kind: "protocol",
      message: expect.stringContaining("names no X-AspNet-Version"),
    });
  });
});

describe("nothing came back:", () => {
  test("a refused port is unreachable, in ASP.NET's words, with the address and the phase in the cause", async () => {
    const server = await startSimpleStateServer();
    await server.stop();
    const refusal = await openStateServerStore(server.connection, options).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(cannot),
      cause: {
        message: `Unable to make the session state request to the session state server 127.0.0.1:${server.port}. Details: last phase='Connecting to the state server', error code=ECONNREFUSED, size of outgoing data=0`,
      },
    });
  });

  test.each<[string, (socket: Socket) => void]>([
    ["a peer that says nothing", () => {}],
    [
      "a peer that sends its answer too slowly",
      (socket) => trickle(socket, `HTTP/1.1 404 Not Found\r\nX: ${"x".repeat(400)}`),
    ],
  ])("%s is a timeout", async (_name, play) => {
    const { connection, sockets } = await startScriptedServer(play);
    await expect(openStateServerStore(connection, soon)).rejects.toMatchObject({
      kind: "timeout",
      message: expect.stringMatching(cannot),
      cause: { message: expect.stringContaining("last phase='Reading response from the state server'") },
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  test("a body that stops short, and one that trickles, end at the network timeout", async () => {
    const head = "200 OK\r\nX-AspNet-Version: 4.0.30319\r\nTimeout: 20\r\nContent-Length: 4000\r\n\r\n";
    const stopping = await openAt((socket) => socket.write(`${head}abc`));
    await expect(stopping.getItem(ID)).rejects.toMatchObject({ kind: "timeout" });
    const trickling = await openAt((socket) => trickle(socket, head + "x".repeat(4000)));
    await expect(trickling.getItem(ID)).rejects.toMatchObject({ kind: "timeout" });
  });

  test("a peer that takes no bytes ends a large write at the network timeout", async () => {
    const { connection } = await startScriptedServer((socket) => {
      socket.once("data", () => socket.pause().write(notFound));
    });
    const store = await openClient(connection, { networkTimeoutMs: 300 });
    const large = { bytes: Buffer.alloc(50_000_000), timeoutMinutes: 20 };
    await expect(store.setAndReleaseItemExclusive(ID, large, null, true)).rejects.toMatchObject({
      kind: "timeout",
      cause: { message: expect.stringMatching(/last phase='Sending request to the state server', .*=50000000$/) },
    });
  });

  test("an answer cut short by the end of the connection is unreachable", async () => {
    const store = await openAt((socket) => socket.end("200 OK\r\nTimeout: 20\r\nContent-Length: 4000\r\n\r\nabc"));
    await expect(store.getItem(ID)).rejects.toMatchObject({ kind: "unreachable" });
  });

  test("under a limit, a request that gets no connection in time is a timeout", async () => {
    const { connection } = await startScriptedServer(afterProbe(() => {}));
    const store = await openClient(connection, { networkTimeoutMs: 300 }, { connectionsMax: 1 });
    const both = await Promise.allSettled([store.getItem(ID), store.getItem(ID)]);
    expect(both.map((one) => one.status)).toEqual(["rejected", "rejected"]);
    await expect(store.getItem(ID)).rejects.toMatchObject({ kind: "timeout" });
  });
});

describe("an answer that the protocol does not allow", () => {
  const version = "X-AspNet-Version: 4.0.30319\r\n";
  test.each([
    ["a session without Content-Length", `200 OK\r\n${version}Timeout: 20\r\n\r\n`, /without Content-Length/],
    ["a session without Timeout", `200 OK\r\n${version}Content-Length: 1\r\n\r\nx`, /without Timeout/],
    [
      "a lock without a cookie",
      `200 OK\r\n${version}Timeout: 20\r\nContent-Length: 1\r\n\r\nx`,
      /without a LockCookie/,
    ],
    ["a negative length", `200 OK\r\n${version}Content-Length: -1\r\n\r\n`, /header "Content-Length: -1"/],
    ["two lengths", `200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`, /Content-Length twice/],
    ["chunks", `200 OK\r\nTransfer-Encoding: chunked\r\n\r\n`, /Transfer-Encoding: chunked/],
    ["a cookie that is no number", `423 Locked\r\nLockCookie: abc\r\n\r\n`, /LockCookie: abc/],
    ["a cookie beyond 32 bits", `423 Locked\r\nLockCookie: 2147483648\r\n\r\n`, /LockCookie: 2147483648/],
    ["a body beyond the bound", `200 OK\r\nContent-Length: 268435457\r\n\r\n`, /announced 268435457 bytes/],
    ["a version of 1", `200 OK\r\nX-AspNet-Version: 1.1.4322\r\nContent-Length: 0\r\n\r\n`, /version 2\.0 or above/],
  ])("%s", async (_name, answer, expected) => {
    const store = await openAt((socket) => socket.write(answer));
    await expect(store.getItemExclusive(ID)).rejects.toMatchObject({
      kind: "protocol",
      message: expect.stringMatching(expected),
    });
  });

  test("does not end the store: the next request has a connection of its own", async () => {
    let first = true;
    const store = await openAt((socket) => {
      socket.write(first ? "nonsense" : notFound);
      first = false;
    });
    await expect(store.getItem(ID)).rejects.toMatchObject({ kind: "protocol" });
    expect(await store.getItem(ID)).toMatchObject({ item: null });
  });

  test("with bytes behind it counts, but its connection is not used again", async () => {
    const { connection, connections } = await startScriptedServer(
      afterProbe((socket) => socket.write(`${notFound}extra`)),
    );
    const store = await openClient(connection);
    expect(await store.getItem(ID)).toMatchObject({ item: null });
    expect(await store.getItem(ID)).toMatchObject({ item: null });
    expect(connections()).toBe(2);
  });

  test("after which the server closes, as it may say, is whole; the next request connects anew", async () => {
    const closing = notFound.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    const { connection, connections } = await startScriptedServer(afterProbe((socket) => socket.end(closing)));
    const store = await openClient(connection);
    for (let i = 0; i < 3; i++) expect(await store.removeItem(ID, 2)).toBe(false);
    expect(connections()).toBe(3);
  });

  test("bytes that nobody asked for drop the connection they came on", async () => {
    const { connection, sockets } = await startScriptedServer((socket) => {
      socket.on("data", () => socket.write(notFound));
    });
    const store = await openClient(connection);
    for (const socket of sockets) socket.write("hello?");
    await expect.poll(() => sockets.size).toBe(0);
    expect(await store.getItem(ID)).toMatchObject({ item: null });
  });
});

describe("a pooled connection that the server gave up", () => {
  /** The first connection serves the probe and then breaks at the next request; later ones answer. */
  async function openStale(breakOff: (socket: Socket) => void) {
    const requests: string[] = [];
    const { connection, connections } = await startScriptedServer((socket, index) => {
      socket.on("data", (chunk: Buffer) => {
        const request = chunk.toString("latin1");
        if (!request.includes("probe-")) requests.push(request.slice(0, request.indexOf(" ")));
        if (index === 0 && !request.includes("probe-")) breakOff(socket);
        else socket.write(notFound);
      });
    });
    return { store: await openClient(connection), requests, connections };
  }

  test.each<[string, (store: ByteStore) => Promise<unknown>]>([
    ["a read", (store) => store.getItem(ID)],
    ["a touch", (store) => store.resetItemTimeout(ID)],
    ["a release", (store) => store.releaseItemExclusive(ID, 2)],
    ["a creation that overwrites nothing", (store) => store.createUninitializedItem(ID, state)],
  ])("%s is sent once more, on a new connection", async (_name, ask) => {
    const { store, requests, connections } = await openStale((socket) => socket.destroy());
    await ask(store);
    expect(requests).toHaveLength(2);
    expect(requests[0]).toBe(requests[1]);
    expect(connections()).toBe(2);
  });

  test.each<[string, (store: ByteStore) => Promise<unknown>]>([
    ["taking the lock", (store) => store.getItemExclusive(ID)],
    ["a write", (store) => store.setAndReleaseItemExclusive(ID, state, 2, false)],
    ["a removal", (store) => store.removeItem(ID, 2)],
  ])("%s is not sent again, for it may have been done", async (_name, ask) => {
    const { store, requests } = await openStale((socket) => socket.resetAndDestroy());
    await expect(ask(store)).rejects.toMatchObject({ kind: "unreachable", message: expect.stringMatching(cannot) });
    expect(requests).toHaveLength(1);
    await ask(store);
    expect(requests).toHaveLength(2);
  });

  test("is not asked again once its answer has begun", async () => {
    const { store, requests } = await openStale((socket) => socket.end("HTTP/1.1 404 Not"));
    await expect(store.getItem(ID)).rejects.toMatchObject({ kind: "unreachable" });
    expect(requests).toHaveLength(1);
  });

  test("is noticed while it lies idle, so that even a write goes to a new one", async () => {
    const server = await startSimpleStateServer();
    const store = await openClient(server.connection);
    for (const socket of server.sockets) socket.end();
    await expect.poll(() => server.sockets.size).toBe(0);
    await store.setAndReleaseItemExclusive(ID, state, null, true);
    expect(await store.getItem(ID)).toMatchObject({ item: state });
  });

  test("is not repeated without end: a server that closes each time fails the request the second time", async () => {
    const { connection, connections } = await startScriptedServer(afterProbe((socket) => socket.destroy()));
    const store = await openClient(connection);
    await expect(store.getItem(ID)).rejects.toMatchObject({ kind: "unreachable" });
    expect(connections()).toBe(2);
  });
});

test("the store is of use again as soon as the server is back, at the same port", async () => {
  const first = await startSimpleStateServer();
  const store = await openClient(first.connection);
  await store.setAndReleaseItemExclusive(ID, state, null, true);
  await first.stop();
  await expect(store.getItemExclusive(ID)).rejects.toMatchObject({ kind: "unreachable" });
  await startSimpleStateServer({ port: first.port });
  expect(await store.getItemExclusive(ID)).toMatchObject({ item: null, locked: false });
  await store.setAndReleaseItemExclusive(ID, state, null, true);
  expect(await store.getItem(ID)).toMatchObject({ item: state });
});

test("whatever bytes a peer answers, each call ends with an answer or a StoreError, and the store lives on", async () => {
  let answer: Buffer = Buffer.alloc(0);
  const store = await openAt((socket) => {
    if (answer.length === 0) socket.write(notFound);
    else socket.end(answer);
  });
  const valid =
    "HTTP/1.1 200 OK\r\nX-AspNet-Version: 4.0.30319\r\nTimeout: 20\r\nLockCookie: 2\r\nContent-Length: 5\r\n\r\nstate";
  const damaged = fc
    .tuple(fc.nat(valid.length - 1), fc.nat(8), fc.uint8Array({ maxLength: 8 }))
    .map(([at, cut, put]) => Buffer.concat([Buffer.from(valid.slice(0, at)), put, Buffer.from(valid.slice(at + cut))]));
  const anything = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, anything), async (bytes) => {
      answer = bytes;
      const outcome = await store.getItemExclusive(ID).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StoreError);
      answer = Buffer.alloc(0);
      expect(await store.getItem(ID)).toMatchObject({ item: null, locked: false });
    }),
    { numRuns: 300 },
  );
});

/** One byte each ten milliseconds. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const beat = setInterval(() => {
    if (at < text.length) socket.write(text[at++]!);
  }, 10);
  socket.on("close", () => clearInterval(beat));
}
