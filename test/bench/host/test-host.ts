// A host in the test's own process, with nothing but what the test gives it.

import { setTimeout as sleep } from "node:timers/promises";
import { machineClock } from "../../../bench/clock.ts";
import { type HostSettings, hostSettings } from "../../../bench/host/host-settings.ts";
import { type HttpHost, type HttpHostParts, LOCK_WAIT_HEADER, startHttpHost } from "../../../bench/host/http-host.ts";
import type { Scenario } from "../../../config/scenario.ts";

const hosts: HttpHost[] = [];

export async function startTestHost(
  scenario: Scenario,
  parts: Partial<HttpHostParts> = {},
): Promise<{ host: HttpHost; settings: HostSettings }> {
  const settings = hostSettings(scenario, [], null);
  const host = await startHttpHost({
    settings,
    clock: machineClock,
    delay: (ms) => sleep(ms),
    openStore: () => Promise.reject(new Error("no other store is expected")),
    log: null,
    runAgeMs: () => 0,
    fault(error) {
      throw error;
    },
    ...parts,
  });
  hosts.push(host);
  return { host, settings };
}

/** After each test: whatever is still under way is cut off. */
export async function closeHosts(): Promise<void> {
  await Promise.all(hosts.splice(0).map((host) => host.close(0)));
}

export async function get({ port }: HttpHost, query: string, cookie?: string) {
  const headers = cookie === undefined ? undefined : { cookie };
  const response = await fetch(`http://127.0.0.1:${port}/page.aspx?${query}`, { headers });
  return {
    status: response.status,
    reason: response.statusText,
    body: await response.text(),
    setCookie: response.headers.get("set-cookie"),
    cookie: response.headers.get("set-cookie")?.split(";")[0],
    lockWaitMs: Number(response.headers.get(LOCK_WAIT_HEADER) ?? 0),
  };
}
