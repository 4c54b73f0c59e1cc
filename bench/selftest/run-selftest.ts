// Can this machine, with this generator, be trusted to measure? Everything that the benches rest on, tried for half a minute.

import os from "node:os";
import { watchMachine } from "../audit/machine-watch.ts";
import { createHttpClient, USER_AGENT } from "../drivers/http/http-client.ts";
import { addressOf } from "../drivers/journeys/page-path.ts";
import { untilAnswered } from "../waiting.ts";
import type { Check } from "./check.ts";
import { judgeClocks, judgeMachine, measureClocks } from "./clocks.ts";
import { judgeClosedLoop, measureClosedLoop } from "./closed-loop.ts";
import { judgePacing, measurePacing, type PacingTrial } from "./pacing.ts";
import { openSelftestSite, type SelftestSite, SILENCE_MAX_MS, WRITE_PAGE } from "./selftest-site.ts";
import { judgeStall, measureStall } from "./stall.ts";

export interface Selftest {
  /** Of the parts that came to their end. */
  readonly checks: readonly Check[];
  /** false when it was cut short. */
  readonly complete: boolean;
}

/** Enough that no two requests of a session meet. */
const VISITORS = 64;
const PER_SECOND = 1_000;
const SETTLE_MS = 1_000;
const PROGRESS_MS = 500;

type Trial = Omit<PacingTrial, "perSecond" | "work">;
type Part = { readonly note: string; readonly ms: number; readonly run: () => Promise<readonly Check[] | null> };

/** @param onProgress is told the share done and what is being done. Takes about 40 s. Ends early on `signal`. */
export async function runSelftest(
  signal: AbortSignal,
  onProgress: (share: number, note: string) => void,
): Promise<Selftest> {
  const loadAverage = os.loadavg()[0];
  const target = await openSelftestSite(VISITORS);
  const watch = watchMachine();
  try {
    const checks: Check[] = [];
    const parts = partsOf(target, signal);
    const wholeMs = parts.reduce((sum, part) => sum + part.ms, 0);
    let doneMs = 0;
    for (const part of parts) {
      const startedAtMs = performance.now();
      const ticking = setInterval(() => {
        const inPartMs = Math.min(part.ms, performance.now() - startedAtMs);
        onProgress((doneMs + inPartMs) / wholeMs, part.note);
      }, PROGRESS_MS);
      const found = await part.run().finally(() => clearInterval(ticking));
      if (found === null) return { checks, complete: false };
      checks.push(...found);
      doneMs += part.ms;
    }
    await target.site.close(SETTLE_MS);
    return { checks: [...checks, judgeMachine(watch.finish(), loadAverage)], complete: true };
  } finally {
    watch.finish();
    target.site.kill();
  }
}

function partsOf(target: SelftestSite, signal: AbortSignal): readonly Part[] {
  const one = async <T>(measured: Promise<T | null>, judge: (figures: T) => Check) => {
    const figures = await measured;
    return figures === null ? null : [judge(figures)];
  };
  const pacing = (name: string, trial: Trial, sends: boolean): Part => ({
    note: name,
    ms: trial.durationMs,
    run: () => (sends ? pacingOverHttp(name, trial, target, signal) : pacingAlone(name, trial, signal)),
  });
  return [
    { note: "clock", ms: 1_500, run: () => one(measureClocks(signal), judgeClocks) },
    pacing("pacing, nothing else to do", { arrivals: "constant", durationMs: 2_000 }, false),
    pacing("pacing, a request each", { arrivals: "constant", durationMs: 10_000 }, true),
    pacing("pacing, a request each, Poisson", { arrivals: "poisson", durationMs: 3_000 }, true),
    { note: "a stall", ms: 3_500, run: () => one(measureStall(target, signal), judgeStall) },
    {
      note: "closed loop",
      ms: 20_000,
      async run() {
        const figures = await measureClosedLoop(target, signal);
        return figures === null ? null : judgeClosedLoop(figures);
      },
    },
  ];
}

async function pacingAlone(name: string, trial: Trial, signal: AbortSignal): Promise<readonly Check[] | null> {
  const figures = await measurePacing({ ...trial, perSecond: PER_SECOND, work: () => undefined }, signal);
  return figures === null ? null : [judgePacing(name, figures)];
}

/** As in a real run: a page that reads and writes its session, over HTTP, at each start. */
async function pacingOverHttp(
  name: string,
  trial: Trial,
  { port, cookies }: SelftestSite,
  signal: AbortSignal,
): Promise<readonly Check[] | null> {
  const client = createHttpClient({ silenceMaxMs: SILENCE_MAX_MS, lockWaitHeader: null });
  let failed = 0;
  const work = (index: number) => {
    const visit = index % cookies.length;
    const asked = {
      port,
      path: WRITE_PAGE,
      cookies: cookies[visit],
      clientAddress: addressOf(visit),
      userAgent: USER_AGENT,
    };
    void client.send(asked).then((reply) => {
      if (reply.kind !== "answered" || reply.status !== 200) failed++;
    });
  };
  try {
    const figures = await measurePacing({ ...trial, perSecond: PER_SECOND, work }, signal);
    if (figures === null) return null;
    await untilAnswered(client.inFlight, SETTLE_MS);
    const check = judgePacing(name, figures);
    if (failed === 0) return [check];
    return [
      { ...check, held: false, said: `${check.said}; ${failed} requests failed`, figures: { ...figures, failed } },
    ];
  } finally {
    client.close();
  }
}
