// Many requests of one session at once at somebody's real site: the staircase of its session lock, read from response times. Beside
// each step go as many requests of as many sessions, so that a lock is not mistaken for a lack of processors.

import type { Scenario } from "../../../config/scenario.ts";
import { createHistogram } from "../../../metrics/latency-histogram.ts";
import type { Figure, RunResult } from "../../../metrics/run-result.ts";
import { summariseStudy } from "../../../metrics/summarise-study.ts";
import type { Finding } from "../../audit/audit-finding.ts";
import { auditStudy } from "../../audit/audit-study.ts";
import { watchMachine } from "../../audit/machine-watch.ts";
import type { BenchOptions } from "../../bench-options.ts";
import { machineClock } from "../../clock.ts";
import { aborted, sleepUntil } from "../../waiting.ts";
import { type Browser, createBrowser, type Surfer } from "../http/browser.ts";
import { createCookieJar } from "../http/cookie-jar.ts";
import { USER_AGENT } from "../http/http-client.ts";
import { type LockAnswer, type LockMeasurement, lockFigures, measureLockSteps } from "../locks/locks.ts";
import { boundFindings, sessionFindings } from "./findings.ts";
import { foreignSite, insertSegment } from "./foreign-site.ts";
import { type ForeignRun, openForeign, type UrlTarget } from "./open-foreign.ts";
import { mayBeHiccup, readStaircase, type Staircase, type StairStep, waitMsOf } from "./staircase.ts";

const STEPS = [1, 2, 4, 8, 16, 32];
const ROUNDS_MAX = 10;
const STEP_MS = 5_000;

interface Stair extends StairStep {
  readonly oneSession: number[][];
  readonly ownSessions: number[][];
}

interface Climb {
  readonly foreign: ForeignRun;
  readonly target: UrlTarget;
  readonly options: BenchOptions;
  readonly path: string;
  readonly browse: Browser;
  /** Milliseconds that rounds were held back to keep within the rate: no time of the site's. */
  heldMs: number;
}

/**
 * @param asked gives nothing but the page, where --page names none.
 * @throws InputError where nobody answers there, or the site is elsewhere.
 */
export async function runUrlLocks(asked: Scenario, target: UrlTarget, options: BenchOptions): Promise<RunResult> {
  const startedAt = new Date();
  const startedAtMs = machineClock();
  const foreign = await openForeign(asked, target, options);
  const machine = watchMachine();
  try {
    const { measurement, stairs } = await climb(foreign, target, options);
    foreign.close();
    const staircase = readStaircase(stairs);
    const { loopback } = target.site;
    const own: Finding[] = [
      ...boundFindings(foreign.gate, target),
      ...stairFindings(staircase, stairs, measurement),
      ...sessionFindings(foreign.finding),
      ...strangerFindings(foreign),
    ];
    return summariseStudy({
      scenario: foreign.scenario,
      store: null,
      label: target.site.origin,
      settings: options.settings,
      command: options.command,
      study: { kind: "locks", pollMs: staircase.pollMs, holdMs: staircase.aloneMs, steps: measurement.steps },
      figures: [...lockFigures(measurement), ...stairFigures(staircase)],
      histograms: { response: measurement.responses },
      complete: measurement.complete,
      tookMs: machineClock() - startedAtMs,
      // On this machine the site is one of the other processes, and cannot be told from them.
      ...auditStudy({
        complete: measurement.complete,
        machine: { ...machine.finish(), ...(loopback ? { otherLoadShare: null } : {}) },
        own,
      }),
      environment: options.environment(startedAt, (Date.now() - startedAt.getTime()) / 1000),
    });
  } finally {
    machine.finish();
    foreign.close();
  }
}

async function climb(foreign: ForeignRun, target: UrlTarget, options: BenchOptions) {
  const { site, bounds } = target;
  const ended = new AbortController();
  const work: Climb = {
    foreign,
    target,
    options,
    path: foreign.scenario.workload.pages.find((page) => page.share > 0)?.path ?? site.startPath,
    browse: createBrowser({
      send: foreign.gate.send,
      port: () => site.port,
      origin: site.origin,
      clock: machineClock,
      whenEnded: aborted(foreign.over, ended.signal),
      onRedirect: () => undefined,
    }),
    heldMs: 0,
  };
  const steps = (options.concurrency ?? STEPS).filter((concurrency) => concurrency <= bounds.perSecondMax);
  const stairs: Stair[] = [];
  const measured: LockMeasurement[] = [];
  try {
    const visitors: Surfer[] = [];
    for (const [index, concurrency] of steps.entries()) {
      while (visitors.length < concurrency && !foreign.over.aborted) visitors.push(await comeIn(work));
      const report = (share: number, what: string) =>
        options.onProgress({ share: (index + share) / steps.length, note: `${concurrency} at once, ${what}` });
      const first = await bothWays(work, concurrency, visitors, report);
      const again = mayBeHiccup(first.stair) ? await bothWays(work, concurrency, visitors, report) : first;
      const { stair, step } = again.step.steps.length > 0 ? again : first;
      if (step.steps.length > 0) {
        stairs.push(stair);
        measured.push(step);
      }
      if (foreign.over.aborted) break;
    }
  } finally {
    ended.abort();
  }
  return { measurement: together(measured, options.concurrency ?? STEPS, foreign.over), stairs };
}

/** A step of as many sessions, and of one. */
async function bothWays(
  work: Climb,
  concurrency: number,
  visitors: readonly Surfer[],
  report: (share: number, what: string) => void,
): Promise<{ readonly stair: Stair; readonly step: LockMeasurement }> {
  const stair: Stair = { concurrency, oneSession: [], ownSessions: [] };
  await oneStep(
    work,
    stair,
    "ownSessions",
    (place) => visitors[place],
    (share) => report(share / 2, "a session each"),
  );
  const step = await oneStep(
    work,
    stair,
    "oneSession",
    () => visitors[0],
    (share) => report((1 + share) / 2, "one session"),
  );
  return { stair, step };
}

/** One step of the kind that `send` is told of; its response times go where `into` says. */
function oneStep(
  work: Climb,
  stair: Stair,
  into: "ownSessions" | "oneSession",
  visitorAt: (place: number) => Surfer,
  onAnswer: (share: number) => void,
): Promise<LockMeasurement> {
  const { foreign, target } = work;
  const { concurrency } = stair;
  let turn: Promise<void> = Promise.resolve();
  return measureLockSteps({
    steps: [concurrency],
    roundsMax: ROUNDS_MAX,
    stepMs: STEP_MS,
    requestsMax: Math.max(0, target.bounds.requestsMax - foreign.gate.sent()),
    clock: () => machineClock() - work.heldMs,
    signal: foreign.over,
    async send(place) {
      if (place === 0) {
        stair[into].push([]);
        turn = roundTurn(work, concurrency);
      }
      const round = stair[into].at(-1);
      await turn;
      return ask(work, visitorAt(place), (tookMs) => {
        round?.push(tookMs);
        return into === "oneSession" ? waitMsOf(tookMs, stair.ownSessions) : 0;
      });
    },
    counts: async () => ({ polls: null, lostUpdates: null }),
    onAnswer,
  });
}

/** All of a round go at once: it waits until the rate has room for the last of them. */
async function roundTurn(work: Climb, concurrency: number): Promise<void> {
  const nowMs = machineClock();
  const atMs = work.foreign.gate.roomAtMs(concurrency);
  if (atMs <= nowMs) return;
  await sleepUntil(atMs, work.foreign.over);
  work.heldMs += machineClock() - nowMs;
}

/** @param onCompleted is told how long it took, and tells how much of that was waiting. */
async function ask(work: Climb, visitor: Surfer, onCompleted: (tookMs: number) => number): Promise<LockAnswer> {
  const { foreign, target, browse } = work;
  const path = insertSegment(work.path, visitor.segment);
  const sentAtMs = machineClock();
  const reply = await browse(visitor, path);
  if (reply === null) return { outcome: "failed", waitMs: 0, failure: "never sent" };
  if (reply.kind === "broken") {
    const outcome = reply.failure === "no answer in time" ? "timed out" : "failed";
    return { outcome, waitMs: 0, failure: reply.failure };
  }
  const { meaningOf } = foreignSite(target.site, foreign.finding.carrier, machineClock);
  const meaning = meaningOf(reply, path, visitor);
  if (meaning !== "completed") {
    return { outcome: "failed", waitMs: 0, failure: meaning === "refused" ? "refused" : meaning.failure };
  }
  return { outcome: "completed", waitMs: onCompleted(machineClock() - sentAtMs - (reply.heldMs ?? 0)) };
}

/** A visitor who has been here once, so that he has his session. */
async function comeIn({ browse, path, target }: Climb): Promise<Surfer> {
  const jar = createCookieJar(target.site.tls !== null);
  const visitor: Surfer = { jar, address: "", userAgent: USER_AGENT, segment: "" };
  await browse(visitor, path);
  return visitor;
}

/** The single steps as one measurement. */
function together(parts: readonly LockMeasurement[], wanted: readonly number[], over: AbortSignal): LockMeasurement {
  const steps = parts.flatMap((part) => part.steps);
  const last = parts.at(-1);
  const nothing = { waits: createHistogram(), responses: createHistogram() };
  const { waits, responses } = last ?? nothing;
  const begun = new Set(steps.map(({ concurrency }) => concurrency));
  return { steps, waits, responses, leftOut: wanted.filter((n) => !begun.has(n)), complete: !over.aborted };
}

function stairFigures({ pollMs, slowdown }: Staircase): Figure[] {
  return [
    { key: "lockPollMs", label: "Poll interval of the lock, from the waits", unit: "ms", value: pollMs },
    {
      key: "lockSlowdown",
      label: "Slowest request with one session, in times of that with many",
      unit: "",
      value: slowdown,
    },
  ];
}

/** Without a session there is none to lock, and the steps say nothing of a lock. */
function* strangerFindings({ finding }: ForeignRun): Generator<Finding> {
  if (finding.carrier.kind !== "none") return;
  yield {
    verdict: "doubtful",
    text: "Without a session the site cannot tell requests of one visitor from those of many: that no lock was seen says nothing.",
  };
}

function* stairFindings(
  { kind, aloneMs, pollMs, slowdown }: Staircase,
  stairs: readonly Stair[],
  { leftOut }: LockMeasurement,
): Generator<Finding> {
  const top = stairs.at(-1)?.concurrency ?? 0;
  const alone = aloneMs === null ? "" : ` Alone, a request takes ${aloneMs.toFixed(1)} ms.`;
  const times = slowdown === null ? "" : `${slowdown.toFixed(1)} times `;
  const say: Readonly<Record<typeof kind, string>> = {
    none: `No session lock was seen: ${top} requests of one session at once took no longer than those of ${top} sessions.`,
    queue: `Requests of one session run one after another: at ${top} at once the slowest take ${times}what they take with a session each.`,
    polling:
      `Requests of one session wait for its lock, which is looked at each ${pollMs === null ? "" : Number(pollMs.toPrecision(2))} ms or so, told from the waits: ` +
      `at ${top} at once the slowest take ${times}what they take with a session each.`,
    unclear: "Too little was answered to say whether requests of one session wait for each other.",
  };
  yield { verdict: kind === "unclear" ? "doubtful" : "valid", text: `${say[kind]}${alone}` };
  if (leftOut.length > 0) {
    yield {
      verdict: "doubtful",
      text: `Left out, for they do not fit within the bounds: ${leftOut.join(", ")} at once.`,
    };
  }
}
