// The order of the bench: rounds, in each of which every case runs once, in a process of its own, one after another. The order is
// turned by one from round to round, so that what the machine does meanwhile strikes all alike.

import { spawn } from "node:child_process";
import { packageRoot } from "../../cli/package-root.ts";
import { bundleCases } from "./bundle-cases.ts";
import type { EngineCaseKind } from "./cases.ts";
import { parseReading, type Reading } from "./reading.ts";

export interface TimedReading extends Reading {
  /** From the start of the process to its end. */
  readonly wholeMs: number;
}

export interface CaseReadings {
  readonly kind: EngineCaseKind;
  readonly hours: number;
  /** By round; null where the run was cut short before it. */
  readonly readings: readonly (TimedReading | null)[];
}

export interface RoundsOptions {
  readonly cases: readonly EngineCaseKind[];
  readonly rounds: number;
  /** Of simulated time; null: what each case says. */
  readonly hours: number | null;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Share of the time that all is expected to take, and what runs now. */
  readonly tell: (share: number, note: string) => void;
}

/** @throws Error when a process fails: with what it said. */
export async function runRounds(options: RoundsOptions): Promise<readonly CaseReadings[]> {
  const { cases, rounds, signal, tell } = options;
  const found = cases.map((kind) => ({
    kind,
    hours: options.hours ?? kind.hours,
    readings: [] as (TimedReading | null)[],
  }));
  const clock = remainingTime(found, rounds);
  const bundled = await bundleCases();
  try {
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < found.length; turn++) {
        const one = found[(turn + round) % found.length]!;
        const note = `round ${round + 1} of ${rounds}, ${one.kind.label}`;
        const ticking = setInterval(() => tell(clock.share(), note), 500);
        try {
          one.readings[round] = signal.aborted ? null : await runOnce(one, bundled.program, options);
        } finally {
          clearInterval(ticking);
        }
      }
    }
  } finally {
    await bundled.remove();
  }
  return found;
}

/** How far the work is, by what each case took before, or should take. */
function remainingTime(found: readonly CaseReadings[], rounds: number) {
  const beganMs = performance.now();
  const expectedMs = ({ kind, hours, readings }: CaseReadings) => {
    const before = readings.filter((reading) => reading !== null);
    const sum = before.reduce((total, { wholeMs }) => total + wholeMs, 0);
    return before.length > 0 ? sum / before.length : (kind.roughSeconds * 1000 * hours) / kind.hours;
  };
  return {
    share() {
      const leftMs = found.reduce((sum, one) => sum + (rounds - one.readings.length) * expectedMs(one), 0);
      const spentMs = performance.now() - beganMs;
      return spentMs / (spentMs + leftMs);
    },
  };
}

/** @returns null when `signal` came first. */
async function runOnce(
  { kind, hours }: Pick<CaseReadings, "kind" | "hours">,
  program: string,
  { seed, signal }: Pick<RoundsOptions, "seed" | "signal">,
): Promise<TimedReading | null> {
  const { file, args } = kind.command(hours, seed, program);
  const beganMs = performance.now();
  const child = spawn(file, args, { cwd: packageRoot, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => void child.kill("SIGKILL");
  process.on("exit", end);
  signal.addEventListener("abort", end);
  const said: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => said.push(data));
  child.stderr.on("data", (data: Buffer) => complained.push(data));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const wholeMs = performance.now() - beganMs;
    if (signal.aborted) return null;
    if (code !== 0) throw new Error(`${kind.label} ended with ${code}: ${Buffer.concat(complained)}`);
    return { ...parseReading(Buffer.concat(said).toString()), wholeMs };
  } finally {
    process.off("exit", end);
    signal.removeEventListener("abort", end);
  }
}
