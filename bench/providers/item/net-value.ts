// A value of exactly one .NET type, for those that JavaScript has none for: a page that must leave an Int16 or a Decimal for an
// ASP.NET page to read puts one of these in its session, and finds one where an ASP.NET page left such a value. The types are the
// nineteen that ASP.NET serialises itself, and the very ones it calls immutable: reading them never makes a session dirty.
// Source: .NET reference source, altserialization.cs (TypeID), SessionStateItemCollection.cs (s_immutableTypes).

import { parseDecimal } from "./net-decimal.ts";
import { cannotSerialise } from "./state-errors.ts";

/** In the order of their ids, which begin at 1. */
export const netTypes = [
  "String",
  "Int32",
  "Boolean",
  "DateTime",
  "Decimal",
  "Byte",
  "Char",
  "Single",
  "Double",
  "SByte",
  "Int16",
  "Int64",
  "UInt16",
  "UInt32",
  "UInt64",
  "TimeSpan",
  "Guid",
  "IntPtr",
  "UIntPtr",
] as const;
export type NetType = (typeof netTypes)[number];

/**
 * Whole types of up to 32 bits, Single and Double are numbers; those of 64 bits, IntPtr and UIntPtr are bigints; DateTime and
 * TimeSpan are bigints of ticks (100 ns; a DateTime counts from the year 1); a Decimal is its digits, "-1.50", which keep the
 * scale; a Guid is its 36 characters in lower case; a Char is one UTF-16 unit and no half of a pair.
 */
export type NetScalar = string | number | bigint | boolean;

export class NetValue {
  readonly type: NetType;
  readonly value: NetScalar;

  /** @throws StoreError when the type has no such value. */
  constructor(type: NetType, value: NetScalar) {
    if (!isOfType(type, value)) throw cannotSerialise(`a .NET ${type} cannot be ${typeof value} ${value}`);
    this.type = type;
    this.value = type === "Guid" ? String(value).toLowerCase() : value;
    Object.freeze(this);
  }
}

/** An object that an ASP.NET page serialised with BinaryFormatter. Nothing here can read it; it is kept as it came. */
export class ForeignObject {
  /** Not to be changed. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * Whether a value cannot be changed behind the back of the session that holds it. A Date counts as one: it stands for a DateTime,
 * and is changed by putting another in its place. null and a missing item count too, as they never make a session dirty.
 */
export function isImmutable(value: unknown): boolean {
  if (typeof value === "function") return false;
  return typeof value !== "object" || value === null || value instanceof Date || value instanceof NetValue;
}

const wholeRanges: { readonly [type in NetType]?: readonly [number, number] | readonly [bigint, bigint] } = {
  Int32: [-(2 ** 31), 2 ** 31 - 1],
  DateTime: [0n, 3_155_378_975_999_999_999n],
  Byte: [0, 255],
  SByte: [-128, 127],
  Int16: [-32_768, 32_767],
  Int64: [-(2n ** 63n), 2n ** 63n - 1n],
  UInt16: [0, 65_535],
  UInt32: [0, 2 ** 32 - 1],
  UInt64: [0n, 2n ** 64n - 1n],
  TimeSpan: [-(2n ** 63n), 2n ** 63n - 1n],
  IntPtr: [-(2n ** 63n), 2n ** 63n - 1n],
  UIntPtr: [0n, 2n ** 64n - 1n],
};

/** Whether the type has this value, in the form that NetScalar gives for it. */
export function isOfType(type: NetType, value: NetScalar): boolean {
  const range = wholeRanges[type];
  if (range !== undefined) {
    if ((typeof value !== "number" && typeof value !== "bigint") || typeof value !== typeof range[0]) return false;
    return (typeof value === "bigint" || Number.isInteger(value)) && value >= range[0] && value <= range[1];
  }
  if (type === "Boolean") return typeof value === "boolean";
  if (type === "Double") return typeof value === "number";
  if (type === "Single") return typeof value === "number" && Object.is(Math.fround(value), value);
  if (typeof value !== "string") return false;
  if (type === "Decimal") return parseDecimal(value) !== null;
  if (type === "Guid") return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
  return value.isWellFormed() && (type === "String" || value.length === 1);
}
