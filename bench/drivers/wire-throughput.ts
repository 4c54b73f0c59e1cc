// How many operations a second the state service does beside redis-server, driven by the same clients in turns: so many connections,
// one request after the other on each, a write and then a read of the same bytes. The clients are made to cost as little as they can:
// every request is made beforehand, and of an answer only its kind and its length are looked at. What is compared is the ratio, for
// clients and server share the machine, and rounds alternate so that whatever else runs there meets both.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { medianOf } from "../../metrics/confidence.ts";
import { startRedis } from "../servers/redis-server.ts";
import { startStateServer } from "../servers/state-server-process.ts";

export interface WireThroughputOptions {
  readonly clients: number;
  readonly bodyBytes: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface WireThroughput {
  readonly options: WireThroughputOptions;
  readonly redis: EngineThroughput;
  readonly stateServer: EngineThroughput;
  /** State service over Redis, of each round. */
  readonly ratios: readonly number[];
  readonly ratioMedian: number;
}

export interface EngineThroughput {
  readonly engine: string;
  /** Of each round. */
  readonly opsPerSecond: readonly number[];
  readonly opsPerSecondMedian: number;
}

export const wireThroughputDefaults: WireThroughputOptions = {
  clients: 16,
  bodyBytes: 1_024,
  rounds: 15,
  roundMs: 500,
};

/** How one engine is spoken to. */
interface Wire {
  readonly port: number;
  write(client: number): Buffer;
  read(client: number): Buffer;
  /** Whether the answer that begins so is another than the one hoped for. */
  refuses(start: Buffer): boolean;
  /** @returns how long the answer is that begins so; 0 when more must come before one can tell. Asked once a kind of request. */
  answerBytes(start: Buffer): number;
}

const WARM_UP_MS = 1_000;
const DOLLAR = 36;
const PLUS = 43;
const DIGIT_TWO = 50;

/**
 * Starts both servers, measures in turns, and stops them.
 * @throws InputError when redis-server is not installed.
 */
export async function measureWireThroughput(
  options: WireThroughputOptions,
  tell: (share: number) => void,
): Promise<WireThroughput> {
  const redis = await startRedis({ password: "" });
  try {
    const stateServer = await startStateServer({ minuteMs: 60_000 });
    try {
      const body = Buffer.alloc(options.bodyBytes, "s");
      const redisRun = await startRun(redisWire(redis.port, body), options.clients);
      const stateRun = await startRun(stateWire(stateServer.port, body), options.clients);
      for (const run of [redisRun, stateRun]) await run.opsPerSecond(WARM_UP_MS);
      const redisOps: number[] = [];
      const stateOps: number[] = [];
      for (let round = 0; round < options.rounds; round++) {
        const turns = [
          async () => redisOps.push(await redisRun.opsPerSecond(options.roundMs)),
          async () => stateOps.push(await stateRun.opsPerSecond(options.roundMs)),
        ];
        for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
        tell((round + 1) / options.rounds);
      }
      redisRun.close();
      stateRun.close();
      const ratios = stateOps.map((ops, round) => ops / redisOps[round]);
      return {
        options,
        redis: { engine: redis.engine, opsPerSecond: redisOps, opsPerSecondMedian: medianOf(redisOps) },
        stateServer: { engine: stateServer.engine, opsPerSecond: stateOps, opsPerSecondMedian: medianOf(stateOps) },
        ratios,
        ratioMedian: medianOf(ratios),
      };
    } finally {
      await stateServer.stop();
    }
  } finally {
    await redis.stop();
  }
}

/** Connections that rest between rounds. */
async function startRun(wire: Wire, clients: number) {
  let ops = 0;
  let running = false;
  let failure: Error | undefined;
  const sockets: Socket[] = [];
  const starts: (() => void)[] = [];
  for (let client = 0; client < clients; client++) {
    const requests = [wire.write(client), wire.read(client)];
    const expected = [0, 0];
    const buffer = Buffer.allocUnsafeSlow(65_536);
    let phase = 0;
    let got = 0;
    const heard = (bytes: number): boolean => {
      if (got === 0 && wire.refuses(buffer)) {
        failure = new Error(`refused: ${buffer.toString("latin1", 0, Math.min(bytes, 200))}`);
      }
      if (expected[phase] === 0) expected[phase] = wire.answerBytes(buffer.subarray(0, bytes));
      got += bytes;
      if (got < expected[phase] || failure !== undefined) return true;
      if (got > expected[phase]) failure = new Error("an answer is longer than it says");
      got = 0;
      phase = 1 - phase;
      ops++;
      if (running) socket.write(requests[phase]);
      return true;
    };
    const socket: Socket = connect({
      host: "127.0.0.1",
      port: wire.port,
      noDelay: true,
      onread: { buffer, callback: heard },
    });
    socket.on("close", () => {
      if (running) failure = new Error("the server closed a connection");
    });
    await once(socket, "connect");
    sockets.push(socket);
    starts.push(() => socket.write(requests[phase]));
  }
  return {
    async opsPerSecond(durationMs: number): Promise<number> {
      ops = 0;
      running = true;
      const startedAtMs = performance.now();
      for (const start of starts) start();
      await delay(durationMs);
      const rate = (ops * 1_000) / (performance.now() - startedAtMs);
      running = false;
      // What is under way comes in before the other engine's turn.
      await delay(20);
      if (failure !== undefined) throw failure;
      return rate;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function sessionId(client: number): string {
  return `4m4irghotazmxblpyakfa${String(client).padStart(3, "0")}`;
}

function stateWire(port: number, body: Buffer): Wire {
  const target = (client: number) =>
    `/%2fLM%2fW3SVC%2f1%2fROOT%2fapp(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE%3d)%2f${sessionId(client)}`;
  return {
    port,
    write(client) {
      const head = `PUT ${target(client)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTimeout: 20\r\nContent-Length: ${body.length}\r\n\r\n`;
      return Buffer.concat([Buffer.from(head), body]);
    },
    read: (client) => Buffer.from(`GET ${target(client)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`),
    refuses: (start) => start[9] !== DIGIT_TWO,
    answerBytes(start) {
      const headEnd = start.indexOf("\r\n\r\n");
      if (headEnd < 0) return 0;
      return headEnd + 4 + Number(/Content-Length: (\d+)/.exec(start.toString("latin1", 0, headEnd))?.[1]);
    },
  };
}

function redisWire(port: number, body: Buffer): Wire {
  const key = (client: number) =>
    `/LM/W3SVC/1/ROOT/app(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE=)/${sessionId(client)}`;
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  return {
    port,
    write(client) {
      const head = `*3\r\n${bulk("SET")}${bulk(key(client))}$${body.length}\r\n`;
      return Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n")]);
    },
    read: (client) => Buffer.from(`*2\r\n${bulk("GET")}${bulk(key(client))}`),
    refuses: (start) => start[0] !== PLUS && start[0] !== DOLLAR,
    answerBytes(start) {
      if (start[0] === PLUS) return "+OK\r\n".length;
      const lineEnd = start.indexOf("\r\n");
      return lineEnd < 0 ? 0 : lineEnd + 2 + Number(start.toString("latin1", 1, lineEnd)) + 2;
    },
  };
}
