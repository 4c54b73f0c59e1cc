// What was counted: sessions, with the two sums that always hold; requests; store calls per request; waits for locked sessions;
// latency percentiles as numbers.

import { storeOperations } from "../../config/scenario.ts";
import type { Counters, RunResult } from "../../metrics/run-result.ts";
import { formatFigure, formatNumber, UNKNOWN } from "../format-number.ts";
import { latencyTables, sampleSizeNote } from "../percentiles.ts";
import { html, type Markup } from "./markup.ts";
import { folded, htmlTable } from "./table.ts";

const labelsOf = (results: readonly RunResult[]) => results.map((result) => result.label);

export function callsTable(results: readonly RunResult[]): Markup {
  const perRequest = (count: number, { requests }: Counters) =>
    requests === 0 ? UNKNOWN : html`${(count / requests).toFixed(3)}<small>${formatNumber(count)}</small>`;
  const rows = storeOperations.map((operation) => ({
    head: html`<code>${operation}</code>`,
    cells: results.map((result) => perRequest(result.measured.storeCalls[operation], result.measured)),
  }));
  const total = (counters: Counters) =>
    storeOperations.reduce((sum, operation) => sum + counters.storeCalls[operation], 0);
  const sum = {
    head: "all calls",
    cells: results.map((result) => perRequest(total(result.measured), result.measured)),
  };
  return htmlTable({
    caption: "Store calls per request after the warm-up, and their number",
    heads: ["Store call", ...labelsOf(results)],
    rows: [...rows, sum],
  });
}

export function requestTable(results: readonly RunResult[]): Markup {
  const count = (of: (counters: Counters) => number) => results.map((result) => formatNumber(of(result.measured)));
  const failures = [...new Set(results.flatMap((result) => Object.keys(result.measured.failures)))].sort();
  return htmlTable({
    caption: "Requests after the warm-up",
    heads: ["Requests", ...labelsOf(results)],
    rows: [
      { head: "sent", cells: count((counters) => counters.requests) },
      { head: "completed", cells: count((counters) => counters.completed) },
      { head: "failed", cells: count((counters) => counters.failed) },
      { head: "denied a new session at the cap", cells: count((counters) => counters.refused) },
      ...failures.map((kind) => ({
        head: `failed: ${kind}`,
        cells: count((counters) => counters.failures[kind] ?? 0),
      })),
    ],
  });
}

export function lockTable(results: readonly RunResult[]): Markup {
  const share = ({ lockWaits, requests }: Counters) =>
    requests === 0 ? UNKNOWN : formatFigure(lockWaits / requests, "share");
  const count = (of: (counters: Counters) => number) => results.map((result) => formatNumber(of(result.measured)));
  return htmlTable({
    caption: "Waits for a session that another request holds, after the warm-up",
    heads: ["Locks", ...labelsOf(results)],
    rows: [
      { head: "requests that waited", cells: count((counters) => counters.lockWaits) },
      { head: "share of all requests", cells: results.map((result) => share(result.measured)) },
      { head: "polls of a locked session", cells: count((counters) => counters.lockPolls) },
      { head: "updates lost for want of a lock", cells: count((counters) => counters.lostUpdates) },
      { head: "locks broken", cells: count((counters) => counters.lockBreaks) },
    ],
  });
}

/** Every counter of the whole run that speaks of sessions, with the sums that bind them. */
export function sessionTable(results: readonly RunResult[]): Markup {
  const count = (of: (counters: Counters) => number) => results.map((result) => formatNumber(of(result.counters)));
  const table = htmlTable({
    caption:
      "Sessions of the whole run: wanted = started + refused; started = stored at the end + expired + abandoned + lost",
    heads: ["Sessions", ...labelsOf(results)],
    rows: [
      { head: "visits", cells: count((counters) => counters.visits) },
      { head: "wanted", cells: count((counters) => counters.arrivals) },
      { head: "started", cells: count((counters) => counters.started) },
      { head: "refused", cells: count((counters) => counters.refused) },
      { head: "stored at the end", cells: count((counters) => counters.stored) },
      { head: "expired", cells: count((counters) => counters.expired) },
      { head: "abandoned", cells: count((counters) => counters.abandoned) },
      { head: "lost", cells: count((counters) => counters.lost) },
      { head: "revived before deletion", cells: count((counters) => counters.revived) },
      { head: "recycles", cells: count((counters) => counters.recycles) },
    ],
  });
  return folded("All session counts", table);
}

export function latencySection(results: readonly RunResult[]): Markup {
  const tables = latencyTables(results).map((table) => {
    const column = (text: (column: NonNullable<(typeof table.columns)[number]>) => string) =>
      table.columns.map((one) => (one === null || one.count === 0 ? UNKNOWN : text(one)));
    const number = (value: number | null | undefined) =>
      value === null || value === undefined ? UNKNOWN : formatNumber(value);
    return htmlTable({
      caption: `${table.name}, ms`,
      heads: ["Percentile", ...labelsOf(results)],
      rows: [
        ...table.percentiles.map((percentile, index) => ({
          head: `p${percentile}`,
          cells: column((one) => (one.valuesMs[index] === null ? "n too small" : number(one.valuesMs[index]))),
        })),
        { head: "mean", cells: column((one) => number(one.meanMs)) },
        { head: "largest", cells: column((one) => number(one.maxMs)) },
        { head: "samples", cells: column((one) => number(one.count)) },
      ],
    });
  });
  const note = sampleSizeNote(results);
  return html`${note === null ? null : html`<p class="loud">${note}</p>`}${tables.length === 0 ? null : folded("The percentiles as numbers", html`${tables}`)}`;
}
