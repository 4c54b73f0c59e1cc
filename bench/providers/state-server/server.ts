// The state service on its socket: who may connect, who has waited too long, what was counted, and how it ends.
// Sources: [MS-ASP] section 2.1; .NET reference source, StateRuntime.cs (counters of the state service).

import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { assert } from "../../../config/assert.ts";
import { type Clock, machineClock } from "../../clock.ts";
import { type Connection, type ReceivingBudget, type Service, serveConnection } from "./connection.ts";
import { createDecisionTable, type RequestCounts } from "./decision-table.ts";
import { createOutbox } from "./outbox.ts";
import { createSessionTable, type SessionCounts } from "./session-table.ts";

export const STATE_SERVER_PORT = 42_424;

export interface StateServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** What a minute of session timeout really lasts: 60,000 but in compressed runs. Lock ages are told in real seconds. */
  readonly minuteMs: number;
  /** What stored items may take; bodies on their way in may take a quarter more. */
  readonly memoryLimitBytes: number;
  /** A larger item is refused. */
  readonly itemMaxBytes: number;
  readonly headMaxBytes: number;
  /** A request, or an answer, that is not through by then ends its connection. Idle connections stay. */
  readonly requestTimeoutMs: number;
  /** null: as many as the system allows. Those beyond it are closed as soon as they connect. */
  readonly connectionsMax: number | null;
  readonly clock: Clock;
}

const stateServerDefaults: StateServerOptions = {
  port: STATE_SERVER_PORT,
  host: "127.0.0.1",
  minuteMs: 60_000,
  memoryLimitBytes: 512 * 1024 * 1024,
  itemMaxBytes: 64 * 1024 * 1024,
  headMaxBytes: 16_384,
  requestTimeoutMs: 30_000,
  connectionsMax: null,
  clock: machineClock,
};

export interface StateServerCounters {
  readonly sessions: SessionCounts;
  readonly requests: RequestCounts;
  readonly connections: {
    readonly open: number;
    readonly total: number;
    readonly dropped: number;
    readonly late: number;
  };
  /** Requests after which the connection was closed, for nobody could tell where the next one begins. */
  readonly malformed: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

export interface StateServer {
  readonly host: string;
  readonly port: number;
  counters(): StateServerCounters;
  /** Items whose time is not over. Walks through all. */
  live(): number;
  /** Takes no new connections, lets requests under way finish for at most `graceMs`, then closes. The sessions are gone. */
  stop(graceMs: number): Promise<void>;
}

const KEEP_ALIVE_AFTER_MS = 60_000;

/** @throws the system's error when it cannot listen there. */
export async function listenStateServer(changed: Partial<StateServerOptions>): Promise<StateServer> {
  const options = { ...stateServerDefaults, ...changed };
  const { clock, minuteMs, memoryLimitBytes, itemMaxBytes, headMaxBytes } = options;
  const table = createSessionTable({ minuteMs, memoryLimitBytes }, clock());
  const outbox = createOutbox();
  const unfinished = new Set<Connection>();
  let bytesReceived = 0;
  let malformed = 0;
  const service: Service = {
    table,
    decisions: createDecisionTable(table, outbox),
    outbox,
    clock,
    receiving: createBudget(Math.max(itemMaxBytes, memoryLimitBytes / 4)),
    headMaxBytes,
    itemMaxBytes,
    unfinished,
    countReceived: (bytes) => {
      bytesReceived += bytes;
    },
    countMalformed: () => {
      malformed++;
    },
  };
  const connections = new Set<Connection>();
  const count = { total: 0, dropped: 0, late: 0 };
  // A client that shuts its side down still gets its answers; one whose machine has vanished is noticed by the system's own probes.
  const sockets = { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS };
  const server = createServer(sockets, (socket) => {
    const connection = serveConnection(socket, service);
    connections.add(connection);
    count.total++;
    socket.once("close", () => connections.delete(connection));
  });
  server.on("drop", () => count.dropped++);
  if (options.connectionsMax !== null) server.maxConnections = options.connectionsMax;
  const port = await listen(server, options.port, options.host);
  // Once it listens, what fails is the acceptance of one client: it is that client's loss.
  server.on("error", () => count.dropped++);

  let sweepTimer: NodeJS.Timeout;
  const sweepEveryMs = minuteMs / 3;
  const sweepAtNextBoundary = () => {
    // The timer may fire a little early, so half a millisecond is added to be past the boundary.
    sweepTimer = setTimeout(
      () => {
        table.sweep(clock());
        sweepAtNextBoundary();
      },
      sweepEveryMs - (clock() % sweepEveryMs) + 0.5,
    );
  };
  sweepAtNextBoundary();
  const lateTimer = setInterval(
    () => {
      const nowMs = clock();
      for (const connection of unfinished) {
        if (nowMs - connection.unfinishedSinceMs < options.requestTimeoutMs) continue;
        count.late++;
        connection.destroy();
      }
    },
    Math.min(1_000, options.requestTimeoutMs / 4),
  );

  return {
    host: options.host,
    port,
    counters: () => ({
      sessions: table.counts(),
      requests: structuredClone(service.decisions.counts),
      connections: { open: connections.size, ...count },
      malformed,
      bytesReceived,
      bytesSent: outbox.bytesSent(),
    }),
    live: () => table.live(clock()),
    async stop(graceMs) {
      clearTimeout(sweepTimer);
      clearInterval(lateTimer);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.finish();
      const grace = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, graceMs);
      await closed;
      clearTimeout(grace);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  const listening = once(server, "listening");
  server.listen({ port, host, backlog: 4096 });
  await listening;
  const address = server.address();
  assert(address !== null && typeof address === "object", "a server on a port has an address with a port");
  return address.port;
}

function createBudget(limitBytes: number): ReceivingBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > limitBytes) return false;
      taken += bytes;
      return true;
    },
    giveBack(bytes) {
      taken -= bytes;
      assert(taken >= 0, "no more is given back than was taken");
    },
  };
}
