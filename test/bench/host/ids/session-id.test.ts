import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createAspSessionId,
  encodeAspSessionId,
  parseAspSessionId,
} from "../../../../bench/host/ids/asp-session-id.ts";
import {
  cookieValue,
  createSessionId,
  encodeSessionId,
  parseSessionId,
} from "../../../../bench/host/ids/session-id.ts";

describe("ids of classic ASP", () => {
  test.each([
    ["00 01 … 0B", Uint8Array.from({ length: 12 }, (_, i) => i), "AAABACADAEAFAGAHAIAJAKAL"],
    ["all zero", new Uint8Array(12), "A".repeat(24)],
    ["all FF", new Uint8Array(12).fill(255), "P".repeat(24)],
  ])("four bits a letter: %s", (_name, bytes, id) => {
    expect(encodeAspSessionId(bytes)).toBe(id);
  });

  test("one in Microsoft's articles is well formed, and so is each of ours, none twice", () => {
    expect(parseAspSessionId("APHELKLDMNKNIOJONJACDHFN")).toBe("APHELKLDMNKNIOJONJACDHFN");
    const ids = Array.from({ length: 1000 }, createAspSessionId);
    expect(ids.map(parseAspSessionId)).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
  });

  test("another letter, another length, lower case or nothing is no id", () => {
    const id = "APHELKLDMNKNIOJONJACDHFN";
    for (const wrong of [`${id}A`, id.slice(1), id.toLowerCase(), id.replace("A", "Q"), "", undefined]) {
      expect(parseAspSessionId(wrong)).toBeNull();
    }
  });
});

describe("session ids", () => {
  test.each([
    ["00 01 … 0E", Uint8Array.from({ length: 15 }, (_, i) => i), "aiaeqbqafqboaeebkycyqgyb"],
    ["all zero", new Uint8Array(15), "a".repeat(24)],
    ["all FF", new Uint8Array(15).fill(255), "5".repeat(24)],
  ])("golden vector: %s", (_name, bytes, id) => {
    expect(encodeSessionId(bytes)).toBe(id);
  });

  test("every id is well formed, and different bytes give different ids", () => {
    const bytes = fc.uint8Array({ minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(parseSessionId(encodeSessionId(one))).toBe(encodeSessionId(one));
        expect(encodeSessionId(one) === encodeSessionId(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });

  test("new ids do not repeat", () => {
    expect(new Set(Array.from({ length: 1000 }, createSessionId)).size).toBe(1000);
  });

  test("upper case is lowered; a wrong length, another letter or nothing is no id", () => {
    const id = "aiaeqbqafqboaeebkycyqgyb";
    expect(parseSessionId(id.toUpperCase())).toBe(id);
    for (const wrong of [id.slice(1), `${id}a`, id.replace("a", "6"), id.replace("a", "-"), "", undefined]) {
      expect(parseSessionId(wrong)).toBeNull();
    }
  });

  test("too long is no id either, even beyond the 80 characters that ASP.NET allows at most", () => {
    for (const length of [25, 80, 81, 5_000]) expect(parseSessionId("a".repeat(length))).toBeNull();
  });

  test("the cookie is found among others by its whole name", () => {
    const header = "xASP.NET_SessionId=no; lang=de; ASP.NET_SessionId=abc; ASP.NET_SessionId2=no";
    expect(cookieValue(header, "ASP.NET_SessionId")).toBe("abc");
    expect(cookieValue(header, "missing")).toBeUndefined();
    expect(cookieValue(undefined, "lang")).toBeUndefined();
  });
});
