// Logs of sites whose truth is known, and what is made of them.

import { describe, expect, test } from "vitest";
import { calibrationFromLog, type LogFitOptions } from "../../../planning/calibration/from-log.ts";
import { empiricalLaw, lockWaits, resolutionMs } from "../../../planning/calibration/log-law.ts";
import { createLogTimes } from "../../../planning/calibration/log-times.ts";
import { lawMean, lawQuantile } from "../../../workload/distributions.ts";
import { createTally } from "../../../workload/log/tally.ts";
import { plainCalibration } from "../../plain-calibration.ts";
import { logTimesOf } from "./log-times-of.ts";

const options: LogFitOptions = {
  provider: null,
  files: ["u_ex.log"],
  timeScale: 1,
  cores: null,
  base: plainCalibration("InProc"),
};
const exponential = (mean: number) => (u: number) => -mean * Math.log(1 - u);
const none = () => 0;
/** A working day: up to 85 % of one core at 40 ms a page. */
const day = [0.2, 0.5, 2, 5, 10, 15, 18, 20, 21, 15, 8, 3, 1, 0.5];

describe("a page's own time", () => {
  test("is known within its stated error, whatever the load did to the rest of the log", () => {
    for (const seed of [1, 2]) {
      const fit = calibrationFromLog(
        logTimesOf({ coreMs: exponential(40), waitMs: none, cores: 1, perSecond: day, seed }),
        options,
      );
      expect(Math.abs(fit.meanMs - 40), `seed ${seed}`).toBeLessThan(fit.meanHalfWidthMs!);
      expect(fit.meanHalfWidthMs!, `seed ${seed}`).toBeLessThan(8);
      const { requestCpuMs, clientRoundTripMs } = fit.calibration;
      expect(lawMean(requestCpuMs) + lawMean(clientRoundTripMs)).toBeCloseTo(fit.meanMs, 6);
    }
  });

  test("that waits for no core is told from that which queues for one, and how many cores there are", () => {
    const perSecond = [0.2, 0.5, 1, 4, 10, 15, 20, 25, 28, 20, 10, 5, 2, 1];
    const { growth, calibration } = calibrationFromLog(
      logTimesOf({ coreMs: exponential(60), waitMs: () => 80, cores: 2, perSecond }),
      options,
    );
    expect(growth?.coresLikely).toEqual([2]);
    expect(Math.abs(growth!.coreMs / 60 - 1)).toBeLessThan(0.05);
    expect(Math.abs(growth!.waitMs / 80 - 1)).toBeLessThan(0.05);
    expect(growth!.demandMsLow).toBeLessThanOrEqual(30.5);
    expect(growth!.demandMsHigh).toBeGreaterThanOrEqual(29.5);
    expect(calibration.clientRoundTripMs.kind, "what does not vary is a constant").toBe("constant");
    expect(
      lawQuantile(calibration.requestCpuMs, 0.9) / (60 * Math.log(10)),
      "the 90th of 100 exponential times",
    ).toBeCloseTo(1, 0);
  });

  test("that does not grow with the load is laid on no core, and the evidence says so", () => {
    const { growth, calibration, meanMs } = calibrationFromLog(
      logTimesOf({ coreMs: none, waitMs: exponential(100), cores: 1, perSecond: [0.2, 1, 4, 10, 15, 20, 4] }),
      options,
    );
    expect(growth).toBeNull();
    expect(Math.abs(meanMs / 100 - 1)).toBeLessThan(0.15);
    expect(lawMean(calibration.requestCpuMs)).toBeCloseTo(lawMean(plainCalibration("InProc").requestCpuMs), 6);
    expect(calibration.evidence).toContain("cannot be told");
  });

  test("keeps its mean though the server's timer ticks 64 times a second", () => {
    let uptimeMs = 0;
    const ticks = (tookMs: number) => {
      uptimeMs += 7.3;
      const tick = 1000 / 64;
      return Math.round((Math.floor((uptimeMs + tookMs) / tick) - Math.floor(uptimeMs / tick)) * tick);
    };
    const fit = calibrationFromLog(
      logTimesOf({ coreMs: none, waitMs: exponential(30), cores: 1, perSecond: [1, 2, 1], logged: ticks }),
      options,
    );
    expect(fit.resolutionMs).toBe(15.625);
    expect(Math.abs(fit.meanMs / 30 - 1)).toBeLessThan(0.1);
    expect(fit.calibration.evidence).toContain("steps of 15.625 ms");
  });

  test("of a log that was never quiet is called an upper bound", () => {
    const fit = calibrationFromLog(
      logTimesOf({ coreMs: exponential(40), waitMs: none, cores: 1, perSecond: [18, 19, 18] }),
      options,
    );
    expect(fit.calibration.evidence).toContain("no quiet stretches");
  });
});

describe("waits for a session's lock", () => {
  test("stand out above multiples of 500 ms, in the share that waited, and are no part of the law", () => {
    let request = 0;
    const waiting = (tookMs: number) =>
      Math.round(tookMs) + (request++ % 25 === 0 ? (request % 50 === 1 ? 500 : 1000) : 0);
    const fit = calibrationFromLog(
      logTimesOf({ coreMs: none, waitMs: exponential(20), cores: 1, perSecond: [0.3, 0.5, 1, 0.5], logged: waiting }),
      options,
    );
    expect(Math.abs(fit.lockWaitShare / 0.04 - 1)).toBeLessThan(0.2);
    expect(Math.abs(fit.meanMs / 20 - 1)).toBeLessThan(0.2);
  });

  test("are not seen in a long smooth tail", () => {
    const tally = createTally();
    for (let i = 1; i < 50_000; i++) tally.add(Math.round(-400 * Math.log(i / 50_000)));
    expect(lockWaits(tally.entries(), 20).share).toBe(0);
  });
});

test("a law by its quantiles has the mean it is to have, and the log's median", () => {
  const tally = createTally();
  for (let i = 1; i < 20_000; i++) tally.add(Math.round(-35 * Math.log(i / 20_000)));
  const law = empiricalLaw(tally.entries(), 1, tally.mean());
  expect(lawMean(law)).toBeCloseTo(tally.mean(), 9);
  expect(Math.abs(lawQuantile(law, 0.5) - 35 * Math.LN2)).toBeLessThan(0.5);
});

test("times of all milliseconds come in steps of one", () => {
  const tally = createTally();
  for (let i = 1; i < 3000; i++) tally.add(Math.round(-35 * Math.log(i / 3000)));
  expect(resolutionMs(tally.entries())).toBe(1);
});

test("requests beyond what is kept are counted, not dropped in silence", () => {
  const times = createLogTimes(2);
  const row = { ...rowOf(5) };
  for (let i = 0; i < 5; i++) times.take(row);
  times.take({ ...row, timeTakenMs: -1 });
  expect([times.count(), times.leftOut(), times.untimed()]).toEqual([2, 3, 1]);
});

function rowOf(timeTakenMs: number) {
  const span = { clientStart: 0, clientEnd: 0, agentStart: 0, agentEnd: 0, cookieStart: 0, cookieEnd: 0 };
  const rest = { setCookieStart: 0, setCookieEnd: 0, methodStart: 0, methodEnd: 0, stemStart: 0, stemEnd: 0 };
  return { bytes: new Uint8Array(0), atMs: 0, status: 200, timeTakenMs, ...span, ...rest };
}
