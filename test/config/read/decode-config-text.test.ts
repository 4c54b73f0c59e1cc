import { describe, expect, test } from "vitest";
import { InputError } from "../../../config/problem.ts";
import { decodeConfigText } from "../../../config/read/decode-config-text.ts";

const text = '<?xml version="1.0" encoding="utf-16"?><configuration><!-- ü --></configuration>';
const utf8 = (value: string) => new TextEncoder().encode(value);

function utf16(value: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer((value.length + (mark ? 1 : 0)) * 2));
  [...(mark ? "\uFEFF" : ""), ...value].forEach((unit, index) => {
    view.setUint16(index * 2, unit.charCodeAt(0), littleEndian);
  });
  return new Uint8Array(view.buffer);
}

describe("bytes of a configuration file", () => {
  test.each([
    ["UTF-16 little endian with a mark", utf16(text, true, true)],
    ["UTF-16 big endian with a mark", utf16(text, false, true)],
    ["UTF-16 little endian without a mark", utf16(text, true, false)],
    ["UTF-16 big endian without a mark", utf16(text, false, false)],
  ])("%s are read", (_name, bytes) => {
    expect(decodeConfigText(bytes, "web.config")).toBe(text);
  });

  test("a UTF-8 byte order mark is no part of the text", () => {
    expect(decodeConfigText(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8("<a/>")), "f")).toBe("<a/>");
  });

  test("a declared one-byte encoding is followed", () => {
    const bytes = Uint8Array.of(...utf8('<?xml version="1.0" encoding="windows-1252"?><a b="'), 0x80, ...utf8('"/>'));
    expect(decodeConfigText(bytes, "f")).toContain('b="€"');
  });

  test.each([
    ["nothing", new Uint8Array(), "empty"],
    ["blanks alone", utf8(" \r\n\t"), "empty"],
    ["zero bytes", Uint8Array.of(0x3c, 0x61, 0x00, 0x01), "binary"],
    ["control characters", utf8("<a>\u0001</a>"), "binary"],
    ["bytes that are no UTF-8", Uint8Array.of(0x3c, 0xff, 0xfe, 0xc3), "binary or not in utf-8"],
    ["one-byte text that claims UTF-16, as .NET refuses it", utf8(text), 'declared as "utf-16"'],
    ["an unknown encoding", utf8('<?xml version="1.0" encoding="klingon"?><a/>'), 'declared as "klingon"'],
  ])("%s are refused", (_name, bytes, given) => {
    const decode = () => decodeConfigText(bytes, "web.config");
    expect(decode).toThrow(InputError);
    expect(decode).toThrow(given);
  });
});
