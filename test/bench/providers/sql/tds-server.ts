// As much of SQL Server's wire protocol as it takes to try a real driver on a real socket: pre-login without encryption, login, batches,
// procedure calls with output parameters and result sets, errors, cancellation. What is called is answered by a client of the same
// shape as ours, an ASPState database in memory. Source: [MS-TDS] 2.2 (packets, PRELOGIN, LOGIN7, RPC, data token streams).

import { createServer, type Socket } from "node:net";
import {
  type SqlParameter,
  type SqlResult,
  type SqlServerClient,
  SqlServerFault,
  type SqlValue,
} from "../../../../bench/providers/sql/sqlserver-client.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface TdsServer {
  readonly port: number;
  readonly logins: Login[];
  /** Sockets that are open now. */
  connections(): number;
  /** Calls that hang. */
  unanswered(): number;
  /** From now on calls are not answered, until they are cancelled. */
  hang(value: boolean): void;
  /** Breaks every connection. */
  breakAll(): void;
  stop(): Promise<void>;
}

const RPC = 3;
const REPLY = 4;
const ATTENTION = 6;
const LOGIN7 = 16;
const PRELOGIN = 18;

const DONE = 0xfd;
const DONE_PROC = 0xfe;
const DONE_IN_PROC = 0xff;
const MORE = 0x01;
const FAILED = 0x02;
const COUNTED = 0x10;
const CANCELLED = 0x20;

/** @param login what it says to who wants in; nothing: let him. Two errors come as SQL Server sends them, the cause first. */
export async function startTdsServer(
  database: Pick<SqlServerClient, "execute" | "query">,
  login: (given: Login) => readonly SqlServerFault[],
): Promise<TdsServer> {
  const logins: Login[] = [];
  const sockets = new Set<Socket>();
  let hanging = false;
  let unanswered = 0;

  async function answer(type: number, body: Buffer): Promise<Buffer | undefined> {
    if (type === PRELOGIN) return prelogin;
    if (type === LOGIN7) {
      const given = readLogin(body);
      logins.push(given);
      const faults = login(given);
      return Buffer.concat(
        faults.length > 0 ? [...faults.map(errorToken), done(DONE, FAILED)] : [loginAck, done(DONE, 0)],
      );
    }
    if (hanging) {
      unanswered++;
      return undefined;
    }
    const headers = body.readUInt32LE(0);
    try {
      if (type === RPC) {
        const { procedure, parameters } = readCall(body.subarray(headers));
        return resultOf(await database.execute(procedure, parameters), true);
      }
      const text = body.toString("utf16le", headers);
      return /^\s*set /i.test(text) ? done(DONE, 0) : resultOf(await database.query(text), false);
    } catch (error) {
      if (!(error instanceof SqlServerFault)) throw error;
      return Buffer.concat([errorToken(error), done(type === RPC ? DONE_PROC : DONE, FAILED)]);
    }
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let received = Buffer.alloc(0);
    let message = Buffer.alloc(0);
    socket.on("data", async (data: Buffer) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 8 && received.length >= received.readUInt16BE(2)) {
        const length = received.readUInt16BE(2);
        const [type, status] = [received[0]!, received[1]!];
        message = Buffer.concat([message, received.subarray(8, length)]);
        received = received.subarray(length);
        if ((status & 1) === 0) continue;
        const whole = message;
        message = Buffer.alloc(0);
        if (type === ATTENTION) {
          // The answer to what is cancelled ends first, then comes that of the cancellation.
          socket.write(Buffer.concat([packets(done(DONE, FAILED)), packets(done(DONE, CANCELLED))]));
          continue;
        }
        const reply = await answer(type, whole);
        if (reply !== undefined) socket.write(packets(reply));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    logins,
    connections: () => sockets.size,
    unanswered: () => unanswered,
    hang: (value) => {
      hanging = value;
    },
    breakAll,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}

/** A message may be longer than a packet. */
function packets(message: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < message.length; at += 4_000) {
    const part = message.subarray(at, at + 4_000);
    const last = at + 4_000 >= message.length;
    parts.push(Buffer.from([REPLY, last ? 1 : 0]), uint16BE(part.length + 8), Buffer.from([0, 0, 1, 0]), part);
  }
  return Buffer.concat(parts);
}

/** Version 16, encryption not supported. */
const prelogin = Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0x10, 0, 0, 0, 2]);

function readLogin(body: Buffer): Login {
  const text = (at: number) => {
    const from = body.readUInt16LE(at);
    return Buffer.from(body.subarray(from, from + 2 * body.readUInt16LE(at + 2)));
  };
  const password = text(44).map((byte) => (((byte ^ 0xa5) << 4) | ((byte ^ 0xa5) >> 4)) & 0xff);
  return {
    user: text(40).toString("utf16le"),
    password: Buffer.from(password).toString("utf16le"),
    database: text(68).toString("utf16le"),
  };
}

function readCall(body: Buffer): { procedure: string; parameters: SqlParameter[] } {
  let at = 0;
  const byte = () => body[at++]!;
  const number = (bytes: number) => {
    const value = body.readUIntLE(at, bytes);
    at += bytes;
    return value;
  };
  const take = (length: number) => {
    at += length;
    return body.subarray(at - length, at);
  };
  const text = (characters: number) => take(2 * characters).toString("utf16le");
  const chunks = (): Buffer | null => {
    const isNull = body.readBigUInt64LE(at) === 0xffff_ffff_ffff_ffffn;
    at += 8;
    if (isNull) return null;
    const parts: Buffer[] = [];
    for (let length = number(4); length > 0; length = number(4)) parts.push(take(length));
    return Buffer.concat(parts);
  };
  const sized = (max: number): Buffer | null => {
    if (max === 0xffff) return chunks();
    const length = number(2);
    return length === 0xffff ? null : take(length);
  };

  const procedure = text(number(2));
  at += 2;
  const parameters: SqlParameter[] = [];
  while (at < body.length) {
    const name = text(byte()).slice(1);
    const isOutput = (byte() & 1) === 1;
    const type = byte();
    let value: SqlValue;
    if (type === 0x26 || type === 0x68) {
      at++;
      const length = byte();
      const bytes = take(length);
      value = length === 0 ? null : type === 0x68 ? bytes[0] === 1 : bytes.readIntLE(0, length);
    } else {
      const max = number(2);
      if (type !== 0xa5) at += 5;
      const bytes = sized(max);
      value = bytes === null || type === 0xa5 ? bytes : bytes.toString(type === 0xe7 ? "utf16le" : "latin1");
    }
    const kind = type === 0xa5 ? "long" : type === 0x26 ? "int" : type === 0x68 ? "bit" : "name";
    parameters.push(isOutput ? { name, type: kind } : { name, type: kind, value });
  }
  return { procedure, parameters };
}

function resultOf({ output, recordsets, rowsAffected }: SqlResult, ofProcedure: boolean): Buffer {
  const parts: Buffer[] = [];
  for (const rows of recordsets) {
    const names = Object.keys(rows[0]!);
    const columns = names.map((name) => wireTypeOf(rows[0]![name]!));
    parts.push(Buffer.from([0x81]), uint16(names.length));
    for (const [index, name] of names.entries()) {
      parts.push(uint32(0), uint16(1), columns[index]!.info(true), shortText(name));
    }
    for (const row of rows)
      parts.push(Buffer.from([0xd1]), ...names.map((name, index) => columns[index]!.value(row[name]!)));
    parts.push(done(ofProcedure ? DONE_IN_PROC : DONE, COUNTED | (ofProcedure ? MORE : 0), rows.length));
  }
  if (!ofProcedure) return Buffer.concat(parts);
  for (const rows of rowsAffected) parts.push(done(DONE_IN_PROC, COUNTED | MORE, rows));
  parts.push(Buffer.from([0x79, 0, 0, 0, 0]));
  for (const [index, [name, value]] of Object.entries(output).entries()) {
    const type = wireTypeOf(value);
    parts.push(Buffer.from([0xac]), uint16(index), shortText(`@${name}`), Buffer.from([1]), uint32(0), uint16(0));
    // Bytes come out as the procedure declares them: varbinary(7000).
    parts.push(Buffer.isBuffer(value) ? varBinary.info(false) : type.info(false));
    parts.push(Buffer.isBuffer(value) ? varBinary.value(value) : type.value(value));
  }
  parts.push(done(DONE_PROC, 0));
  return Buffer.concat(parts);
}

interface WireType {
  info(inColumn: boolean): Buffer;
  value(value: SqlValue): Buffer;
}

const collation = Buffer.from([9, 4, 0xd0, 0, 0x34]);

const varBinary: WireType = {
  info: () => Buffer.concat([Buffer.from([0xa5]), uint16(7_000)]),
  value: (value) => (Buffer.isBuffer(value) ? Buffer.concat([uint16(value.length), value]) : uint16(0xffff)),
};

/** As READTEXT sends a long item. */
const image: WireType = {
  info: (inColumn) =>
    Buffer.concat([
      Buffer.from([0x22]),
      uint32(0x7fff_ffff),
      ...(inColumn ? [Buffer.from([1]), longText("ASPStateTempSessions")] : []),
    ]),
  value: (value) =>
    Buffer.isBuffer(value)
      ? Buffer.concat([Buffer.from([16]), Buffer.alloc(24), uint32(value.length), value])
      : Buffer.from([0]),
};

const integer: WireType = {
  info: () => Buffer.from([0x26, 4]),
  value: (value) => (value === null ? Buffer.from([0]) : Buffer.concat([Buffer.from([4]), int32(Number(value))])),
};

const bit: WireType = {
  info: () => Buffer.from([0x68, 1]),
  value: (value) => Buffer.from([1, value === true ? 1 : 0]),
};

const nVarChar: WireType = {
  info: () => Buffer.concat([Buffer.from([0xe7]), uint16(8_000), collation]),
  value: (value) => (value === null ? uint16(0xffff) : longBytes(Buffer.from(String(value), "utf16le"))),
};

function wireTypeOf(value: SqlValue): WireType {
  if (Buffer.isBuffer(value)) return image;
  if (typeof value === "number") return integer;
  return typeof value === "boolean" ? bit : nVarChar;
}

function errorToken({ number, severity, message }: SqlServerFault): Buffer {
  const body = [
    int32(number),
    Buffer.from([1, severity]),
    longText(message),
    shortText("fake"),
    shortText(""),
    uint32(1),
  ];
  return Buffer.concat([Buffer.from([0xaa]), longBytes(Buffer.concat(body))]);
}

const loginAck = Buffer.concat([
  // First the collation, without which the driver cannot send a text.
  Buffer.from([0xe3]),
  longBytes(Buffer.concat([Buffer.from([7, collation.length]), collation, Buffer.from([0])])),
  Buffer.from([0xad]),
  longBytes(
    Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), shortText("Microsoft SQL Server"), Buffer.from([16, 0, 0x10, 0])]),
  ),
]);

function done(token: number, status: number, rows = 0): Buffer {
  return Buffer.concat([Buffer.from([token]), uint16(status), uint16(0), uint32(rows), uint32(0)]);
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "utf16le")]);
}

function longText(text: string): Buffer {
  return Buffer.concat([uint16(text.length), Buffer.from(text, "utf16le")]);
}

function longBytes(bytes: Buffer): Buffer {
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint16BE(value: number): Buffer {
  return uint16(value).swap16();
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
