// The decision table of the state service, row by row, over a socket.
// Sources: [MS-ASP] section 3.1.5; .NET reference source, StateRuntime.cs.

import { beforeEach, describe, expect, test } from "vitest";
import type { StateServer } from "../../../../bench/providers/state-server/server.ts";
import { header, openRaw, put, type RawConnection, request, startService } from "./raw-connection.ts";

const uri =
  "/%2fLM%2fW3SVC%2f1%2fROOT%2fapp(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE%3d)%2f4m4irghotazmxblpyakfaw1d";

let server: StateServer;
let client: RawConnection;

beforeEach(async () => {
  server = await startService();
  client = await openRaw(server.port);
});

const status = async (bytes: string) => (await client.ask(bytes)).status;
const store = (body = "state") => status(put(uri, body, "Timeout: 20"));

/** @returns the lock cookie. */
async function lock(): Promise<string> {
  const answer = await client.ask(request("GET", uri, "Exclusive: acquire"));
  expect(answer.status).toBe(200);
  return header(answer, "LockCookie") ?? "";
}

async function body(): Promise<string> {
  const answer = await client.ask(request("GET", uri));
  expect(answer.status).toBe(200);
  return answer.body;
}

describe("GET", () => {
  test("of a missing item is 404", async () => {
    expect(await status(request("GET", uri))).toBe(404);
  });

  test("of an unlocked item answers its bytes and its timeout, and takes no lock", async () => {
    await status(put(uri, "state", "Timeout: 33"));
    const answer = await client.ask(request("GET", uri));
    expect(answer).toMatchObject({ status: 200, body: "state" });
    expect(header(answer, "Timeout")).toBe("33");
    expect(header(answer, "LockCookie")).toBeUndefined();
    expect(header(answer, "ActionFlags")).toBeUndefined();
    expect(await status(request("GET", uri))).toBe(200);
  });

  test("of a locked item is 423 without a body, with the cookie, the age and the date of the lock", async () => {
    await store();
    const cookie = await lock();
    const answer = await client.ask(request("GET", uri));
    expect(answer).toMatchObject({ status: 423, body: "" });
    expect(header(answer, "LockCookie")).toBe(cookie);
    expect(header(answer, "LockAge")).toMatch(/^\d+$/);
    expect(header(answer, "LockDate")).toMatch(/^\d{18}$/);
    expect(header(answer, "Timeout")).toBeUndefined();
  });

  test("the state may be any bytes", async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)).toString("latin1");
    client.send(Buffer.from(put(uri, bytes), "latin1"));
    expect((await client.answer())?.status).toBe(200);
    expect(await body()).toBe(bytes);
  });
});

describe("GET with Exclusive: acquire", () => {
  test("of a missing item is 404", async () => {
    expect(await status(request("GET", uri, "Exclusive: acquire"))).toBe(404);
  });

  test("the first lock of a new item has cookie 2, and each one after it counts up", async () => {
    await store();
    for (const cookie of ["2", "3", "4"]) {
      expect(await lock()).toBe(cookie);
      expect(await status(request("GET", uri, "Exclusive: release", `LockCookie: ${cookie}`))).toBe(200);
    }
  });

  test("of a locked item is 423 with the cookie of whoever holds it, and leaves that lock alone", async () => {
    await store();
    const cookie = await lock();
    const answer = await client.ask(request("GET", uri, "Exclusive: acquire"));
    expect([answer.status, header(answer, "LockCookie")]).toEqual([423, cookie]);
    expect(await status(request("GET", uri, "Exclusive: release", `LockCookie: ${cookie}`))).toBe(200);
  });

  test.each(["Exclusive: Acquire", "exclusive: ACQUIRE", "EXCLUSIVE:acquire", "Exclusive: \t acquire \t"])(
    "%j takes the lock",
    async (line) => {
      await store();
      expect(header(await client.ask(request("GET", uri, line)), "LockCookie")).toBe("2");
      expect(await status(request("GET", uri))).toBe(423);
    },
  );

  test("after 2147483646 the cookies start over at 2", async () => {
    await store();
    // An item that supersedes another takes over the cookie that came with it.
    expect(await status(put(uri, "state", "Timeout: 21", "LockCookie: 2147483645"))).toBe(200);
    expect(await lock()).toBe("2147483646");
    expect(await status(request("GET", uri, "Exclusive: release", "LockCookie: 2147483646"))).toBe(200);
    expect(await lock()).toBe("2");
  });
});

describe("GET with Exclusive: release", () => {
  test("of a missing item is 404", async () => {
    expect(await status(request("GET", uri, "Exclusive: release", "LockCookie: 2"))).toBe(404);
  });

  test("of an unlocked item is 200, whatever the cookie, and carries no state", async () => {
    await store();
    for (const headers of [[], ["LockCookie: 7"], ["LockCookie: x"]]) {
      expect(await client.ask(request("GET", uri, "Exclusive: release", ...headers))).toMatchObject({
        status: 200,
        body: "",
      });
    }
  });

  test("by the owner of the lock unlocks", async () => {
    await store();
    const cookie = await lock();
    expect(await client.ask(request("GET", uri, "Exclusive: release", `LockCookie: ${cookie}`))).toMatchObject({
      status: 200,
      body: "",
    });
    expect(await status(request("GET", uri))).toBe(200);
  });

  test("with another cookie is 423, and the lock stays", async () => {
    await store();
    await lock();
    expect(await status(request("GET", uri, "Exclusive: release", "LockCookie: 1"))).toBe(423);
    expect(await status(request("GET", uri))).toBe(423);
  });

  test.each([
    [],
    ["LockCookie: -2"],
    ["LockCookie: two"],
    ["LockCookie: 2147483648"],
    ["LockCookie:"],
    ["LockCookie: 2", "LockCookie: 3"],
  ])("of a locked item with %j is 400 on a page that names the header", async (...headers) => {
    await store();
    await lock();
    const answer = await client.ask(request("GET", uri, "Exclusive: release", ...headers));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/<html>.*LockCookie.*<\/html>/s);
    expect(await status(request("GET", uri))).toBe(423);
  });

  test.each(["LockCookie: 2", "Lock-Cookie: 2", "LOCKCOOKIE: 2", "lock-cookie:2", "lOcK-cOoKiE: +2"])(
    "%j is read as the lock cookie",
    async (line) => {
      await store();
      await lock();
      expect(await status(request("GET", uri, "exclusive: RELEASE", line))).toBe(200);
      expect(await status(request("GET", uri))).toBe(200);
    },
  );
});

describe("PUT", () => {
  test("creates a missing item, unlocked, with cookie 1 whatever came with it", async () => {
    expect(await status(put(uri, "state", "LockCookie: 77"))).toBe(200);
    expect(await lock()).toBe("2");
  });

  test("without a Timeout gives the item 20 minutes", async () => {
    await status(put(uri, "state"));
    expect(header(await client.ask(request("GET", uri)), "Timeout")).toBe("20");
  });

  test("on an unlocked item replaces it, whoever writes", async () => {
    await store("before");
    expect(await status(put(uri, "after", "Timeout: 20", "LockCookie: 99"))).toBe(200);
    expect(await body()).toBe("after");
  });

  test("by the owner of the lock replaces, unlocks, and keeps the cookie", async () => {
    await store("before");
    const cookie = await lock();
    expect(await status(put(uri, "longer after", "Timeout: 20", `LockCookie: ${cookie}`))).toBe(200);
    expect(await body()).toBe("longer after");
    expect(await lock()).toBe("3");
  });

  test.each([[], ["LockCookie: 1"]])("on a locked item with %j is 423 and writes nothing", async (...headers) => {
    await store("before");
    const cookie = await lock();
    const answer = await client.ask(put(uri, "after", "Timeout: 20", ...headers));
    expect(answer).toMatchObject({ status: 423, body: "" });
    expect(header(answer, "LockCookie")).toBe(cookie);
    await status(request("GET", uri, "Exclusive: release", `LockCookie: ${cookie}`));
    expect(await body()).toBe("before");
  });

  test("with another timeout makes a new item, unlocked, with the cookie that came with it", async () => {
    await store();
    const cookie = await lock();
    expect(await status(put(uri, "after", "Timeout: 30", `LockCookie: ${cookie}`))).toBe(200);
    expect(header(await client.ask(request("GET", uri)), "Timeout")).toBe("30");
    expect(await lock()).toBe("3");
    expect(server.counters().sessions).toMatchObject({ active: 1, total: 1 });
  });

  test("with another timeout and no cookie makes an item whose cookie is -1", async () => {
    await store();
    expect(await status(put(uri, "after", "Timeout: 30"))).toBe(200);
    expect(await lock()).toBe("0");
  });

  test.each(["-1", "x", "1.5", "525601", "2147483648", ""])(
    "with Timeout %j is 400, and nothing is stored",
    async (timeout) => {
      const answer = await client.ask(put(uri, "state", `Timeout: ${timeout}`));
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("Timeout");
      expect(await status(request("GET", uri))).toBe(404);
    },
  );

  test("with Timeout 525600, a year, is taken", async () => {
    expect(await status(put(uri, "state", "Timeout: 525600"))).toBe(200);
  });

  test("with an ExtraFlags that is no number is 400 and names it", async () => {
    const answer = await client.ask(put(uri, "state", "ExtraFlags: yes"));
    expect(answer.status).toBe(400);
    expect(answer.body).toContain("ExtraFlags");
  });

  test("checks Timeout before ExtraFlags, ExtraFlags before the item, insert-only before LockCookie, and LockCookie before the lock", async () => {
    await store();
    await lock();
    const refused = async (...headers: string[]) => (await client.ask(put(uri, "x", ...headers))).body;
    expect(await refused("Timeout: x", "ExtraFlags: x", "LockCookie: x")).toContain("Timeout");
    expect(await refused("ExtraFlags: x", "LockCookie: x")).toContain("ExtraFlags");
    expect(await status(put(uri, "x", "ExtraFlags: 1", "LockCookie: x"))).toBe(200);
    expect(await refused("LockCookie: x")).toContain("LockCookie");
    expect(await status(put(uri, "x", "LockCookie: 1"))).toBe(423);
  });

  test("of no bytes stores an item of no bytes", async () => {
    expect(await status(put(uri, ""))).toBe(200);
    expect(await client.ask(request("GET", uri))).toMatchObject({ status: 200, body: "" });
  });

  test.each([[], ["Content-Length: -1"], ["Content-Length: x"], ["Content-Length: 3", "Content-Length: 4"]])(
    "with %j is 400, and the connection ends: nobody knows where the next request begins",
    async (...headers) => {
      const answer = await client.ask(request("PUT", uri, ...headers));
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("Content-Length");
      expect(header(answer, "Connection")).toBe("close");
      await client.closed;
    },
  );
});

describe("PUT with ExtraFlags: 1", () => {
  test("creates a missing item, and the first GET of any kind is told once that nobody has initialised it", async () => {
    await status(put(uri, "empty", "ExtraFlags: 1", "LockCookie: 0"));
    const first = await client.ask(request("GET", uri, "Exclusive: acquire"));
    expect([first.status, header(first, "ActionFlags")]).toEqual([200, "1"]);
    expect(header(await client.ask(request("GET", uri)), "ActionFlags")).toBeUndefined();
  });

  test("a release is a first GET like any other", async () => {
    await status(put(uri, "empty", "ExtraFlags: 1"));
    const release = await client.ask(request("GET", uri, "Exclusive: release", "LockCookie: 1"));
    expect([release.status, release.body, header(release, "ActionFlags")]).toEqual([200, "", "1"]);
    expect(header(await client.ask(request("GET", uri)), "ActionFlags")).toBeUndefined();
  });

  test("does nothing to an item that is there, locked or not, and says 200", async () => {
    await store("before");
    expect(await status(put(uri, "empty", "ExtraFlags: 1"))).toBe(200);
    const cookie = await lock();
    expect(await status(put(uri, "empty", "ExtraFlags: 1"))).toBe(200);
    expect(await status(request("GET", uri, "Exclusive: release", `LockCookie: ${cookie}`))).toBe(200);
    const answer = await client.ask(request("GET", uri));
    expect([answer.body, header(answer, "ActionFlags")]).toEqual(["before", undefined]);
  });

  test("only bit 0 counts", async () => {
    await store("before");
    expect(await status(put(uri, "after", "Timeout: 20", "ExtraFlags: 2"))).toBe(200);
    expect(await body()).toBe("after");
  });
});

describe("DELETE", () => {
  test("of a missing item is 404", async () => {
    expect(await status(request("DELETE", uri))).toBe(404);
  });

  test("of an unlocked item removes it, whoever asks", async () => {
    await store();
    expect(await status(request("DELETE", uri))).toBe(200);
    expect(await status(request("GET", uri))).toBe(404);
    expect(server.counters().sessions).toMatchObject({ active: 0, abandoned: 1, timedOut: 0, total: 1 });
  });

  test("by the owner of the lock removes it", async () => {
    await store();
    expect(await status(request("DELETE", uri, `Lock-Cookie: ${await lock()}`))).toBe(200);
    expect(await status(request("GET", uri))).toBe(404);
  });

  test.each([[], ["LockCookie: 1"]])("of a locked item with %j is 423, and the item stays", async (...headers) => {
    await store();
    await lock();
    expect(await status(request("DELETE", uri, ...headers))).toBe(423);
    expect(await status(request("GET", uri))).toBe(423);
  });
});

describe("HEAD", () => {
  test("is 404 for a missing item and 200 for any other, locked or not, and changes nothing", async () => {
    expect(await status(request("HEAD", uri))).toBe(404);
    await store();
    expect(await client.ask(request("HEAD", uri))).toMatchObject({ status: 200, body: "" });
    await lock();
    expect(await client.ask(request("HEAD", uri))).toMatchObject({ status: 200, body: "" });
    expect(await status(request("GET", uri))).toBe(423);
  });
});

describe("another verb", () => {
  test.each(["POST", "OPTIONS", "DELET", "PATCH"])("%s is 400", async (verb) => {
    await store();
    expect(await status(request(verb, uri))).toBe(400);
  });
});

describe("the key", () => {
  test("encoded and unencoded paths, with one slash or more before them, are one item", async () => {
    await status(put("/%2fLM%2fapp(ab%2bc%3d)%2fid", "state"));
    for (const same of [
      "/LM/app(ab%2Bc=)/id",
      "//LM/app(ab%2bc%3d)/id",
      "%2fLM%2fapp(ab%2bc%3d)%2fid",
      "/%2F/LM%2Fapp(ab%2bc=)/id",
    ]) {
      expect(await client.ask(request("GET", same))).toMatchObject({ status: 200, body: "state" });
    }
  });

  test("upper and lower case are different items", async () => {
    await status(put("/LM/ROOT/id", "state"));
    expect(await status(request("GET", "/LM/Root/id"))).toBe(404);
  });
});

test("every answer carries the version of ASP.NET and is private", async () => {
  await store();
  for (const bytes of [put(uri, "x"), request("GET", uri), request("HEAD", "/none"), put(uri, "x", "Timeout: x")]) {
    const answer = await client.ask(bytes);
    expect(header(answer, "X-AspNet-Version")).toBe("4.0.30319");
    expect(header(answer, "Cache-Control")).toBe("private");
  }
});

test("answers are counted by verb and status", async () => {
  await store();
  await lock();
  await status(request("GET", uri));
  await status(request("HEAD", uri));
  await status(request("DELETE", "/none"));
  await status(put("/other", "x", "Timeout: x"));
  const { requests, bytesReceived, bytesSent } = server.counters();
  expect(requests.GET).toEqual({ 200: 1, 400: 0, 404: 0, 423: 1 });
  expect(requests.PUT).toEqual({ 200: 1, 400: 1, 404: 0, 423: 0 });
  expect(requests.HEAD[200]).toBe(1);
  expect(requests.DELETE[404]).toBe(1);
  expect(bytesReceived).toBe(client.socket.bytesWritten);
  expect(bytesSent).toBe(client.socket.bytesRead);
});
