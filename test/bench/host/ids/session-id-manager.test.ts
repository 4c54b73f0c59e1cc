import { describe, expect, test } from "vitest";
import { NO_COOKIE_DEVICE, takesCookies } from "../../../../bench/host/ids/browser-definitions.ts";
import {
  createSessionIdManager,
  type IdRequest,
  type IdSettings,
} from "../../../../bench/host/ids/session-id-manager.ts";

const ID = "aiaeqbqafqboaeebkycyqgyb";
const OTHER = "b".repeat(24);

const aspNet: IdSettings = {
  technology: "aspnet",
  cookieName: "ASP.NET_SessionId",
  cookieless: "UseCookies",
  cookieSameSite: "Lax",
  keepSessionIdSecure: true,
  tls: null,
};
const classic: IdSettings = { ...aspNet, technology: "asp", cookieName: "ASPSESSIONIDSESSIONL" };
const tls = { keyPem: "", certificatePem: "" };

function identify(settings: Partial<IdSettings>, request: Partial<IdRequest>, heldByClient = false) {
  const ids = createSessionIdManager({ ...aspNet, ...settings }, heldByClient);
  return ids.identify({
    path: "/page.aspx",
    query: "session=none",
    cookie: undefined,
    userAgent: undefined,
    ...request,
  });
}

describe("the cookie that gives a client its id", () => {
  test.each<[string, Partial<IdSettings>, string]>([
    ["ASP.NET", {}, `ASP.NET_SessionId=${ID}; path=/; HttpOnly; SameSite=Lax`],
    ["another name", { cookieName: "sid" }, `sid=${ID}; path=/; HttpOnly; SameSite=Lax`],
    ["SameSite None", { cookieSameSite: "None" }, `ASP.NET_SessionId=${ID}; path=/; HttpOnly; SameSite=None`],
    ["SameSite Strict", { cookieSameSite: "Strict" }, `ASP.NET_SessionId=${ID}; path=/; HttpOnly; SameSite=Strict`],
    ["SameSite -1: left out", { cookieSameSite: "-1" }, `ASP.NET_SessionId=${ID}; path=/; HttpOnly`],
    ["ASP.NET over TLS: not secure by itself", { tls }, `ASP.NET_SessionId=${ID}; path=/; HttpOnly; SameSite=Lax`],
    ["classic ASP", classic, `ASPSESSIONIDSESSIONL=${ID}; path=/`],
    ["classic ASP over TLS", { ...classic, tls }, `ASPSESSIONIDSESSIONL=${ID}; secure; path=/`],
    [
      "the same, not kept secure",
      { ...classic, tls, keepSessionIdSecure: false },
      `ASPSESSIONIDSESSIONL=${ID}; path=/`,
    ],
  ])("%s", (_name, settings, cookie) => {
    expect(createSessionIdManager({ ...aspNet, ...settings }, false).setCookie(ID)).toBe(cookie);
  });

  test("is taken back by one that has expired", () => {
    expect(createSessionIdManager(aspNet, false).clearCookie()).toMatch(/^ASP\.NET_SessionId=; expires=.*1970/);
  });

  test("carries an id of the technology's own kind", () => {
    expect(createSessionIdManager(aspNet, false).createId()).toMatch(/^[a-z0-5]{24}$/);
    expect(createSessionIdManager(classic, false).createId()).toMatch(/^[A-P]{24}$/);
  });
});

describe("the id that a request carries", () => {
  const cookie = `lang=de; ASP.NET_SessionId=${ID}`;
  const path = `/(S(${OTHER}))/page.aspx`;

  test.each<[string, Partial<IdSettings>, Partial<IdRequest>, string | null, boolean]>([
    ["a cookie", {}, { cookie }, ID, false],
    ["a cookie in capitals", {}, { cookie: `ASP.NET_SessionId=${ID.toUpperCase()}` }, ID, false],
    ["a cookie that is no id", {}, { cookie: "ASP.NET_SessionId=short" }, null, false],
    ["a cookie of 81 characters", {}, { cookie: `ASP.NET_SessionId=${"a".repeat(81)}` }, null, false],
    ["an address where cookies are used", {}, { cookie, path }, ID, false],
    ["an address", { cookieless: "UseUri" }, { path }, OTHER, true],
    ["an address in capitals", { cookieless: "UseUri" }, { path: `/(S(${ID.toUpperCase()}))/page.aspx` }, ID, true],
    ["an address that holds no id", { cookieless: "UseUri" }, { path: "/(S(short))/page.aspx" }, null, true],
    ["a cookie where addresses are used", { cookieless: "UseUri" }, { cookie }, null, true],
    ["a cookie of classic ASP", classic, { cookie: `ASPSESSIONIDSESSIONL=${"P".repeat(24)}` }, "P".repeat(24), false],
    ["an ASP.NET id in classic ASP", classic, { cookie: `ASPSESSIONIDSESSIONL=${ID}` }, null, false],
  ])("%s", (_name, settings, request, id, cookieless) => {
    expect(identify(settings, request)).toMatchObject({ id, cookieless });
  });

  test.each([
    [4_096, true],
    [4_097, false],
  ])("a session that is a cookie may have %i characters: %s", (length, taken) => {
    const sealed = "Ab-_".repeat(1_025).slice(0, length);
    const found = identify({}, { cookie: `ASP.NET_SessionId=${sealed}` }, true);
    expect(found).toMatchObject({ id: taken ? sealed : null, cookieless: false });
  });
});

describe("finding out whether a client takes cookies", () => {
  const cookieless = "AutoDetect";
  const asked = "session=none&AspxAutoDetectCookieSupport=1";

  test("by asking: to the same page and back, with a cookie to show", () => {
    const handshake = { location: `/page.aspx?${asked}`, setCookie: "AspxAutoDetectCookieSupport=1; path=/" };
    expect(identify({ cookieless }, {})).toEqual(handshake);
    expect(identify({ cookieless }, { query: "" })).toMatchObject({
      location: "/page.aspx?AspxAutoDetectCookieSupport=1",
    });
  });

  test("any cookie shows it", () => {
    expect(identify({ cookieless }, { cookie: "lang=de" })).toMatchObject({ cookieless: false, id: null });
    expect(identify({ cookieless }, { query: asked, cookie: "lang=de" })).toMatchObject({ cookieless: false });
  });

  test("who comes back without one is given an address with the finding in it, and is not asked again", () => {
    const ids = createSessionIdManager({ ...aspNet, cookieless }, false);
    const found = ids.identify({ path: "/page.aspx", query: asked, cookie: undefined, userAgent: undefined });
    if ("setCookie" in found) throw new Error("it has been asked already");
    expect(found).toMatchObject({ cookieless: true, id: null });
    const location = ids.location(found, ID);
    expect(location).toBe(`/(X(1)S(${ID}))/page.aspx?${asked}`);
    expect(identify({ cookieless }, { path: `/(X(1)S(${ID}))/next.aspx` })).toMatchObject({ cookieless: true, id: ID });
  });

  test("a device that is known to take none is not asked", () => {
    const found = identify({ cookieless }, { userAgent: NO_COOKIE_DEVICE });
    expect(found).toMatchObject({ cookieless: true });
  });

  test("by the device's profile nobody is asked", () => {
    const byProfile = { cookieless: "UseDeviceProfile" } as const;
    expect(identify(byProfile, { userAgent: NO_COOKIE_DEVICE })).toMatchObject({ cookieless: true, id: null });
    expect(identify(byProfile, { userAgent: "sessionlab-bench" })).toMatchObject({ cookieless: false });
  });

  test("a redirect never leads to another host", () => {
    expect(identify({ cookieless }, { path: "//elsewhere.example/page.aspx" })).toMatchObject({
      location: `/elsewhere.example/page.aspx?${asked}`,
    });
  });
});

describe("the address with a new id", () => {
  test.each([
    ["/page.aspx", "x=1", `/(S(${ID}))/page.aspx?x=1`],
    ["/page.aspx", "", `/(S(${ID}))/page.aspx`],
    [`/(S(${OTHER}))/page.aspx`, "x=1", `/(S(${ID}))/page.aspx?x=1`],
    [`/(S(${OTHER})F(ticket))/page.aspx`, "", `/(S(${ID})F(ticket))/page.aspx`],
  ])("%s?%s", (path, query, location) => {
    const ids = createSessionIdManager({ ...aspNet, cookieless: "UseUri" }, false);
    const identity = ids.identify({ path, query, cookie: undefined, userAgent: undefined });
    if ("setCookie" in identity) throw new Error("UseUri asks nobody");
    expect(ids.location(identity, ID)).toBe(location);
  });
});

describe("browser definitions", () => {
  test.each([
    [
      "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.1 (KHTML, like Gecko) Chrome/21.0.1180.89 Safari/537.1",
      true,
    ],
    ["Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0)", true],
    ["Opera/9.80 (Windows NT 6.1; WOW64; U; en) Presto/2.10.289 Version/12.02", true],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", true],
    ["Mozilla/5.0 (compatible; PRTG Network Monitor (www.paessler.com); Windows)", false],
    ["Bozilla/5.0 (compatible; PRTG Network Monitor (www.paessler.com); Windows)", true],
    ["sessionlab-bench", true],
    [NO_COOKIE_DEVICE, false],
    [undefined, true],
  ])("%s: %s", (userAgent, takes) => {
    expect(takesCookies(userAgent)).toBe(takes);
  });
});
