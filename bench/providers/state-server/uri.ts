// The name under which the state service keeps a session: application path, a hash of it, session id, all of it encoded as one
// segment. Two web servers find each other's sessions only if these bytes agree, down to the case of the application path.
// Source: .NET reference source, OutOfProcStateClientManager.cs (OneTimeInit, MakeRequest), MachineKeySection.cs, HttpEncoder.cs.

import { createHash, createHmac } from "node:crypto";

/** Which hash of the application id stands in the URI. A farm must agree on it. */
export type UriHash =
  /** Current .NET Framework: no key. */
  | { readonly kind: "sha-256" }
  /** ASP.NET 2.0 and [MS-ASP]: keyed with the validation key of the machine, so that farms must share it. */
  | { readonly kind: "hmac-sha1"; readonly validationKey: Uint8Array };

/** Base64: 44 characters of SHA-256 over UTF-8, or 28 of HMAC-SHA1 over UTF-16. */
export function applicationHash(applicationId: string, hash: UriHash): string {
  return hash.kind === "sha-256"
    ? createHash("sha256").update(applicationId, "utf8").digest("base64")
    : createHmac("sha1", hash.validationKey).update(applicationId, "utf16le").digest("base64");
}

/**
 * All of the encoded URI but the session id, which `urlEncode` may be appended to it as it stands.
 * @param applicationId AppDomainAppId, "/LM/W3SVC/1/ROOT"; a slash is put before it where it has none.
 */
export function encodedUriBase(applicationId: string, hash: UriHash): string {
  const slash = applicationId.startsWith("/") ? "" : "/";
  return urlEncode(`${slash}${applicationId}(${applicationHash(applicationId, hash)})/`);
}

const nothingToEncode = /^[\w\-.!*()]*$/;

/** As HttpUtility.UrlEncode: UTF-8, lower-case hexadecimal, a blank becomes a plus, parentheses and `-_.!*` stay. */
export function urlEncode(text: string): string {
  if (nothingToEncode.test(text)) return text;
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    if (character === " ") encoded += "+";
    else if (nothingToEncode.test(character)) encoded += character;
    else encoded += `%${byte.toString(16).padStart(2, "0")}`;
  }
  return encoded;
}
