import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeItem, encodeItem, INFLATED_BYTES_MAX, NO_NAME } from "../../../../bench/providers/item/item-codec.ts";
import { ForeignObject, NetValue } from "../../../../bench/providers/item/net-value.ts";
import { SessionItems } from "../../../../bench/providers/session-items.ts";
import { StoreError } from "../../../../bench/providers/store-error.ts";
import { anyNetValue, plainValue } from "./session-values.ts";

const INVALID = "The session state information is invalid and might be corrupted.";

function itemsOf(entries: Iterable<readonly [string, unknown]>): SessionItems {
  const items = new SessionItems();
  for (const [name, value] of entries) items.set(name, value);
  return items;
}

function encode(entries: Iterable<readonly [string, unknown]>, timeoutMinutes = 20): Uint8Array {
  return encodeItem({ timeoutMinutes, items: itemsOf(entries) }, { compress: false });
}

const decode = (bytes: Uint8Array) => decodeItem(bytes, { compressed: false });
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** From a public trace of SQL Server: {name: "Ed", age: 44, price: 34.5}. */
const TRACED =
  "14000000010003000000FFFFFFFF046E616D650361676505707269636504000000090000001200000001024564022C000000090000000000404140FF";

describe("the bytes of ASP.NET", () => {
  test("an empty session is seven bytes", () => {
    expect(hexOf(encode([]))).toBe("140000000000FF");
    expect(decode(fromHex("140000000000FF"))).toMatchObject({ timeoutMinutes: 20 });
    expect([...decode(fromHex("140000000000FF")).items]).toEqual([]);
  });

  test("a text, a whole number and a fraction are the 60 bytes that a trace of SQL Server shows", () => {
    const entries: [string, unknown][] = [
      ["name", "Ed"],
      ["age", 44],
      ["price", 34.5],
    ];
    expect(hexOf(encode(entries))).toBe(TRACED);
    const { timeoutMinutes, items } = decode(fromHex(TRACED));
    expect(timeoutMinutes).toBe(20);
    expect([...items]).toEqual(entries);
  });

  test("beside payloads and letters: 7 bytes, 8 for having items, and 6 an item", () => {
    const shortName = fc.string({ unit: "binary-ascii", maxLength: 127 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(shortName, fc.integer()), { minLength: 1, selector: ([name]) => name }),
        (all) => {
          const payloads = all.reduce((total, [name]) => total + name.length + 4, 0);
          expect(encode(all).length).toBe(7 + 8 + 6 * all.length + payloads);
        },
      ),
    );
  });

  test("a text longer than 127 bytes of UTF-8 has a length of two bytes", () => {
    expect(hexOf(encode([["k", "é".repeat(64)]]))).toBe(
      `14000000 01 00 01000000 FFFFFFFF 016B 83000000 01 8001${"C3A9".repeat(64)} FF`.replaceAll(" ", ""),
    );
  });

  test("the item without a name is told by its place, and its name left out", () => {
    const bytes = encode([
      ["a", true],
      [NO_NAME, 7],
    ]);
    expect(hexOf(bytes)).toBe("1400000001000200000001000000016102000000070000000301" + "0207000000" + "FF");
    expect([...decode(bytes).items.keys()]).toEqual(["a", NO_NAME]);
    expect(decode(bytes).items.get(NO_NAME)).toBe(7);
  });

  test("an empty collection that is announced all the same has only its count", () => {
    expect([...decode(fromHex("14000000 01 00 00000000 FF")).items]).toEqual([]);
  });

  test("what follows the end byte is not looked at, as in ASP.NET", () => {
    expect(decode(fromHex(`${TRACED}0000`)).items.size).toBe(3);
  });
});

describe("static objects", () => {
  test("they are passed on as they came, with or without items", () => {
    const objects = "01000000 0463617274 00 0C4D79436172742C204361727473 01";
    for (const hex of [
      `14000000 00 01 ${objects} FF`,
      `14000000 01 01 01000000 FFFFFFFF 0161 02000000 0301 ${objects} FF`,
    ]) {
      const { timeoutMinutes, items } = decode(fromHex(hex));
      expect(hexOf(encodeItem({ timeoutMinutes, items }, { compress: false }))).toBe(hex.replaceAll(" ", ""));
      items.set("b", 1);
      const changed = encodeItem({ timeoutMinutes, items }, { compress: false });
      expect(hexOf(changed)).toContain(objects.replaceAll(" ", ""));
      expect(decode(changed).items.get("b")).toBe(1);
    }
  });

  test("without an end byte behind them the session is invalid", () => {
    expect(() => decode(fromHex("14000000 00 01 01000000"))).toThrow(INVALID);
    expect(() => decode(fromHex("14000000 00 01"))).toThrow(INVALID);
  });
});

describe("round trips", () => {
  const name = fc.string({ unit: "grapheme" });
  const session = fc.uniqueArray(fc.tuple(name, fc.oneof(plainValue, anyNetValue)), { selector: ([key]) => key });

  test("every value comes back as it was put, compressed or not", () => {
    fc.assert(
      fc.property(session, fc.integer({ min: 1, max: 525_600 }), fc.boolean(), (entries, timeoutMinutes, compress) => {
        const bytes = encodeItem({ timeoutMinutes, items: itemsOf(entries) }, { compress });
        const decoded = decodeItem(bytes, { compressed: compress });
        expect(decoded.timeoutMinutes).toBe(timeoutMinutes);
        expect([...decoded.items]).toEqual(entries);
      }),
    );
  });

  test("what was read but not put anew is written back byte for byte", () => {
    fc.assert(
      fc.property(session, (entries) => {
        const bytes = encode(entries);
        const untouched = decode(bytes);
        expect(encodeItem(untouched, { compress: false })).toEqual(bytes);
        const read = decode(bytes);
        expect([...read.items].length).toBe(entries.length);
        expect(encodeItem(read, { compress: false })).toEqual(bytes);
      }),
    );
  });

  test("a changed session is the same bytes as one that was made so from the start", () => {
    const decoded = decode(
      encode([
        ["a", "x"],
        ["b", 2],
        ["c", 3n],
      ]),
    );
    decoded.items.set("b", "changed").delete("a");
    decoded.items.set("d", null);
    expect(encodeItem(decoded, { compress: false })).toEqual(
      encode([
        ["b", "changed"],
        ["c", 3n],
        ["d", null],
      ]),
    );
  });

  test("a compressed session ends with the one byte more that keeps a database from trimming it", () => {
    const plain = encode([["text", "a".repeat(5000)]]);
    const compressed = encodeItem(
      { timeoutMinutes: 20, items: itemsOf([["text", "a".repeat(5000)]]) },
      { compress: true },
    );
    expect(compressed.at(-1)).toBe(0xff);
    expect(compressed.slice(0, -1)).toEqual(new Uint8Array(deflateRawSync(plain)));
    expect(compressed.length).toBeLessThan(100);
  });
});

test("an item that nobody reads is passed on, even one that nobody here could read", () => {
  const { items } = decode(fromHex("14000000 01 00 02000000 FFFFFFFF 0161 0162 03000000 05000000 63ABCD 0301 FF"));
  items.set("b", false);
  expect(hexOf(encodeItem({ timeoutMinutes: 20, items }, { compress: false }))).toBe(
    "14000000010002000000FFFFFFFF01610162030000000500000063ABCD0300FF",
  );
});

describe("bytes that are no session", () => {
  function failureOf(read: () => unknown): StoreError | null {
    try {
      read();
      return null;
    } catch (error) {
      expect(error).toBeInstanceOf(StoreError);
      return error as StoreError;
    }
  }

  test("every beginning of a session is invalid, in ASP.NET's words, and says why in its cause", () => {
    const whole = fromHex(TRACED);
    for (let length = 0; length < whole.length; length++) {
      const failure = failureOf(() => decode(whole.slice(0, length)));
      expect(failure).toMatchObject({ kind: "state", message: INVALID });
      expect(failure?.cause).toBeInstanceOf(Error);
    }
  });

  test.each([
    ["a wrong end byte", "14000000 00 00 FE"],
    ["more items than there are bytes", "14000000 01 00 FFFFFF7F FFFFFFFF 0161 02000000 0301 FF"],
    [
      "values that begin behind the one before",
      "14000000 01 00 02000000 FFFFFFFF 0161 0162 04000000 02000000 0301 0301 FF",
    ],
    ["a value without a type", "14000000 01 00 01000000 FFFFFFFF 0161 00000000 FF"],
    ["values longer than all bytes", "14000000 01 00 01000000 FFFFFFFF 0161 FFFFFF7F 0301 FF"],
    ["a name longer than all bytes", "14000000 01 00 01000000 FFFFFFFF FFFFFFFF07 02000000 0301 FF"],
    ["a length of six bytes", "14000000 01 00 01000000 FFFFFFFF 808080808001 02000000 0301 FF"],
    ["one name twice", "14000000 01 00 02000000 FFFFFFFF 0161 0161 02000000 04000000 0301 0301 FF"],
  ])("%s is invalid", (_, hex) => {
    expect(failureOf(() => decode(fromHex(hex)))).toMatchObject({ kind: "state", message: INVALID });
  });

  test.each([
    ["an unknown type", "16"],
    ["type 0", "00"],
    ["an Int32 of three bytes", "02 010203"],
    ["an Int32 of five bytes", "02 0102030405"],
    ["a text that is cut short", "01 05 6162"],
    ["a DateTime after the year 9999", "04 FFFFFFFFFFFFFF7F"],
    ["a Decimal with a scale of 29", "05 01000000 00000000 00000000 00001D00"],
    ["a Char of two characters", "07 6162"],
    ["a Char of half a pair", "07 F09F9880"],
    ["a Null with a payload", "15 00"],
  ])("%s is found when the item is read, and the others can be read all the same", (_, value) => {
    const payload = value.replaceAll(" ", "");
    const end = (payload.length / 2).toString(16).padStart(2, "0");
    const after = (payload.length / 2 + 2).toString(16).padStart(2, "0");
    const { items } = decode(
      fromHex(`14000000 01 00 02000000 FFFFFFFF 0161 0162 ${end}000000 ${after}000000 ${payload} 0301 FF`),
    );
    expect(items.get("b")).toBe(true);
    expect(failureOf(() => items.get("a"))).toMatchObject({ kind: "state", message: INVALID });
  });

  test("whatever the bytes are, reading ends in a session or in a StoreError", () => {
    const mangled = fc
      .tuple(
        fc.uniqueArray(fc.tuple(fc.string(), anyNetValue), { selector: ([key]) => key }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      )
      .map(([entries, changes]) => {
        const bytes = Uint8Array.from(encode(entries));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mangled), fc.boolean(), (bytes, compressed) => {
        failureOf(() => [...decodeItem(bytes, { compressed }).items]);
      }),
      { numRuns: 2000 },
    );
  });

  test("a few kilobytes that would inflate without end are refused", () => {
    const bomb = deflateRawSync(Buffer.alloc(INFLATED_BYTES_MAX + 1));
    expect(bomb.length).toBeLessThan(100_000);
    expect(failureOf(() => decodeItem(bomb, { compressed: true }))).toMatchObject({
      kind: "state",
      message: `A compressed session is longer than ${INFLATED_BYTES_MAX} bytes.`,
    });
  });

  test("a session stored with the other setting of compression is invalid", () => {
    expect(failureOf(() => decodeItem(fromHex(TRACED), { compressed: true }))).toMatchObject({ message: INVALID });
  });
});

describe("values that JavaScript alone has", () => {
  test.each([
    ["an array", [1]],
    ["a plain object", { a: 1 }],
    ["an object without a class", Object.create(null)],
    ["bytes", new Uint8Array(3)],
    ["a function", () => 1],
    ["a symbol", Symbol("a")],
    ["a bigint of 65 bits", 2n ** 64n],
    ["a Date that is none", new Date(Number.NaN)],
    ["a Date before the year 1", new Date(-1e14)],
    ["half a surrogate pair", "\uDC00"],
  ])("%s cannot be serialised, in ASP.NET's words", (_, value) => {
    expect(() => encode([["item", value]])).toThrow(
      expect.objectContaining({
        kind: "state",
        message: expect.stringMatching(/^Unable to serialize the session state\. In 'StateServer'/),
      }),
    );
  });

  test("the item to blame is named in the cause", () => {
    try {
      encode([
        ["user", "Ed"],
        ["cart", ["book"]],
      ]);
      expect.unreachable();
    } catch (error) {
      expect((error as StoreError).cause).toEqual(new Error('item "cart": type Array has no form outside the process'));
    }
  });

  test("an object of ASP.NET's is kept as the bytes it is, and may be put under another name", () => {
    const stored = fromHex("14000000 01 00 01000000 FFFFFFFF 0161 05000000 14 DEADBEEF FF");
    const { items } = decode(stored);
    const object = items.get("a");
    expect(object).toBeInstanceOf(ForeignObject);
    items.set("b", object).delete("a");
    expect(hexOf(encodeItem({ timeoutMinutes: 20, items }, { compress: false }))).toBe(
      "14000000010001000000FFFFFFFF01620500000014DEADBEEFFF",
    );
  });

  test("an undefined item is stored as null", () => {
    expect(decode(encode([["a", undefined]])).items.get("a")).toBeNull();
    expect(decode(encode([["a", new NetValue("Int16", 3)]])).items.get("a")).toEqual(new NetValue("Int16", 3));
  });
});
