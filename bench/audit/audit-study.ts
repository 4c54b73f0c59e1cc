// Whether the findings of an experiment may be believed, as far as every experiment has it in common: the machine, the generator's
// processor, the host's life. What only one kind of experiment can go wrong in, it adds itself.

import type { Audit, GeneratorAudit } from "../../metrics/run-result.ts";
import type { StudyInput } from "../../metrics/summarise-study.ts";
import { generatorBusyFindings } from "./audit.ts";
import { type Finding, judgeFindings } from "./audit-finding.ts";
import { machineFindings } from "./audit-machine.ts";
import type { MachineEvidence } from "./machine-watch.ts";

export interface StudyEvidence {
  readonly complete: boolean;
  readonly machine: MachineEvidence;
  /** Of what the experiment paced; nulls and 0 left out where nothing was due at a moment of its own. */
  readonly generator?: Partial<GeneratorAudit>;
  /** The generator asks as fast as it can; that it was busy is no finding. */
  readonly closedLoop?: boolean;
  /** How the host ended, if nobody asked it to. */
  readonly hostDeath?: string | null;
  /** What else went wrong with it, one sentence each. */
  readonly hostTroubles?: readonly string[];
  /** What only this experiment can find. */
  readonly own?: readonly Finding[];
}

/** To be spread into the input of summariseStudy. */
export function auditStudy(
  evidence: StudyEvidence,
): Pick<StudyInput, "auditVerdict" | "auditFindings" | "auditGenerator"> {
  const {
    complete,
    machine,
    generator = {},
    closedLoop = false,
    hostDeath = null,
    hostTroubles = [],
    own = [],
  } = evidence;
  const { verdict, findings } = judgeFindings([
    ...(hostDeath === null
      ? []
      : [{ verdict: "invalid", text: `The host process died during the run: ${hostDeath}.` } as const]),
    ...own,
    ...(closedLoop ? [] : generatorBusyFindings(generator.busyShare ?? 0)),
    ...hostTroubles.map((text) => ({ verdict: "doubtful", text }) as const),
    ...(complete
      ? []
      : [{ verdict: "doubtful", text: "The run was cut short; the figures cover what was seen until then." } as const]),
    ...machineFindings(machine),
  ]);
  return { auditVerdict: verdict, auditFindings: findings, auditGenerator: generatorAudit(machine, generator) };
}

/**
 * For an experiment that judges itself: what the machine did comes after its own findings, and the worse verdict holds.
 * @param weighed what of the machine matters to it; all of it when left out.
 */
export function besideMachine(
  own: Pick<Audit, "verdict" | "findings">,
  machine: MachineEvidence,
  weighed: MachineEvidence = machine,
): Pick<StudyInput, "auditVerdict" | "auditFindings" | "auditGenerator"> {
  const meanwhile = [...machineFindings(weighed)];
  return {
    auditVerdict: own.verdict === "valid" ? judgeFindings(meanwhile).verdict : own.verdict,
    auditFindings: [...own.findings, ...meanwhile.map(({ text }) => text)],
    auditGenerator: generatorAudit(machine, {}),
  };
}

function generatorAudit(machine: MachineEvidence, known: Partial<GeneratorAudit>): GeneratorAudit {
  return {
    busyShare: null,
    startLagP50Ms: null,
    startLagP99Ms: null,
    startLagMaxMs: null,
    droppedStarts: 0,
    ...machine,
    ...known,
  };
}
