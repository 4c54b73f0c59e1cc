import { describe, expect, test } from "vitest";
import { readAutocannon, readWrk } from "../../../bench/selftest/other-tools.ts";

describe("what autocannon says", () => {
  const line = (changes: object) => JSON.stringify({ "2xx": 24_000, non2xx: 0, errors: 0, duration: 2.01, ...changes });

  test("answers by the time they really took; the warm-up's line is passed over", () => {
    expect(readAutocannon(`${line({ "2xx": 1 })}\n${line({})}\n`)).toBeCloseTo(24_000 / 2.01, 9);
  });

  test("a run with failures gives no figure", () => {
    expect(() => readAutocannon(line({ non2xx: 3 }))).toThrow("3 answers other than 2xx");
    expect(() => readAutocannon(line({ errors: 2 }))).toThrow("2 errors");
  });
});

describe("what wrk says", () => {
  const good = `Running 1s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.54ms    0.9ms  24.28ms   93.35%
    Req/Sec    21.05k     1.02k   22.97k    81.82%
  23035 requests in 1.10s, 4.02MB read
Requests/sec:  20941.31
Transfer/sec:      3.65MB
`;

  test("requests a second", () => {
    expect(readWrk(good)).toBe(20_941.31);
  });

  test("a run with failures gives no figure", () => {
    expect(() => readWrk(`  Non-2xx or 3xx responses: 12\n${good}`)).toThrow("Non-2xx or 3xx responses: 12");
    expect(() => readWrk(`  Socket errors: connect 0, read 3, write 0, timeout 0\n${good}`)).toThrow("Socket errors");
    expect(() => readWrk("unable to connect")).toThrow("no requests a second");
  });
});
