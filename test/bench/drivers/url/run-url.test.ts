import { afterEach, describe, expect, test } from "vitest";
import { BOUNDS_LOOPBACK, type Bounds } from "../../../../bench/drivers/url/bounds.ts";
import type { UrlTarget } from "../../../../bench/drivers/url/open-foreign.ts";
import { runUrl } from "../../../../bench/drivers/url/run-url.ts";
import { runUrlLocks } from "../../../../bench/drivers/url/run-url-locks.ts";
import { resolveSite } from "../../../../bench/drivers/url/site-address.ts";
import { createTlsIdentity } from "../../../../bench/host/tls/tls-identity.ts";
import type { RunResult } from "../../../../metrics/run-result.ts";
import { parseResult, stringifyResult } from "../../../../reports/result-file.ts";
import { benchOptions } from "../../bench-options.ts";
import { type Changes, smallScenario } from "../../small-scenario.ts";
import { createSessions, type PlainSite, startPlainSite } from "./plain-site.ts";

let site: PlainSite | null = null;
afterEach(async () => {
  await site?.close();
  site = null;
});

const page = { name: "page", share: 1, session: "read-write", changedShare: 1 } as const;
const none = { kind: "constant", value: 0 } as const;

/** Eight visits of three pages, begun within 0.4 s. */
const visitors = (changes: Changes = {}) =>
  smallScenario({
    ...changes,
    workload: {
      arrivals: { kind: "constant", perSecond: 5 },
      requestsPerVisit: { kind: "fixed", value: 3 },
      thinkMs: { kind: "constant", value: 100 },
      logoutShare: 0,
      withoutCookiesShare: 0,
      pages: [{ ...page, cpuMs: none, waitMs: none }],
      ...changes.workload,
    },
    run: { durationMs: 1_600, warmupMs: 0, drainMs: 1_000, timeScale: 4, sampleMs: 200, ...changes.run },
  });

async function target(changes: Partial<Omit<UrlTarget, "bounds">> & { bounds?: Partial<Bounds>; path?: string } = {}) {
  const { bounds, path = "/", ...rest } = changes;
  return {
    site: await resolveSite(`${site?.origin}${path}`, { remote: false, insecure: false }),
    pages: [],
    sessionCookie: null,
    ...rest,
    bounds: { ...BOUNDS_LOOPBACK, ...bounds },
  };
}

const figure = (result: RunResult, key: string) => result.figures.find((found) => found.key === key)?.value;

describe("a run at somebody's site", () => {
  test("has a jar for each visitor: each is given one session and keeps it", async () => {
    const sessions = createSessions("sid");
    site = await startPlainSite((request) => ({ cookies: sessions.welcome(request) }));
    const result = await runUrl(visitors(), await target(), benchOptions());
    const { visits, started, requests, completed, failed, lost, expired, stored } = result.counters;
    expect({ started, lost, expired, failed, stored }).toEqual({
      started: visits,
      lost: 0,
      expired: 0,
      failed: 0,
      stored: visits,
    });
    expect(requests).toBe(3 * visits);
    expect(completed).toBe(requests);
    expect(figure(result, "sessionKeptShare")).toBe(1);
    expect(figure(result, "storedSessionsMean")).toBeNull();
    expect(figure(result, "lockWaitShare")).toBeNull();
    expect(result).toMatchObject({ kind: "measured", driver: "journeys", complete: true, store: null });
    expect(result.label).toBe(`${site.origin}, measured`);
    expect(result.scenario.site.cookieName).toBe("sid");
    expect(result.audit.findings.join()).toMatch(/Session cookie sid: .*two visitors get two values/);
    expect(new Set(site.requests.map(({ userAgent }) => userAgent))).toEqual(new Set(["sessionlab-bench"]));
    expect(parseResult(stringifyResult(result), "result.json")).toEqual(result);
  });

  test("tells sessions that the site forgot from those it kept", async () => {
    const sessions = createSessions("sid");
    let count = 0;
    site = await startPlainSite((request) => {
      if (++count % 10 === 0) sessions.known.clear();
      return { cookies: sessions.welcome(request) };
    });
    const result = await runUrl(visitors(), await target(), benchOptions());
    const { started, visits, lost, expired, stored } = result.counters;
    expect(lost).toBeGreaterThan(0);
    expect(started).toBe(visits + lost);
    expect([expired, stored]).toEqual([0, visits]);
    expect(figure(result, "sessionsRenewed")).toBe(lost);
    expect(result.audit.findings.join()).toMatch(/sessions were not kept: .*Shortest pause/);
  });

  test("counts a newcomer turned away with 503 as refused, and a visitor with a session as failed", async () => {
    const sessions = createSessions("sid");
    let count = 0;
    site = await startPlainSite((request) => {
      const busy = ++count > 12 && (request.cookies.size === 0 || request.path === "/broken");
      return busy ? { status: 503 } : { cookies: sessions.welcome(request) };
    });
    const pages = ["/", "/broken"];
    const result = await runUrl(visitors(), await target({ pages }), benchOptions());
    const { started, refused, arrivals, failures, failed } = result.counters;
    expect(refused).toBeGreaterThan(0);
    expect(arrivals).toBe(started + refused);
    expect(failures).toEqual(failed === 0 ? {} : { "http 503": failed });
  });

  test("asks for the pages of the workload by their paths, or for those it is told", async () => {
    site = await startPlainSite(() => ({}));
    const pages = [
      { ...page, name: "basket", path: "/basket?add=1", cpuMs: none, waitMs: none },
      { ...page, name: "home", cpuMs: none, waitMs: none },
    ];
    await runUrl(visitors({ workload: { pages } }), await target({ path: "/home" }), benchOptions());
    expect(new Set(site.requests.map(({ path }) => path))).toEqual(new Set(["/basket?add=1", "/home"]));
    const before = site.requests.length;
    await runUrl(visitors({ workload: { pages } }), await target({ pages: ["/a", "/b"] }), benchOptions());
    expect(new Set(site.requests.slice(before).map(({ path }) => path))).toEqual(new Set(["/a", "/b"]));
  });

  test("follows redirects within the site and names those that lead out of it", async () => {
    site = await startPlainSite(({ path }) => {
      if (path === "/") return { status: 303, location: `${site?.origin}/login` };
      return path === "/out" ? { status: 302, location: "http://elsewhere.example/" } : {};
    });
    const within = await runUrl(visitors(), await target(), benchOptions());
    expect(within.counters).toMatchObject({ failed: 0, requests: within.counters.completed });
    expect(site.requests.filter(({ path }) => path === "/login").length).toBeGreaterThanOrEqual(
      within.counters.requests,
    );
    const out = await runUrl(visitors(), await target({ pages: ["/login", "/out"] }), benchOptions());
    expect(Object.keys(out.counters.failures)).toEqual(["redirected to another site"]);
  });

  test("sees a session in the address and keeps it there", async () => {
    let id = 0;
    site = await startPlainSite(({ path }) =>
      path.startsWith("/app/(S(") ? {} : { status: 302, location: path.replace("/app/", `/app/(S(id${id++}))/`) },
    );
    const result = await runUrl(visitors(), await target({ path: "/app/a.aspx" }), benchOptions());
    const { started, visits, lost } = result.counters;
    expect([started, lost]).toEqual([visits, 0]);
    expect(figure(result, "sessionKeptShare")).toBe(1);
  });
});

describe("the bounds of a run", () => {
  test("on requests hold to the last one, and the audit says that they ended it", async () => {
    const sessions = createSessions("sid");
    site = await startPlainSite((request) => ({ cookies: sessions.welcome(request) }));
    const result = await runUrl(visitors(), await target({ bounds: { requestsMax: 20 } }), benchOptions());
    expect(site.requests).toHaveLength(20);
    expect(result).toMatchObject({ complete: false });
    expect(result.audit.verdict).not.toBe("valid");
    expect(result.audit.findings.join()).toMatch(/bound of 20 requests \(--requests-max\)/);
    expect(result.counters).toMatchObject({ failed: 0, failures: {} });
  });

  test("hold even where they end the first look", async () => {
    const sessions = createSessions("sid");
    site = await startPlainSite((request) => ({ cookies: sessions.welcome(request) }));
    const result = await runUrl(visitors(), await target({ bounds: { requestsMax: 2 } }), benchOptions());
    expect(site.requests).toHaveLength(2);
    expect(result).toMatchObject({ complete: false, counters: { requests: 0, visits: 0 } });
  });

  test("on seconds end a run of any length", async () => {
    site = await startPlainSite(() => ({}));
    const long = visitors({ run: { durationMs: 4 * 3_600_000 } });
    const result = await runUrl(long, await target({ bounds: { secondsMax: 1 } }), benchOptions());
    expect(result.complete).toBe(false);
    expect(result.audit.findings.join()).toMatch(/bound of 1 s \(--seconds-max\)/);
    expect(result.counters.requests).toBeGreaterThan(0);
  });

  test("on the rate hold in any second, and the wait is not taken for the site's", async () => {
    const atMs: number[] = [];
    site = await startPlainSite(() => {
      atMs.push(performance.now());
      return {};
    });
    const result = await runUrl(
      visitors({ run: { drainMs: 6_000 } }),
      await target({ bounds: { perSecondMax: 10 } }),
      benchOptions(),
    );
    // Sent no closer than a second apart; on the way here time may come and go on a busy machine.
    expect(atMs.length).toBeGreaterThan(10);
    for (const [index, at] of atMs.entries()) if (index >= 10) expect(at - atMs[index - 10]).toBeGreaterThan(500);
    expect(result.audit.findings.join()).toMatch(/held back, for up to \d+ ms, to send no more than 10 in any second/);
    expect(figure(result, "responseMeanMs")).toBeLessThan(500);
  });
});

describe("an interrupt", () => {
  test("ends the load and keeps what was measured", async () => {
    site = await startPlainSite(() => ({}));
    const controller = new AbortController();
    const long = visitors({ run: { durationMs: 4 * 3_600_000 } });
    const options = benchOptions({
      signal: controller.signal,
      onProgress: ({ note }) => {
        if (/[1-9]\d* requests/.test(note)) controller.abort();
      },
    });
    const result = await runUrl(long, await target(), options);
    expect(result.complete).toBe(false);
    expect(result.counters.requests).toBeGreaterThan(0);
    expect(result.audit.findings.join()).not.toMatch(/bound/);
  });

  test("during the first look leaves an empty result, however silent the site is", async () => {
    const controller = new AbortController();
    site = await startPlainSite(async () => {
      controller.abort();
      return { afterMs: 60_000 };
    });
    const result = await runUrl(visitors(), await target(), benchOptions({ signal: controller.signal }));
    expect(result).toMatchObject({ complete: false, counters: { requests: 0 } });
  });
});

describe("what is no site", () => {
  test("nobody there", async () => {
    site = await startPlainSite(() => ({}));
    const gone = await target();
    await site.close();
    site = null;
    await expect(runUrl(visitors(), gone, benchOptions())).rejects.toThrow(/silent: connection refused; .* start it/);
  });

  test("a certificate that nobody vouches for is named, and taken at the user's word", async () => {
    const { keyPem, certificatePem } = createTlsIdentity(Date.now());
    const sessions = createSessions("sid", "; path=/; Secure");
    site = await startPlainSite((request) => ({ cookies: sessions.welcome(request) }), {
      key: keyPem,
      cert: certificatePem,
    });
    await expect(runUrl(visitors(), await target(), benchOptions())).rejects.toThrow(
      /certificate not trusted; .*add --insecure/,
    );
    const insecure = { ...(await target()), site: await resolveSite(site.origin, { remote: false, insecure: true }) };
    const result = await runUrl(visitors(), insecure, benchOptions());
    expect(result.counters).toMatchObject({ failed: 0, started: result.counters.visits });
    expect(result.audit.findings.join()).toMatch(/certificate was not checked/);
  });

  test("TLS where there is none", async () => {
    site = await startPlainSite(() => ({}));
    const overTls = {
      ...(await target()),
      site: await resolveSite(site.origin.replace("http", "https"), { remote: false, insecure: false }),
    };
    await expect(runUrl(visitors(), overTls, benchOptions())).rejects.toThrow(/without TLS; .* try http/);
  });
});

describe("many requests of one session at once", () => {
  /** A page that takes 15 ms and holds its session, which others look at every `pollMs`. */
  function lockedSite(pollMs: number | null) {
    const sessions = createSessions("sid");
    const held = new Set<string>();
    return startPlainSite(async (request) => {
      const id = request.cookies.get("sid") ?? "";
      while (pollMs !== null && held.has(id)) await new Promise((resolve) => setTimeout(resolve, pollMs));
      held.add(id);
      await new Promise((resolve) => setTimeout(resolve, 15));
      held.delete(id);
      return { cookies: sessions.welcome(request) };
    });
  }

  const locks = (concurrency: number[]) => benchOptions({ driver: "locks", concurrency });

  test("show the lock's staircase and how often it is looked at", async () => {
    site = await lockedSite(120);
    const result = await runUrlLocks(visitors(), await target(), locks([1, 3]));
    expect(result).toMatchObject({ driver: "locks", complete: true, label: `${site.origin}, locks` });
    if (result.study?.kind !== "locks") throw new Error("a study of locks");
    expect(result.study.steps.map(({ concurrency }) => concurrency)).toEqual([1, 3]);
    expect(result.study.pollMs).toBeGreaterThan(100);
    expect(result.study.pollMs).toBeLessThan(160);
    expect(result.study.steps[1].polledShare).toBeGreaterThan(0.4);
    expect(result.audit.findings.join()).toMatch(/wait for its lock, which is looked at each \d+ ms or so/);
  });

  test("show none where the site has none", async () => {
    site = await lockedSite(null);
    const result = await runUrlLocks(visitors(), await target(), locks([1, 4]));
    expect(result.audit.findings.join()).toMatch(/No session lock was seen/);
    expect(result.study).toMatchObject({ pollMs: null });
  });

  test("are of no session where the site gives none, and the audit names its other cookies as they are written", async () => {
    site = await startPlainSite(() => ({ cookies: ["Theme=dark; Path=/"] }));
    const result = await runUrlLocks(visitors(), await target(), locks([1, 2]));
    expect(result.audit.verdict).not.toBe("valid");
    expect(result.audit.findings.join()).toMatch(
      /Without a session.*No session cookie was seen\. Other cookies: Theme/,
    );
  });

  test("stay within the bounds: a step that does not fit is left out, and said to be", async () => {
    site = await lockedSite(null);
    const narrow = await target({ bounds: { requestsMax: 40, perSecondMax: 30 } });
    const result = await runUrlLocks(visitors(), narrow, locks([1, 2, 64]));
    expect(site.requests.length).toBeLessThanOrEqual(40);
    expect(result.audit.findings.join()).toMatch(/Left out, for they do not fit within the bounds: .*64 at once/);
  });
});
