// One session at our host, and requests of it for the lock driver: all ask for the scenario's first read-write page, and all change the
// session, so that where nothing locks it every update that is lost counts. What the host answers says how long each waited.

import type { Scenario } from "../../../config/scenario.ts";
import { createJourneys } from "../../../workload/journeys.ts";
import { machineClock } from "../../clock.ts";
import type { WaitFailure } from "../../host/sessions/lock-wait.ts";
import { type BrowserParts, createBrowser } from "../http/browser.ts";
import type { Reply } from "../http/http-client.ts";
import { pathOfPage } from "../journeys/page-path.ts";
import { createPerson } from "../journeys/person.ts";
import type { LockAnswer } from "./locks.ts";

export interface LockSession {
  /** One request of the session. It never rejects. */
  readonly send: () => Promise<LockAnswer>;
  /** How long the pages so far were to hold the session, on average. */
  holdMeanMs(): number;
  /** Why there is no session to ask for; null when there is one. */
  readonly failure: string | null;
}

/** A page that takes no time would hardly ever meet another. */
const HOLD_MS_DEFAULT = 20;

const lockFailures: Readonly<Record<WaitFailure, LockAnswer["outcome"]>> = {
  "request timed out": "timed out",
  "queue limit of the session": "queue limit",
};

/**
 * @param scenario with at least one read-write page.
 * @param signal nobody waits for a worker any longer.
 */
export async function openLockSession(
  scenario: Scenario,
  site: Pick<BrowserParts, "send" | "port">,
  signal: AbortSignal,
): Promise<LockSession> {
  const page = scenario.workload.pages.find(({ session }) => session === "read-write");
  const journeys = createJourneys({ ...scenario.workload, pages: page === undefined ? [] : [page] }, scenario.run.seed);
  const visitor = createPerson(scenario, journeys, 0);
  const whenEnded = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const browse = createBrowser({ ...site, clock: machineClock, whenEnded, onRedirect: () => undefined });
  let sent = 0;
  let heldMs = 0;

  function nextPath(): string {
    const step = sent++;
    const cpuMs = journeys.cpuMs(0, step, 0);
    const drawnMs = journeys.waitMs(0, step, 0);
    const waitMs = cpuMs + drawnMs > 0 ? drawnMs : HOLD_MS_DEFAULT;
    heldMs += cpuMs + waitMs;
    const script = { session: "read-write", changes: true, abandons: false, timeoutMinutes: null } as const;
    const stateBytes = journeys.stateBytes(0);
    return `${visitor.segment}${pathOfPage(scenario.site.technology, page?.name ?? "page", { ...script, cpuMs, waitMs, stateBytes })}`;
  }

  const send = async () => meaningOf(await browse(visitor, nextPath()));
  const first = await send();
  return {
    send,
    holdMeanMs: () => heldMs / sent,
    failure: first.outcome === "completed" ? null : (first.failure ?? first.outcome),
  };
}

function meaningOf(reply: Reply | null): LockAnswer {
  if (reply === null) return { outcome: "failed", waitMs: 0, failure: "the run was over" };
  if (reply.kind === "broken") return { outcome: "failed", waitMs: 0, failure: reply.failure };
  const { status, reason, lockWaitMs: waitMs } = reply;
  if (status < 300) return { outcome: "completed", waitMs };
  if (status === 500 && isLockFailure(reason)) return { outcome: lockFailures[reason], waitMs };
  return { outcome: "failed", waitMs, failure: status === 500 ? reason : `http ${status}` };
}

function isLockFailure(reason: string): reason is WaitFailure {
  return reason in lockFailures;
}
