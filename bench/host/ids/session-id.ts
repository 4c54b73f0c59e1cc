// Session ids as ASP.NET makes and checks them: 120 random bits in 24 characters.
// Source: .NET reference source, SessionIDManager.cs (class SessionId).

const ALPHABET = "abcdefghijklmnopqrstuvwxyz012345";
const RANDOM_BYTES = 15;
const GROUP_BYTES = 5;
const WELL_FORMED = /^[a-z0-5]{24}$/;

/**
 * Each five bytes, read little-endian as one 40-bit number, give eight characters, low bits first.
 * @param bytes 15 of them.
 */
export function encodeSessionId(bytes: Uint8Array): string {
  let id = "";
  for (let start = 0; start < RANDOM_BYTES; start += GROUP_BYTES) {
    let group = 0n;
    for (let i = GROUP_BYTES - 1; i >= 0; i--) group = (group << 8n) | BigInt(bytes[start + i]);
    for (let character = 0; character < 8; character++) {
      id += ALPHABET[Number(group & 31n)];
      group >>= 5n;
    }
  }
  return id;
}

/** A new id from the machine's cryptographic source. */
export function createSessionId(): string {
  return encodeSessionId(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
}

/** The id in its one spelling (lower case), or null: an id that is not well formed counts as none. */
export function parseSessionId(text: string | undefined): string | null {
  const id = text?.toLowerCase();
  return id !== undefined && WELL_FORMED.test(id) ? id : null;
}

/** The value of one cookie of a Cookie header, or undefined. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
