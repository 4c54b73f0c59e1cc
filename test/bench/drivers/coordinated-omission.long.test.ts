// Coordinated omission: a site that stalls for a second in ten. A hundred of the thousand requests are due meanwhile, and their response
// times lie evenly between 0 and 1 s; so p99 is 0.9 s, p95 is 0.5 s and p90 is that of a site that never stalled. A client with few
// connections has only so many requests on the wire when the stall begins: by their service times alone nothing much happened.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { machineClock } from "../../../bench/clock.ts";
import { limitConnections } from "../../../bench/drivers/http/connection-limit.ts";
import type { Answered, HttpClient } from "../../../bench/drivers/http/http-client.ts";
import { createJourneyDriver, type JourneyDriver } from "../../../bench/drivers/journeys/journeys.ts";
import { createOwnGenerator } from "../../../bench/generators/own-generator.ts";
import { openSiteClient } from "../../../bench/generators/site-client.ts";
import { createPace } from "../../../bench/pace.ts";
import type { Scenario } from "../../../config/scenario.ts";
import { percentileMs, recordedValues } from "../../../metrics/latency-histogram.ts";
import { createFakeTime } from "../fake-time.ts";
import { smallScenario } from "../small-scenario.ts";

const STARTS = 1_000;
const CONNECTIONS = 4;
/** Between two starts, so that it is plain which of them it meets: those due from 4,010 to 5,000 ms. */
const STALL_FROM_MS = 4_005;
const STALL_UNTIL_MS = 5_005;

/** One request every 10 ms for ten seconds, each of somebody new. */
const everyTenMs: Scenario = smallScenario({
  site: { mode: "Off" },
  workload: {
    arrivals: { kind: "constant", perSecond: 100 },
    requestsPerVisit: { kind: "fixed", value: 1 },
    logoutShare: 0,
    withoutCookiesShare: 0,
  },
  run: { timeScale: 1, durationMs: STARTS * 10 + 5, warmupMs: 0 },
});

function figuresOf({ histograms, counts }: JourneyDriver) {
  const { response, service, startLag } = histograms;
  const at = (percentile: number) => percentileMs(response, percentile) ?? 0;
  const longOnes = recordedValues(service).filter(({ us }) => us > 100_000);
  return {
    samples: [response.totalCount, service.totalCount, startLag.totalCount, counts.requests],
    p90Ms: at(90),
    p95Ms: at(95),
    p99Ms: at(99),
    serviceP99Ms: percentileMs(service, 99) ?? 0,
    serviceMaxMs: percentileMs(service, 100) ?? 0,
    serviceAboveTenth: longOnes.reduce((sum, { count }) => sum + count, 0),
    lagMaxMs: percentileMs(startLag, 100) ?? 0,
  };
}

/** In fake time: the site takes 0.2 ms, and while it stalls nothing is answered. */
async function figuresInFakeTime(connectionsMax: number | null) {
  const time = createFakeTime();
  const ok: Answered = { kind: "answered", status: 200, reason: "OK", setCookies: [], location: null, lockWaitMs: 0 };
  let inFlight = 0;
  const site: HttpClient = {
    async send() {
      inFlight++;
      const nowMs = time.clock();
      const stalled = nowMs >= STALL_FROM_MS && nowMs < STALL_UNTIL_MS;
      await time.delay(0.2 + (stalled ? STALL_UNTIL_MS - nowMs : 0));
      inFlight--;
      return ok;
    },
    inFlight: () => inFlight,
    close: () => undefined,
  };
  const client = connectionsMax === null ? site : limitConnections(site, connectionsMax, time.clock);
  const driver = createJourneyDriver({
    scenario: everyTenMs,
    pace: createPace({
      clock: time.clock,
      wakeAfter: (ms, wake) => time.at(time.clock() + ms, wake),
      wakeSoon: (wake) => time.at(time.clock() + 0.1, wake),
      nap: () => undefined,
    }),
    clock: time.clock,
    startsAtMs: 0,
    send: client.send,
    inFlight: client.inFlight,
    port: () => 80,
    refusalReason: "",
  });
  const run = driver.run();
  await time.advance(12_000);
  await run;
  return figuresOf(driver);
}

describe("a site that stalls for one second in ten, at 100 requests a second", () => {
  test("response time shows the stall to the percentile; service time over few connections hides it", async () => {
    const figures = await figuresInFakeTime(CONNECTIONS);
    expect(figures.samples).toEqual([STARTS, STARTS, STARTS, STARTS]);
    expect(Math.abs(figures.p99Ms - 900)).toBeLessThanOrEqual(45);
    expect(Math.abs(figures.p95Ms - 500)).toBeLessThanOrEqual(25);
    expect(figures.p90Ms).toBeLessThan(5);
    // Four requests tell of it, and the hundredth slowest is as fast as ever.
    expect(figures.serviceP99Ms).toBeLessThan(1);
    expect(figures.serviceAboveTenth).toBe(CONNECTIONS);
    expect(figures.serviceMaxMs).toBeGreaterThan(950);
    // Waiting for a connection is no lateness of the generator's.
    expect(figures.lagMaxMs).toBeLessThan(1);
  });

  test("with a connection for each, service time shows it as well: nothing is held back", async () => {
    const figures = await figuresInFakeTime(null);
    expect(figures.samples).toEqual([STARTS, STARTS, STARTS, STARTS]);
    expect(Math.abs(figures.p99Ms - 900)).toBeLessThanOrEqual(45);
    expect(Math.abs(figures.serviceP99Ms - 900)).toBeLessThanOrEqual(45);
    expect(figures.p90Ms).toBeLessThan(5);
  });

  test("it is the same over HTTP and in real time, give or take what the machine is late", async () => {
    let startsAtMs = Number.POSITIVE_INFINITY;
    const server = createServer(async (_request, response) => {
      const atMs = machineClock() - startsAtMs;
      if (atMs >= STALL_FROM_MS && atMs < STALL_UNTIL_MS) await delay(STALL_UNTIL_MS - atMs);
      response.end("OK");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const client = openSiteClient({ silenceMaxMs: 5_000, certificatePem: null, connectionsMax: 2 * CONNECTIONS });
    const generator = createOwnGenerator(everyTenMs, client);
    onTestFinished(generator.kill);
    await generator.tellPort((server.address() as AddressInfo).port);
    startsAtMs = machineClock() + 50;
    const driver = generator.begin(startsAtMs);
    await driver.run();
    await generator.finish(1_000);
    const figures = figuresOf(driver);
    expect(figures.samples).toEqual([STARTS, STARTS, STARTS, STARTS]);
    expect(Math.abs(figures.p99Ms - 900)).toBeLessThan(120);
    expect(Math.abs(figures.p95Ms - 500)).toBeLessThan(120);
    expect(figures.p90Ms).toBeLessThan(200);
    expect(figures.serviceP99Ms).toBeLessThan(400);
    expect(figures.serviceAboveTenth).toBeLessThan(40);
  }, 30_000);
});
