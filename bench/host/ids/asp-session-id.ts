// Session cookies of classic ASP: 24 letters A to P, four random bits each. What real ASP puts in them (the 32-bit SessionID,
// encrypted) is nobody's business but its own: the value is opaque to every client.
// Source: sample cookies in Microsoft's KB articles ("ASPSESSIONIDACSSDCCC=APHELKLDMNKNIOJONJACDHFN"); ms972338.

const RANDOM_BYTES = 12;
const FIRST_LETTER = "A".charCodeAt(0);
const WELL_FORMED = /^[A-P]{24}$/;

/**
 * One letter for each half byte, the upper half first; that order is unconfirmed, and any would do.
 * @param bytes 12 of them.
 */
export function encodeAspSessionId(bytes: Uint8Array): string {
  let id = "";
  for (const byte of bytes) id += String.fromCharCode(FIRST_LETTER + (byte >> 4), FIRST_LETTER + (byte & 15));
  return id;
}

export function createAspSessionId(): string {
  return encodeAspSessionId(crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
}

/** The id as it is, or null: one that is not well formed counts as none. */
export function parseAspSessionId(text: string | undefined): string | null {
  return text !== undefined && WELL_FORMED.test(text) ? text : null;
}
