// .NET's rules for decoding a URL, and the slashes before it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemKey } from "../../../../bench/providers/state-server/item-key.ts";

const keyOf = (target: string) => {
  const bytes = Buffer.from(`xx${target}yy`, "utf8");
  return itemKey(bytes, 2, bytes.length - 2);
};

describe("itemKey", () => {
  test.each([
    ["/a/b", "/a/b"],
    ["/%2fa%2Fb", "/a/b"],
    ["%2fa%2fb", "/a/b"],
    ["//a", "/a"],
    ["///%2f%2fa//b", "/a//b"],
    ["/a+b%2b%20c", "/a b+ c"],
    ["/%", "/%"],
    ["/%4", "/%4"],
    ["/%zz%4g", "/%zz%4g"],
    ["/%c3%a4", "/ä"],
    ["/ä", "/ä"],
    ["/%u00e4%uD83D%uDE00x", "/ä😀x"],
    ["/%u12", "/%u12"],
    ["/%ff", "/\uFFFD"],
    ["/%00", "/\0"],
    ["a", "a"],
    ["/", "/"],
    ["//", "/"],
  ])("%j is %j", (target, key) => {
    expect(keyOf(target)).toBe(key);
  });

  test("whatever is encoded as .NET encodes it comes back, however much of it is encoded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.boolean(), (text, slashEncoded) => {
        const encoded = encodeURIComponent(text).replaceAll("%20", "+").replaceAll("'", "%27");
        const target = `/${slashEncoded ? encoded : encoded.replaceAll("%2F", "/")}`;
        expect(keyOf(target)).toBe(`/${text}`.replace(/^\/+/, "/"));
      }),
    );
  });
});
