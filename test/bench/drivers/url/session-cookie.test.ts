import { describe, expect, test } from "vitest";
import { judgeName } from "../../../../bench/drivers/url/known-cookies.ts";
import { entropyBits, judgeCookies, SCORE_MIN } from "../../../../bench/drivers/url/session-cookie.ts";

describe("a name", () => {
  test.each([
    ["ASP.NET_SessionId", "ASP.NET"],
    [".AspNetCore.Session", "ASP.NET Core"],
    ["ASPSESSIONIDQQBCRTAB", "classic ASP"],
    ["connect.sid", "express-session"],
    ["JSESSIONID", "a Java servlet container"],
    ["PHPSESSID", "PHP"],
    ["laravel_session", "Laravel"],
    ["_shop_session", "Rails"],
    ["sessionid", "Django"],
  ])("%s is the default of %s", (name, technology) => {
    expect(judgeName(name)).toMatchObject({ technology });
  });

  test.each([
    "ARRAffinity",
    "AWSALB",
    "__RequestVerificationToken_L2",
    ".AspNetCore.Antiforgery.x1",
    "XSRF-TOKEN",
    "lang",
    "_ga",
    ".ASPXAUTH",
  ])("%s speaks of another purpose", (name) => {
    expect(judgeName(name)).toMatchObject({ technology: null, otherPurpose: expect.any(String) });
  });

  test.each(["visitor", "id", "basket"])("%s says nothing", (name) => {
    expect(judgeName(name)).toEqual({ technology: null, soundsLikeSession: false, otherPurpose: null });
  });
});

describe("the room in a value", () => {
  test.each([
    ["en", 10],
    ["1", 2],
    ["aaaaaaaaaaaaaaaaaaaaaaaa", 2],
    ["true", 19],
  ])("%s is too little for a session id", (value, bitsMax) => {
    expect(entropyBits(value)).toBeLessThan(bitsMax);
  });

  test.each([
    ["DA5CE144BC70EE05EDFF4B4F", 96],
    ["aiaeqbqafqboaeebkycyqgyb", 100],
    ["s%3AhD3l_8Xy1Jm.Q2%2F", 64],
  ])("%s is enough", (value, bitsMin) => {
    expect(entropyBits(value)).toBeGreaterThanOrEqual(bitsMin);
  });
});

const opaque = ["hD3l8Xy1JmQ2zT7v", "Zb9c0KpW5rNf4LsA"] as const;
const sighting = {
  name: "visitor",
  path: "/",
  values: opaque,
  lifetimeMs: null,
  httpOnly: true,
  changedOnReturn: false,
  madeUpReplaced: true,
};

describe("a cookie", () => {
  test("is taken for the session's by behaviour alone, or by a known name with little to go by", () => {
    expect(judgeCookies([sighting])[0].score).toBeGreaterThanOrEqual(SCORE_MIN);
    const untried = {
      ...sighting,
      name: "ASP.NET_SessionId",
      values: [opaque[0], null],
      httpOnly: false,
      changedOnReturn: null,
      madeUpReplaced: null,
    } as const;
    expect(judgeCookies([untried])[0].score).toBeGreaterThanOrEqual(SCORE_MIN);
  });

  test.each([
    ["all visitors share it", { values: [opaque[0], opaque[0]] }],
    ["it takes whatever it is sent and lasts for months", { madeUpReplaced: false, lifetimeMs: 365 * 86_400_000 }],
    ["its value is a word", { values: ["dark", "light"], madeUpReplaced: false }],
  ] as const)("is not, when %s", (_why, changes) => {
    expect(judgeCookies([{ ...sighting, ...changes }])[0].score).toBeLessThan(SCORE_MIN);
  });

  test("that fits better comes first, with its reasons", () => {
    const balancer = { ...sighting, name: "ARRAffinity" };
    expect(judgeCookies([balancer, sighting]).map(({ name }) => name)).toEqual(["visitor", "ARRAffinity"]);
    expect(judgeCookies([balancer])[0].reasons).toContain("by its name a load balancer's");
  });
});
