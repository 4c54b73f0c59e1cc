import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeItem, encodeItem } from "../../../bench/providers/item/item-codec.ts";
import {
  ForeignObject,
  type NetScalar,
  type NetType,
  NetValue,
  netTypes,
} from "../../../bench/providers/item/net-value.ts";
import { changeItems, ITEM_BYTES_MAX, SessionItems } from "../../../bench/providers/session-items.ts";
import { anyNetValue } from "./item/session-values.ts";

/** One of each type that ASP.NET calls immutable. */
const oneOfEach: { readonly [type in NetType]: NetScalar } = {
  String: "a",
  Int32: 1,
  Boolean: true,
  DateTime: 630_822_816_000_000_000n,
  Decimal: "1.5",
  Byte: 1,
  Char: "a",
  Single: 0.5,
  Double: 1.5,
  SByte: 1,
  Int16: 1,
  Int64: 1n,
  UInt16: 1,
  UInt32: 1,
  UInt64: 1n,
  TimeSpan: 1n,
  Guid: "00112233-4455-6677-8899-aabbccddeeff",
  IntPtr: 1n,
  UIntPtr: 1n,
};

/** A session as a provider in process hands it out, and as one out of process does. */
function bothWays(entries: readonly (readonly [string, unknown])[]): SessionItems[] {
  const live = new SessionItems();
  for (const [name, value] of entries) live.set(name, value);
  live.dirty = false;
  const bytes = encodeItem({ timeoutMinutes: 20, items: live }, { compress: false });
  return [live, decodeItem(bytes, { compressed: false }).items];
}

describe("a session is dirty", () => {
  test.each(netTypes)("not after a %s was read", (type) => {
    for (const items of bothWays([["item", new NetValue(type, oneOfEach[type])]])) {
      expect(items.get("item")).not.toBeUndefined();
      expect(items.dirty).toBe(false);
    }
  });

  test.each<[string, unknown]>([
    ["text", "a"],
    ["number", 1],
    ["fraction", 0.5],
    ["boolean", false],
    ["bigint", 1n],
    ["Date, which stands for a DateTime", new Date(0)],
    ["null", null],
    ["missing item", undefined],
  ])("not after a %s was read", (_, value) => {
    for (const items of bothWays([["item", value]])) {
      items.get("item");
      items.get("another");
      items.has("item");
      expect(items.dirty).toBe(false);
    }
  });

  test.each<[string, unknown]>([
    ["array", [1]],
    ["plain object", {}],
    ["Map", new Map()],
    ["function", () => 1],
    ["byte array", new Uint8Array(1)],
  ])("after a mere look at a live %s", (_, value) => {
    const items = new SessionItems().set("item", value);
    items.dirty = false;
    expect(items.get("item")).toBe(value);
    expect(items.dirty).toBe(true);
  });

  test("after a look at an object that ASP.NET left there, and not before", () => {
    for (const items of bothWays([["item", new ForeignObject(Buffer.from("0001"))]])) {
      expect(items.has("item")).toBe(true);
      expect(items.dirty).toBe(false);
      items.get("item");
      expect(items.dirty).toBe(true);
    }
  });

  test.each<[string, (items: SessionItems) => void]>([
    ["values", (items) => [...items.values()]],
    ["entries", (items) => [...items.entries()]],
    ["a loop", (items) => [...items]],
    ["forEach", (items) => items.forEach(() => {})],
  ])("after %s handed out a value that can be changed, and not otherwise", (_, look) => {
    const object = new ForeignObject(Buffer.from("00"));
    for (const items of bothWays([["a", object]])) {
      look(items);
      expect(items.dirty).toBe(true);
    }
    for (const items of bothWays([["a", 1]])) {
      look(items);
      expect(items.dirty).toBe(false);
    }
  });

  test("not after its names were listed or it was serialised", () => {
    for (const items of bothWays([["a", new ForeignObject(Buffer.from("00"))]])) {
      expect([...items.keys()]).toEqual(["a"]);
      encodeItem({ timeoutMinutes: 20, items }, { compress: false });
      expect(items.dirty).toBe(false);
    }
  });

  test.each<[string, (items: SessionItems) => unknown]>([
    ["set, even to the same value", (items) => items.set("a", 1)],
    ["delete, even of what is not there", (items) => items.delete("b")],
    ["clear", (items) => items.clear()],
  ])("after %s", (_, change) => {
    for (const items of bothWays([["a", 1]])) {
      change(items);
      expect(items.dirty).toBe(true);
    }
  });
});

test("a session from a store behaves as a Map does, whatever is done to it", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    fc.tuple(fc.constant("set" as const), name, anyNetValue),
    fc.tuple(fc.constantFrom("get" as const, "delete" as const, "clear" as const), name, fc.constant(null)),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, anyNetValue), { selector: ([key]) => key }),
      fc.array(step),
      (start, steps) => {
        const [, items] = bothWays(start);
        const model = new Map<string, unknown>(start);
        for (const [action, key, value] of steps) {
          if (action === "set") {
            items.set(key, value);
            model.set(key, value);
          } else if (action === "clear") {
            items.clear();
            model.clear();
          } else expect(items[action](key)).toEqual(model[action](key));
          expect(items.size).toBe(model.size);
          expect(items.has(key)).toBe(model.has(key));
        }
        expect([...items]).toEqual([...model]);
        expect([...items.values()]).toEqual([...model.values()]);
      },
    ),
  );
});

describe("a page that changes its session", () => {
  test("puts the whole state there first, and one item at a time later", () => {
    const items = new SessionItems();
    changeItems(items, 2 * ITEM_BYTES_MAX + 10);
    expect([...items.keys()]).toEqual(["changes", "item0", "item1", "item2"]);
    changeItems(items, 2 * ITEM_BYTES_MAX + 10);
    const before = new Map(items);
    changeItems(items, 2 * ITEM_BYTES_MAX + 10);
    const changed = [...items].filter(([name, value]) => value !== before.get(name)).map(([name]) => name);
    expect(changed).toEqual(["changes", "item0"]);
    expect(items.get("item2")).toHaveLength(10);
  });

  test("goes on where it was after a way through a store", () => {
    const items = new SessionItems();
    changeItems(items, 100);
    const [, stored] = bothWays([...items]);
    changeItems(stored, 100);
    expect(stored.get("changes")).toBe(2);
    expect(stored.dirty).toBe(true);
  });
});
