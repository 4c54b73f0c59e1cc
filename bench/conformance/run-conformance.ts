// Runs the rules of the conformance kit against a store and says of each whether it holds. Rules run side by side, each with
// sessions of its own under random ids, and clear up behind themselves: a store in use is not harmed.

import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { assert } from "../../config/assert.ts";
import { maskSecrets } from "../../config/connection-strings.ts";
import type { OpenedStore } from "../providers/open-session-store.ts";
import { StoreError } from "../providers/store-error.ts";
import type { Rule, RuleContext, RulePhase, RuleResult, Subject } from "./rule.ts";
import { Broken, NotJudged, Unsure } from "./rule-errors.ts";
import { rules as allRules } from "./rules.ts";
import { probeSession, type Session } from "./session-probe.ts";

export interface ConformanceReport {
  readonly store: string;
  readonly engine: string;
  readonly rules: readonly RuleResult[];
  readonly summary: ConformanceSummary;
}

export interface ConformanceSummary {
  readonly holds: number;
  readonly fails: number;
  readonly failsAsDeclared: number;
  readonly doesNotApply: number;
  readonly notJudged: number;
  /** One sentence for people. */
  readonly text: string;
}

export interface ConformanceOptions {
  /** Without it, all. */
  readonly rules?: readonly Rule[];
  readonly signal: AbortSignal;
  /** Told as each rule ends, in no order. */
  onResult?(result: RuleResult): void;
}

/** A check whose timing could not be kept is tried so often. */
const TRIES_MAX = 5;
/** So many rules at one time, so that a pool of few connections is no bottleneck; timed rules mostly wait, and all run at once. */
const TOGETHER_MAX = 6;
/** Sessions that are not to expire live at least so long. */
const LONG_MS = 600_000;
const LONG_MINUTES_MIN = 20;

/**
 * @returns the verdicts in the order of the rules.
 * @throws whatever `signal` was aborted with; AssertionError for a fault of the kit. Whatever the store throws is a verdict.
 */
export async function runConformance(
  subject: Subject,
  { rules = allRules, signal, onResult }: ConformanceOptions,
): Promise<ConformanceReport> {
  const results = new Map<string, RuleResult>();
  for (const [phase, atOnce] of phases) {
    const queue = rules.filter((rule) => rule.phase === phase);
    const worker = async () => {
      for (let rule = queue.shift(); rule !== undefined; rule = queue.shift()) {
        const result = await judge(rule, subject, signal);
        results.set(rule.id, result);
        onResult?.(result);
      }
    };
    const workers = Array.from({ length: Math.min(atOnce, queue.length) }, worker);
    const ended = await Promise.allSettled(workers);
    const failed = ended.find((each) => each.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
  const inOrder = rules.map(({ id }) => results.get(id)!);
  return { store: subject.name, engine: subject.opened.engine, rules: inOrder, summary: summarise(inOrder) };
}

const phases: readonly (readonly [RulePhase, number])[] = [
  ["together", TOGETHER_MAX],
  ["timed", Number.POSITIVE_INFINITY],
  ["alone", 1],
];

async function judge(rule: Rule, subject: Subject, signal: AbortSignal): Promise<RuleResult> {
  const { id, title, source } = rule;
  const exemption = rule.exempt?.(subject) ?? null;
  if (exemption !== null) return { id, title, source, verdict: "does not apply", evidence: exemption };
  const lacking = rule.needs === "exclusive locks" && !subject.opened.store.capabilities.exclusiveLocks;
  const [outcome, evidence] = await tryRule(rule, subject, signal);
  if (lacking && outcome === "fails") {
    return { id, title, source, verdict: "fails as declared", evidence: `no exclusive locks: ${evidence}` };
  }
  if (lacking && outcome === "holds") {
    const contradiction = `it declares to have no exclusive locks, and yet: ${evidence}`;
    return { id, title, source, verdict: "fails", evidence: contradiction };
  }
  return { id, title, source, verdict: outcome, evidence };
}

async function tryRule(
  rule: Rule,
  subject: Subject,
  signal: AbortSignal,
): Promise<["holds" | "fails" | "not judged", string]> {
  let doubt = "";
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    signal.throwIfAborted();
    const { context, clear } = createContext(subject, signal);
    try {
      return ["holds", await rule.check(context)];
    } catch (error) {
      if (error instanceof Broken) return ["fails", error.message];
      // What the store says outside a session: while it is opened again, counted or asked to delete.
      if (error instanceof StoreError)
        return ["fails", maskSecrets(`the store answered with an error: ${error.message}`)];
      if (error instanceof NotJudged) return ["not judged", error.message];
      if (!(error instanceof Unsure)) throw signal.aborted ? signal.reason : error;
      doubt = error.message;
    } finally {
      await clear();
    }
  }
  return ["not judged", `tried ${TRIES_MAX} times: ${doubt}`];
}

function createContext(subject: Subject, signal: AbortSignal): { context: RuleContext; clear(): Promise<void> } {
  const prefix = randomId();
  const sessions: Session[] = [];
  const opened: OpenedStore[] = [];
  const nowMs = () => performance.now();
  const longMinutes = Math.max(LONG_MINUTES_MIN, Math.ceil(LONG_MS / subject.minuteMs));
  const context: RuleContext = {
    subject,
    signal,
    prefix,
    nowMs,
    session(id = randomId()) {
      const session = probeSession(subject.opened.store, { id, begun: new Set() }, subject.minuteMs, longMinutes);
      sessions.push(session);
      return session;
    },
    async waitUntil(atMs) {
      // A timer may fire a moment early.
      for (let leftMs = atMs - nowMs(); leftMs > 0; leftMs = atMs - nowMs()) {
        await delay(Math.ceil(leftMs), undefined, { signal });
      }
    },
    async openAgain(changes) {
      if (subject.openAgain === null) throw new NotJudged("the store cannot be opened a second time");
      const again = await subject.openAgain(changes);
      opened.push(again);
      return again;
    },
  };
  return {
    context,
    async clear() {
      // A store that is gone has nothing left to close.
      await Promise.allSettled(opened.map((again) => again.close()));
      await Promise.all(sessions.map((session) => remove(session, subject)));
    },
  };
}

/**
 * Ends the requests that a failed check left, since a store without locks may put a session's end off, and so write it, for as long
 * as they go on. Then as a waiter would: breaks the lock that somebody left, takes it and removes. A store for express-session keeps an expired session
 * for a while where no get finds it, so that it is made anew to be removed. What cannot be removed expires by itself.
 */
async function remove(session: Session, { opened, behaviour }: Subject): Promise<void> {
  const hidesExpired = behaviour.family === "lock-free" && !opened.store.capabilities.heldByClient;
  try {
    for (const lockId of session.begun()) await session.release(lockId);
    for (let tries = 0; tries < 2; tries++) {
      let taken = await session.getExclusive();
      if (taken.item === null && !taken.locked && hidesExpired) {
        await session.createUninitialized();
        taken = await session.getExclusive();
      }
      if (taken.item !== null) await session.remove(taken.lockId);
      if (!taken.locked || taken.lockId === null) return;
      await session.release(taken.lockId);
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
  }
}

/** 24 characters of the session id manager's alphabet, as ASP.NET makes them. */
function randomId(): string {
  const id = Array.from(randomBytes(24), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
  assert(id.length === 24, "an id has 24 characters");
  return id;
}

const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz012345";

function summarise(results: readonly RuleResult[]): ConformanceSummary {
  const count = (verdict: RuleResult["verdict"]) => results.filter((result) => result.verdict === verdict).length;
  const holds = count("holds");
  const fails = count("fails");
  const failsAsDeclared = count("fails as declared");
  const doesNotApply = count("does not apply");
  const notJudged = count("not judged");
  const parts = [
    `${holds} of ${holds + fails + failsAsDeclared} rules hold`,
    ...(fails > 0 ? [`${fails} ${fails === 1 ? "fails" : "fail"}`] : []),
    ...(failsAsDeclared > 0
      ? [`${failsAsDeclared} ${failsAsDeclared === 1 ? "fails" : "fail"} as declared: no exclusive locks`]
      : []),
    ...(doesNotApply > 0 ? [`${doesNotApply} ${doesNotApply === 1 ? "does" : "do"} not apply`] : []),
    ...(notJudged > 0 ? [`${notJudged} could not be judged`] : []),
  ];
  return { holds, fails, failsAsDeclared, doesNotApply, notJudged, text: parts.join("; ") };
}
