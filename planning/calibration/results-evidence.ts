// What a fitted calibration rests on, in words: which runs, what they told, what was taken from elsewhere, and what remains.

import type { Calibration } from "../../config/scenario.ts";
import type { RunResult } from "../../metrics/run-result.ts";

/** One figure of one run: as it was measured, and as the fitted calibration has it. */
export interface RemainingError {
  /** Which of the runs, from 1. */
  readonly run: number;
  readonly figure: string;
  readonly unit: string;
  readonly measured: number;
  readonly simulated: number;
}

interface EvidenceParts {
  readonly results: readonly RunResult[];
  readonly base: Calibration;
  readonly remote: boolean;
  readonly apart: boolean;
  readonly knowsCores: boolean;
  readonly memory: string | null;
  readonly errors: readonly RemainingError[];
}

export function resultsEvidence({ results, base, remote, apart, knowsCores, memory, errors }: EvidenceParts): string {
  const runs = results.map(
    (r) => `"${r.scenario.name}" (${r.label}, ${r.measured.requests} requests, ${r.environment.startedAt})`,
  );
  const taken = [
    ...(knowsCores || apart ? [] : ["a request's time on a core"]),
    ...(remote
      ? [
          "the way between visitor and site",
          "what store calls take on a core",
          "how its store calls compare and grow with bytes",
          "calls at one time",
        ]
      : ["what store calls take"]),
    ...(memory === null ? ["memory"] : []),
  ];
  const core = knowsCores
    ? "A request's time on a core is what the host's processor time leaves beside pages and store calls."
    : apart
      ? "A request's time on a core is what makes response times grow with the load."
      : "How busy the cores were is not known.";
  const beyond = remote
    ? "What of the response lies beyond is laid on the store, every call so many times slower than in the base."
    : "What of the response lies beyond is laid on the way between visitor and site, with the tail that was seen.";
  const spread = apart
    ? "Spread is that which fits all loads."
    : "One load does not tell the spread of the core's time: it is a constant.";
  return [
    `Fitted from ${runs.join("; ")}, by simulating the same visitors until the answer was the same.`,
    core,
    beyond,
    spread,
    ...(memory === null ? [] : [`${memory[0]!.toUpperCase()}${memory.slice(1)}.`]),
    `From "${base.name}"${base.measured ? "" : ", which is an assumption"}: ${taken.join(", ")}.`,
    ...results.map((_, i) => {
      const which = results.length === 1 ? "" : ` of run ${i + 1}`;
      const texts = errors.filter(({ run }) => run === i + 1).map(errorText);
      return `What remains${which}, simulated against measured: ${texts.join("; ")}.`;
    }),
  ].join(" ");
}

function errorText({ figure, measured, simulated }: RemainingError): string {
  const percent = measured === 0 ? 0 : (simulated / measured - 1) * 100;
  return `${figure} ${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}
