// A process whose memory is weighed: it keeps sessions in a store of its own, the very code a worker of the bench runs, and nothing
// else happens in it. It ends when its parent does, whatever way that ended.

import { assert } from "../../../config/assert.ts";
import { InputError } from "../../../config/problem.ts";
import { machineClock } from "../../clock.ts";
import { createInProcStore } from "../../providers/in-proc.ts";
import type { SessionStore } from "../../providers/session-store.ts";
import { StoreError } from "../../providers/store-error.ts";
import { createFilling } from "./filling.ts";
import type { VaultCommand, VaultReading, VaultReport, VaultSettings } from "./vault-control.ts";

interface Vault {
  readonly engine: string | null;
  readonly add: ReturnType<typeof createFilling>;
  stored(): Promise<number | null>;
  removeExpired(): Promise<void>;
  close(): Promise<void>;
}

const COLLECTIONS_MAX = 6;
const SETTLED_BYTES = 1_024;

let vault: Vault | undefined;
/** Commands are obeyed one after another. */
let work = Promise.resolve();

process.on("disconnect", () => process.exit(0));
process.on("message", (command: VaultCommand) => {
  work = work.then(() => obey(command)).then(report, fail);
});

async function obey(command: VaultCommand): Promise<VaultReport> {
  if (command.kind === "open") {
    vault = await openVault(command.settings);
    return { kind: "opened", engine: vault.engine };
  }
  assert(vault !== undefined, "a vault is opened first");
  switch (command.kind) {
    case "add":
      await vault.add(command.stateBytes, command.timeoutMs);
      break;
    case "read":
      return { kind: "read", reading: await takeReading(vault) };
    case "removeExpired":
      await vault.removeExpired();
      break;
    case "close":
      await vault.close();
  }
  return { kind: "done" };
}

async function openVault({ store: settings, technology, expirySlideMinMs }: VaultSettings): Promise<Vault> {
  if (settings.provider === "in-proc") {
    const events = { started: () => undefined, ended: () => undefined };
    const store = createInProcStore({ clock: machineClock, expirySlideMinMs, events });
    return {
      engine: null,
      add: createFilling(store, technology),
      stored: async () => store.stored(),
      removeExpired: async () => store.sweep(),
      close: async () => undefined,
    };
  }
  const { openSessionStore } = await import("../../providers/open-session-store.ts");
  const { store, engine, deleteExpired, close } = await openSessionStore(settings);
  return {
    engine,
    add: createFilling(store),
    stored: () => storedIn(store),
    removeExpired: async () => void (await deleteExpired?.()),
    close,
  };
}

async function storedIn(store: SessionStore): Promise<number | null> {
  const census = await store.census?.();
  return census?.stored ?? null;
}

async function takeReading(vault: Vault): Promise<VaultReading> {
  const stored = await vault.stored();
  const heapBytes = collected();
  return { stored, heapBytes, rssBytes: process.memoryUsage.rss() };
}

/** What one collection finds weakly held the next one takes, and buffers are given back behind it: until nothing more is. */
function collected(): number {
  let bytes = Number.POSITIVE_INFINITY;
  for (let collections = 0; collections < COLLECTIONS_MAX; collections++) {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    if (collections > 0 && heapUsed + external >= bytes - SETTLED_BYTES) return heapUsed + external;
    bytes = heapUsed + external;
  }
  return bytes;
}

function report(message: VaultReport): void {
  process.send?.(message, () => undefined);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const storeKind = error instanceof StoreError ? error.kind : null;
  report({ kind: "failed", message, storeKind, problems: error instanceof InputError ? error.problems : [] });
}
