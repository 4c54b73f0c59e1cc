import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  COOKIE_BYTES_MAX,
  type SealedCookieOptions,
  sealedCookieStore,
} from "../../../bench/providers/sealed-cookie.ts";
import { SessionItems } from "../../../bench/providers/session-items.ts";
import type { GetResult, SessionStore } from "../../../bench/providers/session-store.ts";
import { StoreError } from "../../../bench/providers/store-error.ts";
import { InputError } from "../../../config/problem.ts";

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 20 * MINUTE_MS;
const SECRET = "correct horse battery staple correct horse";

function setUp(options: Partial<SealedCookieOptions> = {}) {
  const time = { nowMs: 1_000_000 };
  const settings = { clock: () => time.nowMs, minuteMs: MINUTE_MS, compress: false, secret: SECRET, ...options };
  return { time, settings, store: sealedCookieStore(settings) };
}

function seal(
  store: SessionStore,
  entries: [string, unknown][] = [["user", "Ed"]],
  timeoutMs: number | null = TIMEOUT_MS,
) {
  const items = new SessionItems();
  for (const [name, value] of entries) items.set(name, value);
  const id = store.setAndReleaseItemExclusive("", { items, timeoutMs }, null, true);
  expect(id).toBeTypeOf("string");
  return id as string;
}

const get = (store: SessionStore, id: string) => store.getItem(id) as GetResult;
const getExclusive = (store: SessionStore, id: string) => store.getItemExclusive(id) as GetResult;
const release = (store: SessionStore, id: string) => store.releaseItemExclusive(id, 0) as string | undefined;

describe("a session in a cookie", () => {
  test.each([false, true])(
    "comes back from the cookie alone, on any server with the secret (compressed: %s)",
    (compress) => {
      const { settings, store } = setUp({ compress });
      const id = seal(store);
      const { item, locked } = get(sealedCookieStore(settings), id);
      expect(item?.items.get("user")).toBe("Ed");
      expect(item?.items.dirty).toBe(false);
      expect(item?.timeoutMs).toBe(TIMEOUT_MS);
      expect(locked).toBe(false);
    },
  );

  test("tells nothing of itself, and never looks the same twice", () => {
    const { store } = setUp();
    const id = seal(store, [["user", "a rather long and telling user name"]]);
    expect(Buffer.from(id, "base64url").toString("latin1")).not.toContain("telling");
    expect(id).toMatch(/^[\w-]+$/);
    expect(seal(store, [["user", "a rather long and telling user name"]])).not.toBe(id);
  });

  test("is not locked by a writer, and the last of two writers wins", () => {
    const { store } = setUp();
    const id = seal(store);
    expect(getExclusive(store, id).item).not.toBeNull();
    expect(getExclusive(store, id)).toMatchObject({ locked: false, lockId: 0 });
    expect(get(store, id).lockId).toBeNull();
    expect(store.capabilities.exclusiveLocks).toBe(false);
    expect(store.capabilities.heldByClient).toBe(true);
  });

  test("cannot be taken back: who abandons one may send the old cookie again", () => {
    const { store } = setUp();
    const id = seal(store);
    expect(store.removeItem(id, 0)).toBe(true);
    expect(get(store, id).item).not.toBeNull();
    expect(store.removeItem("nothing", 0)).toBe(false);
  });

  test("is not there before the first write: an unknown id stays unknown", () => {
    const { store } = setUp();
    store.createUninitializedItem("4m4irghotazmxblpyakfaw1d", TIMEOUT_MS);
    expect(get(store, "4m4irghotazmxblpyakfaw1d").item).toBeNull();
  });
});

describe("the expiry of a cookie", () => {
  test("is its last moment, and a millisecond later there is no session", () => {
    const { time, store } = setUp();
    const id = seal(store);
    time.nowMs += TIMEOUT_MS;
    expect(get(store, id).item).not.toBeNull();
    time.nowMs += 1;
    expect(get(store, id).item).toBeNull();
    expect(store.removeItem(id, 0)).toBe(false);
  });

  test("is slid by set, release and reset, which answer with the new id; the old one keeps its time", () => {
    const { time, store } = setUp();
    const id = seal(store);
    time.nowMs += TIMEOUT_MS - 1;
    const ids = [release(store, id), store.resetItemTimeout(id) as string | undefined, seal(store)];
    time.nowMs += TIMEOUT_MS;
    for (const newId of ids) expect(get(store, newId ?? "").item?.items.get("user")).toBe("Ed");
    expect(get(store, id).item).toBeNull();
  });

  test("is not slid by reading, nor once it has passed", () => {
    const { time, store } = setUp();
    const id = seal(store);
    time.nowMs += TIMEOUT_MS - 1;
    get(store, id);
    time.nowMs += 2;
    expect(get(store, id).item).toBeNull();
    expect(release(store, id)).toBeUndefined();
    expect(store.resetItemTimeout(id)).toBeUndefined();
  });

  test("comes sooner where minutes are shorter", () => {
    const { time, store } = setUp({ minuteMs: 200 });
    const id = seal(store, [], 200);
    time.nowMs += 201;
    expect(get(store, id).item).toBeNull();
    expect(() => seal(store, [], 300)).toThrow("whole number of minutes");
    expect(() => seal(store, [], null)).toThrow("Infinite");
  });
});

describe("a cookie that is none of ours", () => {
  test("a change of any one bit makes it unknown", () => {
    const { store } = setUp();
    const id = seal(store);
    const sealed = Buffer.from(id, "base64url");
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(get(store, changed.toString("base64url")).item).toBeNull();
    }
  });

  test("cut short, made longer or written in another way it is unknown", () => {
    const { store } = setUp();
    const id = seal(store);
    for (let length = 0; length < id.length; length++) expect(get(store, id.slice(0, length)).item).toBeNull();
    for (const other of [`${id}A`, `${id}=`, ` ${id}`, `${id.slice(0, 9)}*${id.slice(9)}`]) {
      expect(get(store, other).item).toBeNull();
    }
  });

  test("sealed with another secret, or by a process that drew its own, it is unknown", () => {
    const { store } = setUp();
    expect(get(setUp({ secret: `${SECRET}!` }).store, seal(store)).item).toBeNull();
    const own = setUp({ secret: undefined }).store;
    expect(get(setUp({ secret: undefined }).store, seal(own)).item).toBeNull();
    expect(get(own, seal(own)).item).not.toBeNull();
    expect(own.capabilities).toMatchObject({ survivesRecycle: false, sharedBetweenServers: false });
    expect(store.capabilities).toMatchObject({ survivesRecycle: true, sharedBetweenServers: true });
  });
});

test("a cookie from before compression was switched on is unknown, and no error", () => {
  expect(get(setUp({ compress: true }).store, seal(setUp().store)).item).toBeNull();
});

describe("the size of a cookie", () => {
  const textOf = (bytes: number) =>
    randomBytes(bytes)
      .toString("latin1")
      .replaceAll(/[^\x20-\x7e]/g, "x");

  test("name and value together fill what a browser keeps, and not a byte more", () => {
    const cookieName = "s";
    const { store } = setUp({ cookieName });
    const least = seal(store, [["text", ""]]).length;
    // Three bytes of session are four characters of cookie.
    const most = Math.floor(((COOKIE_BYTES_MAX - cookieName.length - least) * 3) / 4) - 3;
    const id = seal(store, [["text", textOf(most)]]);
    expect(id.length + cookieName.length).toBeGreaterThan(COOKIE_BYTES_MAX - 8);
    expect(id.length + cookieName.length).toBeLessThanOrEqual(COOKIE_BYTES_MAX);
    expect(get(store, id).item?.items.get("text")).toHaveLength(most);
  });

  test("a session that does not fit is refused, and the error says what to do", () => {
    const { store } = setUp();
    expect(() => seal(store, [["text", textOf(4096)]])).toThrow(StoreError);
    expect(() => seal(store, [["text", textOf(4096)]])).toThrow(
      /takes \d+ bytes as a cookie, and a browser keeps 4096: put less into the session/,
    );
  });

  test("deflated, more fits", () => {
    const { store } = setUp({ compress: true });
    expect(get(store, seal(store, [["text", "a".repeat(10_000)]])).item?.items.get("text")).toHaveLength(10_000);
  });

  test("one that no browser would have kept is not even looked at", () => {
    expect(get(setUp().store, "A".repeat(COOKIE_BYTES_MAX)).item).toBeNull();
  });
});

test("a secret of less than 32 characters is refused without being told", () => {
  const secret = "hunter2";
  expect(() => setUp({ secret })).toThrow(InputError);
  expect(() => setUp({ secret })).toThrow(/secret is 7 characters long; expected at least 32 characters/);
  expect(() => setUp({ secret })).not.toThrow(/hunter2/);
});
