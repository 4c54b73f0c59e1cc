import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogReader, LINE_BYTES_MAX, type LogCensus } from "../../../workload/log/read-access-log.ts";
import { type LogRecord, recordOf } from "../../../workload/log/row.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function read(...chunks: (string | Uint8Array)[]): { records: LogRecord[]; census: LogCensus } {
  const records: LogRecord[] = [];
  const reader = createLogReader((row) => records.push(recordOf(row)));
  for (const chunk of chunks) reader.push(typeof chunk === "string" ? bytesOf(chunk) : chunk);
  reader.end();
  return { records, census: reader.census };
}

const header = "#Software: IIS\r\n#Version: 1.0\r\n#Date: 2024-02-28 23:59:58\r\n";

describe("W3C logs", () => {
  const fields = "#Fields: date time cs-method cs-uri-stem c-ip cs(User-Agent) cs(Cookie) sc-status time-taken\r\n";
  const row = "2024-02-29 12:00:01 GET /a.aspx 10.0.0.1 Mozilla/5.0+(X) a=1;+ASP.NET_SessionId=xyz 200 15\r\n";

  test("a row gives every value, with its time in UTC", () => {
    const { records, census } = read(header + fields + row);
    expect(records).toEqual([
      {
        atMs: Date.UTC(2024, 1, 29, 12, 0, 1),
        client: "10.0.0.1",
        userAgent: "Mozilla/5.0+(X)",
        cookies: "a=1;+ASP.NET_SessionId=xyz",
        method: "GET",
        stem: "/a.aspx",
        status: 200,
        timeTakenMs: 15,
      },
    ]);
    expect(census).toMatchObject({ format: "w3c", lines: 5, headerBlocks: 1, dataRows: 1, linesEndingInCrLf: 5 });
  });

  test("a field list that changes midway holds for the rows after it", () => {
    const other =
      "#Fields: time-taken sc-status c-ip date cs-method time\r\n7 404 10.0.0.2 2024-03-01 HEAD 00:00:00\r\n";
    const { records } = read(header + fields + row + header + other);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({ client: "10.0.0.2", method: "HEAD", status: 404, timeTakenMs: 7, stem: "" });
    expect(records[1].atMs).toBe(Date.UTC(2024, 2, 1));
  });

  test("repeated headers are counted and are no rows", () => {
    const { census } = read((header + fields + row).repeat(3));
    expect(census).toMatchObject({ headerBlocks: 3, dataRows: 3, lines: 15, brokenCount: 0 });
  });

  test("line feeds alone end lines as CRLF does, and the last line needs no end", () => {
    const text = header + fields + row;
    expect(read(text.replaceAll("\r\n", "\n").trimEnd()).records).toEqual(read(text).records);
  });

  test("a dash is no value", () => {
    const { records } = read(`${header}${fields}2024-02-29 12:00:01 - - - - - - -\r\n`);
    expect(records[0]).toMatchObject({ client: "", cookies: "", method: "", status: 0, timeTakenMs: null });
  });

  test("without a date column the day comes from #Date, and the next day after midnight", () => {
    const { records } = read(`${header}#Fields: time c-ip\r\n23:59:59 a\r\n00:00:01 a\r\n00:00:00 a\r\n`);
    expect(records.map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
      "2024-02-28T23:59:59.000Z",
      "2024-02-29T00:00:01.000Z",
      "2024-02-29T00:00:00.000Z",
    ]);
  });

  test("fractions of a second are kept to the millisecond", () => {
    const { records } = read("#Fields: date time c-ip time-taken\n2024-01-01 00:00:01.2345 a 0.25\n");
    expect(records[0]).toMatchObject({ atMs: Date.UTC(2024, 0, 1, 0, 0, 1, 234), timeTakenMs: 250 });
  });

  test("a byte order mark at the start is passed over", () => {
    expect(read(new Uint8Array([0xef, 0xbb, 0xbf]), header + fields + row).census.dataRows).toBe(1);
  });

  test.each([
    ["2024-02-30 12:00:01 GET / 10.0.0.1 x - 200 1", "no date that can be read"],
    ["2024-02-29 24:00:01 GET / 10.0.0.1 x - 200 1", "no time that can be read"],
    ["2024-02-29 12:00:01 GET / 10.0.0.1 x - 200", "8 fields where #Fields names 9"],
    ["2024-02-29 12:00:01 GET /a b 10.0.0.1 x - 200 1", "10 fields where #Fields names 9"],
    ["2024-02-29 12:00:01 GET / 10.0.0.1 x - abc 1", "a status that is no number"],
  ])("%s is broken: %s", (line, why) => {
    const { records, census } = read(`${header}${fields}${line}\r\n${row}`);
    expect(records).toHaveLength(1);
    expect(census.broken).toEqual([{ line: 5, text: line, why }]);
  });

  test("rows before any field list are broken", () => {
    expect(read(header + row + fields + row).census).toMatchObject({ brokenCount: 1, dataRows: 1 });
  });

  test("a line over 1 MiB is broken, however it is cut into chunks, and the next line is read", () => {
    const long = "x".repeat(LINE_BYTES_MAX + 1);
    const text = `${header + fields + long}\r\n${row}`;
    const pieces = Array.from({ length: Math.ceil(text.length / 60_000) }, (_, i) =>
      text.slice(i * 60_000, (i + 1) * 60_000),
    );
    for (const { records, census } of [read(text), read(...pieces)]) {
      expect(records).toHaveLength(1);
      expect(census.lines).toBe(6);
      expect(census.broken).toEqual([{ line: 5, text: `${"x".repeat(120)}…`, why: "a line of more than 1 MiB" }]);
    }
  });
});

describe("NCSA logs", () => {
  const common = '10.0.0.1 - jane [17/May/2015:10:05:03 +0200] "GET /a/b.html?x=1 HTTP/1.1" 200 512';

  test("common and combined lines give what they have, in UTC", () => {
    const { records, census } = read(`${common}\n${common} "http://x/" "Mozilla \\"5\\" (X)"\n`);
    expect(census).toMatchObject({ format: "ncsa", dataRows: 2, brokenCount: 0 });
    expect(records[0]).toEqual({
      atMs: Date.UTC(2015, 4, 17, 8, 5, 3),
      client: "10.0.0.1",
      userAgent: "",
      cookies: "",
      method: "GET",
      stem: "/a/b.html",
      status: 200,
      timeTakenMs: null,
    });
    expect(records[1]).toEqual({ ...records[0], userAgent: 'Mozilla \\"5\\" (X)' });
  });

  test("a zone west of Greenwich is added, a user with a blank and an IPv6 host are read", () => {
    const { records } = read('::1 - jane doe [01/Jan/2015:20:30:00 -0430] "POST / HTTP/1.0" 304 -\n');
    expect(records[0]).toMatchObject({ client: "::1", atMs: Date.UTC(2015, 0, 2, 1, 0, 0), status: 304 });
  });

  test("a request that is none leaves method and path empty and is a row all the same", () => {
    const { records } = read('10.0.0.1 - - [17/May/2015:10:05:03 +0000] "\\x16\\x03\\x01 \\x00" 400 226 "-" "-"\n');
    expect(records[0]).toMatchObject({ method: "", stem: "", status: 400 });
  });

  test.each([
    [`${common} "http://x/" "Mozilla`, "user agent without its closing quote"],
    ['10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1', '"request" without its closing quote'],
    ['10.0.0.1 - - [17/Mai/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1', "no time that can be read"],
    ["hello", "no host and [time]"],
  ])("%s is broken: %s", (line, why) => {
    const { census } = read(`${common}\n${line}\n${common}\n`);
    expect(census).toMatchObject({ dataRows: 2, brokenCount: 1 });
    expect(census.broken[0]).toMatchObject({ line: 2, why });
  });
});

const lineOfLog = fc.oneof(
  fc.constantFrom(
    "#Fields: date time c-ip cs-method sc-status",
    "#Fields: date time cs-method c-ip",
    "#Date: 2024-01-01 00:00:00",
    "2024-01-01 00:00:01 10.0.0.1 GET 200",
    "2024-01-01 00:00:02 GET 10.0.0.1",
    "",
  ),
  fc.string({ maxLength: 30 }),
);
const anyLog = fc
  .tuple(fc.array(lineOfLog, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(
    ([lines, end, closed]) => `#Fields: date time c-ip cs-method sc-status${end}${lines.join(end)}${closed ? end : ""}`,
  );

test("wherever a log is cut into chunks, the same records and the same census come out", () => {
  fc.assert(
    fc.property(anyLog, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
      const bytes = bytesOf(text);
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
      expect(read(...chunks)).toEqual(read(bytes));
    }),
  );
});

test("a log read byte by byte gives what it gives whole", () => {
  const text = `${header}#Fields: date time c-ip\r\n2024-01-01 00:00:01 10.0.0.1\r\nbroken\r\n2024-01-01 00:00:02 10.0.0.2`;
  expect(read(...Array.from(bytesOf(text), (byte) => new Uint8Array([byte])))).toEqual(read(text));
});

test("no bytes whatever are fatal", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), fc.boolean(), (chunks, w3c) => {
      const { census } = read(w3c ? "#Fields: date time c-ip\n" : "", ...chunks);
      expect(census.dataRows + census.brokenCount).toBeLessThanOrEqual(census.lines);
    }),
  );
});
