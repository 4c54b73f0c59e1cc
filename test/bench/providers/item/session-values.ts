// Arbitrary values that a session can hold out of process, for property tests.

import fc from "fast-check";
import { ForeignObject, type NetType, NetValue } from "../../../../bench/providers/item/net-value.ts";

const signed64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const wellFormed = fc.string({ unit: "grapheme" });

/** What JavaScript has itself, each as it comes back. */
export const plainValue: fc.Arbitrary<unknown> = fc.oneof(
  wellFormed,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }),
  fc.uint8Array().map((bytes) => new ForeignObject(Buffer.from(bytes))),
);

const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }), fc.nat(28))
  .map(([negative, digits, scale]) => {
    const text = digits.toString().padStart(scale + 1, "0");
    const point = text.length - scale;
    return `${negative ? "-" : ""}${text.slice(0, point)}${scale === 0 ? "" : `.${text.slice(point)}`}`;
  });

const exactValues: readonly (readonly [NetType, fc.Arbitrary<string | number | bigint>])[] = [
  ["Decimal", decimal],
  ["Byte", fc.nat(255)],
  ["Char", wellFormed.filter((text) => text.length === 1)],
  ["Single", fc.float()],
  ["SByte", fc.integer({ min: -128, max: 127 })],
  ["Int16", fc.integer({ min: -32_768, max: 32_767 })],
  ["UInt16", fc.nat(65_535)],
  ["UInt32", fc.nat(2 ** 32 - 1)],
  ["UInt64", fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })],
  ["TimeSpan", signed64],
  ["Guid", fc.uuid()],
  ["IntPtr", signed64],
  ["UIntPtr", fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
];

/** Of the types that only NetValue can name. */
export const anyNetValue: fc.Arbitrary<NetValue> = fc.oneof(
  ...exactValues.map(([type, values]) => values.map((value) => new NetValue(type, value))),
);
