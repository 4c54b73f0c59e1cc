// What is measured of a call, and how. The calls of a turn are cut into three parts, each measured for one thing, so that no
// measuring disturbs another; which part is for what goes round from turn to turn.
// Latency: by tinybench, a sample a call; calls too short for the clock are timed several at a time, and a sample is their mean.
// CPU: user and system time of the whole process, threads of a driver included; the middle of the turns, because the collector's
// threads work off in one turn what many have left behind.
// Allocation: growth of the heap and of the memory outside it over a few calls at a time; stretches in which memory was collected or
// swept meanwhile are left out. Planted allocations are found within a tenth (test/bench/drivers/micro-gauge.test.ts).

import v8 from "node:v8";
import vm from "node:vm";
import { Bench } from "tinybench";
import { assert } from "../../../config/assert.ts";
import type { StoreOperation } from "../../../config/scenario.ts";
import type { Awaitable } from "../../providers/session-store.ts";
import type { Gauge } from "./micro-turn.ts";

type Call = (index: number) => Awaitable<unknown>;

/** What one call with so much state came to, over all rounds. */
export interface MicroCell {
  readonly operation: StoreOperation;
  readonly stateBytes: number;
  /** Calls timed together as one sample. */
  readonly callsPerSample: number;
  /** Of each round, in order: the milliseconds of a call, sample by sample. */
  readonly roundsSamplesMs: number[][];
  /** Of a call, turn by turn; of memory only turns in which some stretch was clean. */
  readonly turnsCpuMs: number[];
  readonly turnsHeapBytes: number[];
  readonly turnsExternalBytes: number[];
  heapBytes: number;
  heapCalls: number;
  externalBytes: number;
  externalCalls: number;
}

/** A sample shorter than this is more clock than call: the clock's own step and cost are some 0.0001 ms. */
export const SAMPLE_MS_MIN = 0.02;
/** Stretches of the allocation part: about this much, so that the young generation seldom fills up within one. */
const STRETCH_BYTES = 65_536;
/** A call allocates several times its state: bytes, strings, objects. */
const ALLOCATED_PER_STATE_BYTE = 4;
const ALLOCATED_PER_CALL = 2_048;
/** Looking at the heap takes as long as hundreds of short calls, so that those that allocate little are weighed many at a time. */
const ALLOCATED_MIN = 64;
const KNOWN_CALLS = 100;

/** @param callMs what a call takes by and large. */
export function createCell(operation: StoreOperation, stateBytes: number, callMs: number): MicroCell {
  return {
    operation,
    stateBytes,
    callsPerSample: callMs >= SAMPLE_MS_MIN ? 1 : Math.ceil(SAMPLE_MS_MIN / Math.max(callMs, 1e-5)),
    roundsSamplesMs: [],
    turnsCpuMs: [],
    turnsHeapBytes: [],
    turnsExternalBytes: [],
    heapBytes: 0,
    heapCalls: 0,
    externalBytes: 0,
    externalCalls: 0,
  };
}

/** Stretches of a rough turn: what strikes one of them does not strike all. */
const ROUGH_STRETCHES = 8;

/** The least milliseconds of a call in any stretch of any turn: for the first turns, which make everything warm. */
export function roughGauge(callMs: Map<StoreOperation, number>): Gauge {
  return async (operation, calls, call) => {
    const together = Math.ceil(calls / ROUGH_STRETCHES);
    for (let from = 0; from < calls; from += together) {
      const to = Math.min(calls, from + together);
      const beganMs = performance.now();
      await callEach(call, from, to);
      const tookMs = (performance.now() - beganMs) / (to - from);
      callMs.set(operation, Math.min(tookMs, callMs.get(operation) ?? tookMs));
    }
  };
}

/** @param turn counts up from 0. */
export function measuringGauge(cellOf: (operation: StoreOperation) => MicroCell, turn: number): Gauge {
  const parts = [timeCalls, chargeCalls, weighCalls];
  return async (operation, calls, call) => {
    const cell = cellOf(operation);
    const part = Math.floor(calls / parts.length);
    assert(part > 0, "each thing has a call to be measured by");
    for (let place = 0; place < parts.length; place++) {
      const from = place * part;
      const to = place === parts.length - 1 ? calls : from + part;
      await parts[(place + turn) % parts.length](cell, call, from, to);
    }
  };
}

async function callEach(call: Call, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const answer = call(index);
    if (answer instanceof Promise) await answer;
  }
}

/** A provider answers always at once or always later; the first call of the part tells, and is not timed if it is the only one. */
async function timeCalls(cell: MicroCell, call: Call, from: number, to: number): Promise<void> {
  const answer = call(from);
  const async = answer instanceof Promise;
  await answer;
  const together = Math.min(cell.callsPerSample, to - from - 1);
  const samples = together === 0 ? 0 : Math.floor((to - from - 1) / together);
  if (samples > 0) {
    const first = from + 1;
    const timed = async ? awaited(call, first, together) : synchronous(call, first, together);
    const bench = new Bench({ iterations: samples, time: 0, warmup: false, retainSamples: true, throws: true });
    bench.add(cell.operation, timed, { async });
    if (async) await bench.run();
    else bench.runSync();
    const { result } = bench.tasks[0];
    assert(result.state === "completed", "tinybench came to the end");
    assert(result.latency.samples !== undefined, "tinybench keeps its samples when told to");
    const kept = [...result.latency.samples];
    const round = cell.roundsSamplesMs.at(-1);
    assert(round !== undefined, "a round has begun");
    round.push(...kept);
  }
  await callEach(call, from + 1 + samples * together, to);
}

/** What tinybench calls for a sample; of several calls together it is told the mean. */
function synchronous(call: Call, first: number, together: number) {
  let next = first;
  if (together === 1) return () => void call(next++);
  return () => {
    const beganMs = performance.now();
    for (let left = together; left > 0; left--) call(next++);
    return meanOfSample(performance.now() - beganMs, together);
  };
}

function awaited(call: Call, first: number, together: number) {
  let next = first;
  if (together === 1) return async () => void (await call(next++));
  return async () => {
    const beganMs = performance.now();
    for (let left = together; left > 0; left--) await call(next++);
    return meanOfSample(performance.now() - beganMs, together);
  };
}

function meanOfSample(tookMs: number, together: number) {
  return { overriddenDuration: tookMs / together, overriddenIterationCost: tookMs };
}

async function chargeCalls(cell: MicroCell, call: Call, from: number, to: number): Promise<void> {
  const before = process.cpuUsage();
  await callEach(call, from, to);
  const { user, system } = process.cpuUsage(before);
  cell.turnsCpuMs.push((user + system) / 1000 / (to - from));
}

/** Of a call, as far as it is known; before, a guess on the high side. */
function allocatedBy({ stateBytes, heapBytes, heapCalls }: MicroCell): number {
  if (heapCalls < KNOWN_CALLS) return ALLOCATED_PER_CALL + ALLOCATED_PER_STATE_BYTE * stateBytes;
  return heapBytes / heapCalls;
}

async function weighCalls(cell: MicroCell, call: Call, from: number, to: number): Promise<void> {
  const together = Math.max(1, Math.floor(STRETCH_BYTES / Math.max(ALLOCATED_MIN, allocatedBy(cell))));
  const before = { ...cell };
  for (let at = from; at < to; at += together) {
    const end = Math.min(to, at + together);
    const grown = await growthDuring(() => callEach(call, at, end));
    if (grown.heapBytes !== null) {
      cell.heapBytes += grown.heapBytes;
      cell.heapCalls += end - at;
    }
    if (grown.externalBytes !== null) {
      cell.externalBytes += grown.externalBytes;
      cell.externalCalls += end - at;
    }
  }
  const heapCalls = cell.heapCalls - before.heapCalls;
  const externalCalls = cell.externalCalls - before.externalCalls;
  if (heapCalls > 0) cell.turnsHeapBytes.push((cell.heapBytes - before.heapBytes) / heapCalls);
  if (externalCalls > 0) cell.turnsExternalBytes.push((cell.externalBytes - before.externalBytes) / externalCalls);
}

/** null where memory was given back meanwhile. */
interface Growth {
  readonly heapBytes: number | null;
  readonly externalBytes: number | null;
}

/** The engine's own collection, which a process not started with --expose-gc reaches this way. */
export const collectGarbage: () => void = (() => {
  v8.setFlagsFromString("--expose-gc");
  return vm.runInNewContext("gc") as () => void;
})();

/** Looking twice allocates as well; how much is found out once. */
let lookingBytes: number | null = null;

async function growthDuring(work: () => Promise<void>): Promise<Growth> {
  lookingBytes ??= await costOfLooking();
  const { heapBytes, externalBytes, collections } = await rawGrowth(work);
  const clean = collections === 0;
  return {
    heapBytes: clean && heapBytes >= 0 ? Math.max(0, heapBytes - lookingBytes) : null,
    externalBytes: clean && externalBytes >= 0 ? externalBytes : null,
  };
}

async function rawGrowth(work: () => Promise<void>) {
  const profiler = new v8.GCProfiler();
  profiler.start();
  const before = v8.getHeapStatistics();
  await work();
  const after = v8.getHeapStatistics();
  const { statistics } = profiler.stop() ?? { statistics: [] };
  return {
    heapBytes: after.used_heap_size - before.used_heap_size,
    externalBytes: after.external_memory - before.external_memory,
    collections: statistics.length,
  };
}

/** The median: a collection may strike here too. */
async function costOfLooking(): Promise<number> {
  const costs: number[] = [];
  for (let n = 0; n < 31; n++) costs.push((await rawGrowth(async () => undefined)).heapBytes);
  return costs.sort((a, b) => a - b)[costs.length >> 1];
}
