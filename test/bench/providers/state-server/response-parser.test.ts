import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answer, createResponseParser } from "../../../../bench/providers/state-server/response-parser.ts";

function parse(chunks: readonly Buffer[], hasBody = true): Answer | undefined {
  const parser = createResponseParser(1000);
  parser.expect(hasBody);
  let answer: Answer | undefined;
  for (const chunk of chunks) {
    expect(answer, "an answer is whole no sooner than its last byte").toBe(undefined);
    answer = parser.push(chunk);
  }
  return answer;
}

const head = [
  "HTTP/1.1 200 OK",
  "Content-Length: 9",
  "X-AspNet-Version: 4.0.30319",
  "Cache-Control: private",
  "Timeout: 20",
  "ActionFlags: 1",
  "LockCookie: 2",
];
const text = `${head.join("\r\n")}\r\n\r\nnine\r\n\r\nB`;
const expected = {
  status: 200,
  version: "4.0.30319",
  timeoutMinutes: 20,
  lockCookie: 2,
  lockAgeSeconds: null,
  lockDateTicks: null,
  actionFlags: 1,
  contentLength: 9,
  closes: false,
  body: Buffer.from("nine\r\n\r\nB"),
};

describe("an answer", () => {
  test("is the same wherever the network cuts it in two, and byte by byte", () => {
    const bytes = Buffer.from(text);
    expect(parse([bytes])).toEqual(expected);
    for (let at = 1; at < bytes.length; at++) {
      expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
    }
    expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  test("is the same with its headers in any order, case and spacing, its lines ended by CRLF or LF, with HTTP/1.1, 1.0 or no version", () => {
    const cased = (name: string, upper: boolean) => (upper ? name.toUpperCase() : name.toLowerCase());
    fc.assert(
      fc.property(
        fc.shuffledSubarray(head.slice(1), { minLength: head.length - 1 }),
        fc.constantFrom("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "200 OK", "200", "HTTP/1.1 200 "),
        fc.boolean(),
        fc.constantFrom("", " ", "\t "),
        fc.constantFrom("\r\n", "\n"),
        (headers, status, upper, space, lineEnd) => {
          const lines = headers.map((line) =>
            line.replace(/^([^:]+): (.*)/, (_, n, v) => `${cased(n, upper)}:${space}${v}${space}`),
          );
          const bytes = Buffer.from(`${[status, ...lines, "", ""].join(lineEnd)}nine\r\n\r\nB`);
          const answer = { ...expected, closes: status.startsWith("HTTP/1.0") };
          expect(parse([bytes])).toEqual(answer);
          expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(answer);
        },
      ),
    );
  });

  test.each([
    ["HTTP/1.1", "X: y", false],
    ["HTTP/1.1", "Connection: Close", true],
    ["HTTP/1.0", "X: y", true],
    ["HTTP/1.0", "Connection: Keep-Alive", false],
  ])("of %s with %s: that it ends the connection is %s", (version, header, closes) => {
    expect(parse([Buffer.from(`${version} 404 Not Found\r\n${header}\r\n\r\n`)])?.closes).toBe(closes);
  });

  test("of a locked session tells who has it, since when and for how long", () => {
    const locked = "423 Locked\r\nLockDate: 638000000000000000\r\nLockAge: 7\r\nLockCookie: 12\r\n\r\n";
    expect(parse([Buffer.from(locked)])).toMatchObject({
      status: 423,
      lockDateTicks: 638_000_000_000_000_000,
      lockAgeSeconds: 7,
      lockCookie: 12,
      body: Buffer.alloc(0),
    });
  });

  test("to HEAD has no body, whatever its Content-Length", () => {
    const parser = createResponseParser(1000);
    parser.expect(false);
    expect(parser.push(Buffer.from("404 Not Found\r\nContent-Length: 900\r\n\r\n"))).toMatchObject({ status: 404 });
    expect(parser.surplus()).toBe(false);
  });

  test("that is longer than it says leaves a surplus", () => {
    const parser = createResponseParser(1000);
    parser.expect(true);
    expect(parser.push(Buffer.from("200 OK\r\nContent-Length: 2\r\n\r\nabc"))?.body).toEqual(Buffer.from("ab"));
    expect(parser.surplus()).toBe(true);
  });

  test("after another is read for itself", () => {
    const parser = createResponseParser(1000);
    parser.expect(true);
    parser.push(Buffer.from(text));
    parser.expect(true);
    expect(parser.begun()).toBe(false);
    expect(parser.push(Buffer.from("404 Not Found\r\n\r\n"))).toMatchObject({
      status: 404,
      lockCookie: null,
      actionFlags: 0,
    });
  });

  test("of another protocol is refused at the first byte that shows it, or at the end of its first line", () => {
    for (const start of [
      "-ERR",
      "E",
      "\0",
      "SSH-2.0",
      "HTTP/2 200 OK\r\n",
      "2000 OK\r\n",
      "HTTP/1.1 abc\r\n",
      "220-mail\n",
    ]) {
      expect(() => parse([Buffer.from(start)]), start).toThrow("began its answer with");
    }
  });
});
