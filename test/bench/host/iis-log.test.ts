import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type LoggedRequest, logHead, logLine, openAccessLog } from "../../../bench/host/iis-log.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const request: LoggedRequest = {
  method: "GET",
  path: "/basket.aspx",
  query: "session=read-write",
  port: 8080,
  clientAddress: "10.0.0.7",
  userAgent: "Mozilla/5.0 (X11; Linux)",
  cookie: "ASP.NET_SessionId=abc; lang=de",
  setCookie: undefined,
  status: 500,
  substatus: 13,
  tookMs: 41.6,
};

describe("the access log", () => {
  test("a line has the fields of its head, in scenario time, blanks as plus signs", () => {
    const line = logLine(request, 26 * 3_600_000 + 61_999);
    expect(line).toBe(
      "2026-01-06 02:01:01 127.0.0.1 GET /basket.aspx session=read-write 8080 - 10.0.0.7 Mozilla/5.0+(X11;+Linux) " +
        "ASP.NET_SessionId=abc;+lang=de - 500 13 0 42\r\n",
    );
    const fields = logHead(60)
      .split("\r\n")
      .find((row) => row.startsWith("#Fields: "));
    expect(line.trim().split(" ")).toHaveLength((fields ?? "").split(" ").length - 1);
    expect(logHead(60)).toContain("60 times real time");
  });

  test("what is absent is a dash", () => {
    const line = logLine({ ...request, query: "", cookie: undefined, userAgent: undefined }, 0);
    expect(line).toContain(" GET /basket.aspx - 8080 - 10.0.0.7 - - - 500 ");
  });

  test("the file has its name only once it is whole; a discarded one leaves nothing", async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, "u_ex.log");
    const log = openAccessLog(file, 60);
    log.write(request, 1_000);
    expect(await readdir(folder)).not.toContain("u_ex.log");
    await log.close();
    expect(await readdir(folder)).toEqual(["u_ex.log"]);
    expect((await readFile(file, "utf8")).trimEnd().split("\r\n")).toHaveLength(6);
    const discarded = openAccessLog(path.join(folder, "other.log"), 60);
    discarded.write(request, 1_000);
    await discarded.discard();
    expect(await readdir(folder)).toEqual(["u_ex.log"]);
  });
});
