// One page request through the session module, whatever brought it: which session it belongs to, what the page does with it, and
// what the client is told. HTTP lies in front of this when there is a network, nothing does when a generator calls it straight.

import { changeItems } from "../providers/session-items.ts";
import { burn } from "./burn.ts";
import type { IdRequest } from "./ids/session-id-manager.ts";
import { type PageScript, readPageQuery } from "./page.ts";
import { badQuery, failedReply, handshakeReply, pageServed, type Reply, replyTo } from "./reply.ts";
import { type FailedOutcome, storeFailed } from "./sessions/outcome.ts";
import type { Page } from "./sessions/session-module.ts";
import type { SessionHandling, SessionParts, WorkerSessions } from "./sessions/worker-sessions.ts";

export type ServeParts = Pick<SessionParts, "settings" | "delay">;

/** Rejects only for a fault of ours: what the visitor, the page or the store did wrong is a reply. */
export async function servePage(parts: ServeParts, sessions: WorkerSessions, request: IdRequest): Promise<Reply> {
  const script = readPageQuery(request.query);
  if (script === null) return badQuery;
  const page = pageOf(parts, script);
  const handling = await handlingOrFailure(sessions);
  if (handling !== null && "failure" in handling) return failedReply(handling);
  if (handling === null) {
    await page(null);
    return pageServed;
  }
  const { module, ids } = handling;
  const identity = ids.identify(request);
  if ("setCookie" in identity) return handshakeReply(identity);
  const { session, changes, abandons } = script;
  const { id, cookieless } = identity;
  const outcome = await module.handle({ session, changes, abandons, sessionId: id, cookieless }, page);
  return replyTo(outcome, identity, ids);
}

async function handlingOrFailure(sessions: WorkerSessions): Promise<SessionHandling | FailedOutcome | null> {
  try {
    return await sessions.handling();
  } catch (error) {
    return storeFailed(error, 0);
  }
}

function pageOf({ settings, delay }: ServeParts, script: PageScript): Page {
  const minuteMs = settings.store?.options.minuteMs ?? 0;
  return async (state) => {
    if (script.cpuMs > 0) burn(script.cpuMs);
    if (script.waitMs > 0) await delay(script.waitMs);
    if (state === null) return;
    if (script.changes) changeItems(state.items, script.stateBytes);
    if (script.timeoutMinutes !== null) state.timeoutMs = script.timeoutMinutes * minuteMs;
    if (script.abandons) state.abandoned = true;
  };
}
