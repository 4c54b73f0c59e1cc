// A farm keeps its connections open: ten thousand that say nothing cost a service next to nothing.

import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { startStateServer } from "../../../../bench/servers/state-server-process.ts";
import { until } from "../../processes.ts";
import { openRaw, openUnowned, put, request } from "./raw-connection.ts";

const CONNECTIONS = 10_000;
const AT_ONCE = 100;

/** Node raises its own limit to the hard one, so that is what counts. Infinite where the system does not tell. */
function filesMax(): number {
  try {
    const line = /^Max open files +\S+ +(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line?.[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(line?.[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const enoughFiles = filesMax() >= CONNECTIONS + 500;

describe.skipIf(!enoughFiles)(`${CONNECTIONS} idle connections (needs ulimit -Hn of ${CONNECTIONS + 500})`, () => {
  test("are held while requests are answered, also on every one of them, and leave nothing behind", async () => {
    const server = await startStateServer({ minuteMs: 60_000, requestTimeoutMs: 500 });
    onTestFinished(() => server.stop());
    const client = await openRaw(server.port);
    expect((await client.ask(put("/k", "state"))).status).toBe(200);
    const before = await server.memoryBytes();
    const idle: Awaited<ReturnType<typeof openUnowned>>[] = [];
    const closeAll = () => idle.forEach(({ socket }: { socket: Socket }) => void socket.destroy());
    onTestFinished(closeAll);
    while (idle.length < CONNECTIONS) {
      idle.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => openUnowned(server.port)))));
    }
    await until("all are open", async () => (await server.counters()).connections.open === CONNECTIONS + 1);
    expect((await client.ask(request("GET", "/k"))).body).toBe("state");
    const bytesEach = ((await server.memoryBytes()) - before) / CONNECTIONS;
    expect(bytesEach).toBeLessThan(10_000);
    for (let at = 0; at < CONNECTIONS; at += AT_ONCE) {
      const some = idle.slice(at, at + AT_ONCE);
      const answers = await Promise.all(some.map((one) => one.ask(request("GET", "/k"))));
      expect(answers.every(({ body }) => body === "state")).toBe(true);
    }
    expect((await server.counters()).connections).toMatchObject({ open: CONNECTIONS + 1, late: 0, dropped: 0 });
    closeAll();
    await until("all are closed", async () => (await server.counters()).connections.open === 1);
    expect((await client.ask(request("GET", "/k"))).body).toBe("state");
  });
});
