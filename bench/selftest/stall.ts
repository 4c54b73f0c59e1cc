// Coordinated omission in small. A site that stands still for half a second in three is asked over one connection only: what is due
// meanwhile waits for it. From the due time everybody's wait is seen; from the moment a request went out, one slow answer is all that
// can be seen, and the tester has stopped asking exactly while it was slow. Source: Gil Tene, "How NOT to Measure Latency" (2013).

import { createHistogram, percentileMs, recordMs } from "../../metrics/latency-histogram.ts";
import { machineClock } from "../clock.ts";
import { limitConnections } from "../drivers/http/connection-limit.ts";
import { createHttpClient, USER_AGENT } from "../drivers/http/http-client.ts";
import { addressOf } from "../drivers/journeys/page-path.ts";
import { createPace, machineTimers } from "../pace.ts";
import { aborted } from "../waiting.ts";
import { type Check, timeText } from "./check.ts";
import { READ_PAGE, type SelftestSite, SILENCE_MAX_MS } from "./selftest-site.ts";

export interface StallFigures {
  readonly starts: number;
  readonly samples: number;
  readonly failed: number;
  /** How long the site really stood still. */
  readonly stallMs: number;
  readonly responseP99Ms: number;
  readonly serviceP99Ms: number;
  /** By the sum: of starts evenly over the run, those in the stall wait for its rest. */
  readonly expectedP99Ms: number;
}

const PER_SECOND = 100;
const DURATION_MS = 3_000;
const STALL_MS = 500;
const STALL_AT_MS = 1_000;
const LEAD_IN_MS = 50;
/** What waited is answered one after another, and the waits of a shared machine come on top. */
const TOLERANCE = 0.15;

/** The hundredth part of the starts that waits longest is due in the stall's first hundredth of the whole run. */
export function expectedStallP99Ms(stallMs: number, durationMs: number): number {
  return Math.max(0, stallMs - durationMs / 100);
}

/** @returns null when `signal` came first. */
export async function measureStall({ port, cookies }: SelftestSite, signal: AbortSignal): Promise<StallFigures | null> {
  const inner = createHttpClient({ silenceMaxMs: SILENCE_MAX_MS, lockWaitHeader: null });
  const client = limitConnections(inner, 1, machineClock);
  const pace = createPace(machineTimers(machineClock));
  const over = new AbortController();
  const response = createHistogram();
  const service = createHistogram();
  const starts = (DURATION_MS / 1_000) * PER_SECOND;
  const request = { port, clientAddress: addressOf(0), userAgent: USER_AGENT };
  const originMs = machineClock() + LEAD_IN_MS;
  let stallMs = 0;
  let failed = 0;

  async function visit(dueAtMs: number): Promise<void> {
    const sentAtMs = machineClock();
    const reply = await client.send({ ...request, path: READ_PAGE, cookies: cookies[0] });
    if (reply.kind !== "answered" || reply.status !== 200) {
      failed++;
      return;
    }
    const endedAtMs = machineClock();
    recordMs(response, endedAtMs - dueAtMs);
    recordMs(service, endedAtMs - sentAtMs - (reply.queuedMs ?? 0));
  }

  /** A page that burns its processor for so long: the host has one thread, and nobody else is served meanwhile. */
  async function stall(): Promise<void> {
    const startedAtMs = machineClock();
    await inner.send({ ...request, path: `/page.aspx?session=none&cpu=${STALL_MS}`, cookies: "" });
    stallMs = machineClock() - startedAtMs;
  }

  const due = (atMs: number, work: (dueAtMs: number) => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      pace.at(originMs + atMs, () => work(originMs + atMs).then(resolve, reject));
    });
  try {
    const all = [
      due(STALL_AT_MS, stall),
      ...Array.from({ length: starts }, (_, index) => due(((index + 0.5) * 1_000) / PER_SECOND, visit)),
    ];
    await Promise.race([Promise.all(all), aborted(signal, over.signal)]);
  } finally {
    over.abort();
    pace.stop();
    client.close();
  }
  if (signal.aborted) return null;
  return {
    starts,
    samples: response.totalCount,
    failed,
    stallMs,
    responseP99Ms: percentileMs(response, 99) ?? 0,
    serviceP99Ms: percentileMs(service, 99) ?? 0,
    expectedP99Ms: expectedStallP99Ms(stallMs, DURATION_MS),
  };
}

export function judgeStall(figures: StallFigures): Check {
  const { starts, samples, failed, stallMs, responseP99Ms, serviceP99Ms, expectedP99Ms } = figures;
  const near = Math.abs(responseP99Ms - expectedP99Ms) <= TOLERANCE * expectedP99Ms;
  return {
    name: "coordinated omission",
    held: samples === starts && near && serviceP99Ms < responseP99Ms / 2,
    goal: `as many samples as starts; response p99 within ${TOLERANCE * 100} % of the sum, hidden from service p99`,
    said:
      `the site stood still for ${timeText(stallMs)} of ${timeText(DURATION_MS)}: response p99 ${timeText(responseP99Ms)} ` +
      `(by the sum ${timeText(expectedP99Ms)}), service p99 ${timeText(serviceP99Ms)}; ${samples} samples of ${starts} starts` +
      `${failed > 0 ? `, ${failed} failed` : ""}`,
    figures: { ...figures },
  };
}
