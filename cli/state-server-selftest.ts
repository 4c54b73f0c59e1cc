// sessionlab state-server --selftest: the throughput of our state service beside redis-server on this machine.

import {
  type EngineThroughput,
  measureWireThroughput,
  type WireThroughput,
  wireThroughputDefaults,
} from "../bench/drivers/wire-throughput.ts";
import type { Environment } from "../metrics/run-result.ts";
import { describeEnvironment } from "./environment.ts";
import { TARGET_MISSED } from "./exit-codes.ts";
import { createProgress } from "./progress.ts";

/** Of Redis's operations a second. Redis is C; a service in JavaScript that does well over half as many is no bottleneck of a bench. */
const RATIO_MIN = 0.6;

/**
 * Prints what was measured.
 * @returns the exit code: 0, or 1 when the ratio is below the goal.
 * @throws InputError when redis-server is not installed.
 */
export async function selftest({ json, quiet }: { json?: boolean; quiet?: boolean }): Promise<number> {
  const startedAt = new Date();
  const progress = createProgress("measuring", quiet === true);
  const result = await measureWireThroughput(wireThroughputDefaults, (share) => progress.update(share));
  progress.stop();
  const environment = describeEnvironment(startedAt, (Date.now() - startedAt.getTime()) / 1_000);
  if (json === true) process.stdout.write(`${JSON.stringify({ ...result, environment })}\n`);
  else process.stdout.write(renderThroughput(result, environment));
  return result.ratioMedian < RATIO_MIN ? TARGET_MISSED : 0;
}

function renderThroughput(result: WireThroughput, environment: Environment): string {
  const { clients, bodyBytes, rounds, roundMs } = result.options;
  const line = ({ engine, opsPerSecondMedian }: EngineThroughput) =>
    `  ${engine.padEnd(44)}${Math.round(opsPerSecondMedian).toLocaleString("en").padStart(9)}\n`;
  const ratio = (value: number) => value.toFixed(2);
  return [
    `Operations per second: write and read ${bodyBytes.toLocaleString("en")} bytes in turn, ${clients} clients with one connection each, ${rounds} rounds of ${roundMs / 1_000} s in turns (median)\n`,
    line(result.redis),
    line(result.stateServer),
    `  ratio ${ratio(result.ratioMedian)} (rounds from ${ratio(Math.min(...result.ratios))} to ${ratio(Math.max(...result.ratios))}; goal ${ratio(RATIO_MIN)})\n`,
    `${environment.cpu}, ${environment.cores} cores shared with the clients, ${environment.platform}, ${environment.startedAt.slice(0, 10)}\n`,
  ].join("");
}
