import { describe, expect, test } from "vitest";
import { createRequestWriter, wireFormDefault } from "../../../../bench/providers/state-server/request-writer.ts";

const BASE = "/%2fLM%2fW3SVC%2f1%2fROOT%2fapp(R5EE52bfK7ihOgyv24OP9wEttH30BGwj8EpKEUFh2KE%3d)%2f";
const ID = "4m4irghotazmxblpyakfaw1d";
const item = { bytes: Buffer.from("seven B"), timeoutMinutes: 20 };
const write = createRequestWriter({ host: "h", port: 42_424 }, "/LM/W3SVC/1/ROOT/app", wireFormDefault);

describe("requests of the state service's protocol", () => {
  test.each([
    [write.get(ID), `GET ${BASE}${ID} HTTP/1.1|Host: h:42424||`],
    [write.acquire(ID), `GET ${BASE}${ID} HTTP/1.1|Host: h:42424|Exclusive: acquire||`],
    [write.release(ID, 2), `GET ${BASE}${ID} HTTP/1.1|Host: h:42424|Exclusive: release|LockCookie: 2||`],
    [write.set(ID, item, 2), `PUT ${BASE}${ID} HTTP/1.1|Host: h:42424|Timeout: 20|Content-Length: 7|LockCookie: 2||`],
    [
      write.setUninitialized(ID, item),
      `PUT ${BASE}${ID} HTTP/1.1|Host: h:42424|Timeout: 20|Content-Length: 7|ExtraFlags: 1|LockCookie: 0||`,
    ],
    [write.remove(ID, 2), `DELETE ${BASE}${ID} HTTP/1.1|Host: h:42424|LockCookie: 2||`],
    [write.resetTimeout(ID), `HEAD ${BASE}${ID} HTTP/1.1|Host: h:42424||`],
  ])("byte for byte: %#", (request, expected) => expect(request.head).toBe(expected.replaceAll("|", "\r\n")));

  test("may be sent twice when the store is then as after the first", () => {
    const repeatable = [write.get(ID), write.release(ID, 2), write.setUninitialized(ID, item), write.resetTimeout(ID)];
    const once = [write.acquire(ID), write.set(ID, item, 2), write.remove(ID, 2)];
    expect([...repeatable, ...once].map((request) => request.repeatable)).toEqual([
      ...[true, true, true, true],
      ...[false, false, false],
    ]);
  });

  test("name an IPv6 host in brackets", () => {
    const toIpv6 = createRequestWriter({ host: "::1", port: 42_424 }, "/x", wireFormDefault);
    expect(toIpv6.get(ID).head).toContain("\r\nHost: [::1]:42424\r\n");
  });
});
