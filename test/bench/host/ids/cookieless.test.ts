import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCookielessAddress, writeCookielessAddress } from "../../../../bench/host/ids/cookieless.ts";

const ID = "aiaeqbqafqboaeebkycyqgyb";

describe("a session in the address", () => {
  test.each([
    [`/(S(${ID}))/shop/page.aspx`, { S: ID }, "/shop/page.aspx"],
    [`/(X(1)S(${ID})F(ticket)A(me))/page.aspx`, { X: "1", S: ID, F: "ticket", A: "me" }, "/page.aspx"],
    [`/(S(${ID}))/`, { S: ID }, "/"],
    [`/(S(${ID}))`, { S: ID }, "/"],
    ["/(S())/page.aspx", { S: "" }, "/page.aspx"],
    ["/page.aspx", {}, "/page.aspx"],
    [`/shop/(S(${ID}))/page.aspx`, {}, `/shop/(S(${ID}))/page.aspx`],
    [`/(s(${ID}))/page.aspx`, {}, `/(s(${ID}))/page.aspx`],
    [`/(S(${ID}))page.aspx`, {}, `/(S(${ID}))page.aspx`],
    ["/()/page.aspx", {}, "/()/page.aspx"],
    ["/(S(a/b))/page.aspx", {}, "/(S(a/b))/page.aspx"],
  ])("%s", (path, values, pagePath) => {
    const address = readCookielessAddress(path);
    expect(Object.fromEntries(address.values)).toEqual(values);
    expect(address.pagePath).toBe(pagePath);
  });

  test("what is written is read again, and any path can be read", () => {
    const values = fc.dictionary(fc.stringMatching(/^[A-Z]$/), fc.stringMatching(/^[^()/]*$/), { maxKeys: 4 });
    fc.assert(
      fc.property(values, fc.stringMatching(/^\/[a-z.]*$/), (given, pagePath) => {
        const address = { values: new Map(Object.entries(given)), pagePath };
        const again = readCookielessAddress(writeCookielessAddress(address));
        expect([...again.values]).toEqual([...address.values]);
        expect(again.pagePath).toBe(pagePath);
      }),
    );
    fc.assert(fc.property(fc.string(), (path) => void readCookielessAddress(path)));
  });
});
