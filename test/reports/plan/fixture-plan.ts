// A plan as the search answers it, made up: three servers are recommended, four are dearer, two miss, SQLServer is undecided.

import type { Candidate, Choice, Plan, TargetEvidence } from "../../../metrics/plan/plan.ts";
import { applySettings } from "../../../planning/apply/apply-settings.ts";
import { scenarioOf } from "../../scenario-of.ts";
import { makeResult } from "../fixture-result.ts";

const targets = `
targets:
  - { figure: responseP99Ms, atMost: 250 }
  - { figure: refusedShare, atMost: 0.001 }
  - { figure: lostShare, atMost: 0.02 }
  - { figure: requestsPerSecond, atLeast: 180 }
`;

const workload = "workload: { arrivals: { kind: poisson, perSecond: 24 } }";

export const scenario = {
  ...scenarioOf(`site: { mode: InProc }\n${workload}\nrun: { fidelity: requests }${targets}`),
  name: "ticket sale",
  description: "A box office whose sale opens at ten: 24 visits a second, 8 times as many in the first minutes.",
};

const KILL = "kill-worker at minute 60";

const kinds = {
  response: { figure: "responseP99Ms", label: "Response time, p99", unit: "ms", limit: "at most 250" },
  refused: { figure: "refusedShare", label: "Refused share", unit: "share", limit: "at most 0.001" },
  lost: { figure: "lostShare", label: "Lost share", unit: "share", limit: "at most 0.02" },
  rate: { figure: "requestsPerSecond", label: "Requests", unit: "/s", limit: "at least 180" },
} as const;

export function evidence(
  kind: keyof typeof kinds,
  value: number,
  half: number,
  margin: number | null,
  overrides: Partial<TargetEvidence> = {},
): TargetEvidence {
  const interval = { low: value - half, high: value + half, method: "Student's t" };
  const met = margin === null ? null : margin > 0;
  return { ...kinds[kind], situation: "peak", value, interval, met, margin, ...overrides };
}

const good = [
  evidence("response", 176, 9, 0.296),
  evidence("refused", 0, 0, 1),
  evidence("lost", 0.0161, 0.0012, 0.195, { situation: KILL }),
  evidence("rate", 204.4, 1.3, 0.136, { situation: "slow-store at minute 90" }),
];

export function candidate(
  choice: Choice,
  parts: readonly (readonly [string, number])[],
  evidences: readonly TargetEvidence[],
  verdict: Candidate["verdict"],
): Candidate {
  const total = parts.reduce((sum, [, amount]) => sum + amount, 0);
  return {
    choice,
    cost: { total, parts: parts.map(([what, amount]) => ({ what, amount })) },
    verdict,
    targets: evidences,
    replications: 24,
  };
}

const chosen = (servers: number, mode: string, timeout = 20): Choice => ({
  "site.servers": servers,
  "site.mode": mode,
  "site.timeoutMinutes": timeout,
});

export const recommendation = candidate(
  chosen(3, "StateServer"),
  [
    ["3 web servers × 120", 360],
    ["memory of the store, 13 GiB × 4", 52],
  ],
  good,
  "meets",
);

const cheaper = candidate(
  chosen(2, "StateServer"),
  [["2 web servers × 120", 240]],
  [evidence("response", 318, 22, -0.272, { met: false }), ...good.slice(1)],
  "misses",
);
const unsure = candidate(
  chosen(3, "SQLServer"),
  [
    ["3 web servers × 120", 360],
    ["database server × 90", 90],
  ],
  [evidence("response", 247, 11, 0.012, { met: null, situation: "slow-store at minute 90" }), ...good.slice(1)],
  "undecided",
);
const dearer = candidate(
  chosen(4, "InProc", 30),
  [["4 web servers × 120", 480]],
  [evidence("response", 120, 4, 0.52), evidence("lost", 0.0188, 0.0008, 0.06, { situation: KILL })],
  "meets",
);

/** Everything a plan can have. */
export const plan: Plan = {
  schema: "sessionlab.plan/1",
  scenario,
  seed: 1,
  command: "sessionlab plan ticket-sale.yaml --prices prices.yaml",
  complete: true,
  confidence: 0.95,
  currency: "EUR",
  prices: "prices.yaml",
  situations: [
    { kind: "peak", name: "peak", description: "The busiest hour of the day, 24 to 192 visits a second." },
    { kind: "fault", name: KILL, description: "One worker process is killed and back after 30 s." },
    { kind: "fault", name: "slow-store at minute 90", description: "The store answers 40 ms later for 2 min." },
  ],
  searched: [
    { key: "site.servers", values: [1, 2, 3, 4] },
    { key: "site.mode", values: ["InProc", "StateServer", "SQLServer"] },
    { key: "site.timeoutMinutes", values: [10, 20, 30] },
  ],
  points: { all: 36, simulated: 9, settled: 27 },
  seen: [
    ...[1, 1.2, 1.6, 2, 2.3].map((factor, index) => ({
      choice: chosen(2, "InProc", 10 + index),
      cost: 120 * factor,
      verdict: "misses" as const,
      margin: -0.9 + index * 0.12,
    })),
    { choice: cheaper.choice, cost: 240, verdict: "misses", margin: -0.272 },
    { choice: recommendation.choice, cost: 412, verdict: "meets", margin: 0.136 },
    { choice: unsure.choice, cost: 450, verdict: "undecided", margin: 0.012 },
    { choice: dearer.choice, cost: 480, verdict: "meets", margin: 0.06 },
    { choice: chosen(4, "SQLServer", 30), cost: 570, verdict: "meets", margin: 0.33 },
  ],
  recommendation,
  alternatives: [
    { candidate: cheaper, why: "cheaper by 172 EUR, but misses the response time: 318 ms, at most 250 ms." },
    { candidate: unsure, why: "dearer by 38 EUR, and its response time cannot be told met or missed." },
    { candidate: dearer, why: "meets every target, but is dearer by 68 EUR." },
  ],
  binding: null,
  breaking: {
    metAt: 1.4,
    missedAt: 1.6,
    target: evidence("response", 412, 31, -0.648),
    why: "the web cores are 98 % busy",
  },
  sensitivities: [
    {
      assumption: "cost of a request on a web core",
      low: { factor: 0.8, margin: 0.31, choice: chosen(2, "StateServer"), cost: 292 },
      high: { factor: 1.25, margin: -0.12, choice: chosen(4, "StateServer"), cost: 532 },
    },
    {
      assumption: "think time",
      low: { factor: 0.8, margin: -0.02, choice: null, cost: null },
      high: { factor: 1.25, margin: 0.24, choice: recommendation.choice, cost: 412 },
    },
    {
      assumption: "state size",
      low: { factor: 0.8, margin: 0.15, choice: recommendation.choice, cost: 401 },
      high: { factor: 1.25, margin: 0.11, choice: recommendation.choice, cost: 425 },
    },
    {
      assumption: "service time of the store",
      low: { factor: 0.8, margin: 0.139, choice: recommendation.choice, cost: 412 },
      high: { factor: 1.25, margin: null, choice: recommendation.choice, cost: 412 },
    },
  ],
  assumptions: [
    "What StateServer costs is assumed, not measured: a state service one local network away, 0.1 ms a call.",
    "The peak is 8 times the arrivals of the scenario.",
  ],
  apply: applySettings(
    scenarioOf(`site: { mode: StateServer, servers: 3, timeoutMinutes: 20 }\n${workload}`),
    recommendation.choice,
  ),
  environment: makeResult().environment,
};

/** The only one that meets them costs more than there is: nothing is recommended. */
export const hopeless: Plan = {
  ...plan,
  recommendation: null,
  alternatives: [],
  binding: { candidate: cheaper, target: cheaper.targets[0]! },
  breaking: null,
  sensitivities: [],
  apply: [],
  points: { all: 36, simulated: 36, settled: 0 },
};

/** The cheapest cannot be told to meet its targets. */
export const undecided: Plan = {
  ...plan,
  recommendation: unsure,
  alternatives: [],
  sensitivities: [],
  complete: false,
};

/** The least that a plan holds. */
export const bare: Plan = {
  ...hopeless,
  scenario: { ...scenario, targets: [], description: "" },
  situations: [],
  searched: [],
  binding: null,
  assumptions: [],
  points: { all: 0, simulated: 0, settled: 0 },
  seen: [],
  complete: false,
};
