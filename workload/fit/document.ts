// The workload file that `fit` writes: YAML that a scenario can name, each part under the evidence it rests on, so that whoever reads
// it a year later can judge it.

import { Document, isMap, isScalar, isSeq, type Node } from "yaml";
import type { CountLaw, Law } from "../../config/scenario.ts";
import type { ArrivalCandidate } from "./arrivals.ts";
import type { Candidate } from "./candidates.ts";
import type { FitReport } from "./report.ts";

const LINE_MAX = 130;

/** @param command how the file was made, for its head. */
export function workloadDocument(report: FitReport, command: string): string {
  const document = new Document(report.workload);
  document.commentBefore = comment([`A workload fitted from access logs by: ${command}`, ...evidence(report)]);
  const parts = {
    arrivals: arrivalsEvidence(report),
    requestsPerVisit: requestsEvidence(report),
    thinkSeconds: thinkEvidence(report),
    pages: pagesEvidence(report),
  };
  if (!isMap(document.contents)) throw new Error("a workload is a map");
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key)) continue;
    key.commentBefore = comment(parts[key.value as keyof typeof parts]);
    key.spaceBefore = true;
    flowNumbers(value as Node);
  }
  return document.toString({ lineWidth: LINE_MAX });
}

/** Lists of numbers go on as few lines as they need. */
function flowNumbers(node: Node): void {
  if (isSeq(node) && node.items.every((item) => isScalar(item))) node.flow = true;
  else if (isMap(node)) for (const { value } of node.items) flowNumbers(value as Node);
}

/** Lines in one comment; newlines in what a log brought along cannot end it. */
function comment(lines: readonly string[]): string {
  return lines.flatMap((line) => broken(line)).join("\n");
}

function broken(line: string): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/\s+/)) {
    if (current.length + word.length + 2 > LINE_MAX - 2) {
      lines.push(` ${current}`);
      current = `  ${word}`;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, ` ${current}`];
}

function evidence(report: FitReport): string[] {
  const { malformed, staticLeftOut, clientlessLeftOut } = report;
  return [
    `Logs: ${report.files.join(", ")}; ${report.dataRows} requests from ${report.first} to ${report.last}, ${malformed.count} broken lines.`,
    `Clients told by ${report.clientsBy}: ${report.requests} requests, ${report.clients} clients, ${report.sessions} sessions; a gap of more than ${report.gapSeconds} s begins a new one.`,
    ...(clientlessLeftOut > 0 ? [`Left out: ${clientlessLeftOut} requests that do not tell their client.`] : []),
    report.pagesOnly
      ? `Left out: ${staticLeftOut} requests for static files.`
      : "Every request counts, images and scripts too; --pages-only leaves static files out.",
    ...(report.rowsTooLate > 0
      ? [`${report.rowsTooLate} requests lay so far out of time order that they count as later ones.`]
      : []),
  ];
}

function arrivalsEvidence({ arrivalsPerSecond, standardErrors, fits }: FitReport): string[] {
  const { why, candidates, n } = fits.arrivals;
  const rate =
    arrivalsPerSecond === null
      ? `${n} visit`
      : `${n} visits, ${arrivalsPerSecond}/s on average (standard error ${standardErrors.arrivalsPerSecond}, if they came independently)`;
  return [`Arrivals: ${rate}. Chosen because ${why}.`, ...candidates.map(arrivalLine)];
}

function arrivalLine({ law, aic, dispersion }: ArrivalCandidate): string {
  if (dispersion === null) return `- ${law.kind}: AIC ${aic.toFixed(1)}; too few visits to test for independence`;
  const { index, bins, binSeconds, pValue } = dispersion;
  const burstier = pValue < 0.01 && index > 1 ? "; visits came in clusters that this law does not have" : "";
  return `- ${law.kind}: AIC ${aic.toFixed(1)}; dispersion index ${index.toFixed(2)} over ${bins} bins of ${binSeconds} s (1 if independent), ${chance(pValue)}${burstier}`;
}

function requestsEvidence(report: FitReport): string[] {
  const { why, candidates } = report.fits.requestsPerSession;
  return [
    `Requests per session: mean ${report.requestsPerSessionMean}${withError(report.standardErrors.requestsPerSessionMean)}, median ${report.requestsPerSessionMedian}, 90 % at most ${report.requestsPerSessionP90}, largest ${report.requestsPerSessionMax}; ${report.singleRequestSessions} sessions of one request.`,
    `${sentence(why)}.`,
    ...candidates.map(candidateLine),
  ];
}

function thinkEvidence(report: FitReport): string[] {
  const { why, candidates, resolutionSeconds } = report.fits.thinkSeconds;
  const logged =
    report.timeTakenMs === null
      ? ""
      : " The log's times are those of requests, so a think time here includes the response.";
  return [
    `Think times: ${report.thinkGaps} gaps, mean ${report.thinkMeanSeconds} s${withError(report.standardErrors.thinkMeanSeconds)}, median ${report.thinkMedianSeconds} s, known to ${resolutionSeconds} s.${logged}`,
    `${sentence(why)}.`,
    ...candidates.map(candidateLine),
  ];
}

/** ` (standard error 0.103)`, to three digits; nothing where it is not known. */
export function withError(standardError: number | null): string {
  return standardError === null ? "" : ` (standard error ${Number(standardError.toPrecision(3))})`;
}

function candidateLine({ law, mean, aic, ksDistance, chiSquare }: Candidate<Law | CountLaw>): string {
  const parts = [
    ...(aic === null ? [] : [`AIC ${aic.toFixed(1)}`]),
    `KS distance ${ksDistance.toFixed(4)}`,
    ...(chiSquare === null ? [] : [`chi-square ${chance(chiSquare.pValue)}`]),
    `mean ${Number(mean.toPrecision(4))}`,
  ];
  return `- ${lawText(law)}: ${parts.join("; ")}`;
}

/** A law in a few words: `lognormal (mean 12.4, sigma 1.3)`. */
export function lawText(law: Law | CountLaw): string {
  const parameters = Object.entries(law)
    .filter(([, value]) => typeof value === "number")
    .map(([key, value]) => `${key} ${Number((value as number).toPrecision(4))}`);
  return parameters.length === 0 ? law.kind : `${law.kind} (${parameters.join(", ")})`;
}

function pagesEvidence({ timeTakenMs }: FitReport): string[] {
  const known =
    timeTakenMs === null
      ? "Nor does it tell the CPU time of a page: 0 here."
      : `The time taken (mean ${timeTakenMs.mean} ms, median ${timeTakenMs.median}, 95 % at most ${timeTakenMs.p95}) includes network and queueing, so it is no CPU time: 0 here.`;
  return [`A log does not tell which pages use session state: all of them here. ${known}`];
}

export function chance(pValue: number): string {
  return pValue < 0.001 ? "p below 0.001" : `p ${pValue.toFixed(3)}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
