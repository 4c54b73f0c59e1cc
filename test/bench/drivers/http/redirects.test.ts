import { describe, expect, test } from "vitest";
import { followTo, segmentOf } from "../../../../bench/drivers/http/redirects.ts";

describe("redirects", () => {
  test.each([
    ["/a.aspx?x=1", "/(S(id))/a.aspx?x=1", "/(S(id))/a.aspx?x=1"],
    ["/(S(id))/a.aspx?x=1", "b.aspx", "/(S(id))/b.aspx"],
    ["/a.aspx?x=1", "?y=2", "/a.aspx?y=2"],
    ["/a.aspx", "http://other.example/a.aspx", null],
    ["/a.aspx", "//other.example/a.aspx", null],
    ["/a.aspx", "http://[", null],
    ["/a.aspx", null, null],
  ])("from %j by %j to %j", (from, location, to) => {
    expect(followTo(from, location)).toBe(to);
  });

  test("to the site itself by its full name is followed where that name is known", () => {
    expect(followTo("/a", "http://127.0.0.1:8080/b?x=1", "http://127.0.0.1:8080")).toBe("/b?x=1");
    expect(followTo("/a", "http://127.0.0.1:8081/b", "http://127.0.0.1:8080")).toBeNull();
    expect(followTo("/a", "https://127.0.0.1:8080/b", "http://127.0.0.1:8080")).toBeNull();
  });

  test.each([
    ["/(S(abc))/a.aspx?x=(S(no))", "/(S(abc))"],
    ["/shop/cart/(S(abc))/a.aspx", "/shop/cart/(S(abc))"],
    ["/(X(1)S(abc)F(t))/a.aspx", "/(X(1)S(abc)F(t))"],
    ["/a.aspx", ""],
    ["/(nothing)/a.aspx", ""],
  ])("what stays of %j is %j", (path, segment) => {
    expect(segmentOf(path)).toBe(segment);
  });
});
