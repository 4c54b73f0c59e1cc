import { describe, expect, test } from "vitest";
import { createCookieJar, noCookies } from "../../../bench/drivers/cookie-jar.ts";

const NOW_MS = Date.UTC(2026, 0, 5);
const PAST = "Thu, 01 Jan 1970 00:00:00 GMT";
const FUTURE = "Tue, 05 Jan 2027 00:00:00 GMT";

function headerAfter(overTls: boolean, ...setCookies: string[]): string {
  const jar = createCookieJar(overTls);
  for (const cookie of setCookies) jar.store(cookie, NOW_MS);
  return jar.header();
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
    noCookies.store("a=1", NOW_MS);
    expect(noCookies.header()).toBe("");
  });
});
