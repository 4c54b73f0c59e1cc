// The life of some sessions through every call of a provider, one call after another over all of them, so that each call meets the
// state it needs: a session to get, a lock to release, an owner to write or remove. What is only needed to come to such a state is
// not measured. In the end the store holds none of them any more.

import { assert } from "../../../config/assert.ts";
import type { StoreOperation } from "../../../config/scenario.ts";
import { changeItems, SessionItems } from "../../providers/session-items.ts";
import type { Awaitable, GetResult, LockId, NewId, SessionItem, SessionStore } from "../../providers/session-store.ts";
import { StoreError } from "../../providers/store-error.ts";

/** Calls `call` once for each of 0 … calls − 1, in order and one after another, and takes its measure. */
export type Gauge = (
  operation: StoreOperation,
  calls: number,
  call: (index: number) => Awaitable<unknown>,
) => Promise<void>;

export interface TurnParts {
  readonly store: SessionStore;
  /** Not in the store; as many as sessions are wanted. */
  readonly ids: readonly string[];
  readonly stateBytes: number;
  readonly timeoutMs: number | null;
  /** Calls to be measured; left out, all that the store has. */
  readonly operations?: readonly StoreOperation[];
  /** How often calls that leave a session as it is go round all of them; left out, once. */
  readonly passes?: number;
  readonly gauge: Gauge;
  /** Called when something was prepared: its garbage is not to be collected at the expense of the calls that follow. */
  readonly settle: () => void;
}

/** Sessions that are brought to their next state at one time. */
const PREPARED_AT_ONCE = 8;

/** What a provider has no use for: calls that only take and give up locks where it has none, and sessions that it does not keep. */
export function operationsOf({ capabilities }: SessionStore): readonly StoreOperation[] {
  const { exclusiveLocks, heldByClient } = capabilities;
  return [
    ...(heldByClient ? [] : (["createUninitializedItem"] as const)),
    "getItem",
    "resetItemTimeout",
    ...(exclusiveLocks ? (["getItemExclusive", "releaseItemExclusive"] as const) : []),
    "setAndReleaseItemExclusive",
    ...(heldByClient ? [] : (["removeItem"] as const)),
  ];
}

/** @throws StoreError when the store fails, or does not keep what it was given. */
export async function takeTurn(parts: TurnParts): Promise<void> {
  const { store, ids, stateBytes, timeoutMs, passes = 1, gauge, settle } = parts;
  const possible = operationsOf(store);
  const wanted = parts.operations ?? possible;
  const measures = (operation: StoreOperation) => possible.includes(operation) && wanted.includes(operation);
  const keeps = !store.capabilities.heldByClient;
  const calls = ids.length;
  const current = [...ids];
  const items: SessionItem[] = new Array(calls);
  const locks: (LockId | null)[] = new Array(calls).fill(null);
  const renamed = (index: number, id: NewId) => {
    if (id !== undefined) current[index] = id;
  };
  const take = (index: number, got: GetResult) => {
    items[index] = itemOf(got);
    locks[index] = got.lockId;
  };
  const release = (index: number) =>
    then(store.releaseItemExclusive(current[index], lockOf(locks[index])), (id) => renamed(index, id));
  const remove = (index: number) =>
    then(store.removeItem(current[index], locks[index]), (removed) => {
      if (!removed) throw new StoreError("state", "the store did not remove a session that was there");
    });
  const measure = async (operation: StoreOperation, call: (index: number) => Awaitable<unknown>) => {
    if (measures(operation)) await gauge(operation, calls, call);
  };
  const measureAround = async (operation: StoreOperation, call: (index: number) => Awaitable<unknown>) => {
    if (measures(operation)) await gauge(operation, calls * passes, (index) => call(index % calls));
  };
  const takeAll = () => forEach(calls, async (index) => take(index, await store.getItemExclusive(current[index])));

  await measure("createUninitializedItem", (index) => store.createUninitializedItem(current[index], timeoutMs));
  await forEach(calls, async (index) => {
    const id = current[index];
    if (keeps && !measures("createUninitializedItem")) await store.createUninitializedItem(id, timeoutMs);
    if (keeps) take(index, await store.getItemExclusive(id));
    else items[index] = { items: new SessionItems(), timeoutMs };
    changeItems(items[index].items, stateBytes);
    renamed(index, await store.setAndReleaseItemExclusive(id, items[index], locks[index], !keeps));
  });
  settle();
  await measureAround("getItem", (index) => then(store.getItem(current[index]), itemOf));
  await measureAround("resetItemTimeout", (index) =>
    then(store.resetItemTimeout(current[index]), (id) => renamed(index, id)),
  );
  const [getsLock, givesLock] = [measures("getItemExclusive"), measures("releaseItemExclusive")];
  await measure("getItemExclusive", (index) => then(store.getItemExclusive(current[index]), (got) => take(index, got)));
  if (givesLock && !getsLock) await takeAll();
  await measure("releaseItemExclusive", release);
  if (getsLock && !givesLock) await forEach(calls, async (index) => void (await release(index)));
  await takeAll();
  if (measures("setAndReleaseItemExclusive")) {
    for (const { items: mine } of items) changeItems(mine, stateBytes);
    settle();
    await gauge("setAndReleaseItemExclusive", calls, (index) =>
      then(store.setAndReleaseItemExclusive(current[index], items[index], locks[index], false), (id) =>
        renamed(index, id),
      ),
    );
    if (keeps) await takeAll();
  }
  if (!keeps) return;
  if (measures("removeItem")) {
    settle();
    await gauge("removeItem", calls, remove);
  } else {
    await forEach(calls, async (index) => void (await remove(index)));
  }
}

function itemOf({ item, locked }: GetResult): SessionItem {
  if (item !== null) return item;
  throw new StoreError("state", locked ? "a session that nobody holds is locked" : "a session is not there any more");
}

function lockOf(lock: LockId | null): LockId {
  assert(lock !== null, "who holds a session has its lock");
  return lock;
}

/** At once where the answer is there at once, so that a call in process is not timed as a promise. */
function then<T>(answer: Awaitable<T>, use: (value: T) => unknown): Awaitable<unknown> {
  return answer instanceof Promise ? answer.then(use) : use(answer);
}

/** Not measured, so that several may be under way. */
async function forEach(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(PREPARED_AT_ONCE, count) }, worker));
}
