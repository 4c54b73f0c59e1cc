// What was in a store before the run: somebody else's, and none of the run's figures.

import path from "node:path";
import { expect, test } from "vitest";
import { storeSettings } from "../../bench/host/host-settings.ts";
import { openSessionStore } from "../../bench/providers/open-session-store.ts";
import { SessionItems } from "../../bench/providers/session-items.ts";
import { openStoreWatch } from "../../bench/store-watch.ts";
import { until } from "./processes.ts";
import { smallScenario } from "./small-scenario.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** So long a minute of session timeout lasts here. */
const MINUTE_MS = 60;

test("expired sessions of a run before are deleted first; living ones are told and left out", async () => {
  const connections = [path.join(await temporaryFolder(), "sessions.db")];
  const scenario = smallScenario({
    site: { mode: "SQLServer", deleteJobMs: 60_000 },
    store: { provider: "sqlite", connections },
    run: { timeScale: 60_000 / MINUTE_MS },
  });
  const { store, close } = await openSessionStore(storeSettings(scenario, connections));
  const put = (id: string, timeoutMs: number) =>
    store.setAndReleaseItemExclusive(id, { items: new SessionItems(), timeoutMs }, null, true);
  await put("old", MINUTE_MS);
  await until("it has expired", async () => (await store.census?.())?.live === 0);
  await put("of others", 10_000 * MINUTE_MS);
  const watch = await openStoreWatch(scenario);
  try {
    expect(watch?.state()).toMatchObject({ before: 1, stored: 0, live: 0, silent: false });
    await put("ours", 10_000 * MINUTE_MS);
    await watch?.count();
    expect(watch?.state()).toMatchObject({ before: 1, stored: 1, live: 1 });
  } finally {
    await watch?.close();
    await close();
  }
});
