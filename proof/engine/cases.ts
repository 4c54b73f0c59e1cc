// The cases of the engine's bench: ours and the rivals', which of them there are, what an event of each is, and what is asked of it.

import { execFileSync } from "node:child_process";
import path from "node:path";
import { packageRoot } from "../../cli/package-root.ts";
import type { Target } from "../../config/scenario.ts";
import { type YardstickChoice, yardstickScenario } from "../yardstick.ts";
import { w2Model } from "./rivals/w2-model.ts";

interface Started {
  readonly file: string;
  readonly args: readonly string[];
}

export interface EngineCaseKind {
  readonly name: string;
  readonly label: string;
  /** What counts as an event. */
  readonly events: string;
  /** Simulated, unless asked otherwise. */
  readonly hours: number;
  /** Of a run on a quiet machine, for the time left before the first round is over. */
  readonly roughSeconds: number;
  readonly rival: boolean;
  /** What to start and what it is told. @param program run-case, bundled. */
  readonly command: (hours: number, seed: number, program: string) => Started;
  /** null where it can run; why not, where it cannot. */
  readonly missing: () => string | null;
  /** On figures of this case: the figure's last part, and its bounds. */
  readonly targets: Readonly<Record<string, Omit<Target, "figure">>>;
}

const here = import.meta.dirname;
/** The one of the system: SimPy comes as a Debian package. */
const PYTHON = "/usr/bin/python3";

function ours(
  name: string,
  label: string,
  choice: YardstickChoice,
  rest: Partial<EngineCaseKind> = {},
): EngineCaseKind {
  return {
    name,
    label,
    events: "arrivals, follow-up requests and expiries",
    hours: 4,
    roughSeconds: 2,
    rival: false,
    command: (hours, seed, program) => nodeWith(program, "scenario", yardstickScenario({ ...choice, hours, seed })),
    missing: () => null,
    targets: {},
    ...rest,
  };
}

function nodeWith(program: string, model: string, what: unknown): Started {
  return { file: process.execPath, args: [program, model, JSON.stringify(what)] };
}

/** Of W1, for each hour asked: 8 million events in four. */
const CUSTOMERS_PER_HOUR = 1_000_000;

const requestTargets = { eventsPerSecond: { atLeast: 1e6 } };

function rival(name: string, label: string, timesAtLeast: number, rest: Partial<EngineCaseKind> = {}): EngineCaseKind {
  return {
    ...ours(name, label, {}),
    command: (hours, seed, program) => nodeWith(program, name, w2Model(hours, seed)),
    rival: true,
    roughSeconds: 12,
    targets: { wholeTimesW2: { atLeast: timesAtLeast } },
    ...rest,
  };
}

/** In the order of reports. */
export const engineCases: readonly EngineCaseKind[] = [
  ours(
    "w1",
    "W1, M/M/1 by the event list",
    {},
    {
      command: (hours, seed, program) =>
        nodeWith(program, "mm1", { customers: Math.ceil(hours * CUSTOMERS_PER_HOUR), seed }),
      events: "arrivals and departures",
      targets: { eventsPerSecond: { atLeast: 8e6 } },
    },
  ),
  ours(
    "w2",
    "W2",
    {},
    {
      targets: { eventsPerSecond: { atLeast: 3.5e6 }, gcShare: { atMost: 0.02 } },
    },
  ),
  ours("w2-capped", "W2 with a cap of 70,000", { sessionsMax: 70_000 }),
  ours("w2-swept", "W2 with sweeps every 20 s", { sweepSeconds: 20 }),
  ours("w2x10", "W2 × 10", { size: 10 }, { roughSeconds: 5 }),
  ours(
    "w2x100",
    "W2 × 100",
    { size: 100 },
    {
      roughSeconds: 20,
      targets: {
        timesW2: { atMost: 2 },
        arrayBytesPerSession: { atMost: 32 },
        rssMaxBytes: { atMost: 300e6 },
        gcShare: { atMost: 0.02 },
      },
    },
  ),
  ours(
    "w2-inproc",
    "W2 with requests, InProc",
    { requests: "InProc" },
    {
      events: "requests, their answers, and expiries",
      hours: 2,
      roughSeconds: 8,
      targets: requestTargets,
    },
  ),
  ours(
    "w2-stateserver",
    "W2 with requests, StateServer",
    { requests: "StateServer" },
    {
      events: "requests, their answers, store calls, polls of a lock, and expiries",
      hours: 2,
      roughSeconds: 16,
      targets: requestTargets,
    },
  ),
  ours(
    "w2-sqlserver",
    "W2 with requests, SQLServer",
    { requests: "SQLServer" },
    {
      events: "requests, their answers, store calls, polls of a lock, and expiries",
      hours: 2,
      roughSeconds: 16,
      targets: requestTargets,
    },
  ),
  ours(
    "w2-locks",
    "W2 with requests, SQLServer, in parallel",
    { requests: "SQLServer", parallelShare: 0.2 },
    {
      events: "requests, their answers, store calls, polls of a lock, and expiries",
      hours: 2,
      roughSeconds: 25,
      targets: requestTargets,
    },
  ),
  rival("simjs", "W2 in simjs 2.0.3", 12),
  rival("js-simulator", "W2 in js-simulator 1.0.17", 12),
  rival("simpy", "W2 in SimPy", 25, {
    roughSeconds: 45,
    command: (hours, seed) => ({
      file: PYTHON,
      args: [path.join(here, "rivals", "simpy_w2.py"), JSON.stringify(w2Model(hours, seed))],
    }),
    missing: () => (simpyVersion() === null ? `SimPy is not installed for ${PYTHON} (Debian: python3-simpy3)` : null),
  }),
];

/** "3.0.11"; null where there is none. */
export function simpyVersion(): string | null {
  try {
    const script = "import simpy; print(simpy.__version__)";
    return execFileSync(PYTHON, ["-c", script], { cwd: packageRoot, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return null;
  }
}
