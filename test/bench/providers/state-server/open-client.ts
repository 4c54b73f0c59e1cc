// Opens a client for one test and closes it with the test.

import { onTestFinished } from "vitest";
import type { ByteStore, ByteStoreOptions } from "../../../../bench/providers/byte-store.ts";
import { type ClientSettings, openStateServerStore } from "../../../../bench/providers/state-server/client.ts";

export const options: ByteStoreOptions = {
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT/app",
  networkTimeoutMs: 10_000,
  commandTimeoutMs: null,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

export async function openClient(
  connection: string,
  given: Partial<ByteStoreOptions> = {},
  settings: Partial<ClientSettings> = {},
): Promise<ByteStore> {
  const store = await openStateServerStore(connection, { ...options, ...given }, settings);
  onTestFinished(() => store.close());
  return store;
}
