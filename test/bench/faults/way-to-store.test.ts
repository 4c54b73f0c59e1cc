// The way to a store that somebody else runs is struck, partition for partition, and the store itself is not: the runner's own counts
// go on.

import { expect, onTestFinished, test } from "vitest";
import { storeSettings } from "../../../bench/host/host-settings.ts";
import { openSessionStore } from "../../../bench/providers/open-session-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import { startStateServer } from "../../../bench/servers/state-server-process.ts";
import { openStoreWatch } from "../../../bench/store-watch.ts";
import type { StoreFault } from "../../../config/scenario.ts";
import { childrenOf, until } from "../processes.ts";
import { smallScenario } from "../small-scenario.ts";

const cutStore: StoreFault = { kind: "cut-store", atMs: 0, forMs: 60_000, silent: false };

test("two partitions given by connection: cut, both are out of reach and counted all the same; then both are there again", async () => {
  const before = await childrenOf(process.pid);
  const servers = await Promise.all([startStateServer({ minuteMs: 60_000 }), startStateServer({ minuteMs: 60_000 })]);
  const scenario = smallScenario({
    site: { mode: "StateServer", timeoutMs: 1_200_000 },
    store: { provider: "state-server", connections: servers.map(({ connection }) => connection) },
    run: { timeScale: 1 },
    faults: [cutStore],
  });
  const watch = await openStoreWatch(scenario);
  expect(watch?.connections).toHaveLength(2);
  expect(watch?.connections.some((connection) => servers.some((server) => server.connection === connection))).toBe(
    false,
  );
  const { store, close } = await openSessionStore(storeSettings(scenario, watch?.connections ?? []));
  onTestFinished(close);
  const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
  for (const id of ids) {
    await store.setAndReleaseItemExclusive(id, { items: new SessionItems(), timeoutMs: 1_200_000 }, null, true);
  }
  const counts = await Promise.all(servers.map(async ({ census }) => (await census?.())?.stored ?? 0));
  expect(Math.min(...counts), "each partition has some").toBeGreaterThan(0);

  const over = new AbortController();
  const struck = watch?.strike(cutStore, over.signal);
  await until("nothing gets through", async () => {
    const [tried] = await Promise.allSettled([store.getItem("a")]);
    return tried.status === "rejected";
  });
  const found = await Promise.allSettled(ids.map((id) => store.getItem(id)));
  expect(found.map(({ status }) => status)).toEqual(ids.map(() => "rejected"));
  await watch?.count();
  expect(watch?.state().silent).toBe(false);
  over.abort();
  await struck;
  for (const id of ids) expect((await store.getItem(id)).item).not.toBeNull();
  await close();
  await watch?.close();
  await Promise.all(servers.map((server) => server.stop()));
  expect(await childrenOf(process.pid), "no process is left").toEqual(before);
});
