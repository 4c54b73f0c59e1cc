// The way from a site to its store: straight, or through a proxy of ours where the scenario has it slowed or cut. The runner's own
// counts and the job that deletes expired rows go straight in any case: an Agent runs beside its database.

import { InputError } from "../../config/problem.ts";
import type { Scenario } from "../../config/scenario.ts";
import { type FaultProxy, startFaultProxy } from "../servers/fault-proxy.ts";
import { proxyableConnection } from "./proxied-connection.ts";
import { strikesWayToStore } from "./refuse-faults.ts";

export interface WayToStore {
  /** For the site; with the passwords. */
  readonly connections: readonly string[];
  /** null where nothing stands in the way. */
  readonly proxy: FaultProxy | null;
}

/**
 * @param connections where the store is.
 * @throws InputError for a fault of the way where there is no way that a proxy could stand in.
 */
export async function openWayToStore(scenario: Scenario, connections: readonly string[]): Promise<WayToStore> {
  const fault = scenario.faults.find(strikesWayToStore);
  if (fault === undefined) return { connections, proxy: null };
  const ways = connections.flatMap((connection) => proxyableConnection(scenario.store, connection) ?? []);
  if (ways.length === 0 || ways.length < connections.length) {
    throw new InputError(`Cannot bench "${scenario.name}"`, [
      {
        at: "faults",
        given: `${fault.kind} with ${scenario.store.module ?? scenario.store.provider}`,
        expected:
          "a state server, PostgreSQL, MariaDB or Redis, reached over TCP without TLS: a proxy stands in the way",
        mend: "take one of these, or leave the fault out",
      },
    ]);
  }
  const proxy = await startFaultProxy(ways.map(({ target }) => target));
  return { connections: ways.map(({ through }, i) => through(proxy.ports[i])), proxy };
}
