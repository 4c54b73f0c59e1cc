// npm run proof:slowdown: is a real slow-down found, in time? In a copy of this program getItem of the store in process is made a tenth
// slower, by work that is measured; then the copy is asked, as anybody would ask, whether it is worse than the commit before.

import { medianOf } from "../metrics/confidence.ts";
import { type Answered, askBench } from "./ask-bench.ts";
import { type Finding, type ProofWork, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";
import { MICRO, SCENARIO, STORE_FILE, timeAddedWork, timeGetItem, workThatTakes } from "./slowdown/calibrate.ts";
import { type Clone, openClone } from "./slowdown/clone.ts";
import { slowedSource } from "./slowdown/slower-store.ts";

const SLOWER_BY = 0.1;
const ADDED_WITHIN = 0.015;
/** As compared, on a machine with other work. */
const FOUND_BETWEEN = [0.05, 0.15] as const;
const SECONDS_MOST = 300;
/** Leaves the rest for the worktrees. */
const BUDGET_MINUTES = 4.8;
const CHANGED_CALL = /^micro\.getItem\./;
/** Of the progress, what is over before the comparison begins. */
const CALIBRATION_SHARE = 0.1;

async function prove(work: ProofWork): Promise<readonly Finding[]> {
  await work.goOn(0, "copying the program");
  const clone = await openClone(work.signal);
  try {
    return work.signal.aborted ? [] : await proveIn(clone, work);
  } finally {
    clone.close();
  }
}

async function proveIn(clone: Clone, work: ProofWork): Promise<readonly Finding[]> {
  const { repeats, goOn, signal } = work;
  const timesNs: number[] = [];
  for (let n = 0; n < repeats; n++) {
    if (!(await goOn((CALIBRATION_SHARE * n) / repeats, `timing getItem, ${n + 1} of ${repeats}`))) return [];
    const timeNs = await timeGetItem(clone, signal);
    if (timeNs === null) return [];
    timesNs.push(timeNs);
  }
  const callNs = medianOf(timesNs);
  if (!(await goOn(CALIBRATION_SHARE, "measuring the work that is added"))) return [];
  const added = await workThatTakes(SLOWER_BY * callNs, clone, signal);
  // Once more, with what was chosen: the nearest of several tries is near by luck, too.
  const addedNs = added === null ? null : await timeAddedWork(added.bytes, clone, signal);
  if (added === null || addedNs === null) return [];
  const findings = [addedFinding(addedNs, callNs, added.bytes, timesNs)];

  clone.write(STORE_FILE, slowedSource(clone.read(STORE_FILE), added.bytes));
  await clone.commit("InProc: a slower getItem");
  const compared = await compare(clone, work);
  return compared === null ? findings : [...findings, ...verdictFindings(compared)];
}

function addedFinding(addedNs: number, callNs: number, bytes: number, timesNs: readonly number[]): Finding {
  const found = addedNs / callNs;
  const apart = `${Math.min(...timesNs).toFixed(0)} to ${Math.max(...timesNs).toFixed(0)}`;
  return {
    what: "Work added to getItem, of its time",
    truth: SLOWER_BY,
    found,
    unit: "share",
    goal: `within ${ADDED_WITHIN * 100} points`,
    held: Math.abs(found - SLOWER_BY) <= ADDED_WITHIN,
    note:
      `${addedNs.toFixed(1)} ns a call, ${bytes} bytes filled at every second call, measured by taking turns with the call without it; ` +
      `a call takes ${callNs.toFixed(0)} ns (${timesNs.length} processes: ${apart})`,
  };
}

function compare({ folder }: Clone, { goOn, signal, seed }: ProofWork): Promise<Answered | null> {
  const budget = ["--budget-minutes", String(BUDGET_MINUTES), "--seed", String(seed)];
  return askBench({
    args: [SCENARIO, "--against", "HEAD~1", ...MICRO, ...budget],
    folder,
    limitMs: 2 * SECONDS_MOST * 1000,
    signal,
    tell(seconds) {
      const share = CALIBRATION_SHARE + ((1 - CALIBRATION_SHARE) * seconds) / SECONDS_MOST;
      void goOn(Math.min(1, share), `sessionlab bench --against HEAD~1, for ${seconds.toFixed(0)} s`);
    },
  });
}

function verdictFindings({ comparison, seconds }: Answered): readonly Finding[] {
  const { metrics, blocks } = comparison;
  const time = metrics.find(({ key }) => CHANGED_CALL.test(key) && key.endsWith(".p50Ms"));
  const effect = time?.effect ?? null;
  const others = metrics.filter(({ key, verdict }) => !CHANGED_CALL.test(key) && verdict === "regressed");
  const interval = effect?.interval ?? null;
  const found = effect?.value ?? Number.NaN;
  const [least, most] = FOUND_BETWEEN;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    {
      what: "getItem slower, as compared",
      truth: SLOWER_BY,
      found,
      unit: "share",
      goal: `regressed, ${least * 100} to ${most * 100} %`,
      held: time?.verdict === "regressed" && found >= least && found <= most,
      note:
        `${time?.verdict ?? "not measured"} after ${blocks} blocks; ${time?.reason ?? ""}` +
        (interval === null ? "" : ` 95 % interval ${percent(interval.low)} to ${percent(interval.high)}.`),
    },
    {
      what: "Time of the comparison",
      truth: null,
      found: seconds,
      unit: "s",
      goal: `at most ${SECONDS_MOST} s`,
      held: seconds <= SECONDS_MOST,
    },
    {
      what: "Metrics of other calls called regressed",
      truth: 0,
      found: others.length,
      unit: "",
      goal: "none",
      held: others.length === 0,
      note: `of ${metrics.filter(({ key }) => !CHANGED_CALL.test(key)).length}${others.map(({ key }) => `, ${key}`).join("")}`,
    },
  ];
}

await runCommand(
  proofCommand({
    name: "proof:slowdown",
    description: "a getItem made 10 % slower in a copy of this program is found by bench --against within 5 minutes",
    repeats: { least: 3, usual: 5, of: "processes that time getItem before it is made slower" },
    prove,
  }),
);
