/** Writes Kafka's primitive types, big-endian; large byte runs are passed on by reference, not copied. */
export class ByteWriter {
  private readonly done: Buffer[] = [];
  private doneLength = 0;
  private bytes: Buffer;
  private position = 0;

  constructor(initialCapacity = 256) {
    this.bytes = Buffer.allocUnsafe(initialCapacity);
  }

  get length(): number {
    return this.doneLength + this.position;
  }

  /** Everything written so far, as pieces to send one after the other. */
  pieces(): Buffer[] {
    this.seal();
    return this.done;
  }

  private seal(): void {
    if (this.position === 0) return;
    this.done.push(this.bytes.subarray(0, this.position));
    this.doneLength += this.position;
    this.bytes = this.bytes.subarray(this.position);
    this.position = 0;
  }

  private reserve(count: number): number {
    if (this.position + count > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max((this.position + count) * 2, 256));
      this.bytes.copy(grown, 0, 0, this.position);
      this.bytes = grown;
    }
    const at = this.position;
    this.position += count;
    return at;
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  int8(value: number): void {
    const at = this.reserve(1);
    this.bytes.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.reserve(2);
    this.bytes.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.reserve(4);
    this.bytes.writeInt32BE(value, at);
  }

  int64(value: number): void {
    const at = this.reserve(8);
    const high = Math.floor(value / 0x1_0000_0000);
    this.bytes.writeInt32BE(high, at);
    this.bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
  }

  unsignedVarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      const at = this.reserve(1);
      this.bytes.writeUInt8((rest % 0x80) + 0x80, at);
      rest = Math.floor(rest / 0x80);
    }
    const at = this.reserve(1);
    this.bytes.writeUInt8(rest, at);
  }

  uuid(hex: string): void {
    const at = this.reserve(16);
    this.bytes.write(hex, at, 16, 'hex');
  }

  /** The caller has written `length`, the count of UTF-8 bytes, before. */
  utf8(text: string, length: number): void {
    const at = this.reserve(length);
    this.bytes.write(text, at, length, 'utf8');
  }

  /** Small runs are copied; from 1 KiB on the piece itself becomes part of the answer. */
  raw(piece: Buffer): void {
    if (piece.length < 1024) {
      const at = this.reserve(piece.length);
      piece.copy(this.bytes, at);
      return;
    }
    this.seal();
    this.done.push(piece);
    this.doneLength += piece.length;
  }
}
