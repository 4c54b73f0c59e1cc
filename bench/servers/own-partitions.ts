// As many stores of our own as a scenario has partitions. A kill strikes all of them, as in a simulation.

import { InputError } from "../../config/problem.ts";
import type { Store } from "../../config/scenario.ts";
import { addUp } from "../providers/partitioned-store.ts";
import type { ManagedServer } from "./managed-server.ts";
import { type OwnStore, startOwnStore } from "./own-store.ts";

/** @throws InputError as startOwnStore does, and where one store cannot be started a second time. */
export async function startOwnPartitions(
  store: Pick<Store, "provider" | "module" | "partitions">,
  minuteMs: number,
): Promise<OwnStore> {
  const first = await startOwnStore(store, minuteMs);
  if (store.partitions === 1) return first;
  const started = [first];
  const stop = async () => {
    const stops = await Promise.allSettled(started.map((own) => own.stop()));
    for (const one of stops) if (one.status === "rejected") throw one.reason;
  };
  try {
    if (first.connections.length === 0 || store.provider === "sealed-cookie") throw unstartable(store);
    while (started.length < store.partitions) started.push(await startOwnStore(store, minuteMs));
  } catch (error) {
    await stop();
    throw error;
  }
  const servers = started.flatMap(({ server }) => (server === null ? [] : [server]));
  const connections = started.flatMap((own) => own.connections);
  return { connections, server: servers.length === 0 ? null : together(servers), stop };
}

function unstartable({ provider, module, partitions }: Pick<Store, "provider" | "module" | "partitions">): InputError {
  return new InputError("Cannot start a store", [
    {
      at: "store.partitions",
      given: `${partitions} of ${module ?? provider}`,
      expected: "a store that can be started several times: state-server, postgresql, mariadb, redis or sqlite",
      mend: "take one of these, or name a store.connection for each partition",
    },
  ]);
}

function together(servers: readonly ManagedServer[]): ManagedServer {
  const [first] = servers;
  const censuses = servers.flatMap((server) => (server.census === undefined ? [] : [server.census.bind(server)]));
  const census = async () => addUp(await Promise.all(censuses.map((count) => count())));
  return {
    ...first,
    async kill() {
      await Promise.all(servers.map((server) => server.kill()));
    },
    async restart() {
      await Promise.all(servers.map((server) => server.restart()));
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
    ...(censuses.length === servers.length ? { census } : {}),
  };
}
