// Our side of the process whose clock is wrong (skewed-client.ts): started for one rule, killed when the rule ends.

import { forkScript } from "../fork-script.ts";
import type { StoreSettings } from "../providers/store-settings.ts";
import { Broken, NotJudged } from "./rule-errors.ts";
import type { SkewedCall, SkewedCommand, SkewedGet, SkewedReport } from "./skewed-client.ts";

export interface SkewedClient {
  /** @returns what a get told; null for the other calls. @throws Broken with what the store said. */
  call(call: SkewedCall): Promise<SkewedGet | null>;
  stop(): void;
}

/** @throws NotJudged when the other process cannot open the store. */
export async function startSkewedClient(settings: StoreSettings): Promise<SkewedClient> {
  const child = forkScript(import.meta.url, "skewed-client", { args: ["serve"], silent: true });
  const stop = () => child.kill("SIGKILL");
  const waiting = new Map<number | null, PromiseWithResolvers<SkewedGet | null>>();
  child.on("message", (report: SkewedReport) => {
    const ticket = report.kind === "opened" ? null : report.ticket;
    const asked = waiting.get(ticket);
    waiting.delete(ticket);
    if (report.kind === "failed")
      asked?.reject(new Broken(`a web server of another clock was told: ${report.message}`));
    else asked?.resolve(report.kind === "answered" ? report.get : null);
  });
  child.once("exit", () => {
    for (const asked of waiting.values()) asked.reject(new NotJudged("the process with another clock ended"));
  });
  const send = (command: SkewedCommand) => {
    const asked = Promise.withResolvers<SkewedGet | null>();
    waiting.set(command.kind === "call" ? command.ticket : null, asked);
    if (child.connected) child.send(command);
    else asked.reject(new NotJudged("the process with another clock ended"));
    return asked.promise;
  };
  try {
    await send({ kind: "open", settings });
  } catch (error) {
    stop();
    throw new NotJudged(`no second process could open the store (${error instanceof Error ? error.message : error})`);
  }
  let ticket = 0;
  return { call: (call) => send({ kind: "call", ticket: ticket++, call }), stop };
}
