// A web server whose clock is wrong, for the rules on clocks: a process of its own in which Date and performance.timeOrigin are an hour ahead, and which
// opens the store and does what it is told. The clock is bent before any provider is loaded, so none can have kept the right one.

import type { GetResult, LockId } from "../providers/session-store.ts";
import type { StoreSettings } from "../providers/store-settings.ts";

const SKEW_MS = 3_600_000;

/** A call, in a form that crosses between processes. Times in real milliseconds. */
export type SkewedCall =
  | { readonly operation: "put"; readonly id: string; readonly timeoutMs: number }
  | { readonly operation: "get" | "getExclusive"; readonly id: string }
  | { readonly operation: "release"; readonly id: string; readonly lockId: LockId }
  | { readonly operation: "deleteExpired" };

export type SkewedCommand =
  | { readonly kind: "open"; readonly settings: StoreSettings }
  | { readonly kind: "call"; readonly ticket: number; readonly call: SkewedCall };

/** What a get tells, without the state. */
export type SkewedGet = Pick<GetResult, "locked" | "lockAgeMs" | "lockId"> & { readonly found: boolean };

export type SkewedReport =
  | { readonly kind: "opened" }
  | { readonly kind: "answered"; readonly ticket: number; readonly get: SkewedGet | null }
  | { readonly kind: "failed"; readonly ticket: number | null; readonly message: string };

if (process.argv[2] === "serve" && process.send !== undefined) serve((report) => process.send?.(report));

function serve(tell: (report: SkewedReport) => void): void {
  const RightDate = Date;
  globalThis.Date = class extends RightDate {
    constructor(...parts: ConstructorParameters<typeof RightDate> | []) {
      super(...((parts.length === 0 ? [RightDate.now() + SKEW_MS] : parts) as [number]));
    }
    static override now(): number {
      return RightDate.now() + SKEW_MS;
    }
  } as DateConstructor;
  Object.defineProperty(performance, "timeOrigin", { value: performance.timeOrigin + SKEW_MS });

  const opening = Promise.withResolvers<Opened>();
  opening.promise.catch(() => undefined);
  process.on("disconnect", () => process.exit());
  process.on("message", async (command: SkewedCommand) => {
    const ticket = command.kind === "call" ? command.ticket : null;
    try {
      if (command.kind === "open") {
        const { openSessionStore } = await import("../providers/open-session-store.ts");
        opening.resolve(await openSessionStore(command.settings));
        tell({ kind: "opened" });
      } else {
        tell({ kind: "answered", ticket: command.ticket, get: await answer(await opening.promise, command.call) });
      }
    } catch (error) {
      tell({ kind: "failed", ticket, message: error instanceof Error ? error.message : String(error) });
    }
  });
}

type Opened = Awaited<ReturnType<typeof import("../providers/open-session-store.ts").openSessionStore>>;

async function answer({ store, deleteExpired }: Opened, call: SkewedCall): Promise<SkewedGet | null> {
  switch (call.operation) {
    case "put": {
      const { SessionItems } = await import("../providers/session-items.ts");
      const item = { items: new SessionItems().set("n", 1), timeoutMs: call.timeoutMs };
      await store.setAndReleaseItemExclusive(call.id, item, null, true);
      return null;
    }
    case "get":
    case "getExclusive": {
      const get = call.operation === "get" ? store.getItem(call.id) : store.getItemExclusive(call.id);
      const { item, locked, lockAgeMs, lockId } = await get;
      return { found: item !== null, locked, lockAgeMs, lockId };
    }
    case "release":
      await store.releaseItemExclusive(call.id, call.lockId);
      return null;
    case "deleteExpired":
      await deleteExpired?.();
      return null;
  }
}
