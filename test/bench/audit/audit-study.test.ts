import { describe, expect, test } from "vitest";
import { auditStudy, besideMachine } from "../../../bench/audit/audit-study.ts";
import { quietMachine as machine } from "./quiet-machine.ts";

describe("the audit of an experiment", () => {
  test("a quiet machine and a complete run are valid without a word, and what was not paced has no lag", () => {
    expect(auditStudy({ complete: true, machine, generator: { busyShare: 0.4 } })).toEqual({
      auditVerdict: "valid",
      auditFindings: [],
      auditGenerator: {
        ...machine,
        busyShare: 0.4,
        startLagP50Ms: null,
        startLagP99Ms: null,
        startLagMaxMs: null,
        droppedStarts: 0,
      },
    });
  });

  test("what the experiment found itself is judged with the rest", () => {
    const own = [{ verdict: "invalid", text: "Nothing was answered." } as const];
    const { auditVerdict, auditFindings } = auditStudy({ complete: false, machine, own });
    expect(auditVerdict).toBe("invalid");
    expect(auditFindings).toEqual(["Nothing was answered.", expect.stringContaining("cut short")]);
  });

  test("a host that died and a generator without time left make it invalid", () => {
    expect(auditStudy({ complete: true, machine, hostDeath: "signal SIGKILL" }).auditVerdict).toBe("invalid");
    expect(auditStudy({ complete: true, machine, generator: { busyShare: 0.99 } }).auditVerdict).toBe("invalid");
    expect(auditStudy({ complete: true, machine, hostTroubles: ["It hung."] }).auditVerdict).toBe("doubtful");
  });

  test("one that judges itself keeps the worse of both verdicts, its own findings first", () => {
    const busy = { ...machine, otherLoadShare: 0.5 };
    const own = { verdict: "invalid", findings: ["The store failed."] } as const;
    expect(besideMachine(own, busy)).toMatchObject({
      auditVerdict: "invalid",
      auditFindings: ["The store failed.", expect.stringContaining("50.0 %")],
      auditGenerator: { otherLoadShare: 0.5, busyShare: null },
    });
    expect(besideMachine({ verdict: "valid", findings: [] }, busy).auditVerdict).toBe("doubtful");
    const unweighed = besideMachine({ verdict: "valid", findings: [] }, busy, { ...busy, otherLoadShare: null });
    expect(unweighed).toMatchObject({
      auditVerdict: "valid",
      auditFindings: [],
      auditGenerator: { otherLoadShare: 0.5 },
    });
  });
});
