import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadProvider, type ProviderOptions } from "../../../bench/providers/provider-module.ts";
import { serialisingStore } from "../../../bench/providers/serialising-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { SessionStore } from "../../../bench/providers/session-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const options: ProviderOptions = {
  connection: null,
  minuteMs: 60_000,
  applicationId: "/LM/W3SVC/1/ROOT",
  networkTimeoutMs: 5_000,
  commandTimeoutMs: null,
  connectionRetryMs: 0,
  allowCustomSqlDatabase: false,
  executionTimeoutMs: 110_000,
};

const capabilities = `{ exclusiveLocks: true, sessionEnd: false, survivesRecycle: false, sharedBetweenServers: false, liveReferences: false, heldByClient: false }`;
const nothing = `{ item: null, locked: false, lockAgeMs: 0, lockId: null, initialize: false }`;
/** Methods of a store that finds nothing, one of which may be replaced. */
function methods(replaced: Record<string, string> = {}): string {
  const bodies: Record<string, string> = {
    getItem: nothing,
    getItemExclusive: nothing,
    setAndReleaseItemExclusive: "undefined",
    releaseItemExclusive: "undefined",
    removeItem: "false",
    resetItemTimeout: "undefined",
    createUninitializedItem: "undefined",
    close: "undefined",
    ...replaced,
  };
  return Object.entries(bodies)
    .map(([name, body]) => `${name}: async () => (${body})`)
    .join(", ");
}

async function moduleOf(text: string, name = "provider.mjs"): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, text);
  return file;
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error?.name).toBe("InputError");
  return error!.message;
}

async function storeOf(file: string, given: ProviderOptions = options): Promise<SessionStore> {
  const loaded = await loadProvider(file, given);
  return loaded.kind === "items" ? loaded.store : serialisingStore(loaded.store, { minuteMs: 60_000, compress: false });
}

describe("what a module may answer", () => {
  test("a store of bytes, by name or as default export, at once or later, in JavaScript or TypeScript", async () => {
    const make = `createStore(options) { return { engine: "mine " + options.minuteMs, capabilities: ${capabilities}, ${methods()} }; }`;
    for (const [text, name] of [
      [`export function ${make}`, "a.mjs"],
      [`export default function ${make}`, "b.mjs"],
      [`export async function ${make}`, "c.js"],
      [`exports.createStore = function ${make}`, "d.cjs"],
      [`export function ${make.replace("(options)", "(options: { minuteMs: number })")}`, "e.ts"],
    ] as const) {
      const loaded = await loadProvider(await moduleOf(text, name), options);
      expect(loaded).toMatchObject({ kind: "bytes", store: { engine: "mine 60000" } });
    }
  });

  test("a path is taken from the folder where the user works", async () => {
    const loaded = await loadProvider("scenarios/providers/locking-map.mjs", options);
    expect(loaded).toMatchObject({ kind: "bytes", store: { engine: "locking-map 1" } });
  });

  test("a store for express-session", async () => {
    const file = await moduleOf(`export function createStore({ connection }) {
      const kept = new Map([["told", JSON.stringify({ cookie: {}, items: { connection } })]]);
      return {
        engine: "my Map 1",
        get: (id, callback) => callback(null, JSON.parse(kept.get(id) ?? "null")),
        set: (id, session, callback) => { kept.set(id, JSON.stringify(session)); callback(); },
        destroy: (id, callback) => { kept.delete(id); callback(); },
      };
    }`);
    const loaded = await loadProvider(file, { ...options, connection: "there://" });
    expect(loaded).toMatchObject({ kind: "items", engine: "my Map 1" });
    const store = await storeOf(file, { ...options, connection: "there://" });
    expect(store.capabilities).toMatchObject({ exclusiveLocks: false, sharedBetweenServers: true });
    expect((await store.getItem("told")).item?.items.get("connection")).toBe("there://");
  });

  test("a store of items that marks itself as one", async () => {
    const file = await moduleOf(
      `export const createStore = () => ({ contract: "items", capabilities: ${capabilities}, ${methods()} });`,
    );
    expect(await loadProvider(file, options)).toMatchObject({ kind: "items", engine: "provider.mjs" });
  });
});

describe("the example that comes with us", () => {
  test("keeps sessions, locks them, and lets them go when their time is over", async () => {
    const store = await storeOf("scenarios/providers/locking-map.mjs");
    const items = new SessionItems([["n", 1]]);
    await store.setAndReleaseItemExclusive("a", { items, timeoutMs: 60_000 }, null, true);
    const taken = await store.getItemExclusive("a");
    expect(taken.item?.items.get("n")).toBe(1);
    expect(await store.getItem("a")).toMatchObject({ item: null, locked: true, lockId: taken.lockId });
    taken.item!.items.set("n", 2);
    await store.setAndReleaseItemExclusive("a", taken.item!, taken.lockId, false);
    expect((await store.getItem("a")).item?.items.get("n")).toBe(2);
    await store.createUninitializedItem("b", 60_000);
    expect((await store.getItemExclusive("b")).initialize).toBe(true);
    expect(await store.census?.()).toEqual({ stored: 2, live: 2, bytes: null });
    const again = await store.getItemExclusive("a");
    expect(await store.removeItem("a", taken.lockId)).toBe(false);
    expect(await store.removeItem("a", again.lockId)).toBe(true);

    const soon = await storeOf("scenarios/providers/locking-map.mjs", { ...options, minuteMs: 0.001 });
    await soon.setAndReleaseItemExclusive("a", { items, timeoutMs: 60_000 }, null, true);
    await expect.poll(async () => (await soon.getItem("a")).item).toBeNull();
  });
});

describe("a module that cannot be used is the user's to mend", () => {
  test("a file that is not there", async () => {
    expect(await messageOf(loadProvider("nowhere/provider.mjs", options))).toMatch(
      /^Cannot use the provider "provider\.mjs": .*store\.module.*nowhere\/provider\.mjs.*; mend the path$/s,
    );
  });

  test("an import of its own that is not installed is not taken for that", async () => {
    const file = await moduleOf('import "some-driver-that-is-not-installed"; export const createStore = () => ({});');
    expect(await messageOf(loadProvider(file, options))).toMatch(/some-driver-that-is-not-installed.*mend the module/s);
  });

  test("one that is not JavaScript, with the line", async () => {
    const message = await messageOf(loadProvider(await moduleOf("// mine\nexport function createStore( {"), options));
    expect(message).toMatch(/provider\.mjs:2: store\.module is failing: .*; mend the module/s);
  });

  test("one that throws while it is loaded, with its words and its line", async () => {
    const file = await moduleOf('\n\nthrow new TypeError("no driver");\nexport const createStore = 1;');
    expect(await messageOf(loadProvider(file, options))).toContain(
      `${file}:3:7: store.module is failing: TypeError: no driver`,
    );
  });

  test("one whose createStore throws or rejects, with its words, its line and no secret", async () => {
    for (const keyword of ["", "async "]) {
      const file = await moduleOf(
        `export ${keyword}function createStore() {\n  throw new Error("no way to redis://:hunter2@there");\n}`,
      );
      const message = await messageOf(loadProvider(file, options));
      expect(message).toContain(`${file}:2:9: store.module is failing: Error: no way to redis://:***@there`);
    }
  });

  test("one that throws no error at all", async () => {
    const file = await moduleOf("export function createStore() { throw 'no'; }");
    expect(await messageOf(loadProvider(file, options))).toContain(`${file}: store.module is failing: no; expected`);
  });

  test("one without createStore", async () => {
    const file = await moduleOf("export const makeStore = () => ({}); export const x = 1;");
    expect(await messageOf(loadProvider(file, options))).toContain(
      "store.module is exporting makeStore, x; expected a function createStore(options)",
    );
  });

  test.each([
    ["undefined", "undefined"],
    ["{ get() {}, set() {} }", "an object with get, set"],
    ["{}", "an object without fields"],
  ])("one that answers %s", async (answer, given) => {
    const file = await moduleOf(`export const createStore = () => (${answer});`);
    expect(await messageOf(loadProvider(file, options))).toContain(
      `createStore is ${given}; expected a store of bytes`,
    );
  });

  test("every method and capability that is missing is named at once", async () => {
    const file = await moduleOf(
      "export const createStore = () => ({ engine: 'x', getItem() {}, getItemExclusive() {}, capabilities: { exclusiveLocks: true } });",
    );
    const message = await messageOf(loadProvider(file, options));
    expect(message).toContain(
      "createStore, setAndReleaseItemExclusive, releaseItemExclusive, removeItem, resetItemTimeout, createUninitializedItem, close is missing",
    );
    expect(message).toContain(
      "capabilities is without sessionEnd, survivesRecycle, sharedBetweenServers, liveReferences",
    );
  });

  test("a store of bytes must name its engine, for the reports", async () => {
    const file = await moduleOf(`export const createStore = () => ({ capabilities: ${capabilities}, ${methods()} });`);
    expect(await messageOf(loadProvider(file, options))).toContain("createStore, engine is missing");
  });
});

describe("what fails later is a StoreError, which a run counts", () => {
  const failing = (what: string) =>
    moduleOf(
      `export const createStore = () => ({ engine: "x", capabilities: ${capabilities}, ${methods({ getItem: `(() => { throw ${what}; })()` })} });`,
    );

  test("by the code on the error", async () => {
    const store = await storeOf(await failing('Object.assign(new Error("refused"), { code: "ECONNREFUSED" })'));
    await expect(store.getItem("a")).rejects.toMatchObject({
      name: "StoreError",
      kind: "unreachable",
      message: "provider.mjs getItem: refused",
    });
  });

  test("by what the module itself says", async () => {
    const store = await storeOf(
      await failing('Object.assign(new Error("no room"), { name: "StoreError", kind: "full" })'),
    );
    await expect(store.getItem("a")).rejects.toMatchObject({ name: "StoreError", kind: "full", message: "no room" });
  });

  test("also at the start, where the module says that its database is away", async () => {
    const file = await moduleOf(
      'export function createStore() { throw Object.assign(new Error("away"), { name: "StoreError", kind: "unreachable" }); }',
    );
    await expect(loadProvider(file, options)).rejects.toMatchObject({ name: "StoreError", kind: "unreachable" });
  });
});
