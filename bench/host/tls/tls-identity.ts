// The certificate of a site that is benched over TLS: self-signed, for the loopback address, for this run only. It belongs to the
// site, not to a worker (http.sys holds it in IIS), so a recycle does not change it.
// Source: RFC 5280 (certificate), RFC 5758 (ECDSA with SHA-256).

import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { bits, element, integer, objectId, octets, sequence, set, truth, utcTime, utf8 } from "./der.ts";

/** Holds a private key: for the host alone, never printed or kept. */
export interface TlsIdentity {
  readonly keyPem: string;
  /** What a client must trust, and needs to trust nothing else. */
  readonly certificatePem: string;
}

const COMMON_NAME = "2.5.4.3";
const BASIC_CONSTRAINTS = "2.5.29.19";
const SUBJECT_ALTERNATIVE_NAMES = "2.5.29.17";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const DAY_MS = 86_400_000;
/** Clocks of one machine agree; a day before and a month after is room enough for any run. */
const VALID_DAYS = 30;

/** @param nowMs milliseconds since 1970. */
export function createTlsIdentity(nowMs: number): TlsIdentity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8("sessionlab bench"))));
  const toBeSigned = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([1, ...randomBytes(8)])),
    algorithm,
    name,
    sequence(utcTime(nowMs - DAY_MS), utcTime(nowMs + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    element(0xa3, sequence(...extensions())),
  );
  const signature = createSign("sha256").update(toBeSigned).sign(privateKey);
  const certificate = sequence(toBeSigned, algorithm, bits(signature));
  return {
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificatePem: pem(certificate),
  };
}

/** It vouches for itself, and for 127.0.0.1 and localhost. */
function extensions(): Buffer[] {
  const names = sequence(element(0x87, Buffer.from([127, 0, 0, 1])), element(0x82, Buffer.from("localhost")));
  return [
    sequence(objectId(BASIC_CONSTRAINTS), truth(), octets(sequence(truth()))),
    sequence(objectId(SUBJECT_ALTERNATIVE_NAMES), octets(names)),
  ];
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
