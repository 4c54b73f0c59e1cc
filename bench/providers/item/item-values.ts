// One value of a session as ASP.NET serialises it: a byte that names its type, then the payload. JavaScript's own values are written
// as the .NET type nearest to them; NetValue names any other exactly. An object or an array has no such form: ASP.NET writes them
// with BinaryFormatter, which only .NET has, so they are refused, and one that ASP.NET wrote is passed on as the bytes it is.
// Source: .NET reference source, altserialization.cs.

import { assert } from "../../../config/assert.ts";
import type { ByteReader, ByteWriter } from "./item-bytes.ts";
import { formatDecimal, parseDecimal } from "./net-decimal.ts";
import { ForeignObject, isOfType, type NetScalar, type NetType, NetValue, netTypes } from "./net-value.ts";
import { cannotSerialise, invalidState } from "./state-errors.ts";

const OBJECT_ID = 20;
const NULL_ID = 21;

/** Ticks of 100 ns. */
const TICKS_PER_MS = 10_000n;
/** From the year 1 to 1970. */
const TICKS_TO_1970 = 621_355_968_000_000_000n;

/**
 * Writes the id of the value's type and the value.
 * @param value string, number (Int32 if it is a whole number of 32 bits, else Double), boolean, null or undefined, bigint (Int64, or
 * UInt64 if it is too large for that), Date (DateTime in UTC), NetValue or ForeignObject.
 * @throws StoreError in ASP.NET's words for what cannot be serialised.
 */
export function writeValue(writer: ByteWriter, value: unknown): void {
  if (value === null || value === undefined) {
    writer.byte(NULL_ID);
  } else if (value instanceof ForeignObject) {
    writer.byte(OBJECT_ID);
    writer.bytes(value.bytes);
  } else {
    const { type, value: scalar } = value instanceof NetValue ? value : nearestType(value);
    writer.byte(netTypes.indexOf(type) + 1);
    payloadWriters[type](writer, scalar);
  }
}

/**
 * Reads the one value that fills what the reader has left. A DateTime loses what it has below a millisecond.
 * @throws StoreError when the type is unknown, or the bytes are too few, too many or none of its values.
 */
export function readValue(reader: ByteReader): unknown {
  const id = reader.byte();
  if (id === OBJECT_ID) return new ForeignObject(reader.bytes(reader.left));
  const value = id === NULL_ID ? null : readScalar(reader, id);
  if (reader.left > 0) throw invalidState(`${reader.left} bytes are left behind a value of type ${id}`);
  return value;
}

function nearestType(value: unknown): { type: NetType; value: NetScalar } {
  switch (typeof value) {
    case "string":
      return { type: "String", value };
    case "boolean":
      return { type: "Boolean", value };
    case "number":
      return { type: isOfType("Int32", value) && !Object.is(value, -0) ? "Int32" : "Double", value };
    case "bigint":
      if (isOfType("Int64", value)) return { type: "Int64", value };
      if (isOfType("UInt64", value)) return { type: "UInt64", value };
      throw cannotSerialise("a bigint takes more than 64 bits");
  }
  if (value instanceof Date) return { type: "DateTime", value: ticksOf(value) };
  const kind = typeof value === "object" ? (value?.constructor?.name ?? "object without a class") : typeof value;
  throw cannotSerialise(`type ${kind} has no form outside the process`);
}

function ticksOf(date: Date): bigint {
  const ms = date.getTime();
  const ticks = Number.isNaN(ms) ? -1n : BigInt(ms) * TICKS_PER_MS + TICKS_TO_1970;
  if (!isOfType("DateTime", ticks)) throw cannotSerialise("a Date is not within the years 1 to 9999");
  return ticks;
}

type PayloadWriter = (writer: ByteWriter, value: NetScalar) => void;

const whole =
  (bytes: number): PayloadWriter =>
  (writer, value) =>
    writer.whole(Number(value), bytes);
const whole64: PayloadWriter = (writer, value) => writer.int64(BigInt(value));

/** Each is given a value that the type has: NetValue and nearestType see to it. */
const payloadWriters: { readonly [type in NetType]: PayloadWriter } = {
  String: (writer, value) => writer.text(String(value)),
  Int32: whole(4),
  Boolean: (writer, value) => writer.byte(value ? 1 : 0),
  DateTime: whole64,
  Decimal(writer, value) {
    const bits = parseDecimal(String(value));
    assert(bits !== null, "a NetValue of type Decimal holds one");
    for (const part of bits) writer.whole(part, 4);
  },
  Byte: whole(1),
  Char: (writer, value) => writer.bytes(Buffer.from(String(value))),
  Single: (writer, value) => writer.float32(Number(value)),
  Double: (writer, value) => writer.float64(Number(value)),
  SByte: whole(1),
  Int16: whole(2),
  Int64: whole64,
  UInt16: whole(2),
  UInt32: whole(4),
  UInt64: whole64,
  TimeSpan: whole64,
  Guid: (writer, value) => writer.bytes(swapGuid(Buffer.from(String(value).replaceAll("-", ""), "hex"))),
  IntPtr: whole64,
  UIntPtr: whole64,
};

function readScalar(reader: ByteReader, id: number): unknown {
  const type = netTypes[id - 1];
  switch (type) {
    case undefined:
      throw invalidState(`there is no type ${id}`);
    case "String":
      return reader.text();
    case "Int32":
      return reader.signed(4);
    case "Boolean":
      return reader.byte() !== 0;
    case "DateTime":
      return dateOf(reader.int64());
    case "Double":
      return reader.float64();
    case "Int64":
      return reader.int64();
    case "UInt64": {
      const value = reader.uint64();
      return isOfType("Int64", value) ? new NetValue(type, value) : value;
    }
    default:
      return new NetValue(type, readExact(reader, type));
  }
}

type ExactType = Exclude<NetType, "String" | "Int32" | "Boolean" | "DateTime" | "Double" | "Int64" | "UInt64">;

/** The value of a type that only NetValue can name. Where it was written by a process of 32 bits, a pointer has four bytes. */
function readExact(reader: ByteReader, type: ExactType): NetScalar {
  switch (type) {
    case "Decimal":
      return readDecimal(reader);
    case "Byte":
      return reader.unsigned(1);
    case "Char":
      return readChar(reader);
    case "Single":
      return reader.float32();
    case "SByte":
      return reader.signed(1);
    case "Int16":
      return reader.signed(2);
    case "UInt16":
      return reader.unsigned(2);
    case "UInt32":
      return reader.unsigned(4);
    case "TimeSpan":
      return reader.int64();
    case "Guid":
      return formatGuid(swapGuid(reader.bytes(16)));
    case "IntPtr":
      return reader.left === 4 ? BigInt(reader.signed(4)) : reader.int64();
    case "UIntPtr":
      return reader.left === 4 ? BigInt(reader.unsigned(4)) : reader.uint64();
  }
}

function dateOf(ticks: bigint): Date {
  if (!isOfType("DateTime", ticks)) throw invalidState(`there is no DateTime of ${ticks} ticks`);
  const sinceYear1Ms = ticks / TICKS_PER_MS;
  return new Date(Number(sinceYear1Ms - TICKS_TO_1970 / TICKS_PER_MS));
}

function readDecimal(reader: ByteReader): string {
  const text = formatDecimal([reader.signed(4), reader.signed(4), reader.signed(4), reader.signed(4)]);
  if (text === null) throw invalidState("the flags of a Decimal hold more than its sign and a scale of at most 28");
  return text;
}

/** All that is left, which is one to three bytes of UTF-8: a Char is one UTF-16 unit and no half of a pair. */
function readChar(reader: ByteReader): string {
  const text = Buffer.from(reader.bytes(reader.left)).toString("utf8");
  if (text.length !== 1) throw invalidState(`a Char holds ${text.length} characters`);
  return text;
}

/** Guid.ToByteArray has the first three groups low byte first; the same exchange leads there and back. */
function swapGuid(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15], (from) => bytes[from]);
}

function formatGuid(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
