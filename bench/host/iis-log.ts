// An access log as IIS 10 writes it (W3C extended), of a site whose clock runs `timeScale` times faster: date and time are
// scenario time counted from a fixed start, so that the log can be fitted as if the hours had been lived through.
// Source: W3C Extended Log File Format; field order of the IIS default with cs(Cookie) added, and
// sc(Set-Cookie) as a custom field: without it the first request of a session cannot be told to belong to it.

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly port: number;
  readonly clientAddress: string;
  readonly userAgent: string | undefined;
  readonly cookie: string | undefined;
  readonly setCookie: string | undefined;
  readonly status: number;
  /** The second number of `500.13`; 0 for most. */
  readonly substatus: number;
  /** Real milliseconds. */
  readonly tookMs: number;
}

export interface AccessLog {
  /** @param scenarioMs when the request ended, from the start of the run. */
  write(request: LoggedRequest, scenarioMs: number): void;
  /** Everything is on disk under the log's own name when this resolves. */
  close(): Promise<void>;
  /** Leaves no file behind. */
  discard(): Promise<void>;
}

/** Monday, so that a daily or weekly profile starts where one expects it. */
const LOG_STARTS_AT_MS = Date.UTC(2026, 0, 5);

const FIELDS =
  "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Cookie) " +
  "sc(Set-Cookie) sc-status sc-substatus sc-win32-status time-taken";

/** Written beside its final place (`.part`) and renamed when complete. */
export function openAccessLog(path: string, timeScale: number): AccessLog {
  const partPath = `${path}.part`;
  const file = createWriteStream(partPath, { highWaterMark: 1 << 18 });
  const failed = new Promise<never>((_, reject) => file.once("error", reject));
  failed.catch(() => undefined);
  file.write(logHead(timeScale));
  const ended = () => Promise.race([failed, new Promise<void>((resolve) => file.end(resolve))]);
  return {
    write: (request, scenarioMs) => void file.write(logLine(request, scenarioMs)),
    async close() {
      await ended();
      await rename(partPath, path);
    },
    async discard() {
      await ended().catch(() => undefined);
      await rm(partPath, { force: true });
    },
  };
}

export function logHead(timeScale: number): string {
  return [
    "#Software: Microsoft Internet Information Services 10.0",
    "#Version: 1.0",
    `#Date: ${timestamp(0)}`,
    `#Remark: written by sessionlab bench; date and time are scenario time from a fixed start, ${timeScale} times real time; time-taken is real milliseconds`,
    `#Fields: ${FIELDS}`,
    "",
  ].join("\r\n");
}

export function logLine(request: LoggedRequest, scenarioMs: number): string {
  const { method, path, query, port, clientAddress, userAgent, cookie, setCookie, status, substatus, tookMs } = request;
  const fields = [
    timestamp(scenarioMs),
    "127.0.0.1",
    method,
    field(path),
    field(query),
    port,
    "-",
    clientAddress,
    field(userAgent),
    field(cookie),
    field(setCookie),
    status,
    substatus,
    0,
    Math.round(tookMs),
  ];
  return `${fields.join(" ")}\r\n`;
}

/** `2026-01-05 00:00:00`, UTC, as IIS writes it. */
function timestamp(scenarioMs: number): string {
  const iso = new Date(LOG_STARTS_AT_MS + Math.max(0, scenarioMs)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** Blanks become plus signs and nothing becomes a dash, as in IIS. */
function field(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : text.replace(/\s/g, "+");
}
