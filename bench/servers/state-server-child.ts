// The state service in a process of its own, told what to do over IPC. It ends when its parent does, whatever way that ended.

import { assert } from "../../config/assert.ts";
import { listenStateServer, type StateServer } from "../providers/state-server/server.ts";
import type { StateServerCommand, StateServerReport, StateServerSample } from "./state-server-control.ts";

/** Collections for samples that can do with an older figure take at most this share of the time. */
const COLLECTING_SHARE_MAX = 1 / 200;

let server: StateServer | undefined;
let memoryBytes = 0;
let collectAgainAtMs = 0;

process.on("disconnect", () => process.exit(0));
process.on("message", (command: StateServerCommand) => void obey(command).catch(fail));

async function obey(command: StateServerCommand): Promise<void> {
  switch (command.kind) {
    case "start":
      server = await listenStateServer(command.settings);
      report({ kind: "ready", port: server.port });
      break;
    case "sample":
      report({ kind: "sampled", ticket: command.ticket, sample: takeSample(command.collect) });
      break;
    case "stop":
      await server?.stop(command.graceMs);
      process.exit(0);
  }
}

function takeSample(collect: "always" | "seldom"): StateServerSample {
  assert(server !== undefined, "a server is started before it is asked");
  const startedAtMs = performance.now();
  if (collect === "always" || startedAtMs >= collectAgainAtMs) {
    globalThis.gc?.();
    // Buffers are given back behind a collection, and counted out when the next one begins; a minor one takes a third of a millisecond.
    globalThis.gc?.({ type: "minor" });
    const { heapUsed, external } = process.memoryUsage();
    memoryBytes = heapUsed + external;
    const nowMs = performance.now();
    collectAgainAtMs = nowMs + (nowMs - startedAtMs) / COLLECTING_SHARE_MAX;
  }
  return { counters: server.counters(), live: server.live(), memoryBytes };
}

function report(message: StateServerReport, then: () => void = () => undefined): void {
  process.send?.(message, then);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
  report({ kind: "failed", code, message }, () => process.exit(1));
}
