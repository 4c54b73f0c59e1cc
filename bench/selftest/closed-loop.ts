// Our saturation driver beside autocannon's own command and wrk, on the same server and address with as many connections: rounds in
// turns, so that a machine that changes its pace does so for all three.

import { setTimeout as delay } from "node:timers/promises";
import { medianOf } from "../../metrics/confidence.ts";
import { machineClock } from "../clock.ts";
import { openSaturationThreads } from "../drivers/saturation/saturation-threads.ts";
import type { Check } from "./check.ts";
import { autocannonPerSecond, wrkPerSecond } from "./other-tools.ts";
import { READ_PAGE, type SelftestSite, SILENCE_MAX_MS } from "./selftest-site.ts";

export interface ClosedLoopFigures {
  readonly connections: number;
  readonly ours: readonly number[];
  readonly autocannon: readonly number[];
  /** Empty where wrk is not installed. */
  readonly wrk: readonly number[];
}

const CONNECTIONS = 32;
const SECONDS = 1;
const ROUNDS = 3;
const RATIO_MIN = 0.8;

/** @returns null when `signal` came first, and what went wrong when a tool saw requests fail. */
export async function measureClosedLoop(
  target: SelftestSite,
  signal: AbortSignal,
): Promise<ClosedLoopFigures | Error | null> {
  const ours: number[] = [];
  const autocannon: number[] = [];
  const wrk: number[] = [];
  const asked = {
    url: `http://127.0.0.1:${target.port}${READ_PAGE}`,
    cookie: target.cookies[0],
    connections: CONNECTIONS,
    seconds: SECONDS,
  };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const figures = {
        ours: await oursPerSecond(target, signal),
        autocannon: await autocannonPerSecond(asked, signal),
        wrk: await wrkPerSecond(asked, signal),
      };
      ours.push(figures.ours);
      autocannon.push(figures.autocannon);
      if (figures.wrk !== null) wrk.push(figures.wrk);
    }
  } catch (error) {
    if (signal.aborted) return null;
    return error instanceof Error ? error : new Error(String(error));
  }
  return { connections: CONNECTIONS, ours, autocannon, wrk };
}

/** After a warm-up as long, as the driver has one in every run. */
async function oursPerSecond({ scenario, port }: SelftestSite, signal: AbortSignal): Promise<number> {
  const threads = await openSaturationThreads({
    scenario,
    port,
    caPem: null,
    connections: CONNECTIONS,
    threads: 1,
    durationMsMax: 60_000,
    silenceMaxMs: SILENCE_MAX_MS,
  });
  try {
    threads.load();
    await Promise.race([delay(SECONDS * 1_000, undefined, { signal }), threads.failed]);
    const startedAtMs = machineClock();
    const before = threads.completed();
    await Promise.race([delay(SECONDS * 1_000, undefined, { signal }), threads.failed]);
    return ((threads.completed() - before) / (machineClock() - startedAtMs)) * 1_000;
  } finally {
    await threads.kill();
  }
}

/** Of each round. */
function ratios(ours: readonly number[], others: readonly number[]): readonly number[] {
  return ours.map((value, round) => value / others[round]);
}

/** @returns one check for each tool it was compared with; where the comparison failed, one that is not held and says why. */
export function judgeClosedLoop(figures: ClosedLoopFigures | Error): Check[] {
  const goal = `at least ${RATIO_MIN} of its throughput`;
  if (figures instanceof Error) {
    return [{ name: "closed loop beside autocannon", held: false, goal, said: figures.message, figures: {} }];
  }
  const { ours, autocannon, wrk } = figures;
  const oursMedian = medianOf(ours);
  const beside = (name: string, others: readonly number[]) => {
    const all = ratios(ours, others);
    return (
      `${oursMedian.toFixed(0)} requests/s, ${name} ${medianOf(others).toFixed(0)}: ratio ${medianOf(all).toFixed(2)} ` +
      `(rounds from ${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`
    );
  };
  const ratioToAutocannon = medianOf(ratios(ours, autocannon));
  return [
    {
      name: "closed loop beside autocannon",
      held: ratioToAutocannon >= RATIO_MIN,
      goal,
      said: beside("autocannon", autocannon),
      figures: {
        requestsPerSecond: oursMedian,
        autocannonPerSecond: medianOf(autocannon),
        ratio: ratioToAutocannon,
        ratioMin: Math.min(...ratios(ours, autocannon)),
        ratioMax: Math.max(...ratios(ours, autocannon)),
      },
    },
    {
      name: "closed loop beside wrk",
      held: null,
      goal: "told, not judged: wrk is C and leaves the server more of the machine",
      said: wrk.length === 0 ? "wrk is not installed (Debian: apt-get install wrk)" : beside("wrk", wrk),
      figures: {
        requestsPerSecond: oursMedian,
        wrkPerSecond: wrk.length === 0 ? null : medianOf(wrk),
        ratio: wrk.length === 0 ? null : medianOf(ratios(ours, wrk)),
        ratioMin: wrk.length === 0 ? null : Math.min(...ratios(ours, wrk)),
        ratioMax: wrk.length === 0 ? null : Math.max(...ratios(ours, wrk)),
      },
    },
  ];
}
