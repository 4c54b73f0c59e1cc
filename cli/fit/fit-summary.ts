// The answer of `sessionlab fit` for a reader at a terminal.

import type { CountLaw, Law } from "../../config/scenario.ts";
import { padEnd, type Style, textTable, wrap } from "../../reports/text-table.ts";
import type { Candidate } from "../../workload/fit/candidates.ts";
import { chance, lawText, withError } from "../../workload/fit/document.ts";
import type { FitReport } from "../../workload/fit/report.ts";

/** @param columns width of the terminal. */
export function fitSummary(report: FitReport, style: Style, columns: number): string {
  const paragraph = (text: string) => wrap(text, columns, 2);
  return [
    style.bold(report.files.length === 1 ? report.files[0] : `${report.files.length} logs: ${report.files.join(", ")}`),
    ...rows(report).flatMap(([head, text]) => paragraph(`${padEnd(head, 18)} ${text}`)),
    ...brokenLines(report, columns).map(style.doubtful),
    "",
    style.bold("Visits by hour of the day, UTC"),
    ...hourBars(report, columns),
    "",
    style.bold("Think times, s"),
    ...lawTable(report.fits.thinkSeconds.candidates, columns),
    ...paragraph(report.fits.thinkSeconds.why),
    "",
    style.bold("Requests per session"),
    ...lawTable(report.fits.requestsPerSession.candidates, columns),
    ...paragraph(report.fits.requestsPerSession.why),
    "",
    style.bold("Arrivals"),
    ...textTable(
      ["AIC", "dispersion index", "bins", "bin (s)", "test"],
      report.fits.arrivals.candidates.map(({ law, aic, dispersion }) => ({
        head: law.kind,
        cells: [
          aic.toFixed(1),
          dispersion?.index.toFixed(2) ?? "-",
          String(dispersion?.bins ?? "-"),
          String(dispersion?.binSeconds ?? "-"),
          dispersion === null ? "-" : chance(dispersion.pValue),
        ],
      })),
      columns,
    ),
    ...paragraph(report.fits.arrivals.why),
    "",
  ].join("\n");
}

function rows(report: FitReport): [string, string][] {
  const { standardErrors, timeTakenMs } = report;
  const left = [
    ...(report.pagesOnly ? [`${report.staticLeftOut} for static files`] : []),
    ...(report.clientlessLeftOut > 0 ? [`${report.clientlessLeftOut} that do not tell their client`] : []),
  ];
  return [
    ["period", `${report.first} to ${report.last}`],
    [
      "rows",
      `${report.dataRows} ${report.format}, ${report.malformed.count} broken, ${report.rowsOutOfTimeOrder} out of time order${report.rowsTooLate > 0 ? `, ${report.rowsTooLate} of them by so much that they count as later ones` : ""}`,
    ],
    ["status", counts(report.status)],
    ["methods", counts(report.methods)],
    ...(timeTakenMs === null
      ? []
      : [
          [
            "time taken (ms)",
            `mean ${timeTakenMs.mean}, median ${timeTakenMs.median}, p95 ${timeTakenMs.p95}, max ${timeTakenMs.max}`,
          ] satisfies [string, string],
        ]),
    ["clients told by", report.clientsBy],
    ["left out", left.length === 0 ? "nothing" : left.join(", ")],
    [
      "requests",
      `${report.requests} of ${counted(report.clients, "client")} in ${counted(report.sessions, "session")} (a gap of more than ${report.gapSeconds / 60} min begins a new one)`,
    ],
    [
      "requests/session",
      `mean ${report.requestsPerSessionMean}${withError(standardErrors.requestsPerSessionMean)}, median ${report.requestsPerSessionMedian}, p90 ${report.requestsPerSessionP90}, max ${report.requestsPerSessionMax}; ${report.singleRequestSessions} of one request`,
    ],
    [
      "think time (s)",
      report.thinkGaps === 0
        ? "none: no session has two requests"
        : `mean ${report.thinkMeanSeconds}${withError(standardErrors.thinkMeanSeconds)}, median ${report.thinkMedianSeconds}, ${counted(report.thinkGaps, "gap")}`,
    ],
    ["session (s)", `mean ${report.sessionDurationMeanSeconds} from first to last request`],
    [
      "arrivals (/s)",
      report.arrivalsPerSecond === null
        ? "not known: all sessions begin at one moment"
        : `${report.arrivalsPerSecond}${withError(standardErrors.arrivalsPerSecond)}`,
    ],
  ];
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

function counts(record: Readonly<Record<string, number>>): string {
  return Object.entries(record)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

/** What stands in a broken line may be anything: only printable characters reach the terminal. */
function brokenLines({ malformed, files }: FitReport, columns: number): string[] {
  return malformed.first.map(({ file, line, why, text }) => {
    const place = files.length === 1 ? `line ${line}` : `${file}:${line}`;
    const shown = `  ${place}: ${why}: ${text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "?")}`;
    return shown.length > columns ? `${shown.slice(0, columns - 1)}…` : shown;
  });
}

const BLOCKS = " ▏▎▍▌▋▊▉█";

/** A bar for each hour of the day that the log covers: visits per hour. */
function hourBars({ arrivalsByHour }: FitReport, columns: number): string[] {
  const width = Math.max(10, Math.min(60, columns - 24));
  const top = Math.max(...arrivalsByHour.hourOfDay.map(({ perHour }) => perHour ?? 0));
  const covered = arrivalsByHour.hourOfDay.flatMap(({ perHour, ...hour }) =>
    perHour === null ? [] : [{ ...hour, perHour }],
  );
  const bars = covered.map(({ hour, perHour, sessions }) => {
    const eighths = top === 0 ? 0 : Math.round((perHour / top) * width * 8);
    const bar = "█".repeat(Math.floor(eighths / 8)) + (eighths % 8 === 0 ? "" : BLOCKS[eighths % 8]);
    const figure = `${Number(perHour.toPrecision(3))}/h (${sessions})`;
    return `  ${String(hour).padStart(2, "0")} ${bar}${bar === "" ? "" : " "}${figure}`;
  });
  if (covered.length === 0) return ["  all requests came at one moment"];
  return covered.length === 24 ? bars : [...bars, "  the log does not reach into the other hours"];
}

function lawTable(candidates: readonly Candidate<Law | CountLaw>[], columns: number): readonly string[] {
  return textTable(
    ["mean", "AIC", "KS distance", "chi-square"],
    candidates.map(({ law, mean, aic, ksDistance, chiSquare }) => ({
      head: lawText(law),
      cells: [
        String(Number(mean.toPrecision(4))),
        aic?.toFixed(1) ?? "-",
        ksDistance.toFixed(4),
        chiSquare === null ? "-" : chance(chiSquare.pValue),
      ],
    })),
    columns,
  );
}
