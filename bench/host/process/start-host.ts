// The runner's side of a host process: start it, ask it, stop it, and notice when it dies of itself.

import type { ChildProcess } from "node:child_process";
import { forkScript, orKill, tell } from "../../fork-script.ts";
import { siteProcessors } from "../../site-processors.ts";
import type { HostSettings } from "../host-settings.ts";
import type { HostCommand, HostReport, HostSample } from "./host-control.ts";

export interface HostHandle {
  readonly port: number;
  readonly pid: number;
  begin(startsAtMs: number): void;
  /** null when the host is dead or dies before it answers. */
  sample(collect: boolean): Promise<HostSample | null>;
  /** Lets requests under way finish, for at most `graceMs`; the process is gone when this resolves, with its last state. */
  stop(graceMs: number): Promise<HostSample | null>;
  /** At once, whatever it is doing. */
  kill(): void;
  /** Resolves with what became of it when the process ends without having been asked to. */
  readonly died: Promise<string>;
  /** Resolves with what became of it when the process ends in any way. */
  readonly ended: Promise<string>;
}

/** A host that does not come up or go down within this is killed. */
const PATIENCE_MS = 10_000;

/** @returns when the host listens. */
export async function startHost(settings: HostSettings): Promise<HostHandle> {
  const child = forkScript(import.meta.url, "host-process", { collects: true, processors: siteProcessors() });
  const line = createLine(child);
  line.send({ kind: "start", settings });
  const ready = await orKill(child, line.next("ready"), PATIENCE_MS);
  if (ready === null) throw new Error(`the host process did not start: ${await line.ended}`);
  let tickets = 0;
  return {
    port: ready.port,
    pid: child.pid ?? 0,
    died: line.died,
    ended: line.ended,
    begin: (startsAtMs) => line.send({ kind: "begin", startsAtMs }),
    async sample(collect) {
      const ticket = tickets++;
      line.send({ kind: "sample", ticket, collect });
      const answer = await line.next("sampled", (message) => message.ticket === ticket);
      return answer?.sample ?? null;
    },
    async stop(graceMs) {
      line.expectEnd();
      line.send({ kind: "stop", graceMs });
      const last = await orKill(child, line.next("stopped"), graceMs + PATIENCE_MS);
      await orKill(child, line.ended, PATIENCE_MS);
      return last?.sample ?? null;
    },
    kill() {
      line.expectEnd();
      child.kill("SIGKILL");
    },
  };
}

type Report<K extends HostReport["kind"]> = Extract<HostReport, { kind: K }>;

/** The conversation with one child: whoever waits for an answer hears it, or hears that the child has ended. */
function createLine(child: ChildProcess) {
  const listeners = new Set<{ hear(message: HostReport): void; giveUp(): void }>();
  let endExpected = false;
  let hasEnded = false;
  let failure: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(failure ?? `exit code ${code ?? "none"}, signal ${signal ?? "none"}`));
  });
  const died = new Promise<string>((resolve) => {
    ended.then((how) => {
      hasEnded = true;
      for (const listener of listeners) listener.giveUp();
      if (!endExpected) resolve(how);
    });
  });
  child.on("message", (message: HostReport) => {
    if (message.kind === "failed") failure = message.message;
    for (const listener of listeners) listener.hear(message);
  });

  return {
    ended,
    died,
    expectEnd() {
      endExpected = true;
    },
    send: (command: HostCommand) => tell(child, command),
    /** The next message of this kind that `fits`; null when the child ends first. */
    next<K extends HostReport["kind"]>(kind: K, fits: (message: Report<K>) => boolean = () => true) {
      return new Promise<Report<K> | null>((resolve) => {
        if (hasEnded) {
          resolve(null);
          return;
        }
        const listener = {
          hear(message: HostReport) {
            if (message.kind !== kind || !fits(message as Report<K>)) return;
            listeners.delete(listener);
            resolve(message as Report<K>);
          },
          giveUp: () => resolve(null),
        };
        listeners.add(listener);
      });
    },
  };
}
