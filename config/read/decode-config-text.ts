// Bytes of a configuration file to text, the way .NET's XML reader does it: a byte order mark decides, else the pattern of the
// first bytes, else the declared encoding, else UTF-8. What is not text at all is said so plainly.

import { InputError, type Problem } from "../problem.ts";

/**
 * The text of a configuration file or script, without its byte order mark.
 * @throws InputError for a file that is empty, binary, or not in the encoding it declares.
 */
export function decodeConfigText(bytes: Uint8Array, file: string): string {
  if (bytes.length === 0) throw unreadable(file, { given: "empty", expected: "XML or AppCmd lines" });
  const encoding = detectEncoding(bytes);
  if (encoding.kind === "unknown") {
    throw unreadable(file, { given: `declared as "${encoding.name}"`, expected: encoding.expected });
  }
  if (encoding.name === "utf-8" && bytes.includes(0)) throw unreadable(file, binary);
  let text: string;
  try {
    text = new TextDecoder(encoding.name, { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(file, {
      given: `binary or not in ${encoding.name}`,
      expected: `text in ${encoding.name}`,
      mend: "save it as UTF-8, or declare its real encoding in the first line",
    });
  }
  if (hasControlCharacters(text)) throw unreadable(file, binary);
  if (text.trim() === "") throw unreadable(file, { given: "empty", expected: "XML or AppCmd lines" });
  return text;
}

type Encoding = { kind: "known"; name: string } | { kind: "unknown"; name: string; expected: string };

function detectEncoding(bytes: Uint8Array): Encoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { kind: "known", name: "utf-16le" };
  if (first === 0xfe && second === 0xff) return { kind: "known", name: "utf-16be" };
  if (first === 0xef && second === 0xbb) return { kind: "known", name: "utf-8" };
  // Without a mark, a "<" that takes two bytes tells UTF-16 and its byte order (XML 1.0, appendix F).
  if (first === 0x3c && second === 0x00) return { kind: "known", name: "utf-16le" };
  if (first === 0x00 && second === 0x3c) return { kind: "known", name: "utf-16be" };
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
  if (declared === undefined) return { kind: "known", name: "utf-8" };
  if (/^utf-?16|^ucs-?2|unicode$/i.test(declared)) {
    const expected = "two bytes a character, with a byte order mark, as the declaration says";
    return { kind: "unknown", name: declared, expected };
  }
  try {
    return { kind: "known", name: new TextDecoder(declared).encoding };
  } catch {
    return { kind: "unknown", name: declared, expected: "an encoding known to web browsers, such as utf-8" };
  }
}

function hasControlCharacters(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13 && code !== 26) return true;
  }
  return false;
}

const binary = {
  given: "binary",
  expected: "a text file",
  mend: "give a web.config, ApplicationHost.config or script",
};

function unreadable(file: string, about: { given: string; expected: string; mend?: string }): InputError {
  const problem: Problem = { at: "the file", mend: "save it as UTF-8 text", ...about, file };
  return new InputError(`Cannot read settings from "${file}"`, [problem]);
}
