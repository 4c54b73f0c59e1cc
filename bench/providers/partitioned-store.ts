// Several stores as one: each session lives in the store that its id names, as with an IPartitionResolver. Adding a store moves most
// sessions to another, where they are not found: partitions are decided once, before the first session.
// Source: .NET reference source, PartitionResolver.cs, SessionStateSection.cs (partitionResolverType).

import { assert } from "../../config/assert.ts";
import type { Census, SessionStore, StoreCapabilities } from "./session-store.ts";

/**
 * @param stores at least one, each with a state of its own, none of them held by the client.
 * @param resolve the place in `stores` of the session of that id, always the same one. By default ids spread evenly.
 * @returns a store that can do what all of them can, and counts what all of them hold.
 */
export function partitionedStore(
  stores: readonly SessionStore[],
  resolve: (id: string) => number = (id) => partitionOf(id, stores.length),
): SessionStore {
  assert(stores.length > 0, "there is at least one partition");
  const capabilities = weakest(stores.map((store) => store.capabilities));
  assert(!capabilities.heldByClient, "an id that is itself the state cannot also name a partition");

  function storeOf(id: string): SessionStore {
    const store = stores[resolve(id)];
    assert(store !== undefined, "the partition resolver names one of the partitions");
    return store;
  }

  const censuses = stores.flatMap((store) => (store.census === undefined ? [] : [store.census.bind(store)]));
  return {
    capabilities,
    getItem: (id) => storeOf(id).getItem(id),
    getItemExclusive: (id) => storeOf(id).getItemExclusive(id),
    setAndReleaseItemExclusive: (id, item, lockId, newItem) =>
      storeOf(id).setAndReleaseItemExclusive(id, item, lockId, newItem),
    releaseItemExclusive: (id, lockId) => storeOf(id).releaseItemExclusive(id, lockId),
    removeItem: (id, lockId) => storeOf(id).removeItem(id, lockId),
    resetItemTimeout: (id) => storeOf(id).resetItemTimeout(id),
    createUninitializedItem: (id, timeoutMs) => storeOf(id).createUninitializedItem(id, timeoutMs),
    ...(censuses.length < stores.length
      ? {}
      : { census: async () => addUp(await Promise.all(censuses.map((count) => count()))) }),
    async close() {
      const closings = await Promise.allSettled(stores.map(async (store) => store.close?.()));
      for (const closing of closings) if (closing.status === "rejected") throw closing.reason;
    },
  };
}

/**
 * Which of `partitions` the session of that id belongs to: FNV-1a over the UTF-16 units, its bits mixed once more as in MurmurHash3,
 * without which the lowest ones would follow the last letter.
 * @returns a whole number from 0, below `partitions`; the same on every machine and in every version.
 */
export function partitionOf(id: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % partitions;
}

function weakest(all: readonly StoreCapabilities[]): StoreCapabilities {
  const every = (of: (capabilities: StoreCapabilities) => boolean) => all.every(of);
  return {
    exclusiveLocks: every((one) => one.exclusiveLocks),
    sessionEnd: every((one) => one.sessionEnd),
    survivesRecycle: every((one) => one.survivesRecycle),
    sharedBetweenServers: every((one) => one.sharedBetweenServers),
    liveReferences: !every((one) => !one.liveReferences),
    heldByClient: !every((one) => !one.heldByClient),
  };
}

/** What several stores hold together. */
export function addUp(counts: readonly Census[]): Census {
  const reuse = counts.flatMap(({ reuseAfterMs }) => reuseAfterMs ?? []);
  const sum = (figures: readonly (number | null)[]) =>
    figures.reduce((total, figure) => (total === null || figure === null ? null : total + figure), 0);
  return {
    stored: counts.reduce((total, { stored }) => total + stored, 0),
    live: sum(counts.map(({ live }) => live)),
    bytes: sum(counts.map(({ bytes }) => bytes)),
    ...(reuse.length === 0 ? {} : { reuseAfterMs: Math.max(...reuse) }),
  };
}
