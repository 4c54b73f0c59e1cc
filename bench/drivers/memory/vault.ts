// A store that keeps its sessions in the process that uses it (InProc, MemoryStore of express-session, a provider of the user's own),
// in a process of its own whose heap and resident set are read.

import type { ChildProcess } from "node:child_process";
import { assert } from "../../../config/assert.ts";
import { InputError } from "../../../config/problem.ts";
import { forkScript } from "../../fork-script.ts";
import { storeErrorAsInput } from "../../providers/open-session-store.ts";
import { StoreError } from "../../providers/store-error.ts";
import type { MemorySubject } from "./memory-subject.ts";
import { rehearse } from "./rehearse.ts";
import { HEAP, RESIDENT_SET } from "./resident-set.ts";
import type { VaultCommand, VaultReport, VaultSettings } from "./vault-control.ts";

/** After so many the heap of a store that keeps nothing grew hardly more. */
const REHEARSALS = 16;

type Ask = (command: VaultCommand) => Promise<VaultReport>;

/**
 * @returns a store without sessions.
 * @throws InputError when it cannot be opened.
 */
export async function openVault(settings: VaultSettings): Promise<MemorySubject> {
  const child = forkScript(import.meta.url, "vault-child", { collects: true });
  const ask = createQuestions(child);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  async function end(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
  }
  try {
    const opened = await ask({ kind: "open", settings });
    assert(opened.kind === "opened", "a vault that opens says so");
    const subject: MemorySubject = {
      engine: opened.engine,
      measures: [HEAP, RESIDENT_SET],
      othersStored: 0,
      async add(stateBytes, timeoutMs) {
        await ask({ kind: "add", stateBytes, timeoutMs });
      },
      async read() {
        const answer = await ask({ kind: "read" });
        assert(answer.kind === "read", "a vault that is read answers with a reading");
        const { stored, heapBytes, rssBytes } = answer.reading;
        return { stored, bytes: [heapBytes, rssBytes] };
      },
      async removeExpired() {
        await ask({ kind: "removeExpired" });
      },
      async close() {
        await ask({ kind: "close" }).catch(() => undefined);
        await end();
      },
    };
    await rehearse(subject, settings.store.options.minuteMs, REHEARSALS);
    return subject;
  } catch (error) {
    await end();
    throw error instanceof StoreError ? storeErrorAsInput(error, settings.store) : error;
  }
}

/** Answers come in the order of the questions; a process that ends answers all that are open. */
function createQuestions(child: ChildProcess): Ask {
  const waiting: ((report: VaultReport) => void)[] = [];
  let end: VaultReport | null = null;
  child.on("message", (report: VaultReport) => waiting.shift()?.(report));
  const giveUp = (how: string) => {
    end = {
      kind: "failed",
      message: `the process that keeps the sessions ended: ${how}`,
      storeKind: null,
      problems: [],
    };
    for (const answer of waiting.splice(0)) answer(end);
  };
  child.once("exit", (code, signal) => giveUp(signal ?? `exit code ${code}`));
  child.once("error", (error) => giveUp(error.message));
  return async (command) => {
    const report = await new Promise<VaultReport>((resolve) => {
      if (end !== null) {
        resolve(end);
        return;
      }
      waiting.push(resolve);
      child.send(command, () => undefined);
    });
    if (report.kind !== "failed") return report;
    if (report.problems.length > 0) throw new InputError("Cannot open the store", report.problems);
    throw new StoreError(report.storeKind ?? "unreachable", report.message);
  };
}
