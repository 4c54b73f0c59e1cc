import { describe, expect, test } from "vitest";
import { parseWorkload } from "../../../config/parse-scenario.ts";
import type { Arrivals, CountLaw } from "../../../config/scenario.ts";
import { createArrivals } from "../../../workload/arrivals.ts";
import { countQuantile } from "../../../workload/distributions.ts";
import { fitArrivals } from "../../../workload/fit/arrivals.ts";
import { workloadDocument } from "../../../workload/fit/document.ts";
import { fitReport } from "../../../workload/fit/report.ts";
import { fitRequestsPerVisit } from "../../../workload/fit/requests.ts";
import { createStartTally } from "../../../workload/log/arrivals.ts";
import { createLogReader } from "../../../workload/log/read-access-log.ts";
import { createLogStudy } from "../../../workload/log/study.ts";
import { createTally } from "../../../workload/log/tally.ts";
import { createStream } from "../../../workload/random-stream.ts";

const HOUR_MS = 3_600_000;
const seeds = [1, 2, 3, 4, 5];

function startsOf(arrivals: Arrivals, seed: number, untilMs: number) {
  const tally = createStartTally();
  const source = createArrivals(arrivals, seed);
  for (let atMs = source.nextAtMs(); atMs < untilMs; atMs = source.nextAtMs())
    tally.add(Math.floor(atMs / 1000) * 1000);
  return tally;
}

describe.each(seeds)("arrivals of a known kind, seed %i", (seed) => {
  test("a steady rate comes back within three standard errors, and looks independent", () => {
    const fit = fitArrivals(startsOf({ kind: "poisson", perSecond: 0.05 }, seed, 48 * HOUR_MS), 48 * HOUR_MS);
    expect(fit.chosen.law.kind).toBe("poisson");
    expect(Math.abs((fit.perSecond ?? 0) - 0.05)).toBeLessThan(3 * (fit.standardError ?? 0));
    expect(fit.chosen.dispersion?.pValue).toBeGreaterThan(0.001);
  });

  test("a daily profile comes back hour by hour", () => {
    const perHour = Array.from({ length: 24 }, (_, hour) => (hour < 7 ? 20 : 100 + 10 * hour));
    const fit = fitArrivals(startsOf({ kind: "profile", perHour, startHour: 0 }, seed, 240 * HOUR_MS), 240 * HOUR_MS);
    const { law, dispersion } = fit.chosen;
    if (law.kind !== "profile") throw new Error(fit.why);
    law.perHour.forEach((rate, hour) => {
      expect(Math.abs(rate - perHour[hour])).toBeLessThan(4 * Math.sqrt(perHour[hour] / 10) + 1);
    });
    expect(dispersion?.pValue).toBeGreaterThan(0.001);
  });

  test("a geometric number of requests comes back within three standard errors", () => {
    const truth: CountLaw = { kind: "geometric", mean: 6 };
    const stream = createStream(seed, "requests");
    const tally = createTally();
    for (let i = 0; i < 3000; i++) tally.add(countQuantile(truth, stream.next()));
    const { law } = fitRequestsPerVisit(tally).chosen;
    if (law.kind !== "geometric") throw new Error(law.kind);
    expect(Math.abs(law.mean - 6)).toBeLessThan(3 * tally.standardError());
  });
});

test("visits that come in clusters are found out", () => {
  const tally = createStartTally();
  for (let cluster = 0; cluster < 200; cluster++) for (let i = 0; i < 10; i++) tally.add(cluster * 600_000 + i * 1000);
  expect(fitArrivals(tally, 1).candidates.find(({ law }) => law.kind === "poisson")?.dispersion?.pValue).toBeLessThan(
    1e-6,
  );
});

test("a number of requests with two humps is taken as it is", () => {
  const tally = createTally();
  for (let i = 0; i < 500; i++) tally.add(i % 2 === 0 ? 1 : 20);
  expect(fitRequestsPerVisit(tally).chosen.law).toEqual({ kind: "empirical", values: [1, 20], weights: [250, 250] });
});

test("a starting moment far off does not cost memory: bins coarsen, and every start stays counted", () => {
  const tally = createStartTally();
  for (const atMs of [0, 1000, 30 * 365 * 24 * HOUR_MS]) tally.add(atMs);
  const { counts } = tally.bins();
  expect(counts.length).toBeLessThanOrEqual(1 << 17);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
});

function report(log: string) {
  const study = createLogStudy({ clientsBy: "auto", gapMs: 1_200_000, pagesOnly: false });
  const reader = createLogReader(study.take);
  reader.push(new TextEncoder().encode(log));
  reader.end();
  return fitReport([{ file: "a\nb.log", census: reader.census }], study.end());
}

test("the workload file of any log is one that a scenario can name, with the evidence as comments", () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const at = new Date(Date.UTC(2024, 0, 1) + i * i * 700).toISOString();
    return `${at.slice(0, 10)} ${at.slice(11, 19)} 10.0.0.${i % 7} GET 200`;
  });
  for (const count of [1, 2, 3, 300]) {
    const fitted = report(`#Fields: date time c-ip cs-method sc-status\n${rows.slice(0, count).join("\n")}\n`);
    const text = workloadDocument(fitted, "sessionlab fit a.log");
    const parsed = parseWorkload(text, "workload.yaml");
    expect(parsed.problems).toEqual([]);
    expect(parsed.value).toMatchObject(JSON.parse(JSON.stringify(fitted.workload)));
    expect(text).toContain(`# Clients told by ip: ${count} requests`);
  }
});

test("with a session cookie in the log, clients are told by it and requests without it are left out", () => {
  const rows = [
    "00:00:00 a -",
    "00:00:01 a ASP.NET_SessionId=x",
    "00:00:02 a ASP.NET_SessionId=y",
    "00:00:03 a b=1;+ASP.NET_SessionId=x",
  ];
  const log = `#Fields: date time c-ip cs(Cookie)\n${rows.map((row) => `2024-01-01 ${row}`).join("\n")}\n`;
  expect(report(log)).toMatchObject({
    clientsBy: "cookie:ASP.NET_SessionId,ASPSESSIONID*",
    requests: 3,
    clients: 2,
    clientlessLeftOut: 1,
    dataRows: 4,
  });
});
