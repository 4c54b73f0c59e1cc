// The page of the bench: it does what the query of its own address says. The driver writes the address, the host reads it, and a
// log of the run shows it.

import type { PageSession } from "../../config/scenario.ts";

export interface PageScript {
  readonly session: PageSession;
  /** Really spent, at the start of the page. */
  readonly cpuMs: number;
  /** Really waited, with the session's lock held and the processor free. */
  readonly waitMs: number;
  readonly changes: boolean;
  readonly abandons: boolean;
  readonly stateBytes: number;
  /** Sets Session.Timeout, in minutes of scenario time; null leaves it alone. */
  readonly timeoutMinutes: number | null;
}

const pageSessions: readonly PageSession[] = ["read-write", "read-only", "none"];
const PAGE_MS_MAX = 3_600_000;
const STATE_BYTES_MAX = 1 << 30;
/** Session.Timeout takes no more than a year. */
const TIMEOUT_MINUTES_MAX = 525_600;

/** `session=read-write&cpu=1.5&wait=20&changes=1&bytes=4096`; what is 0 is left out. */
export function writePageQuery(page: PageScript): string {
  let query = `session=${page.session}`;
  if (page.cpuMs > 0) query += `&cpu=${page.cpuMs.toFixed(3)}`;
  if (page.waitMs > 0) query += `&wait=${page.waitMs.toFixed(3)}`;
  if (page.changes) query += "&changes=1";
  if (page.abandons) query += "&abandon=1";
  if (page.changes && page.stateBytes > 0) query += `&bytes=${page.stateBytes}`;
  if (page.timeoutMinutes !== null) query += `&timeout=${page.timeoutMinutes}`;
  return query;
}

/** null when the query is not one that writePageQuery makes. */
export function readPageQuery(query: string): PageScript | null {
  const fields = new URLSearchParams(query);
  const session = pageSessions.find((known) => known === fields.get("session"));
  const cpuMs = Number(fields.get("cpu") ?? 0);
  const waitMs = Number(fields.get("wait") ?? 0);
  const stateBytes = Number(fields.get("bytes") ?? 0);
  const timeoutMinutes = fields.has("timeout") ? Number(fields.get("timeout")) : null;
  const sane = within(cpuMs, PAGE_MS_MAX) && within(waitMs, PAGE_MS_MAX) && within(stateBytes, STATE_BYTES_MAX);
  if (session === undefined || !sane || !Number.isInteger(stateBytes)) return null;
  if (
    timeoutMinutes !== null &&
    !(Number.isInteger(timeoutMinutes) && within(timeoutMinutes - 1, TIMEOUT_MINUTES_MAX - 1))
  )
    return null;
  const changes = fields.has("changes");
  return { session, cpuMs, waitMs, stateBytes, changes, abandons: fields.has("abandon"), timeoutMinutes };
}

function within(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}
