import { describe, expect, test } from "vitest";
import { createCookieJar } from "../../../../bench/drivers/http/cookie-jar.ts";
import { foreignSite, insertSegment, pathsOf } from "../../../../bench/drivers/url/foreign-site.ts";
import type { SessionCarrier } from "../../../../bench/drivers/url/session-watch.ts";
import { resolveSite } from "../../../../bench/drivers/url/site-address.ts";

const site = await resolveSite("http://127.0.0.1:8080/home", { remote: false, insecure: false });
const cookie: SessionCarrier = { kind: "cookie", name: "sid", holdsState: false };

function meaning(
  status: number,
  changes: { reason?: string; location?: string; cookies?: string; segment?: string; carrier?: SessionCarrier },
) {
  const { reason = "", location = null, cookies = "", segment = "", carrier = cookie } = changes;
  const jar = createCookieJar(false);
  if (cookies !== "") jar.store(`${cookies}; path=/`, "/", 0);
  const reply = { kind: "answered", status, reason, setCookies: [], location, lockWaitMs: 0 } as const;
  const visitor = { jar, segment, address: "", userAgent: "" };
  return foreignSite(site, carrier, () => 0).meaningOf(reply, "/home", visitor);
}

describe("an answer", () => {
  test("is as it should be from 200 to 299", () => {
    expect([200, 204].map((status) => meaning(status, {}))).toEqual(["completed", "completed"]);
  });

  test("refuses a new session when it says Server Too Busy, or turns away somebody without one", () => {
    expect(meaning(500, { reason: "Server Too Busy", cookies: "sid=a" })).toBe("refused");
    expect(meaning(503, { reason: "Server Too Busy", carrier: { kind: "none" } })).toBe("refused");
    expect(meaning(503, {})).toBe("refused");
    expect(meaning(503, { cookies: "lang=en" })).toBe("refused");
    expect(meaning(503, { carrier: { kind: "address" } })).toBe("refused");
  });

  test("fails with its status otherwise", () => {
    const http503 = { failure: "http 503" };
    expect(meaning(503, { cookies: "sid=a" })).toEqual(http503);
    expect(meaning(503, { carrier: { kind: "address" }, segment: "/(S(a))" })).toEqual(http503);
    expect(meaning(503, { carrier: { kind: "none" } })).toEqual(http503);
    expect(meaning(500, { reason: "Internal Server Error" })).toEqual({ failure: "http 500" });
    expect(meaning(404, {})).toEqual({ failure: "http 404" });
    expect(meaning(302, { location: "http://elsewhere.example/" })).toEqual({ failure: "redirected to another site" });
    expect(meaning(304, {})).toEqual({ failure: "http 304" });
  });
});

test.each([
  ["/a.aspx?x=1", "", "/a.aspx?x=1"],
  ["/a.aspx", "/(S(id))", "/(S(id))/a.aspx"],
  ["/app/a.aspx", "/app/(S(id))", "/app/(S(id))/a.aspx"],
  ["/other/a.aspx", "/app/(S(id))", "/other/a.aspx"],
  ["/apple/a.aspx", "/app/(S(id))", "/apple/a.aspx"],
])("the address of %j with %j is %j", (path, segment, expected) => {
  expect(insertSegment(path, segment)).toBe(expected);
});

test("the pages of a workload that nobody asks for are not looked at", () => {
  const law = { kind: "constant", value: 0 } as const;
  const page = { share: 1, session: "read-write", changedShare: 1, cpuMs: law, waitMs: law } as const;
  const pages = [
    { ...page, name: "a", path: "/a" },
    { ...page, name: "b", path: "/b", share: 0 },
    { ...page, name: "c" },
  ];
  expect(pathsOf([...pages, ...pages], "/home")).toEqual(["/a", "/home"]);
});
