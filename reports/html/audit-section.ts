// What a careful reader asks of two measurements that differ: was something else different than the figures, and how well was the load
// generator on time.

import type { GeneratorAudit, RunResult } from "../../metrics/run-result.ts";
import { formatFigure, formatRelative, UNKNOWN } from "../format-number.ts";
import { differencesOf, leadFigureApart, repeatedRuns } from "../run-differences.ts";
import { html, type Markup } from "./markup.ts";
import { withoutSecrets } from "./settings-section.ts";
import { htmlTable } from "./table.ts";

/** One table for each run that repeats an earlier one; null where none does. */
export function repeatedSection(results: readonly RunResult[]): Markup | null {
  const tables = repeatedRuns(results).flatMap(([first, ...others]) =>
    others.map((other) => differenceTable(first!, other)),
  );
  return tables.length === 0 ? null : html`${tables}`;
}

function differenceTable(first: RunResult, other: RunResult): Markup {
  const apart = leadFigureApart(first, other);
  const figure = apart === null ? "" : `; ${apart.label} ${formatRelative(apart.share)}`;
  const caption = `${other.label}: from ${first.environment.startedAt} to ${other.environment.startedAt}${figure}`;
  const found = differencesOf(first, other);
  if (found.length === 0) return html`<p>${caption}. Nothing differed in scenario, store, program and machine.</p>`;
  return htmlTable({
    caption,
    heads: ["What differed", "then", "now"],
    rows: found.map(({ what, first: then, second: now }) => ({
      head: what,
      cells: [withoutSecrets(then), withoutSecrets(now)],
    })),
    textColumns: [0, 1],
  });
}

const rows: readonly (readonly [string, string, (audit: GeneratorAudit) => number | null])[] = [
  ["start lag, p50", "ms", (audit) => audit.startLagP50Ms],
  ["start lag, p99", "ms", (audit) => audit.startLagP99Ms],
  ["start lag, largest", "ms", (audit) => audit.startLagMaxMs],
  ["starts dropped", "", (audit) => audit.droppedStarts],
  ["busiest thread of the generator", "share", (audit) => audit.busyShare],
  ["event loop late, p99", "ms", (audit) => audit.loopDelayP99Ms],
  ["other processes, of all cores", "share", (audit) => audit.otherLoadShare],
  ["taken by the hypervisor", "share", (audit) => audit.stealShare],
  ["largest jump of the clock", "ms", (audit) => audit.clockStepMs],
  ["processors of the site's own", "", (audit) => audit.siteProcessors],
  ["pages swapped", "", (audit) => audit.swappedPages],
];

/** How the generator kept its moments, and what else the machine did; null where no run was measured so. */
export function generatorTable(results: readonly RunResult[]): Markup | null {
  const measured = results.filter((result) => result.audit.generator !== null);
  if (measured.length === 0) return null;
  const text = (value: number | null, unit: string) => (value === null ? UNKNOWN : formatFigure(value, unit));
  return htmlTable({
    caption: "How the load generator kept its moments, and what else the machine did",
    heads: ["Audit", ...measured.map((result) => result.label)],
    rows: rows.map(([head, unit, of]) => ({
      head,
      cells: measured.map((result) => text(of(result.audit.generator!), unit)),
    })),
  });
}
