import { describe, expect, test } from "vitest";
import { isLoopback, resolveSite } from "../../../../bench/drivers/url/site-address.ts";

const here = { remote: false, insecure: false };
const finding = (address: string) => async () => address;

describe("the address of a site", () => {
  test("gives where requests go, by what name, and the page to begin with; the label is its origin alone", async () => {
    expect(await resolveSite("http://127.0.0.1:8080/shop/?id=7", here)).toEqual({
      origin: "http://127.0.0.1:8080",
      startPath: "/shop/?id=7",
      address: "127.0.0.1",
      port: 8080,
      hostHeader: "127.0.0.1:8080",
      tls: null,
      loopback: true,
    });
    expect(
      await resolveSite("https://shop.test", { remote: false, insecure: true }, finding("127.0.0.1")),
    ).toMatchObject({
      address: "127.0.0.1",
      port: 443,
      hostHeader: "shop.test",
      tls: { servername: "shop.test", insecure: true },
    });
    expect(await resolveSite("http://[::1]:81/", here)).toMatchObject({ address: "::1", port: 81, loopback: true });
  });

  test.each([
    ["shop", /expected an address such as/],
    ["ftp://127.0.0.1/", /expected an address such as/],
    ["", /expected an address such as/],
    ["http://192.0.2.1/", /add --remote/],
    ["http://[2001:db8::1]/", /add --remote/],
  ])("%j is refused", async (text, message) => {
    await expect(resolveSite(text, here)).rejects.toThrow(message);
  });

  test("a name counts as what it leads to, however it sounds", async () => {
    await expect(resolveSite("http://localhost.shop.example/", here, finding("192.0.2.1"))).rejects.toThrow(/--remote/);
    const unknown = () => Promise.reject(new Error("ENOTFOUND"));
    await expect(resolveSite("http://nowhere.example/", here, unknown)).rejects.toThrow(/a host that is known here/);
  });

  test("a site elsewhere is taken at the user's word", async () => {
    expect(await resolveSite("http://192.0.2.1/", { remote: true, insecure: false })).toMatchObject({
      loopback: false,
    });
  });

  test("a password in it is refused and not repeated", async () => {
    const refused = await resolveSite("http://ann:hunter2@127.0.0.1/", here).catch((error: Error) => error.message);
    expect(refused).toMatch(/no user name or password/);
    expect(refused).not.toMatch(/hunter2/);
  });

  test("--insecure needs TLS", async () => {
    await expect(resolveSite("http://127.0.0.1/", { remote: false, insecure: true })).rejects.toThrow(/--insecure/);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["128.0.0.1", false],
    ["10.0.0.1", false],
    ["::", false],
    ["127.0.0.1.example", false],
  ])("%s is this machine: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
