// Under which key the service keeps an item: its request target, decoded as .NET decodes URLs, so that a client that encodes the
// whole target and one that leaves the application's path as it is meet on one key. Keys are opaque and case-sensitive.
// Sources: [MS-ASP] section 2.2.1; .NET reference source, StateRuntime.cs, HttpUtility.UrlDecode. Native code of ASP.NET 2.0 puts
// a slash of its own before the encoded one, and ASP.NET 1.1 doubled it: however many slashes lead, one counts.

const PERCENT = 37;
const PLUS = 43;
const SLASH = 47;
const LETTER_U = 117;

/** Decoded bytes are gathered here; as long as the longest target so far. */
let scratch = Buffer.allocUnsafeSlow(1024);

/** @returns the key; bytes that are no UTF-8 become U+FFFD, as in .NET. */
export function itemKey(bytes: Uint8Array, from: number, to: number): string {
  if (scratch.length < to - from) scratch = Buffer.allocUnsafeSlow((to - from) * 2);
  const into = scratch;
  let text = "";
  let length = 0;
  let ascii = true;
  for (let at = from; at < to; at++) {
    let byte = bytes[at];
    if (byte === PLUS) {
      byte = 32;
    } else if (byte === PERCENT) {
      const value = hex(bytes, at + 1, at + 3, to);
      if (value >= 0) {
        byte = value;
        at += 2;
      } else if (bytes[at + 1] === LETTER_U) {
        const unit = hex(bytes, at + 2, at + 6, to);
        if (unit >= 0) {
          text += into.toString("utf8", 0, length) + String.fromCharCode(unit);
          length = 0;
          at += 5;
          continue;
        }
      }
    }
    if (byte >= 128) ascii = false;
    into[length++] = byte;
  }
  let slashes = 0;
  if (text === "") while (slashes + 1 < length && into[slashes] === SLASH && into[slashes + 1] === SLASH) slashes++;
  return text + into.toString(ascii ? "latin1" : "utf8", slashes, length);
}

/** The number that the digits from `from` to before `end` write; -1 where they are cut off or are no hexadecimal digits. */
function hex(bytes: Uint8Array, from: number, end: number, to: number): number {
  if (end > to) return -1;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = hexDigit(bytes[at]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return byte >= 65 && byte <= 70 ? byte - 55 : -1;
}
