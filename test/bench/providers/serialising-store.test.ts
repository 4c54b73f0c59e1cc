import { describe, expect, test } from "vitest";
import { serialisingStore } from "../../../bench/providers/serialising-store.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import { createMemoryByteStore } from "./memory-byte-store.ts";

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 20 * MINUTE_MS;

function setUp({ minuteMs = MINUTE_MS, compress = false } = {}) {
  const bytes = createMemoryByteStore();
  return { bytes, store: serialisingStore(bytes, { minuteMs, compress }) };
}

const hexOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

describe("a session out of process", () => {
  test.each([false, true])(
    "comes back as a clean copy, not as the object that was put there (compressed: %s)",
    async (compress) => {
      const { store } = setUp({ compress });
      const items = new SessionItems().set("user", "Ed");
      await store.setAndReleaseItemExclusive("a", { items, timeoutMs: TIMEOUT_MS }, null, true);
      const got = await store.getItem("a");
      expect(got.item?.timeoutMs).toBe(TIMEOUT_MS);
      expect(got.item?.items).not.toBe(items);
      expect(got.item?.items.dirty).toBe(false);
      expect(got.item?.items.get("user")).toBe("Ed");
      expect(got.item?.items.dirty).toBe(false);
    },
  );

  test("is created uninitialised as seven bytes with its timeout in minutes", async () => {
    const { bytes, store } = setUp();
    await store.createUninitializedItem("a", TIMEOUT_MS);
    expect(bytes.kept.get("a")?.timeoutMinutes).toBe(20);
    expect(hexOf(bytes.kept.get("a")?.bytes)).toBe("140000000000ff");
  });

  test("that is not there is no session, and one that is locked is told so", async () => {
    const { bytes, store } = setUp();
    const missing = await store.getItemExclusive("a");
    expect(missing.item).toBeNull();
    bytes.getItem = async () => ({ item: null, locked: true, lockAgeMs: 7, lockId: 3, initialize: false });
    expect(await store.getItem("a")).toEqual({ item: null, locked: true, lockAgeMs: 7, lockId: 3, initialize: false });
  });

  test("has the timeout that stands in its bytes", async () => {
    const { bytes, store } = setUp();
    bytes.kept.set("a", { bytes: Buffer.from("1e0000000000ff", "hex"), timeoutMinutes: 20 });
    expect((await store.getItem("a")).item?.timeoutMs).toBe(30 * MINUTE_MS);
  });

  test.each(["", "140000000000", "000000000000ff", "ffffffff0000ff"])(
    "is invalid when its bytes are %s",
    async (hex) => {
      const { bytes, store } = setUp();
      bytes.kept.set("a", { bytes: Buffer.from(hex, "hex"), timeoutMinutes: 20 });
      await expect(store.getItem("a")).rejects.toMatchObject({
        name: "StoreError",
        kind: "state",
        message: "The session state information is invalid and might be corrupted.",
      });
    },
  );
});

describe("the timeout", () => {
  test.each([
    [1000 / 3, 20],
    [60_000 / 7.3, 525_600],
    [200, 1],
  ])("with %s ms a minute, %s minutes are stored whole and come back", async (minuteMs, timeoutMinutes) => {
    const { bytes, store } = setUp({ minuteMs });
    await store.createUninitializedItem("a", timeoutMinutes * minuteMs);
    expect(bytes.kept.get("a")?.timeoutMinutes).toBe(timeoutMinutes);
    expect((await store.getItem("a")).item?.timeoutMs).toBe(timeoutMinutes * minuteMs);
  });

  test("a session without one is refused, and the error says what to do", async () => {
    const { store } = setUp();
    await expect(store.createUninitializedItem("a", null)).rejects.toMatchObject({
      kind: "state",
      message: expect.stringMatching(/"Infinite".*set timeout to a number of minutes.*or keep the sessions in-proc/),
    });
  });

  test.each([90_000, 0, -60_000, Number.NaN, 2 ** 31 * MINUTE_MS])(
    "%s ms is refused, as it is not whole minutes",
    async (timeoutMs) => {
      const { bytes, store } = setUp();
      await expect(store.createUninitializedItem("a", timeoutMs)).rejects.toMatchObject({
        kind: "state",
        message: expect.stringMatching(/not a whole number of minutes.*set timeout to whole minutes/),
      });
      expect(bytes.kept.size).toBe(0);
    },
  );
});

describe("a session that cannot be serialised", () => {
  const item = { items: new SessionItems().set("cart", ["book"]), timeoutMs: TIMEOUT_MS };

  test("gives its lock up before the error rises", async () => {
    const { bytes, store } = setUp();
    await expect(store.setAndReleaseItemExclusive("a", item, 2, false)).rejects.toMatchObject({
      kind: "state",
      message: expect.stringMatching(/^Unable to serialize the session state\./),
    });
    expect(bytes.calls).toEqual(["release a 2"]);
  });

  test("has no lock to give up when it is new", async () => {
    const { bytes, store } = setUp();
    await expect(store.setAndReleaseItemExclusive("a", item, null, true)).rejects.toMatchObject({ kind: "state" });
    expect(bytes.calls).toEqual([]);
  });
});

test("calls that carry no state are passed on", async () => {
  const { bytes, store } = setUp();
  await store.setAndReleaseItemExclusive("a", { items: new SessionItems(), timeoutMs: TIMEOUT_MS }, 4, false);
  expect((await store.getItemExclusive("a")).lockId).toBe(2);
  await store.releaseItemExclusive("a", 2);
  await store.resetItemTimeout("a");
  expect(await store.census?.()).toEqual({ stored: 1, live: 1, bytes: null });
  expect(await store.removeItem("a", 2)).toBe(true);
  await store.close?.();
  expect(bytes.calls).toEqual(["set a 4 false", "release a 2", "reset a", "close"]);
  expect(store.capabilities).toBe(bytes.capabilities);
});

test("a store that cannot count has no census", () => {
  const { census: _, ...bytes } = createMemoryByteStore();
  expect(serialisingStore(bytes, { minuteMs: MINUTE_MS, compress: false }).census).toBeUndefined();
});
