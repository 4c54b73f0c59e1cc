// Reads access logs from disk or stdin, plain or gzip, several side by side in time order, in a bounded amount of memory.

import { type FileHandle, open, stat } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { InputError, type Problem } from "../../config/problem.ts";
import type { FileCensus } from "../../workload/fit/report.ts";
import { createLogReader, type LogReader } from "../../workload/log/read-access-log.ts";
import type { LogRow } from "../../workload/log/row.ts";
import type { LogStudy } from "../../workload/log/study.ts";

/** `-` stands for the standard input. */
const STDIN = "-";
const CHUNK_BYTES = 1 << 18;
/** Unpacked chunks are new memory each time; small ones are given back sooner. */
const UNPACKED_BYTES = 1 << 15;
/** A file that has shown no line of an access log in so many is none. */
const FOREIGN_LINES_MAX = 1000;

/** @throws InputError listing every path that names no readable file, and the sum of the sizes of those that do. */
export async function totalBytes(files: readonly string[]): Promise<number> {
  const problems: Problem[] = [];
  let bytes = 0;
  for (const file of files.filter((name) => name !== STDIN)) {
    try {
      const { size, ...about } = await stat(file).then((found) => ({
        size: found.size,
        directory: found.isDirectory(),
      }));
      if (about.directory) problems.push(problemOf(file, "a directory", "an access log", "name the files in it"));
      else if (size === 0) problems.push(problemOf(file, "empty", "an access log", "name another file"));
      bytes += size;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const given = code === "ENOENT" ? "not there" : `not readable (${code})`;
      problems.push(problemOf(file, given, "an access log", "check the path"));
    }
  }
  if (problems.length > 0) throw new InputError("Cannot read the logs", problems);
  return bytes;
}

/** Who takes what is read. */
export type LogTaker = Pick<LogStudy, "take" | "reachedMs">;

/**
 * Reads every file to its end into the study.
 * @param onBytes is told of bytes read from disk.
 * @throws InputError for a file that is no access log, or a gzip file that is damaged.
 */
export async function readLogs(
  files: readonly string[],
  study: LogTaker,
  onBytes: (count: number) => void,
): Promise<FileCensus[]> {
  const waiting: Lane[] = [];
  for (const file of files) {
    const firstMs = files.length === 1 || file === STDIN ? Number.NEGATIVE_INFINITY : await firstMomentMs(file);
    waiting.push(createLane(file, firstMs, study, onBytes));
  }
  const lanes = [...waiting];
  try {
    await readInTimeOrder(waiting, study);
  } finally {
    for (const lane of lanes) await lane.close();
  }
  return lanes.map(({ file, reader }) => ({ file, census: reader.census }));
}

/**
 * The file that is furthest behind is read on, so that the rows of all of them arrive nearly in order; a file is opened when the
 * others have come to its first row.
 */
async function readInTimeOrder(waiting: Lane[], study: LogTaker): Promise<void> {
  waiting.sort((a, b) => a.latestMs - b.latestMs);
  const reading: Lane[] = [];
  while (waiting.length > 0 || reading.length > 0) {
    reading.sort((a, b) => a.latestMs - b.latestMs);
    if (waiting.length > 0 && (reading.length === 0 || waiting[0].latestMs <= reading[0].latestMs)) {
      reading.unshift(waiting.shift() as Lane);
    }
    const furthestBehind = reading[0];
    if (!(await furthestBehind.readOn())) reading.shift();
    const next = Math.min(...reading.map((lane) => lane.latestMs), waiting[0]?.latestMs ?? Number.POSITIVE_INFINITY);
    if (reading.length + waiting.length > 0) study.reachedMs(next);
  }
}

/** One file being read. */
interface Lane {
  readonly file: string;
  readonly reader: LogReader;
  /** The latest moment read; before that, the first one in the file. */
  latestMs: number;
  /** Reads a chunk; false at the end of the file. */
  readOn(): Promise<boolean>;
  close(): Promise<void>;
}

function createLane(file: string, firstMs: number, study: LogTaker, onBytes: (count: number) => void): Lane {
  let chunks: AsyncGenerator<Uint8Array> | null = null;
  const reader = createLogReader((row: LogRow) => {
    if (row.atMs > lane.latestMs) lane.latestMs = row.atMs;
    study.take(row);
  });
  const lane: Lane = {
    file,
    reader,
    latestMs: firstMs,
    async readOn() {
      chunks ??= openLog(file, onBytes);
      const next = await readNext(chunks, file);
      if (next.done) reader.end();
      else reader.push(next.value);
      refuseForeign(file, reader, next.done === true);
      return next.done !== true;
    },
    async close() {
      await chunks?.return(undefined);
    },
  };
  return lane;
}

async function readNext(chunks: AsyncIterator<Uint8Array>, file: string): Promise<IteratorResult<Uint8Array>> {
  try {
    return await chunks.next();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!code.startsWith("Z_") && code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    const problem = problemOf(file, `damaged gzip (${message})`, "a whole gzip file", "copy it again");
    throw new InputError("Cannot read the logs", [problem]);
  }
}

function refuseForeign(file: string, { census }: LogReader, ended: boolean): void {
  const mend = "name an IIS W3C log, or an NCSA common or combined one";
  const refuse = (given: string) => {
    throw new InputError("Cannot read the logs", [problemOf(file, given, "an access log", mend)]);
  };
  if (census.format !== null) return;
  if (census.binary) refuse("binary");
  if (ended && census.lines === 0) refuse("empty");
  if (ended || census.lines > FOREIGN_LINES_MAX) refuse("a text in which no line is one of an access log");
}

/** The time of the first row; Infinity where there is none in the first chunks, as in a log of headers alone. */
async function firstMomentMs(file: string): Promise<number> {
  let firstMs = Number.POSITIVE_INFINITY;
  const reader = createLogReader((row) => {
    firstMs = Math.min(firstMs, row.atMs);
  });
  let chunks = 0;
  const iterator = openLog(file, () => {});
  while (firstMs === Number.POSITIVE_INFINITY && chunks++ < 16) {
    const next = await readNext(iterator, file);
    if (next.done) {
      reader.end();
      break;
    }
    reader.push(next.value);
  }
  await iterator.return(undefined);
  return firstMs;
}

/** Chunks of text, unpacked where the bytes begin as gzip does. A chunk is good until the next one is asked for. */
async function* openLog(file: string, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  if (file === STDIN) {
    yield* unpacked(process.stdin, onBytes);
    return;
  }
  const handle = await open(file);
  try {
    const head = Buffer.alloc(2);
    const { bytesRead } = await handle.read(head, 0, 2, 0);
    if (bytesRead === 2 && isGzip(head))
      yield* gunzipped(handle.createReadStream({ start: 0, autoClose: false }), onBytes);
    else yield* plain(handle, onBytes);
  } finally {
    await handle.close();
  }
}

/** One buffer serves the whole file: nothing for the collector to do. */
async function* plain(handle: FileHandle, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    onBytes(bytesRead);
    yield buffer.subarray(0, bytesRead);
  }
}

async function* gunzipped(packed: Readable, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
  packed.on("error", (error) => gunzip.destroy(error));
  packed.pipe(counted).pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } finally {
    packed.destroy();
  }
}

/** A stream that may or may not be packed, told by its first bytes. */
async function* unpacked(stream: NodeJS.ReadStream, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  const first = await new Promise<Buffer | null>((resolve, reject) => {
    stream.once("error", reject);
    stream.once("end", () => resolve(null));
    stream.once("data", (chunk: Buffer) => {
      stream.pause();
      resolve(chunk);
    });
  });
  if (first === null) return;
  stream.unshift(first);
  if (isGzip(first)) yield* gunzipped(stream, onBytes);
  else {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      onBytes(chunk.length);
      yield chunk;
    }
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function problemOf(file: string, given: string, expected: string, mend: string): Problem {
  return { at: "the file", given, expected, mend, file: file === STDIN ? "standard input" : file };
}
