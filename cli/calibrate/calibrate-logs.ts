// A calibration fitted from access logs: reads them, and refuses those that do not say how long requests took.

import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { InputError } from "../../config/problem.ts";
import { calibrationFromLog, type LogFit } from "../../planning/calibration/from-log.ts";
import { createLogTimes, type LogTimes } from "../../planning/calibration/log-times.ts";
import { readLogs, totalBytes } from "../fit/fit-logs.ts";
import { interruptible } from "../interruptible.ts";
import { baseCalibration, type FitChoice } from "./calibrate-results.ts";

/** Fewer pages have no law. */
const PAGES_MIN = 100;

export interface LogChoice extends FitChoice {
  readonly cores?: number;
}

/** @returns null when an interrupt ended it. @throws InputError */
export async function fitLogs(files: readonly string[], choice: LogChoice): Promise<LogFit | null> {
  const provider = choice.provider ?? null;
  const base = await baseCalibration(choice.base, provider);
  const total = await totalBytes(files);
  const timeScale = await timeScaleOf(files);
  const times = createLogTimes();
  const whole = await interruptible("reading", choice.quiet === true, async (signal, tell) => {
    let read = 0;
    const study = {
      take: times.take,
      reachedMs: () => {},
    };
    try {
      await readLogs(files, study, (bytes) => {
        signal.throwIfAborted();
        read += bytes;
        tell(total === 0 ? 0 : read / total, `${times.count()} requests`);
      });
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    return true;
  });
  if (!whole) return null;
  refuseTimeless(files, times);
  return calibrationFromLog(times, { provider, files, timeScale, cores: choice.cores ?? null, base });
}

/** Those of the bench say so: its scenario time runs faster than real time. @throws InputError for logs that do not agree. */
async function timeScaleOf(files: readonly string[]): Promise<number> {
  const scales = await Promise.all(files.map((file) => (file === "-" ? 1 : timeScaleIn(file))));
  const differ = scales.find((scale) => scale !== scales[0]);
  if (differ === undefined) return scales[0]!;
  const given = `logs of runs ${scales[0]} and ${differ} times faster than real time`;
  throw new InputError("Cannot calibrate", [
    { at: "--from", given, expected: "one time scale", mend: "fit each by itself" },
  ]);
}

const HEAD_BYTES = 4096;

async function timeScaleIn(file: string): Promise<number> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const text = head[0] === 0x1f && head[1] === 0x8b ? await beginningOf(head) : head.toString("latin1");
    const found = /^#Remark: written by sessionlab bench;.*?(\d+) times real time/m.exec(text);
    return found === null ? 1 : Number(found[1]);
  } finally {
    await handle.close();
  }
}

/** The beginning of a packed text, from its first bytes: that they end too soon does not matter. */
function beginningOf(packed: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const gunzip = createGunzip();
    gunzip.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    gunzip.on("error", () => resolve(text));
    gunzip.on("end", () => resolve(text));
    gunzip.end(packed);
  });
}

function refuseTimeless(files: readonly string[], times: LogTimes): void {
  const refuse = (given: string, expected: string, mend: string) => {
    throw new InputError("Cannot calibrate", [{ at: "the log", given, expected, mend, file: files.join(", ") }]);
  };
  if (times.count() === 0 && times.untimed() > 0) {
    refuse(
      `without the time that requests took (${times.untimed()} requests)`,
      "the field time-taken",
      "tick Time Taken among the W3C fields of IIS logging, and come back with a day's log; or fit a result.json of bench --url",
    );
  }
  if (times.count() === 0) refuse("without a request", "requests with their time taken", "name another file");
  let pages = 0;
  for (let i = 0; i < times.count(); i++) if (times.isPage(i)) pages++;
  if (pages < PAGES_MIN) {
    const given = `${times.count()} requests, of which ${pages} are pages`;
    refuse(given, `at least ${PAGES_MIN} pages: no images, scripts or failures`, "name more logs");
  }
}
