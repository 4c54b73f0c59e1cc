// What an audit finds, one sentence each, and the verdict that follows: the worst finding decides and comes first.

import type { Audit } from "../../metrics/run-result.ts";

/** "valid": worth telling, and no fault of the run. */
export type Finding = { readonly verdict: Audit["verdict"]; readonly text: string };

const rank: Readonly<Record<Audit["verdict"], number>> = { invalid: 2, doubtful: 1, valid: 0 };

export function judgeFindings(findings: readonly Finding[]): Pick<Audit, "verdict" | "findings"> {
  const sorted = [...findings].sort((a, b) => rank[b.verdict] - rank[a.verdict]);
  return { verdict: sorted[0]?.verdict ?? "valid", findings: sorted.map((finding) => finding.text) };
}

/** "12.3 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
