// A .NET Decimal: 96 bits of digits, a sign, and a scale that says how many of the digits stand after the point. 1.50 and 1.5 are
// equal and yet not the same, so text and bits are turned into each other without loss.
// Source: .NET reference source, mscorlib decimal.cs (GetBits).

/** Low, middle and high 32 bits of the digits, then the flags: sign in bit 31, scale in bits 16 to 23. All signed. */
export type DecimalBits = readonly [number, number, number, number];

const SCALE_MAX = 28;
const DIGITS_MAX = 2n ** 96n - 1n;
const SIGN_BIT = 1 << 31;

/** @returns null unless it is an optional minus, digits, and an optional point with up to 28 digits behind it, within 96 bits. */
export function parseDecimal(text: string): DecimalBits | null {
  const match = /^(-?)(\d{1,29})(?:\.(\d{1,28}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = ""] = match;
  const digits = BigInt(whole + fraction);
  if (digits > DIGITS_MAX) return null;
  const part = (shift: bigint) => Number(BigInt.asIntN(32, digits >> shift));
  return [part(0n), part(32n), part(64n), (sign === "-" ? SIGN_BIT : 0) | (fraction.length << 16)];
}

/** @returns null when the flags hold anything but a sign and a scale of at most 28. */
export function formatDecimal([low, middle, high, flags]: DecimalBits): string | null {
  const scale = (flags >> 16) & 0xff;
  if (scale > SCALE_MAX || (flags & ~SIGN_BIT & ~(0xff << 16)) !== 0) return null;
  const unsigned = (bits: number) => BigInt(bits >>> 0);
  const digits = unsigned(low) | (unsigned(middle) << 32n) | (unsigned(high) << 64n);
  const text = digits.toString().padStart(scale + 1, "0");
  const point = text.length - scale;
  return `${flags < 0 ? "-" : ""}${text.slice(0, point)}${scale === 0 ? "" : `.${text.slice(point)}`}`;
}
