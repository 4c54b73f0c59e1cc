// The proxy does to bytes and connections what a network does: late, cut or silent, but never lost, doubled or out of order.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "../../../bench/servers/fault-proxy.ts";
import { isListening, until } from "../processes.ts";

let echo: Server;
let proxy: FaultProxy;
/** What the servers behind the proxy see of their clients. */
const served = new Set<Socket>();

beforeAll(async () => {
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    served.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => served.delete(socket));
    socket.pipe(socket);
  });
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  const { port } = echo.address() as { port: number };
  proxy = await startFaultProxy([
    { host: "127.0.0.1", port },
    { host: "127.0.0.1", port: 1 },
  ]);
});

afterAll(async () => {
  await proxy.close();
  echo.close();
});

/** A client of the echo server that keeps what comes back. */
async function open(port = proxy.ports[0]) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, allowHalfOpen: true });
  const received: Buffer[] = [];
  let error: string | undefined;
  let ended = false;
  socket.on("data", (bytes) => received.push(bytes));
  socket.on("error", (failure: NodeJS.ErrnoException) => {
    error = failure.code;
  });
  socket.on("end", () => {
    ended = true;
  });
  await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
  return {
    socket,
    text: () => Buffer.concat(received).toString("latin1"),
    bytes: () => Buffer.concat(received),
    error: () => error,
    ended: () => ended,
  };
}

const whenBack = (client: Awaited<ReturnType<typeof open>>, text: string) =>
  until(`${text} is back`, () => client.text() === text);

describe("pass", () => {
  test("megabytes come through whole, and a half-closed connection still answers", async () => {
    const client = await open();
    const sent = randomBytes(20_000_000);
    client.socket.end(sent);
    await until("the far end has closed too", client.ended);
    expect(client.bytes().equals(sent)).toBe(true);
  });

  test("what it costs is measured before it is used", () => {
    expect(proxy.addedMs).toBeGreaterThanOrEqual(0);
    expect(proxy.addedMs).toBeLessThan(1_000);
  });

  test("a server that refuses: the client is hung up on", async () => {
    const client = await open(proxy.ports[1]);
    await until("it is told", () => client.socket.destroyed);
    expect(client.error()).toBe("ECONNRESET");
  });

  test("a client that breaks off is gone at the far end too", async () => {
    const client = await open();
    client.socket.write("a");
    await whenBack(client, "a");
    expect(served.size).toBe(1);
    client.socket.resetAndDestroy();
    await until("the server knows", () => served.size === 0);
  });
});

test("slow: each way takes so much longer, in order, and no byte is lost when it is over", async () => {
  const client = await open();
  client.socket.write("0");
  await whenBack(client, "0");
  await proxy.set({ kind: "slow", delayMs: 40 });
  const sentAtMs = performance.now();
  for (const letter of "123456789") {
    client.socket.write(letter);
    await new Promise(setImmediate);
  }
  await until("the first is back", () => client.text().length > 1);
  expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(79);
  client.socket.write("a");
  await proxy.set({ kind: "pass" });
  client.socket.write("b");
  await whenBack(client, "0123456789ab");
  client.socket.destroy();
});

test("cut: connections are reset at both ends and refused until it is over, and then the same port serves again", async () => {
  const client = await open();
  client.socket.write("a");
  await whenBack(client, "a");
  await proxy.set({ kind: "cut" });
  await until("it is told", () => client.socket.destroyed);
  expect(client.error()).toBe("ECONNRESET");
  await until("the server is told", () => served.size === 0);
  const refused = await open();
  expect(refused.error()).toBe("ECONNREFUSED");
  await proxy.set({ kind: "pass" });
  const again = await open();
  again.socket.write("b");
  await whenBack(again, "b");
  again.socket.destroy();
});

describe("silent", () => {
  test("nothing arrives and nothing is told while it lasts; afterwards all that was sent does, in order", async () => {
    const before = await open();
    before.socket.write("a");
    await whenBack(before, "a");
    await proxy.set({ kind: "silent" });
    before.socket.write("b");
    const during = await open();
    during.socket.write("c");
    await new Promise((resolve) => setTimeout(resolve, 100));
    before.socket.write("d");
    expect([before.text(), during.text(), served.size]).toEqual(["a", "", 1]);
    expect([before.socket.destroyed, during.socket.destroyed]).toEqual([false, false]);
    await proxy.set({ kind: "pass" });
    await whenBack(before, "abd");
    await whenBack(during, "c");
    before.socket.destroy();
    during.socket.destroy();
    await until("the server knows", () => served.size === 0);
  });

  test("who gives up waiting is missed by the server only when it is over", async () => {
    const client = await open();
    client.socket.write("a");
    await whenBack(client, "a");
    await proxy.set({ kind: "silent" });
    client.socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(served.size).toBe(1);
    await proxy.set({ kind: "pass" });
    await until("the server knows", () => served.size === 0);
  });
});

test("closed, it leaves no process and no port", async () => {
  const brief = await startFaultProxy([{ host: "127.0.0.1", port: 1 }]);
  await brief.close();
  await brief.close();
  expect(await isListening(brief.ports[0])).toBe(false);
  await expect(brief.set({ kind: "pass" })).rejects.toThrow("has ended");
});
