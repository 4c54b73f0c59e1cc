// The site of the selftest: the host of every bench in a process of its own, sessions InProc, and pages that cost next to nothing, so
// that what is measured is the generator and the machine.

import { assert } from "../../config/assert.ts";
import { parseScenario } from "../../config/parse-scenario.ts";
import { resolveScenario } from "../../config/resolve-scenario.ts";
import type { Scenario } from "../../config/scenario.ts";
import { machineClock } from "../clock.ts";
import { createHttpClient, USER_AGENT } from "../drivers/http/http-client.ts";
import { addressOf } from "../drivers/journeys/page-path.ts";
import { hostSettings } from "../host/host-settings.ts";
import { openSite, type Site } from "../host/process/site.ts";

const text = `
name: selftest
description: one page that reads its session
site: { mode: InProc, timeoutMinutes: 20, coresPerWorker: 1 }
workload:
  arrivals: { kind: poisson, perSecond: 1 }
  requestsPerVisit: { kind: fixed, value: 1 }
  thinkSeconds: { kind: constant, value: 0 }
  pages: [{ name: page, share: 1, session: read-only, cpuMs: 0, waitMs: 0 }]
  stateBytes: 1024
run: { durationMinutes: 1, warmupMinutes: 0 }
`;

export const READ_PAGE = "/page.aspx?session=read-only";
export const WRITE_PAGE = "/page.aspx?session=read-write&changes=1&bytes=1024";
export const SILENCE_MAX_MS = 10_000;

export interface SelftestSite {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly port: number;
  /** Cookie headers of so many visitors who have a session. */
  readonly cookies: readonly string[];
}

/** @returns once its visitors have signed in. */
export async function openSelftestSite(visitors: number): Promise<SelftestSite> {
  const { value, problems } = parseScenario(text, "selftest", []);
  assert(value !== null && typeof value.workload !== "string", `the scenario can be read: ${JSON.stringify(problems)}`);
  const scenario = resolveScenario({ file: value, workload: value.workload, settings: null, calibration: null });
  const site = await openSite(hostSettings(scenario, [], null));
  const client = createHttpClient({ silenceMaxMs: SILENCE_MAX_MS, lockWaitHeader: null });
  try {
    site.begin(machineClock());
    const port = await site.port();
    const cookies = await Promise.all(
      Array.from({ length: visitors }, async (_, visit) => {
        const reply = await client.send({
          port,
          path: WRITE_PAGE,
          cookies: "",
          clientAddress: addressOf(visit),
          userAgent: USER_AGENT,
        });
        assert(reply.kind === "answered" && reply.setCookies.length === 1, "a new visitor is given a session cookie");
        return reply.setCookies[0].split(";", 1)[0];
      }),
    );
    return { scenario, site, port, cookies };
  } catch (error) {
    site.kill();
    throw error;
  } finally {
    client.close();
  }
}
