import { describe, expect, test } from "vitest";
import { createCookieJar, noCookies } from "../../../../bench/drivers/http/cookie-jar.ts";

const NOW_MS = Date.UTC(2026, 0, 5);
const PAST = "Thu, 01 Jan 1970 00:00:00 GMT";
const FUTURE = "Tue, 05 Jan 2027 00:00:00 GMT";

function headerAfter(overTls: boolean, ...setCookies: string[]): string {
  const jar = createCookieJar(overTls);
  for (const cookie of setCookies) jar.store(cookie, "/", NOW_MS);
  return jar.header("/", NOW_MS);
}

describe("a cookie jar", () => {
  test("keeps each name's last value, with whatever equals signs are in it", () => {
    expect(headerAfter(false, "a=1; path=/; HttpOnly", "b=x=y==", "a=2")).toBe("a=2; b=x=y==");
  });

  test.each([
    [`expires=${PAST}`, ""],
    [`Expires=${PAST}; path=/`, ""],
    [`expires=${FUTURE}`, "a=2"],
    ["expires=whenever", "a=2"],
    ["max-age=0", ""],
    ["Max-Age=-1", ""],
    ["max-age=60", "a=2"],
    [`max-age=60; expires=${PAST}`, "a=2"],
    [`max-age=soon; expires=${PAST}`, ""],
  ])("after a=1, a=2 with %s leaves %j", (attributes, left) => {
    expect(headerAfter(false, "a=1", `a=2; ${attributes}`)).toBe(left);
  });

  test("takes a secure cookie over TLS only", () => {
    const secure = "ASPSESSIONIDSESSIONL=AAAA; secure; path=/";
    expect(headerAfter(true, secure)).toBe("ASPSESSIONIDSESSIONL=AAAA");
    expect(headerAfter(false, secure)).toBe("");
  });

  test("takes nothing that has no name, and without cookies nothing at all", () => {
    expect(headerAfter(false, "=1", "novalue", "")).toBe("");
    noCookies.store("a=1", "/", NOW_MS);
    expect(noCookies.header("/", NOW_MS)).toBe("");
  });

  test("lets go of a cookie once its time is over", () => {
    const jar = createCookieJar(false);
    jar.store("short=1; max-age=60", "/", NOW_MS);
    jar.store("long=1", "/", NOW_MS);
    expect(jar.header("/", NOW_MS + 59_999)).toBe("short=1; long=1");
    expect(jar.header("/", NOW_MS + 60_000)).toBe("long=1");
  });

  test("sends a cookie to its path and below, the longer path first", () => {
    const jar = createCookieJar(false);
    jar.store("root=1; path=/", "/shop/cart", NOW_MS);
    jar.store("shop=1; path=/shop", "/", NOW_MS);
    jar.store("here=1", "/shop/cart/add?item=/x/", NOW_MS);
    expect(jar.header("/shop/cart/pay", NOW_MS)).toBe("here=1; shop=1; root=1");
    expect(jar.header("/shop?x=/cart", NOW_MS)).toBe("shop=1; root=1");
    expect(jar.header("/shopping", NOW_MS)).toBe("root=1");
  });

  test("keeps two cookies of one name apart by their paths", () => {
    const jar = createCookieJar(false);
    jar.store("id=root; path=/", "/", NOW_MS);
    jar.store("id=shop; path=/shop", "/", NOW_MS);
    jar.store("id=; path=/; max-age=0", "/", NOW_MS);
    expect(jar.header("/shop", NOW_MS)).toBe("id=shop");
  });
});
