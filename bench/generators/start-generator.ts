// The runner's side of a generator process: start it, tell it, ask it, and notice when it dies of itself.

import type { VisitCounts } from "../drivers/journeys/journey-record.ts";
import { forkScript, orKill, tell } from "../fork-script.ts";
import type { GeneratorCommand, GeneratorReport } from "./generator-control.ts";

type Finished = Extract<GeneratorReport, { kind: "finished" }>;

export interface GeneratorHandle {
  readonly pid: number;
  tellPort(port: number | null): Promise<void>;
  tell(command: Extract<GeneratorCommand, { kind: "begin" | "run" | "end" }>): void;
  /** null before it has begun, and when it is dead. */
  count(): Promise<VisitCounts | null>;
  /** The process is gone when this resolves. `died`: how it ended, if before it could tell. */
  finish(graceMs: number): Promise<Finished | { readonly kind: "died"; readonly how: string }>;
  /** Resolves when the last of its visits is over; not when it dies. */
  readonly over: Promise<void>;
  /** Resolves when it ends without having been asked to. */
  readonly died: Promise<void>;
  /** At once, whatever it is doing. */
  kill(): void;
}

/** A generator that does not come up or answer within this, or go down within this after its grace, is killed. */
const PATIENCE_MS = 10_000;

/** @returns when it can be told where the site is. */
export async function startGenerator(setup: Extract<GeneratorCommand, { kind: "start" }>): Promise<GeneratorHandle> {
  const child = forkScript(import.meta.url, "generator-process", { serialization: "advanced" });
  let failure: string | null = null;
  let endExpected = false;
  let tickets = 0;
  const asked = new Map<number, (counts: VisitCounts | null) => void>();
  const ready = Promise.withResolvers<boolean>();
  const over = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<Finished | null>();
  const ended = Promise.withResolvers<string>();
  const died = Promise.withResolvers<void>();

  function hear(report: GeneratorReport): void {
    switch (report.kind) {
      case "ready":
        ready.resolve(true);
        break;
      case "heard":
        asked.get(report.ticket)?.(report.counts);
        asked.delete(report.ticket);
        break;
      case "over":
        over.resolve();
        break;
      case "finished":
        finished.resolve(report);
        // It ends when it hears nothing more from us: not before we have heard all of it.
        if (child.connected) child.disconnect();
        break;
      case "failed":
        failure = report.message;
    }
  }

  function end(how: string): void {
    if (!endExpected) died.resolve();
    ended.resolve(how);
    ready.resolve(false);
    finished.resolve(null);
    for (const answer of asked.values()) answer(null);
    asked.clear();
  }

  const send = (command: GeneratorCommand) => tell(child, command);

  /** Whoever asks a dead one has null for an answer. */
  function ask(command: (ticket: number) => GeneratorCommand): Promise<VisitCounts | null> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(null);
    const ticket = tickets++;
    const answer = new Promise<VisitCounts | null>((resolve) => asked.set(ticket, resolve));
    send(command(ticket));
    return heard(answer, PATIENCE_MS);
  }

  function heard<T>(answer: Promise<T>, patienceMs: number): Promise<T> {
    return orKill(child, answer, patienceMs, () => {
      failure ??= `it was silent for ${patienceMs / 1000} s`;
    });
  }

  child.on("message", hear);
  child.once("error", (error) => end(error.message));
  child.once("exit", (code, signal) => end(failure ?? `exit code ${code ?? "none"}, signal ${signal ?? "none"}`));
  send(setup);
  if (!(await heard(ready.promise, PATIENCE_MS))) {
    throw new Error(`a generator process did not start: ${await ended.promise}`);
  }
  return {
    pid: child.pid ?? 0,
    over: over.promise,
    died: died.promise,
    tell: send,
    async tellPort(port) {
      await ask((ticket) => ({ kind: "port", ticket, port }));
    },
    count: () => ask((ticket) => ({ kind: "count", ticket })),
    async finish(graceMs) {
      endExpected = true;
      send({ kind: "finish", graceMs });
      const last = await heard(finished.promise, graceMs + PATIENCE_MS);
      const how = await heard(ended.promise, PATIENCE_MS);
      return last ?? { kind: "died", how };
    },
    kill() {
      endExpected = true;
      child.kill("SIGKILL");
    },
  };
}
