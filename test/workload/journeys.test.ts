import { expect, test } from "vitest";
import { createJourneys } from "../../workload/journeys.ts";
import { scenarioOf } from "../scenario-of.ts";

const workload = scenarioOf(`
workload:
  arrivals: 1
  requestsPerVisit: { kind: geometric, mean: 4 }
  logoutShare: 0.25
  withoutCookiesShare: 0.1
  parallel: { share: 0.2, requests: 3 }
  pages:
    - { name: read, share: 3, session: read-only }
    - { name: write, share: 1, session: read-write, changedShare: 0.5 }
  whenRefused: { kind: retry, afterSeconds: 10, attemptsMax: 2 }`).workload;

const VISITS = 40_000;
const journeys = createJourneys(workload, 9);
const visits = Array.from({ length: VISITS }, (_, visit) => visit);
const shareOf = (holds: (visit: number) => boolean) => visits.filter(holds).length / VISITS;

/** Within four standard deviations of a share of so many visits. */
function expectShare(share: number, expected: number): void {
  expect(Math.abs(share - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / VISITS));
}

test("shares of the workload come out among many visits", () => {
  expectShare(shareOf(journeys.logsOut), 0.25);
  expectShare(shareOf(journeys.withoutCookies), 0.1);
  expectShare(
    shareOf((visit) => journeys.parallelRequests(visit, 2) === 3),
    0.2,
  );
  expectShare(
    shareOf((visit) => journeys.pageOf(visit, 1, 0).name === "write"),
    0.25,
  );
  expectShare(
    shareOf((visit) => journeys.changes(visit, 1, 0)),
    0.125,
  );
});

test("a page that only reads never changes the session", () => {
  expect(visits.some((visit) => journeys.pageOf(visit, 0, 0).name === "read" && journeys.changes(visit, 0, 0))).toBe(
    false,
  );
});

test("a refused visitor tries as often as the workload says, then gives up", () => {
  expect([1, 2, 3].map((attempt) => journeys.retryAfterMs(5, attempt))).toEqual([10_000, 10_000, null]);
});

test("whose page failed draws the wait before each new attempt by page and attempt, and bears failures unless told otherwise", () => {
  const rule = { kind: "retry", afterMs: { kind: "exponential", mean: 4000 }, attemptsMax: 1000 } as const;
  const storming = createJourneys({ ...workload, whenFailed: rule }, 9);
  const waits = [0, 1, 2].flatMap((step) => [1, 2, 1000].map((n) => storming.failedRetryAfterMs(5, step, n)));
  expect(new Set(waits).size).toBe(9);
  expect(storming.failedRetryAfterMs(5, 0, 1001)).toBeNull();
  expect(storming.bearsFailures).toBe(false);
  expect(journeys.bearsFailures).toBe(true);
  expect(createJourneys({ ...workload, whenFailed: { kind: "leave" } }, 9).failedRetryAfterMs(5, 0, 1)).toBeNull();
});

test("another think time moves nothing else of a visit", () => {
  const slower = createJourneys({ ...workload, thinkMs: { kind: "constant", value: 1 } }, 9);
  for (const visit of visits.slice(0, 200)) {
    expect(slower.requestsOf(visit)).toBe(journeys.requestsOf(visit));
    expect(slower.pageOf(visit, 1, 0)).toBe(slower.pageOf(visit, 1, 0));
    expect(slower.stateBytes(visit)).toBe(journeys.stateBytes(visit));
  }
});
