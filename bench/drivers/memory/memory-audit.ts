// Whether measured memory may be believed, and what a reader must know of how it was come by.

import type { StoreProvider } from "../../../config/scenario.ts";
import type { Audit } from "../../../metrics/run-result.ts";
import type { MemoryStudy } from "../../../metrics/study.ts";
import type { StoreError } from "../../providers/store-error.ts";
import type { SubjectKind } from "./memory-subject.ts";

export interface MemoryEvidence {
  readonly study: MemoryStudy;
  readonly complete: boolean;
  readonly interrupted: boolean;
  readonly failure: StoreError | null;
  /** Sessions that were put into the store and not found there. */
  readonly missing: number;
  readonly othersStored: number;
  readonly kind: Pick<SubjectKind, "ours">;
  readonly provider: StoreProvider;
}

/** A slope known no better than this is no answer. */
const HALF_WIDTH_SHARE_MAX = 0.1;

type Finding = { readonly verdict: Audit["verdict"]; readonly text: string };

/** Verdict and findings, worst first. */
export function auditMemory(evidence: MemoryEvidence): Pick<Audit, "verdict" | "findings"> {
  const rank = { invalid: 2, doubtful: 1, valid: 0 };
  const findings = [...findingsOf(evidence)].sort((a, b) => rank[b.verdict] - rank[a.verdict]);
  return { verdict: findings[0]?.verdict ?? "valid", findings: findings.map(({ text }) => text) };
}

function* findingsOf(evidence: MemoryEvidence): Generator<Finding> {
  const { study, failure, missing, othersStored, kind, provider } = evidence;
  const { name, lines } = study.measures[0];
  if (failure !== null) {
    yield { verdict: "invalid", text: `The store failed on the way: ${failure.message.replace(/\.$/, "")}.` };
  }
  if (evidence.interrupted) {
    yield { verdict: "doubtful", text: "The run was cut short; the figures rest on the fillings until then." };
  }
  if (lines.length === 0) {
    yield { verdict: "invalid", text: "Nothing was measured: no size was filled and read three times." };
    return;
  }
  if (missing > 0) {
    yield {
      verdict: "doubtful",
      text:
        `${missing} sessions were put into the store and not found there: it dropped them, or somebody else did. ` +
        "The fillings they belonged to are left out.",
    };
  }
  if (othersStored > 0) {
    yield {
      verdict: "doubtful",
      text: `The store held ${othersStored} sessions of others: what they do to its memory is in the figures.`,
    };
  }
  if (provider === "sealed-cookie") {
    yield {
      verdict: "valid",
      text: "The sessions are kept by the clients, in cookies: what is measured is what stays in the server all the same.",
    };
    return;
  }
  for (const { stateBytes, bytesPerSession } of lines) {
    const { value, interval } = bytesPerSession;
    const halfWidth = interval === null ? Number.POSITIVE_INFINITY : (interval.high - interval.low) / 2;
    if (halfWidth <= HALF_WIDTH_SHARE_MAX * value) continue;
    const known = Number.isFinite(halfWidth)
      ? `to ± ${((100 * halfWidth) / value).toFixed(0)} % only`
      : "without an interval";
    yield {
      verdict: "doubtful",
      text: `What a session of ${stateBytes} bytes takes (${name}) is known ${known}.`,
    };
  }
  if (evidence.complete && lines.every(({ reclaimedShare }) => reclaimedShare === null)) {
    yield {
      verdict: "doubtful",
      text: kind.ours
        ? "The sessions were not seen to go after their time."
        : "The sessions were not all seen to go after their time; the store's own job has to remove them.",
    };
  }
}
