// What each fault of each run did, as one table: the terminal, Markdown and HTML show the same rows.

import type { FaultRecord, RunResult } from "../metrics/run-result.ts";
import { type CsvValue, csvText } from "./csv.ts";
import { formatDuration, formatNumber, UNKNOWN } from "./format-number.ts";
import { runNames } from "./report-file.ts";
import type { StudyTable } from "./studies/study-tables.ts";

/** null where nothing struck. */
export function faultTable(results: readonly RunResult[]): StudyTable | null {
  const alone = results.length === 1;
  const rows = results.flatMap((result) =>
    result.faults.map((fault) => {
      const cells = cellsOf(fault);
      return { head: alone ? fault.kind : `${result.label}: ${fault.kind}`, cells, standings: cells.map(() => null) };
    }),
  );
  if (rows.length === 0) return null;
  return {
    caption: "Faults that struck, and what became of sessions and requests",
    heads: [alone ? "Fault" : "Run and fault", "at", "away for", "recovered after", "sessions lost", "requests failed"],
    rows,
    main: true,
  };
}

function cellsOf({ atMs, downMs, recoveryMs, sessionsLost, failures }: FaultRecord): readonly string[] {
  return [
    formatDuration(atMs),
    downMs === 0 ? "never away" : formatDuration(downMs),
    recoveryText(recoveryMs),
    sessionsLost === null ? UNKNOWN : formatNumber(sessionsLost),
    failuresText(failures),
  ];
}

/** "4.60 s", "at once", "not seen". */
export function recoveryText(recoveryMs: number | null): string {
  if (recoveryMs === null) return "not seen";
  return recoveryMs === 0 ? "at once" : formatDuration(recoveryMs);
}

/** "243: http 500 212, connection refused 31" */
export function failuresText(failures: FaultRecord["failures"]): string {
  const kinds = Object.entries(failures).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  if (kinds.length === 0) return "0";
  return `${formatNumber(total)}: ${kinds.map(([kind, count]) => `${kind} ${formatNumber(count)}`).join(", ")}`;
}

/** A row a fault and kind of failure, or one row of a fault without failures. */
export function faultsCsv(results: readonly RunResult[]): string {
  const names = runNames(results);
  const rows = results.flatMap(({ faults }, index) =>
    faults.flatMap(({ kind, atMs, downMs, recoveryMs, sessionsLost, failures }): readonly (readonly CsvValue[])[] => {
      const fault = [names[index]!, kind, atMs, downMs, recoveryMs, sessionsLost];
      const kinds = Object.entries(failures).sort(([a], [b]) => (a < b ? -1 : 1));
      return kinds.length === 0 ? [[...fault, null, 0]] : kinds.map(([failure, count]) => [...fault, failure, count]);
    }),
  );
  return csvText([["run", "fault", "atMs", "downMs", "recoveryMs", "sessionsLost", "failure", "count"], ...rows]);
}
