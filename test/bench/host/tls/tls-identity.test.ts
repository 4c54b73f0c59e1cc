import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { integer, objectId, octets } from "../../../../bench/host/tls/der.ts";
import { createTlsIdentity } from "../../../../bench/host/tls/tls-identity.ts";

const NOW_MS = Date.UTC(2026, 0, 5, 12, 30, 15);

describe("a certificate of our own making", () => {
  const { keyPem, certificatePem } = createTlsIdentity(NOW_MS);
  const certificate = new X509Certificate(certificatePem);

  test("is signed by itself, belongs to its key, and is for the loopback address alone", () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(keyPem))).toBe(true);
    expect(certificate.subjectAltName).toBe("IP Address:127.0.0.1, DNS:localhost");
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
    expect(certificate.ca).toBe(true);
  });

  test("is valid from a day before to thirty days after", () => {
    expect(certificate.validFromDate).toEqual(new Date(Date.UTC(2026, 0, 4, 12, 30, 15)));
    expect(certificate.validToDate).toEqual(new Date(Date.UTC(2026, 1, 4, 12, 30, 15)));
  });

  test("is another each time", () => {
    const other = new X509Certificate(createTlsIdentity(NOW_MS).certificatePem);
    expect(other.serialNumber).not.toBe(certificate.serialNumber);
    expect(other.verify(certificate.publicKey)).toBe(false);
  });
});

describe("distinguished encoding", () => {
  test.each([
    ["2.5.4.3", "0603550403"],
    ["1.2.840.10045.4.3.2", "06082a8648ce3d040302"],
  ])("object id %s", (dotted, hex) => {
    expect(objectId(dotted).toString("hex")).toBe(hex);
  });

  test("a number whose first bit is set is not taken for a negative one", () => {
    expect(integer(Buffer.from([0x80])).toString("hex")).toBe("02020080");
    expect(integer(Buffer.from([0x7f])).toString("hex")).toBe("02017f");
  });

  test.each([
    [0x7f, "047f"],
    [0x80, "048180"],
    [0xff, "0481ff"],
    [0x100, "04820100"],
    [0xffff, "0482ffff"],
  ])("length %i", (bytes, head) => {
    expect(
      octets(Buffer.alloc(bytes))
        .subarray(0, head.length / 2)
        .toString("hex"),
    ).toBe(head);
  });
});
