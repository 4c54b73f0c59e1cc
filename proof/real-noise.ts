// npm run proof:real-noise: does this machine, as it is, make anybody raise an alarm for nothing? Real comparisons of this program with
// itself, other stores and drivers in turn; each takes a minute or two.

import { packageRoot } from "../cli/package-root.ts";
import type { Comparison } from "../metrics/compare/comparison.ts";
import { askBench } from "./ask-bench.ts";
import { type Finding, type ProofWork, proofCommand } from "./proof-command.ts";
import { runCommand } from "./run-command.ts";

interface SuiteKind {
  readonly name: string;
  /** Of bench; the base is told the same as the candidate. */
  readonly args: readonly string[];
}

const MICRO = ["--driver", "micro", "--seconds", "1"] as const;
/** Short visits to few sessions: a run takes some seconds. */
const VISITS = "proof/real/short-visits.yaml";

/** Half of them the quickest, whose calls are the shortest and so the most easily disturbed. */
const kinds: readonly SuiteKind[] = [
  micro("in process", "mode=InProc", ["--mode", "InProc"]),
  micro("state server", "mode=StateServer", ["--mode", "StateServer"]),
  micro("in process", "mode=InProc", ["--mode", "InProc"]),
  visits("visits in process", "mode=InProc", ["--mode", "InProc"]),
  micro("in process", "mode=InProc", ["--mode", "InProc"]),
  micro("SQLite", "provider=sqlite", ["--provider", "sqlite"]),
  micro("in process", "mode=InProc", ["--mode", "InProc"]),
  visits("visits to SQLite", "provider=sqlite", ["--provider", "sqlite"]),
];

const BLOCKS_MAX = 16;
/** With fewer, nothing can raise an alarm, and so nothing is shown. */
const BLOCKS_LEAST = 12;
const BUDGET_MINUTES = 12;

function micro(name: string, base: string, candidate: readonly string[]): SuiteKind {
  return { name: `micro, ${name}`, args: ["scenarios/basket.yaml", ...MICRO, "--against", base, ...candidate] };
}

function visits(name: string, base: string, candidate: readonly string[]): SuiteKind {
  return { name, args: [VISITS, "--straight", "--against", base, ...candidate] };
}

/** @returns one finding a suite, and one for all; of those that ended. */
async function prove({ repeats, seed, goOn, signal }: ProofWork): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let suite = 0; suite < repeats; suite++) {
    const kind = kinds[suite % kinds.length]!;
    const note = `suite ${suite + 1} of ${repeats}: ${kind.name}`;
    if (!(await goOn(suite / repeats, note))) break;
    const bounds = ["--blocks-max", String(BLOCKS_MAX), "--budget-minutes", String(BUDGET_MINUTES)];
    const answered = await askBench({
      args: [...kind.args, ...bounds, "--seed", String(seed + suite)],
      folder: packageRoot,
      limitMs: 3 * BUDGET_MINUTES * 60_000,
      signal,
      tell(seconds) {
        void goOn((suite + Math.min(1, seconds / 120)) / repeats, `${note}, ${seconds.toFixed(0)} s`);
      },
    });
    if (answered === null) break;
    findings.push(suiteFinding(suite, kind, answered.comparison, answered.seconds));
  }
  if (findings.length === 0) return [];
  const alarms = findings.filter(({ held }) => !held).length;
  return [
    ...findings,
    {
      what: `Suites with an alarm, of ${findings.length}`,
      truth: 0,
      found: alarms,
      unit: "",
      goal: "none",
      held: alarms === 0,
    },
  ];
}

function suiteFinding(suite: number, kind: SuiteKind, comparison: Comparison, seconds: number): Finding {
  const { metrics, blocks } = comparison;
  const regressed = metrics.filter(({ verdict }) => verdict === "regressed");
  const noWorse = metrics.filter(({ verdict }) => verdict === "no worse").length;
  const evidenceOf = (metric: Comparison["metrics"][number]) => metric.evidence?.worse ?? 0;
  const worst = metrics.toSorted((a, b) => evidenceOf(b) - evidenceOf(a))[0];
  return {
    what: `${suite + 1}. ${kind.name}: regressed`,
    truth: 0,
    found: regressed.length,
    unit: "",
    goal: `none, ${BLOCKS_LEAST} blocks`,
    held: regressed.length === 0 && blocks >= BLOCKS_LEAST,
    note:
      `${metrics.length} metrics, ${noWorse} no worse, ${blocks} blocks, ${seconds.toFixed(0)} s` +
      (worst === undefined
        ? ""
        : `; most evidence for worse: ${worst.key}, e-value ${evidenceOf(worst).toPrecision(3)}`),
  };
}

await runCommand(
  proofCommand({
    name: "proof:real-noise",
    description: "comparisons of this program with itself, on this machine as it is: none may call anything regressed",
    repeats: { least: 1, usual: 20, of: "comparisons, about a minute and a half each", flag: "suites" },
    prove,
  }),
);
