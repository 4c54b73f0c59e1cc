import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applicationHash, encodedUriBase, urlEncode } from "../../../../bench/providers/state-server/uri.ts";

const sha256 = { kind: "sha-256" } as const;
const validationKey = Buffer.from("0123456789abcdef0123456789abcdef01234567", "hex");

describe("the URI of a session", () => {
  test("is the application path, its SHA-256 and the id, wholly encoded with lower-case hexadecimal", () => {
    expect(`${encodedUriBase("/LM/W3SVC/1/ROOT/app", sha256)}4m4irghotazmxblpyakfaw1d`).toBe(
      "%2fLM%2fW3SVC%2f1%2fROOT%2fapp(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE%3d)%2f4m4irghotazmxblpyakfaw1d",
    );
  });

  test("differs wholly between application paths that differ in case only", () => {
    expect(applicationHash("/LM/W3SVC/1/ROOT", sha256)).not.toBe(applicationHash("/LM/W3SVC/1/Root", sha256));
  });

  test("begins with a slash even when the application id does not", () => {
    expect(encodedUriBase("LM/x", sha256)).toMatch(/^%2fLM%2fx\(/);
    expect(encodedUriBase("/LM/x", sha256)).toMatch(/^%2fLM%2fx\(/);
  });

  test("holds, in its 2.0 form, 28 characters that depend on the validation key", () => {
    const hash = applicationHash("/LM/W3SVC/1/ROOT", { kind: "hmac-sha1", validationKey });
    expect(hash).toMatch(/^[A-Za-z0-9+/]{27}=$/);
    expect(applicationHash("/LM/W3SVC/1/ROOT", { kind: "hmac-sha1", validationKey: Buffer.alloc(20) })).not.toBe(hash);
  });

  test("is keyed by HMAC-SHA1 over UTF-16: the second vector of RFC 2202, its 28 bytes taken as 14 units", () => {
    const text = Buffer.from("what do ya want for nothing?", "latin1").toString("utf16le");
    const hash = applicationHash(text, { kind: "hmac-sha1", validationKey: Buffer.from("Jefe") });
    expect(Buffer.from(hash, "base64").toString("hex")).toBe("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  });
});

describe("HttpUtility.UrlEncode", () => {
  test.each([
    ["/a=b+c d", "%2fa%3db%2bc+d"],
    ["-_.!*()", "-_.!*()"],
    ["~'@é", "%7e%27%40%c3%a9"],
  ])("%s becomes %s", (text, encoded) => expect(urlEncode(text)).toBe(encoded));

  test("decodes to what was encoded, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeURIComponent(urlEncode(text).replaceAll("+", "%20"))).toBe(text);
      }),
    );
  });
});
