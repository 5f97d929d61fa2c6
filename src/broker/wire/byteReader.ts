import { ProtocolError } from './protocolError.ts';

/**
 * Elements that the arrays of one request may hold together. A frame of 100 MiB could otherwise claim
 * 100 million one-byte strings, each of which costs many times its size once it is a JavaScript value.
 */
const MAX_ELEMENTS = 250_000;

/** Reads Kafka's primitive types, big-endian. Every read is checked: past the end there is only a ProtocolError. */
export class ByteReader {
  position = 0;
  private elements = 0;

  constructor(private readonly bytes: Buffer) {}

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  private advance(count: number): number {
    if (count > this.bytes.length - this.position) {
      throw new ProtocolError(`${count} bytes wanted at position ${this.position}, ${this.remaining} left`);
    }
    const at = this.position;
    this.position += count;
    return at;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  /** As a number, held within the safe integers: no offset or time of ours is ever beyond them. */
  int64(): number {
    const at = this.advance(8);
    const value = this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4);
    return Math.max(Math.min(value, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);
  }

  /** At most five bytes, and at most 2^32 - 1. */
  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes.readUInt8(this.advance(1));
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new ProtocolError('a varint is longer than 32 bits');
  }

  /** Zigzag, 32 bits. */
  varint(): number {
    const raw = this.unsignedVarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Zigzag, 64 bits, as a number (exact up to 2^53). */
  varlong(): number {
    let value = 0;
    let scale = 1;
    // Seven bytes are 49 bits, of which a number loses none.
    for (let count = 0; count < 7; count += 1) {
      const byte = this.bytes.readUInt8(this.advance(1));
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 0x80;
    }
    return this.restOfVarlong(BigInt(value));
  }

  private restOfVarlong(low: bigint): number {
    let value = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.bytes.readUInt8(this.advance(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)));
    }
    throw new ProtocolError('a varlong is longer than 64 bits');
  }

  /** 32 lower-case hexadecimal digits. */
  uuid(): string {
    const at = this.advance(16);
    return this.bytes.toString('hex', at, at + 16);
  }

  utf8(length: number): string {
    const at = this.advance(length);
    return this.bytes.toString('utf8', at, at + length);
  }

  /** A view into the request's own bytes, not a copy. */
  slice(length: number): Buffer {
    const at = this.advance(length);
    return this.bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.advance(length);
  }

  /** Accepts an array's count only if so many elements can still be there, at one byte or more each. */
  checkCount(count: number): number {
    this.elements += count;
    if (count > this.remaining || this.elements > MAX_ELEMENTS) {
      throw new ProtocolError(`an array claims ${count} elements with ${this.remaining} bytes left`);
    }
    return count;
  }
}
