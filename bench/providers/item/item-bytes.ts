// The two ends of a stream of .NET values: numbers low byte first, text in UTF-8 behind its length, which is written seven bits at a
// time. The reader trusts nothing: whatever it is told to read is there, or the session is invalid.
// Source: .NET reference source, mscorlib BinaryWriter.cs, BinaryReader.cs.

import { cannotSerialise, invalidState } from "./state-errors.ts";

const FIRST_BYTES = 256;

export class ByteWriter {
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Makes room for so many bytes more. @returns where they begin. */
  reserve(bytes: number): number {
    const start = this.#length;
    this.#length += bytes;
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, start);
      this.#buffer = grown;
    }
    return start;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.#buffer[at] = value;
  }

  /** The lowest bits of a whole number, signed or not. @param size in bytes, up to 4. */
  whole(value: number, size: number): void {
    const at = this.reserve(size);
    for (let index = 0; index < size; index++) this.#buffer[at + index] = value >>> (8 * index);
  }

  /** Into room reserved before. */
  int32At(at: number, value: number): void {
    this.#buffer.writeInt32LE(value, at);
  }

  /** The lowest 64 bits, signed or not. */
  int64(value: bigint): void {
    const at = this.reserve(8);
    this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  }

  float32(value: number): void {
    const at = this.reserve(4);
    this.#buffer.writeFloatLE(value, at);
  }

  float64(value: number): void {
    const at = this.reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.#buffer.set(value, at);
  }

  /** @throws StoreError for half a surrogate pair, which UTF-8 has no bytes for. */
  text(value: string): void {
    if (!value.isWellFormed()) throw cannotSerialise("a text holds half of a surrogate pair");
    const bytes = Buffer.byteLength(value);
    let left = bytes;
    for (; left > 0x7f; left >>>= 7) this.byte((left & 0x7f) | 0x80);
    this.byte(left);
    const at = this.reserve(bytes);
    this.#buffer.write(value, at, bytes, "utf8");
  }

  /** What was written, no longer to be added to. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}

export class ByteReader {
  readonly #buffer: Buffer;
  #at: number;
  readonly #end: number;

  /** Reads `bytes` from `start` to `end`, both within it. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = start;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  /** Passes over so many bytes. @returns where they begin. @throws StoreError when there are fewer, as every reading does. */
  skip(bytes: number): number {
    if (bytes > this.left)
      throw invalidState(`${bytes} bytes are to be read at ${this.#at}, and ${this.left} are left`);
    const start = this.#at;
    this.#at += bytes;
    return start;
  }

  byte(): number {
    return this.#buffer[this.skip(1)];
  }

  /** @param size in bytes, up to 4. */
  signed(size: number): number {
    return this.#buffer.readIntLE(this.skip(size), size);
  }

  unsigned(size: number): number {
    return this.#buffer.readUIntLE(this.skip(size), size);
  }

  int64(): bigint {
    return this.#buffer.readBigInt64LE(this.skip(8));
  }

  uint64(): bigint {
    return this.#buffer.readBigUInt64LE(this.skip(8));
  }

  float32(): number {
    return this.#buffer.readFloatLE(this.skip(4));
  }

  float64(): number {
    return this.#buffer.readDoubleLE(this.skip(8));
  }

  bytes(count: number): Uint8Array {
    const start = this.skip(count);
    return this.#buffer.subarray(start, start + count);
  }

  /** Bytes that are not UTF-8 become U+FFFD, as they do there. */
  text(): string {
    const bytes = this.#length();
    const start = this.skip(bytes);
    return this.#buffer.toString("utf8", start, start + bytes);
  }

  #length(): number {
    let length = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return length;
    }
    throw invalidState(`the length of a text at ${this.#at} takes more than five bytes`);
  }
}
