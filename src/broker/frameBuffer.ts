/** Cuts the bytes of a connection into requests: each is a length (int32) and as many bytes. */
import { ProtocolError } from './wire/protocolError.ts';

/** The fixed part of a request header: key, version, correlation id. */
const MIN_REQUEST_BYTES = 8;
/** Pieces below this size are joined as they come: a request that trickles in would else be millions of objects. */
const SMALL_PIECE_BYTES = 16_384;

export class FrameBuffer {
  private pieces: Buffer[] = [];
  private buffered = 0;

  constructor(private readonly maxRequestBytes: number) {}

  /** Bytes that have come and were not given out as a request. */
  get sizeInBytes(): number {
    return this.buffered;
  }

  get pieceCount(): number {
    return this.pieces.length;
  }

  push(piece: Buffer): void {
    this.buffered += piece.length;
    let last = piece;
    // Sizes fall from one small piece to the next, as in a binary counter: each byte is copied some fourteen times at most.
    for (;;) {
      const before = this.pieces.at(-1);
      if (before === undefined || before.length >= SMALL_PIECE_BYTES || before.length > last.length) break;
      this.pieces.pop();
      last = Buffer.concat([before, last]);
    }
    this.pieces.push(last);
  }

  /** The next whole request, without its length; bytes are joined only once all of them have come. */
  next(): Buffer | undefined {
    if (this.buffered < 4) return undefined;
    let first = this.pieces[0] ?? Buffer.alloc(0);
    if (first.length < 4) {
      first = Buffer.concat(this.pieces);
      this.pieces = [first];
    }
    const length = first.readInt32BE(0);
    if (length < MIN_REQUEST_BYTES || length > this.maxRequestBytes) {
      throw new ProtocolError(
        `a request claims ${length} bytes: this is no Kafka client, or more than --max-request-bytes ${this.maxRequestBytes}`,
      );
    }
    const end = 4 + length;
    if (this.buffered < end) return undefined;
    this.buffered -= end;
    if (first.length < end) {
      first = Buffer.concat(this.pieces);
      this.pieces = [];
    } else {
      this.pieces.shift();
    }
    if (first.length > end) this.pieces.unshift(first.subarray(end));
    return first.subarray(4, end);
  }

  clear(): void {
    this.pieces = [];
    this.buffered = 0;
  }
}
