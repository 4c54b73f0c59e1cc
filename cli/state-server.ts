// sessionlab state-server: a state service for an ASP.NET farm, or for a bench, in the foreground until it is interrupted.

import { once } from "node:events";
import { isIP } from "node:net";
import { getHeapStatistics } from "node:v8";
import { Command } from "commander";
import {
  listenStateServer,
  STATE_SERVER_PORT,
  type StateServer,
  type StateServerCounters,
} from "../bench/providers/state-server/server.ts";
import { InputError } from "../config/problem.ts";
import { createInterrupt } from "./interrupt.ts";
import { wholeNumber } from "./options.ts";

interface StateServerCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly memoryLimit: number;
  readonly maxItem: number;
  readonly maxConnections?: number;
  readonly requestTimeout: number;
  readonly minuteMs: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly selftest?: boolean;
}

const MIB = 1024 * 1024;
const COUNTERS_EVERY_MS = 60_000;
const GRACE_MS = 5_000;
/** Of what the smallest sessions take, so much is JavaScript heap; the rest lies beside it. */
const HEAP_SHARE_MAX = 0.5;
/** The protocol's Content-Length ends here. */
const ITEM_MAX_MIB = 2_047;

export function stateServerCommand(): Command {
  return new Command("state-server")
    .description("run a state service that ASP.NET's StateServer mode can use in place of aspnet_state")
    .option("--port <n>", "TCP port; 0 takes a free one", wholeNumber("--port", 0, 65_535), STATE_SERVER_PORT)
    .option(
      "--host <address>",
      "address to listen on; beyond loopback, anybody who reaches it can read and write",
      "127.0.0.1",
    )
    .option("--memory-limit <MiB>", "what stored sessions may take", wholeNumber("--memory-limit", 1, 1_048_576), 512)
    .option("--max-item <MiB>", "larger sessions are refused", wholeNumber("--max-item", 1, ITEM_MAX_MIB), 64)
    .option("--max-connections <n>", "more are closed at once", wholeNumber("--max-connections", 1, 1_000_000))
    .option(
      "--request-timeout <s>",
      "a request or an answer not through by then ends its connection; idle connections stay",
      wholeNumber("--request-timeout", 1, 86_400),
      30,
    )
    .option(
      "--minute-ms <n>",
      "what a minute of session timeout lasts; less makes time-compressed runs",
      wholeNumber("--minute-ms", 1, 60_000),
      60_000,
    )
    .option("--json", "counters as JSON, one object a line, the last one on standard output")
    .option("--quiet", "no counters while it runs")
    .option(
      "--selftest",
      "serve nobody: measure the throughput of this service beside redis-server, both on free ports",
    )
    .addHelpText(
      "after",
      `
Speaks the protocol that Microsoft publishes as [MS-ASP]. Sessions are in memory: they end with this command.
Ctrl-C stops it: requests under way are answered, then the counters are printed. A second Ctrl-C ends it at once.
A session that does not fit under the limits is refused with 400, which ASP.NET reports as an error; those stored stay.

Exit codes: 0 stopped, 1 --selftest found less than 0.6 of Redis's throughput, 2 the input was wrong or the address cannot be listened on, 130 ended by a second Ctrl-C.

Examples:
  sessionlab state-server
  sessionlab state-server --port 0 --minute-ms 250 --json
  sessionlab state-server --selftest
  sessionlab state-server --host 10.0.0.5 --memory-limit 4096

In web.config:
  <sessionState mode="StateServer" stateConnectionString="tcpip=127.0.0.1:42424" timeout="20" />`,
    )
    .action(async (options: StateServerCommandOptions) => {
      if (options.selftest === true) {
        // Redis's driver is loaded only for this, not at the start of every command.
        const { selftest } = await import("./state-server-selftest.ts");
        process.exitCode = await selftest(options);
        return;
      }
      const interrupt = createInterrupt(() => undefined);
      const server = await listenOrExplain(options);
      announce(server, options);
      const timer = setInterval(() => {
        if (options.quiet !== true) process.stderr.write(`${counterLine(server.counters(), options.json === true)}\n`);
      }, COUNTERS_EVERY_MS);
      if (!interrupt.signal.aborted) await once(interrupt.signal, "abort");
      clearInterval(timer);
      const counters = () => counterLine(server.counters(), options.json === true);
      await server.stop(GRACE_MS);
      process.stdout.write(`${counters()}\n`);
      interrupt.release();
    });
}

/** @throws InputError where the system does not let us listen. */
async function listenOrExplain(options: StateServerCommandOptions): Promise<StateServer> {
  try {
    return await listenStateServer({
      port: options.port,
      host: options.host,
      minuteMs: options.minuteMs,
      memoryLimitBytes: options.memoryLimit * MIB,
      itemMaxBytes: options.maxItem * MIB,
      requestTimeoutMs: options.requestTimeout * 1_000,
      connectionsMax: options.maxConnections ?? null,
    });
  } catch (error) {
    const problem = listenProblem(error, options);
    if (problem === undefined) throw error;
    throw new InputError("Cannot listen", [problem]);
  }
}

function listenProblem(error: unknown, { port, host }: StateServerCommandOptions) {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return {
        at: "--port",
        given: `${port}, and another program listens there on ${host}`,
        expected: "a free port",
        mend: "stop the other program, or give another port",
      };
    case "EACCES":
      return {
        at: "--port",
        given: `${port}, and the system does not allow it`,
        expected: "a port that this user may listen on",
        mend: "take one above 1023",
      };
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return {
        at: "--host",
        given: `"${host}", and no network interface here has that address`,
        expected: "an address or name of this machine",
        mend: "leave it out to listen on 127.0.0.1",
      };
    default:
      return undefined;
  }
}

function announce({ host, port }: StateServer, options: StateServerCommandOptions): void {
  const address = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const connection = `tcpip=${isWildcard(host) ? `<this machine>:${port}` : address}`;
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ listening: address, stateConnectionString: connection })}\n`);
  else process.stdout.write(`Listening on ${address}; Ctrl-C stops it.\nstateConnectionString="${connection}"\n`);
  if (!isLoopback(host)) {
    process.stderr.write(
      `Warning: ${host} can be reached from other machines, and the protocol knows no password: whoever connects reads and writes every session. Let a firewall admit the web servers alone.\n`,
    );
  }
  if (options.memoryLimit * MIB * HEAP_SHARE_MAX > getHeapStatistics().heap_size_limit) {
    process.stderr.write(
      `Warning: many small sessions could fill the JavaScript heap before --memory-limit ${options.memoryLimit} is reached; set NODE_OPTIONS=--max-old-space-size=${Math.ceil(options.memoryLimit * HEAP_SHARE_MAX)}.\n`,
    );
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function counterLine(counters: StateServerCounters, json: boolean): string {
  if (json) return JSON.stringify(counters);
  const { sessions, requests, connections, malformed } = counters;
  const byStatus = (status: 200 | 400 | 404 | 423) =>
    Object.values(requests).reduce((sum, statuses) => sum + statuses[status], 0);
  return [
    `sessions: ${sessions.active} active, ${sessions.abandoned} abandoned, ${sessions.timedOut} timed out, ${sessions.total} total, ${(sessions.bytes / MIB).toFixed(1)} MiB`,
    `answers: ${byStatus(200)} ok, ${byStatus(404)} not found, ${byStatus(423)} locked, ${byStatus(400)} refused (${malformed} malformed)`,
    `connections: ${connections.open} open, ${connections.total} total, ${connections.late} too slow, ${connections.dropped} dropped`,
  ].join("; ");
}
