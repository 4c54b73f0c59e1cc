import { describe, expect, test } from "vitest";
import { type SessionCarrier, watchSessions } from "../../../../bench/drivers/url/session-watch.ts";

const cookie: SessionCarrier = { kind: "cookie", name: "sid", holdsState: false };

function setUp(carrier: SessionCarrier = cookie, timeoutMs: number | null = 10_000) {
  let nowMs = 0;
  const watch = watchSessions(carrier, timeoutMs, () => nowMs);
  return {
    counts: watch.counts,
    /** One request and its answer, a millisecond later. */
    exchange(atMs: number, cookies: string, setCookies: string[], path = "/", location: string | null = null) {
      nowMs = atMs + 1;
      const answer = { kind: "answered", status: 200, reason: "", setCookies, location, lockWaitMs: 0 } as const;
      watch.saw({ port: 80, path, cookies, clientAddress: "", userAgent: "" }, answer, atMs);
    },
  };
}

describe("a session in a cookie", () => {
  test("starts when an id is given to who had none, and is kept when nothing or the same is said of it", () => {
    const { counts, exchange } = setUp();
    exchange(0, "", ["sid=a; path=/"]);
    exchange(1_000, "lang=en; sid=a", []);
    exchange(3_000, "sid=a", ["sid=a; path=/; max-age=600"]);
    expect(counts).toMatchObject({ started: 1, kept: 2, lost: 0, expired: 0, keptIdleMaxMs: 1_999 });
  });

  test("was not kept when another id is given: expired after its timeout, lost before", () => {
    const { counts, exchange } = setUp();
    exchange(0, "", ["sid=a"]);
    exchange(5_000, "sid=a", ["sid=b"]);
    expect(counts).toMatchObject({ started: 2, lost: 1, expired: 0, renewedIdleMinMs: 4_999 });
    exchange(20_000, "sid=b", ["sid=c"]);
    expect(counts).toMatchObject({ started: 3, lost: 1, expired: 1 });
  });

  test("that never times out is lost however late", () => {
    const { counts, exchange } = setUp(cookie, null);
    exchange(0, "", ["sid=a"]);
    exchange(1e9, "sid=a", ["sid=b"]);
    expect(counts).toMatchObject({ lost: 1, expired: 0 });
  });

  test("replaced for several requests at once is one session gone and several begun", () => {
    const { counts, exchange } = setUp();
    exchange(0, "", ["sid=a"]);
    for (const id of ["b", "c", "d"]) exchange(100, "sid=a", [`sid=${id}`]);
    expect(counts).toMatchObject({ started: 4, lost: 1 });
  });

  test("taken back was abandoned by the site", () => {
    const { counts, exchange } = setUp();
    exchange(0, "", ["sid=a"]);
    exchange(100, "sid=a", ["sid=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"]);
    exchange(200, "", []);
    expect(counts).toMatchObject({ started: 1, abandoned: 1, kept: 0, without: 1 });
  });

  test("is another than one whose name only begins the same", () => {
    const { counts, exchange } = setUp();
    exchange(0, "sid2=x", ["sid2=y"]);
    expect(counts).toMatchObject({ started: 0, without: 1 });
  });

  test("that holds the session itself is kept though its value changes", () => {
    const { counts, exchange } = setUp({ ...cookie, holdsState: true });
    exchange(0, "", ["sid=a"]);
    exchange(100, "sid=a", ["sid=b"]);
    exchange(500, "sid=b", ["sid=c"]);
    expect(counts).toMatchObject({ started: 1, kept: 2, lost: 0, keptIdleMaxMs: 399 });
  });
});

describe("a session in the address", () => {
  test("starts with the redirect into it, is kept by requests that carry it, and is replaced by a redirect to another", () => {
    const { counts, exchange } = setUp({ kind: "address" });
    exchange(0, "", [], "/a.aspx", "/(S(one))/a.aspx");
    exchange(10, "", [], "/(S(one))/a.aspx");
    exchange(20, "", [], "/app/(X(1)S(one))/b.aspx");
    exchange(30, "", [], "/(S(one))/a.aspx", "/(S(two))/a.aspx");
    expect(counts).toMatchObject({ started: 2, kept: 2, lost: 1 });
  });
});

test("without a session to be seen nothing is counted as one", () => {
  const { counts, exchange } = setUp({ kind: "none" });
  exchange(0, "a=1", ["b=2"]);
  expect(counts).toMatchObject({ started: 0, kept: 0, without: 1 });
});
