import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { fitCommand } from "../../../cli/fit/fit.ts";
import { parseWorkload } from "../../../config/parse-scenario.ts";
import type { FitReport } from "../../../workload/fit/report.ts";

const logs = fileURLToPath(new URL("../../../../shared/data/logs/", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "sessionlab-fit-"));
afterAll(() => rmSync(folder, { recursive: true }));

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});

async function fit(...args: string[]): Promise<string> {
  printed = "";
  await fitCommand()
    .exitOverride()
    .parseAsync([...args, "--quiet"], { from: "user" });
  return printed;
}

async function fitJson(...args: string[]): Promise<FitReport> {
  return JSON.parse(await fit(...args, "--json")) as FitReport;
}

function file(name: string, content: string | Uint8Array): string {
  const at = path.join(folder, name);
  writeFileSync(at, content);
  return at;
}

type Facts = Record<string, Record<string, Record<string, unknown> | number | string>>;
const factsFile = path.join(logs, "facts.json");
const known = existsSync(factsFile);
const facts: Facts = known ? (JSON.parse(readFileSync(factsFile, "utf8")) as Facts) : {};
const waysOf: Record<string, string[]> = {
  byClientIp: ["--clients", "ip"],
  byClientIpAndUserAgent: ["--clients", "ip+agent"],
  byClientIpPagesOnly: ["--clients", "ip", "--pages-only"],
  byAspNetSessionId: ["--clients", "cookie:ASP.NET_SessionId"],
};
const cases = Object.entries(facts).flatMap(([log, fact]) =>
  Object.keys(fact)
    .filter((key) => key.startsWith("by"))
    .map((way) => ({ log, way })),
);

describe.skipIf(!known)(`the real logs of ${logs}`, () => {
  test.each(cases)("$log, clients told $way: every fact", async ({ log, way }) => {
    const { malformedRowsDropped, malformedLines, ...fact } = facts[log];
    const report = await fitJson(...waysOf[way], path.join(logs, log));
    const rows = Object.fromEntries(Object.entries(fact).filter(([key]) => !key.startsWith("by")));
    expect(report).toMatchObject({ ...rows, ...(fact[way] as object) });
    expect(report.malformed.count).toBe(malformedRowsDropped ?? malformedLines);
  });

  test("auto tells clients by the session cookie where it is logged", async () => {
    const report = await fitJson(path.join(logs, "iis-cookie-a.log.gz"));
    expect(report).toMatchObject(facts["iis-cookie-a.log.gz"].byAspNetSessionId as object);
    expect(report.clientlessLeftOut).toBe(107);
  });

  test("a log cut into files, named in any order, packed or not, gives the facts of the whole", async () => {
    const log = "iis-w3c-2010.log.gz";
    const lines = gunzipSync(readFileSync(path.join(logs, log)))
      .toString()
      .split("\r\n");
    const heads = lines.map((line, i) => (line.startsWith("#Software") ? i : -1)).filter((i) => i >= 0);
    const cuts = [0, heads[100], heads[250], lines.length];
    const parts = cuts.slice(1).map((cut, i) => `${lines.slice(cuts[i], cut).join("\r\n")}\r\n`);
    const files = [file("c.log", parts[2]), file("a.log.gz", gzipSync(parts[0])), file("b.log", parts[1])];
    const report = await fitJson(...files);
    expect(report).toMatchObject({ ...(facts[log].byClientIp as object), dataRows: 2970, rowsTooLate: 0 });
  });

  test("the rows of one site logged by two servers are put together in time order", async () => {
    const log = "apache-combined.log.gz";
    const lines = gunzipSync(readFileSync(path.join(logs, log)))
      .toString()
      .trimEnd()
      .split("\n");
    const of = (rest: number) => lines.filter((_, i) => i % 2 === rest).join("\n");
    const report = await fitJson(file("one.log", of(0)), file("two.log", of(1)));
    expect(report).toMatchObject(facts[log].byClientIp as object);
  });

  test("a log of one visit claims no error bars, no rate and no hours that it cannot know", async () => {
    const log = file("one.log", "#Fields: date time c-ip cs-uri-stem\n2024-01-01 05:00:00 1.1.1.1 /a\n");
    expect((await fitJson(log)).standardErrors).toEqual({
      arrivalsPerSecond: null,
      requestsPerSessionMean: null,
      thinkMeanSeconds: null,
    });
    const text = await fit(log);
    expect(text).toContain("1 of 1 client in 1 session (");
    expect(text).toMatch(/requests\/session +mean 1, median 1/);
    expect(text).toMatch(/think time \(s\) +none/);
    expect(text).toContain("not known");
    expect(text).not.toContain("±");
  });

  test("the workload file can be named by a scenario, and the summary shows the evidence", async () => {
    const out = path.join(folder, "workload.yaml");
    const text = await fit(path.join(logs, "apache-combined.log.gz"), "--pages-only", "--out", out);
    expect(parseWorkload(readFileSync(out, "utf8"), out).problems).toEqual([]);
    expect(text).toContain("Visits by hour of the day, UTC");
    expect(text).toContain("user agent without its closing quote");
    expect(text).toContain("KS distance");
  });
});

const fields = "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n";
const row = "2024-01-01 00:00:01 10.0.0.1 GET /logo.png 200\n";

test("broken lines are counted and shown, never fatal", async () => {
  const report = await fitJson(file("broken.log", `${fields}${row}\u001b[31mwhat\n${row}`));
  expect(report.dataRows).toBe(2);
  expect(report.malformed.count).toBe(1);
  expect(report.malformed.first[0]).toMatchObject({ line: 3, why: "1 fields where #Fields names 6" });
  const text = await fit(path.join(folder, "broken.log"));
  expect(text).toContain("line 3");
  expect(text).not.toContain("\u001b[31mwhat");
});

describe("input that is no log ends with an error that says so", () => {
  const packed = gzipSync(Buffer.from((fields + row).repeat(5000)));
  test.each<[string, () => string[], RegExp]>([
    [
      "a missing file",
      () => [path.join(folder, "none.log")],
      /none\.log: the file is not there; expected an access log/,
    ],
    ["a directory", () => [folder], /is a directory/],
    ["an empty file", () => [file("empty.log", "")], /is empty/],
    ["a binary file", () => [file("x.bin", new Uint8Array([1, 2, 0, 3, 10]))], /is binary/],
    ["a text of another kind", () => [file("x.txt", "hello\nworld\n")], /no line is one of an access log/],
    ["headers alone", () => [file("head.log", fields)], /without a request/],
    ["nothing but static files", () => [file("static.log", fields + row), "--pages-only"], /all for static files/],
    ["no cookie", () => [file("plain.log", fields + row), "--clients", "cookie"], /none with the cookie/],
    ["half a gzip file", () => [file("half.log.gz", packed.subarray(0, packed.length >> 1))], /damaged gzip/],
    ["a gap of nothing", () => [file("gap.log", fields + row), "--gap-minutes", "0"], /--gap-minutes is "0"/],
    ["an unknown way", () => [file("way.log", fields + row), "--clients", "ipp"], /--clients is "ipp"/],
    [
      "no folder to write to",
      () => [file("out.log", fields + row), "--out", path.join(folder, "no", "w.yaml")],
      /not writable/,
    ],
  ])("%s", async (_, args, message) => {
    await expect(fit(...args())).rejects.toMatchObject({ name: "InputError", message: expect.stringMatching(message) });
  });

  test("every file that is wrong is named at once", async () => {
    const both = fit(path.join(folder, "p.log"), path.join(folder, "q.log"));
    await expect(both).rejects.toMatchObject({ problems: [{}, {}] });
  });
});
