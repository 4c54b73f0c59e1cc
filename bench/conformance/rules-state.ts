// What is put into a session is what comes out of it: of every type, of every size, and at the sizes where stores change their ways.

import { NetValue } from "../providers/item/net-value.ts";
import type { Rule, RuleContext, Subject } from "./rule.ts";
import { Broken } from "./rule-errors.ts";
import { mustFind, mustHold, type Session, type Values } from "./session-probe.ts";

const phase = "together";
const altserialization = ".NET reference source, SessionStateItemCollection.cs, altserialization.cs";

export const stateRules: readonly Rule[] = [
  {
    id: "plain-values",
    title: "Texts, numbers, truth values and nothing at all come back as they were, whatever their name",
    source: altserialization,
    phase,
    check: (context) => survive(context, plainValues),
  },
  {
    id: "typed-values",
    title: "Every type that ASP.NET serialises by itself comes back as that type and that value",
    source: `${altserialization} (types 1 to 19 and 21)`,
    phase,
    exempt: ({ behaviour }) =>
      behaviour.values === "typed" ? null : "its sessions are plain JSON, or nothing is laid down about types",
    check: (context) => survive(context, typedValues),
  },
  {
    id: "all-bytes",
    title: "Every character from 0 to 255, and some from beyond, survives in a text",
    source: `${altserialization} (UTF-8)`,
    phase,
    check: (context) => survive(context, { all: everyByte, beyond: "€ 漢字 \u{1F36A} \uFFFF" }),
  },
  {
    id: "empty-state",
    title: "A session without any item is a session, and one that is emptied stays one",
    source: ".NET reference source, SessionStateUtil.cs (7 bytes for an empty session)",
    phase,
    async check({ session }) {
      const probe = session();
      await probe.put({});
      const taken = await probe.getExclusive();
      mustHold(taken, {}, "an exclusive get of a session stored without items");
      await probe.set({ n: 1 }, taken.lockId);
      const again = await probe.getExclusive();
      await probe.set({}, again.lockId);
      mustHold(await probe.get(), {}, "a read after all items were removed");
      return "stored empty, filled, emptied";
    },
  },
  {
    id: "short-and-long",
    title: "States of just 7,000 bytes, of one more, and changing from short to long and back, come back whole",
    source:
      ".NET reference source, SqlSessionStateStore (ITEM_SHORT_LENGTH 7000); InstallSqlState.sql, SessionItemShort, SessionItemLong",
    phase,
    exempt: tooLargeForCookie,
    async check({ session }) {
      const probe = session();
      await probe.put({ a: "" });
      for (const characters of shortAndLong)
        await rewrite(probe, { a: "x".repeat(characters) }, `${characters} characters`);
      return `texts of ${shortAndLong.join(", ")} characters, one after the other`;
    },
  },
  {
    id: "large-item",
    title: "A state of a megabyte comes back whole, stored as new and written back",
    source: "[MS-ASP], Content-Length (no other limit); InstallSqlState.sql, SessionItemLong",
    phase,
    exempt: tooLargeForCookie,
    async check({ session }) {
      const probe = session();
      const text = (sign: string) => sign.repeat(MEGABYTE);
      await probe.put({ large: text("a") });
      mustHaveLarge(await probe.get(), text("a"), "a read after it was stored");
      const taken = await probe.getExclusive();
      await probe.set({ large: text("b") }, taken.lockId);
      mustHaveLarge(await probe.get(), text("b"), "a read after it was written back");
      return `${MEGABYTE} characters, twice`;
    },
  },
  {
    id: "many-items",
    title: "A session of 500 items keeps every one of them",
    source: ".NET reference source, SessionStateItemCollection.cs, Serialize",
    phase,
    exempt: tooLargeForCookie,
    check: (context) => survive(context, Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`item ${n}`, n]))),
  },
  {
    id: "copies",
    title: "What a page changes in its copy of the state is seen by nobody until it is written back",
    source: ".NET reference source, OutOfProcSessionStateStore.cs (each get deserialises)",
    phase,
    exempt: ({ opened }) =>
      opened.store.capabilities.liveReferences ? "its readers get the live object, as InProc's do" : null,
    async check({ session }) {
      const probe = session();
      await probe.put({ n: 1 });
      const read = await probe.get();
      mustFind(read, "a first read");
      read.item?.items.set("n", 2);
      mustHold(await probe.get(), { n: 1 }, "a second read after the first reader changed its copy");
      return "unchanged";
    },
  },
];

const MEGABYTE = 1024 * 1024;
/** With a name of one letter a text of 6,976 characters makes a serialised state of exactly 7,000 bytes. */
const shortAndLong = [6_975, 6_976, 6_977, 20_000, 6_976, 6_977, 1, 6_977, 100_000, 0];
const everyByte = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));

const plainValues: Values = {
  text: "a text",
  "": "an item whose name is empty",
  "name with blanks, 'quotes' and €": "an odd name",
  empty: "",
  zero: 0,
  negative: -1,
  "greatest Int32": 2_147_483_647,
  "beyond Int32": 2_147_483_648,
  "least Int32": -2_147_483_648,
  "greatest exact": Number.MAX_SAFE_INTEGER,
  fraction: 34.5,
  tiny: Number.MIN_VALUE,
  huge: Number.MAX_VALUE,
  yes: true,
  no: false,
  nothing: null,
};

const typedValues: Values = {
  date: new Date("2026-02-28T23:59:59.999Z"),
  int64: -9_007_199_254_740_993n,
  uint64: 18_446_744_073_709_551_615n,
  "not a number": Number.NaN,
  infinite: Number.NEGATIVE_INFINITY,
  "minus zero": -0,
  decimal: new NetValue("Decimal", "79228162514264337593543950335"),
  byte: new NetValue("Byte", 255),
  char: new NetValue("Char", "漢"),
  single: new NetValue("Single", 0.5),
  sbyte: new NetValue("SByte", -128),
  int16: new NetValue("Int16", -32_768),
  uint16: new NetValue("UInt16", 65_535),
  uint32: new NetValue("UInt32", 4_294_967_295),
  span: new NetValue("TimeSpan", -1n),
  guid: new NetValue("Guid", "00112233-4455-6677-8899-aabbccddeeff"),
  intptr: new NetValue("IntPtr", -1n),
  uintptr: new NetValue("UIntPtr", 1n),
};

function tooLargeForCookie({ opened }: Subject): string | null {
  return opened.store.capabilities.heldByClient
    ? "the client holds the session, and a cookie has no room for it"
    : null;
}

async function survive({ session }: RuleContext, values: Values): Promise<string> {
  const probe = session();
  await probe.put(values);
  mustHold(await probe.get(), values, "a read after it was stored");
  await rewrite(probe, values, "written back");
  return `${Object.keys(values).length} items, stored and written back`;
}

async function rewrite(probe: Session, values: Values, what: string): Promise<void> {
  const taken = await probe.getExclusive();
  mustFind(taken, "an exclusive get");
  await probe.set(values, taken.lockId);
  mustHold(await probe.get(), values, `a read of a state ${what}`);
}

function mustHaveLarge(result: Parameters<typeof mustFind>[0], text: string, when: string): void {
  const { large } = mustFind(result, when) as { large?: unknown };
  if (large === text) return;
  const saw = typeof large === "string" ? `${large.length} characters, "${large.slice(0, 8)}..."` : typeof large;
  throw new Broken(`${when}: expected ${text.length} characters, "${text.slice(0, 8)}...", saw ${saw}`);
}
