import { describe, expect, test } from "vitest";
import { gatherFaults } from "../../metrics/gather-faults.ts";
import type { FaultRecord } from "../../metrics/run-result.ts";

const killed: FaultRecord = {
  kind: "kill-store",
  atMs: 60_000,
  downMs: 2000,
  recoveryMs: 2100,
  sessionsLost: 10,
  failures: { "session store unreachable": 8 },
};
const recycled: FaultRecord = { ...killed, kind: "recycle", atMs: 90_000, downMs: 0, failures: {} };
const gathered = (...replications: (readonly FaultRecord[])[]) =>
  gatherFaults(replications.map((faults) => ({ faults })));

describe("faults of several replications", () => {
  test("one replication's stay as they are", () => {
    expect(gathered([killed, recycled])).toEqual([killed, recycled]);
    expect(gathered()).toEqual([]);
  });

  test("are one record each, in means; a kind of failure that one has not seen counts as none there", () => {
    const other = { ...killed, recoveryMs: 2300, sessionsLost: 13, failures: { "session store timed out": 2 } };
    expect(gathered([killed], [other])).toEqual([
      {
        ...killed,
        recoveryMs: 2200,
        sessionsLost: 11.5,
        failures: { "session store timed out": 1, "session store unreachable": 4 },
      },
    ]);
  });

  test("have not recovered where one has not, and lost an unknown number where one does not know it", () => {
    const [mean] = gathered([killed], [{ ...killed, recoveryMs: null, sessionsLost: null }]);
    expect(mean).toMatchObject({ recoveryMs: null, sessionsLost: null });
  });

  test("that struck in one replication alone, or at another moment, are left out", () => {
    const later = { ...recycled, atMs: 91_000 };
    expect(gathered([killed, recycled], [killed, later]).map(({ kind }) => kind)).toEqual(["kill-store"]);
    expect(gathered([killed, recycled], [killed]).map(({ kind }) => kind)).toEqual(["kill-store"]);
  });
});

test("timelines of unlike steps are laid over each other in the longest, as far as all have one", () => {
  const fine = {
    fromMs: -200,
    stepMs: 100,
    completed: [1, 2, 3, 4, 5],
    failed: [0, 1, 0, 0, 9],
    slowestMs: [7, null, null, null, 1],
  };
  const coarse = { fromMs: -200, stepMs: 200, completed: [5, 5, 5], failed: [1, 2, 3], slowestMs: [9, null, 4] };
  const [mean] = gathered([{ ...killed, timeline: fine }], [{ ...killed, timeline: coarse }]);
  expect(mean?.timeline).toEqual({
    fromMs: -200,
    stepMs: 200,
    completed: [4, 6],
    failed: [1, 1],
    slowestMs: [9, null],
  });
  expect(gathered([{ ...killed, timeline: fine }], [killed])[0]).not.toHaveProperty("timeline");
});
