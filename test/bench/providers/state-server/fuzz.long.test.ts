// A hundred thousand byte streams against the state service in a process of its own: it neither ends nor hangs, and when all is over
// its memory is what it was.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type StateServerProcess, startStateServer } from "../../../../bench/servers/state-server-process.ts";
import { until } from "../../processes.ts";
import { createFuzzStreams } from "./fuzz-streams.ts";
import { openUnowned, put, request } from "./raw-connection.ts";

const SEED = 20_261_121;
const STREAMS = 100_000;
const WARM_UP_STREAMS = 5_000;
const CLIENTS = 32;
const STREAMS_A_CONNECTION_MAX = 12;
const HANG_MS = 5_000;

/**
 * Sends so many streams over connections that are used until the service closes them, or for a dozen streams.
 * @returns the bytes sent.
 */
async function throwAt(port: number, nextStream: () => Buffer, streams: number, leftAlone: Socket[]): Promise<number> {
  let left = streams;
  let sentBytes = 0;
  async function client(number: number): Promise<void> {
    let socket: Socket | null = null;
    for (let sent = 0; left > 0; sent++) {
      left--;
      if (socket === null || !socket.writable || sent % STREAMS_A_CONNECTION_MAX === 0) {
        // Some connections are cut off, some are shut down, and some are left alone.
        if (socket !== null && number % 3 === 0) socket.destroy();
        else if (socket !== null && number % 3 === 1) socket.end();
        else if (socket !== null) leftAlone.push(socket);
        socket = await open(port);
      }
      const bytes = nextStream();
      sentBytes += bytes.length;
      const cut = sent % 4 === 0 ? Math.floor(bytes.length / 2) : bytes.length;
      const heard = hears(socket);
      socket.write(bytes.subarray(0, cut));
      if (cut < bytes.length) {
        await turn();
        if (socket.writable) socket.write(bytes.subarray(cut));
      }
      await heard;
    }
    socket?.destroy();
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return sentBytes;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Resolves at the next sign of life, or when none has come: some streams ask for no answer. */
function hears(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(giveUp);
      socket.off("data", done).off("close", done);
      socket.resume();
      resolve();
    };
    const giveUp = setTimeout(done, 3);
    socket.on("data", done).on("close", done);
  });
}

/** A client that means well is answered in time, while the others do what they do. */
async function probe(port: number): Promise<void> {
  const client = await openUnowned(port);
  const conversation = (async () => {
    // So many of this service's minutes are two and a half minutes: nothing expires in between.
    expect((await client.ask(put("/probe", "alive", "Timeout: 9999"))).status).toBe(200);
    expect((await client.ask(request("GET", "/probe"))).body).toBe("alive");
    expect((await client.ask(request("DELETE", "/probe"))).status).toBe(200);
    return true;
  })();
  let giveUp: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    giveUp = setTimeout(() => resolve(false), HANG_MS);
  });
  expect(await Promise.race([conversation, patience]), `seed ${SEED}: no answer in ${HANG_MS} ms`).toBe(true);
  clearTimeout(giveUp);
  client.socket.destroy();
}

/** @returns what the service keeps when every session has expired and every connection is closed. */
async function memoryAtRest(server: StateServerProcess, leftAlone: Socket[]): Promise<number> {
  for (const socket of leftAlone.splice(0)) socket.destroy();
  await until("sessions and connections are gone", async () => {
    const { sessions, connections } = await server.counters();
    return sessions.active === 0 && connections.open === 0;
  });
  // Sockets and buffers are given back some turns after they are closed.
  const samples: number[] = [];
  while (samples.length < 5) {
    samples.push(await server.memoryBytes());
    await delay(100);
  }
  return Math.min(...samples);
}

test("100,000 byte streams: no crash, no hang, and the memory is given back", { timeout: 240_000 }, async () => {
  const server = await startStateServer({ minuteMs: 15, requestTimeoutMs: 500 });
  onTestFinished(() => server.stop());
  const pid = server.pid();
  const nextStream = createFuzzStreams(SEED);
  // What the engine compiles and keeps for itself is there before we measure.
  const leftAlone: Socket[] = [];
  await throwAt(server.port, nextStream, WARM_UP_STREAMS, leftAlone);
  const before = await memoryAtRest(server, leftAlone);
  const atFirst = await server.counters();
  let sentBytes = 0;
  for (let sent = 0; sent < STREAMS; sent += 2_000) {
    const [bytes] = await Promise.all([throwAt(server.port, nextStream, 2_000, leftAlone), probe(server.port)]);
    sentBytes += bytes;
  }
  const after = await memoryAtRest(server, leftAlone);
  await probe(server.port);
  const { requests, connections, sessions, malformed, bytesReceived } = await server.counters();
  expect(server.pid()).toBe(pid);
  expect(after).toBeLessThan(before * 1.1);
  // The streams reached what they were made for: sound requests, refusals, sessions, locks, and requests without an end.
  const statuses = Object.values(requests);
  for (const status of [200, 400, 404, 423] as const) {
    expect(statuses.reduce((sum, counts) => sum + counts[status], 0)).toBeGreaterThan(3_000);
  }
  expect(bytesReceived - atFirst.bytesReceived).toBeGreaterThan(sentBytes * 0.9);
  expect(malformed).toBeGreaterThan(10_000);
  expect(sessions.total).toBeGreaterThan(1_000);
  expect(connections.late).toBeGreaterThan(10);
});
