import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type StateServerProcess, startStateServer } from "../../../bench/servers/state-server-process.ts";
import { isListening, isRunning, until } from "../processes.ts";
import { openRaw, put, request } from "../providers/state-server/raw-connection.ts";

async function start(minuteMs = 60_000): Promise<StateServerProcess> {
  const server = await startStateServer({ minuteMs });
  onTestFinished(() => server.stop());
  return server;
}

test("it runs in another process, tells how to connect, and counts what it stores", async () => {
  const server = await start();
  expect(server.pid()).not.toBe(process.pid);
  expect(server.connection).toBe(`tcpip=127.0.0.1:${server.port}`);
  expect(server.engine).toMatch(/^sessionlab \(Node \d+/);
  const before = await server.memoryBytes();
  const client = await openRaw(server.port);
  for (let k = 0; k < 200; k++) await client.ask(put(`/${k}`, "x".repeat(20_000)));
  expect(await server.census?.()).toMatchObject({ stored: 200, live: 200 });
  expect((await server.memoryBytes()) - before).toBeGreaterThan(200 * 20_000);
  expect((await server.counters()).requests.PUT[200]).toBe(200);
});

test("a kill loses every session; a restart brings an empty service to the same port", async () => {
  const server = await start();
  const client = await openRaw(server.port);
  await client.ask(put("/k", "state"));
  const pid = server.pid();
  await server.kill();
  expect(isRunning(pid)).toBe(false);
  await client.closed;
  await expect(server.counters()).rejects.toThrow("the process of the state service has ended");
  await server.restart();
  expect(server.pid()).not.toBe(pid);
  expect((await (await openRaw(server.port)).ask(request("GET", "/k"))).status).toBe(404);
  expect(await server.census?.()).toMatchObject({ stored: 0, live: 0 });
});

test("stopping ends the process, also the second time, also after a kill", async () => {
  const [stopped, killed] = [await start(), await start()];
  await stopped.stop();
  await stopped.stop();
  await killed.kill();
  await killed.stop();
  for (const { port } of [stopped, killed]) expect(await isListening(port)).toBe(false);
});

test("a minute lasts as long as it is told, so expired sessions are stored until a sweep and live no more", async () => {
  const server = await start(60);
  await (await openRaw(server.port)).ask(put("/k", "state", "Timeout: 1"));
  await until("it is swept", async () => (await server.census?.())?.stored === 0);
  expect((await server.counters()).sessions).toMatchObject({ active: 0, timedOut: 1, total: 1 });
});

test("a port that is taken is an error that says so", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(startStateServer({ minuteMs: 60_000, port })).rejects.toThrow("EADDRINUSE");
});

test("it ends with the process that started it, however that ends", async () => {
  const module = new URL("../../../bench/servers/state-server-process.ts", import.meta.url).href;
  const script = `const { startStateServer } = await import(${JSON.stringify(module)});
    const server = await startStateServer({ minuteMs: 60_000 });
    console.log(JSON.stringify({ pid: server.pid(), port: server.port }));`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(parent.stdout, "data");
  const { pid, port } = JSON.parse(String(line));
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
  });
  expect(await isListening(port)).toBe(true);
  parent.kill("SIGKILL");
  await until("it has ended", () => !isRunning(pid));
});
