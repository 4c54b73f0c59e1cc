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
}

const pageSessions: readonly PageSession[] = ["read-write", "read-only", "none"];
const PAGE_MS_MAX = 3_600_000;
const STATE_BYTES_MAX = 1 << 30;

/** `session=read-write&cpu=1.5&wait=20&changes=1&bytes=4096`; what is 0 is left out. */
export function writePageQuery(page: PageScript): string {
  let query = `session=${page.session}`;
  if (page.cpuMs > 0) query += `&cpu=${page.cpuMs.toFixed(3)}`;
  if (page.waitMs > 0) query += `&wait=${page.waitMs.toFixed(3)}`;
  if (page.changes) query += "&changes=1";
  if (page.abandons) query += "&abandon=1";
  if (page.changes && page.stateBytes > 0) query += `&bytes=${page.stateBytes}`;
  return query;
}

/** null when the query is not one that writePageQuery makes. */
export function readPageQuery(query: string): PageScript | null {
  const fields = new URLSearchParams(query);
  const session = pageSessions.find((known) => known === fields.get("session"));
  const cpuMs = Number(fields.get("cpu") ?? 0);
  const waitMs = Number(fields.get("wait") ?? 0);
  const stateBytes = Number(fields.get("bytes") ?? 0);
  const sane = within(cpuMs, PAGE_MS_MAX) && within(waitMs, PAGE_MS_MAX) && within(stateBytes, STATE_BYTES_MAX);
  if (session === undefined || !sane || !Number.isInteger(stateBytes)) return null;
  return { session, cpuMs, waitMs, stateBytes, changes: fields.has("changes"), abandons: fields.has("abandon") };
}

function within(value: number, max: number): boolean {
  return value >= 0 && value <= max;
}
