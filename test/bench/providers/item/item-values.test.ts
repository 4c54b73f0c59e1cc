import { describe, expect, test } from "vitest";
import { ByteReader, ByteWriter } from "../../../../bench/providers/item/item-bytes.ts";
import { readValue, writeValue } from "../../../../bench/providers/item/item-values.ts";
import { type NetScalar, type NetType, NetValue, netTypes } from "../../../../bench/providers/item/net-value.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";

function hexOf(value: unknown): string {
  const writer = new ByteWriter();
  writeValue(writer, value);
  return Buffer.from(writer.finish()).toString("hex").toUpperCase();
}

const read = (hex: string) => readValue(new ByteReader(Buffer.from(hex.replaceAll(" ", ""), "hex")));

test.each<[string, unknown, string]>([
  ["a text", "Ed", "01 02 4564"],
  ["a whole number of 32 bits", -2, "02 FEFFFFFF"],
  ["the largest Int32", 2_147_483_647, "02 FFFFFF7F"],
  ["a whole number of 33 bits", 2_147_483_648, "09 000000000000E041"],
  ["a fraction", 34.5, "09 0000000000404140"],
  ["minus zero, which Int32 has not", -0, "09 0000000000000080"],
  ["true", true, "03 01"],
  ["a moment, in ticks since the year 1", new Date("2000-01-01T00:00:00Z"), "04 0040E4470222C108"],
  ["a bigint", 1n, "0C 0100000000000000"],
  ["a bigint above Int64", 2n ** 63n, "0F 0000000000000080"],
  ["null", null, "15"],
])("%s is written as the .NET type nearest to it and read again", (_, value, hex) => {
  expect(hexOf(value)).toBe(hex.replaceAll(" ", ""));
  expect(read(hex)).toEqual(value);
});

test.each<[NetType, NetScalar, string]>([
  ["Decimal", "1.50", "05 96000000 00000000 00000000 00000200"],
  ["Decimal", "-0.5", "05 05000000 00000000 00000000 00000180"],
  ["Decimal", "79228162514264337593543950335", "05 FFFFFFFF FFFFFFFF FFFFFFFF 00000000"],
  ["Byte", 200, "06 C8"],
  ["Char", "€", "07 E282AC"],
  ["Single", 0.5, "08 0000003F"],
  ["SByte", -1, "0A FF"],
  ["Int16", -2, "0B FEFF"],
  ["UInt16", 65_534, "0D FEFF"],
  ["UInt32", 4_294_967_294, "0E FEFFFFFF"],
  ["UInt64", 1n, "0F 0100000000000000"],
  ["TimeSpan", 10_000_000n, "10 8096980000000000"],
  ["Guid", "00112233-4455-6677-8899-aabbccddeeff", "11 33221100 5544 7766 8899AABBCCDDEEFF"],
  ["IntPtr", -1n, "12 FFFFFFFFFFFFFFFF"],
  ["UIntPtr", 1n, "13 0100000000000000"],
])("%s %s has the bytes that .NET gives it", (type, value, hex) => {
  expect(hexOf(new NetValue(type, value))).toBe(hex.replaceAll(" ", ""));
  expect(read(hex)).toEqual(new NetValue(type, value));
});

test.each<[NetType, NetScalar, string, unknown]>([
  ["Double", 34, "09 0000000000004140", 34],
  ["Int64", 5n, "0C 0500000000000000", 5n],
  ["DateTime", 630_822_816_000_000_001n, "04 0140E4470222C108", new Date("2000-01-01T00:00:00Z")],
])("a NetValue makes JavaScript's own value a %s", (type, value, hex, asRead) => {
  expect(hexOf(new NetValue(type, value))).toBe(hex.replaceAll(" ", ""));
  expect(read(hex)).toEqual(asRead);
});

test("the nineteen types have the ids 1 to 19", () => {
  expect(netTypes).toHaveLength(19);
  expect([netTypes[0], netTypes[11], netTypes[18]]).toEqual(["String", "Int64", "UIntPtr"]);
});

test("a pointer of a 32-bit process has four bytes", () => {
  expect(read("12 FFFFFFFF")).toEqual(new NetValue("IntPtr", -1n));
  expect(read("13 FFFFFFFF")).toEqual(new NetValue("UIntPtr", 4_294_967_295n));
});

test("any byte but zero is true", () => {
  expect(read("03 07")).toBe(true);
  expect(read("03 00")).toBe(false);
});

test("bytes that are not UTF-8 are read as U+FFFD", () => {
  expect(read("01 02 41FF")).toBe("A\uFFFD");
});

describe("a NetValue", () => {
  test.each<[NetType, NetScalar]>([
    ["Byte", 256],
    ["Byte", -1],
    ["Byte", 1.5],
    ["Byte", 1n],
    ["SByte", 128],
    ["Int16", 32_768],
    ["UInt32", 2 ** 32],
    ["UInt64", -1n],
    ["Int64", 2n ** 63n],
    ["Int64", 1],
    ["Single", 0.1],
    ["Char", "ab"],
    ["Char", "\uD83D"],
    ["Guid", "00112233445566778899aabbccddeeff"],
    ["Decimal", "1e5"],
    ["Decimal", "79228162514264337593543950336"],
    ["Decimal", "0.00000000000000000000000000001"],
    ["DateTime", -1n],
    ["Boolean", 1],
    ["String", 1],
  ])("is never a %s of %s", (type, value) => {
    expect(() => new NetValue(type, value)).toThrow(StoreError);
  });

  test("cannot be changed", () => {
    const value = new NetValue("Guid", "00112233-4455-6677-8899-AABBCCDDEEFF");
    expect(Object.isFrozen(value)).toBe(true);
    expect(value.value).toBe("00112233-4455-6677-8899-aabbccddeeff");
  });
});
