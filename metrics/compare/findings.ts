// What a reader of a comparison should know beside the verdicts: what was not measured, what differs besides the sides, and which runs
// are doubtful.

import type { Comparison } from "./comparison.ts";
import { liesApart, type Sides } from "./lay-out.ts";
import type { NoiseFloors } from "./noise-floors.ts";

/**
 * @param given noise floors that somebody named or kept; null: none.
 * @param known those of them that are about these runs.
 * @returns a sentence each.
 */
export function findingsOn(
  design: Comparison["design"],
  [base, candidate]: Sides,
  given: NoiseFloors | null,
  known: NoiseFloors | null,
): readonly string[] {
  const nodes = [base, candidate].map(([{ environment }]) => environment.node);
  const doubtful = [...base, ...candidate].filter(({ audit }) => audit.verdict === "doubtful");
  const findings: string[] = [];
  if (design === "sets" && liesApart(base, candidate)) {
    findings.push(
      "The sides ran at different times: what the machine did between them cannot be told from a change. bench --against lets them take turns.",
    );
  }
  if (design === "single" && base[0].kind === "measured" && known === null) {
    findings.push("One run a side: how runs differ on this machine is not known. bench --calibrate-noise measures it.");
  }
  if (given !== null && known === null) {
    findings.push(`The noise floors are of ${given.label} on ${given.machine}, and were not used.`);
  }
  if (nodes[0] !== nodes[1]) findings.push(`Node is ${nodes[0]} for the base and ${nodes[1]} for the candidate.`);
  const share = `of ${base.length + candidate.length} runs`;
  for (const said of new Set(doubtful.flatMap(({ audit }) => audit.findings.map(withoutFigures)))) {
    const having = doubtful.filter(({ audit }) => audit.findings.some((finding) => withoutFigures(finding) === said));
    const example = having[0].audit.findings.find((finding) => withoutFigures(finding) === said);
    findings.push(`Doubtful, ${having.length} ${share}: ${example}`);
  }
  return findings;
}

/** What runs say alike, each with figures of its own, is said once. */
function withoutFigures(finding: string): string {
  return finding.replace(/\d+(\.\d+)?/g, "0");
}
