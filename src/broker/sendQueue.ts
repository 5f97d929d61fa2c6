/**
 * Answers on their way to one client. They are given to the socket bit by bit, because only the end of a write says
 * that something was read at the other side: so a client that reads slowly can be told from one that does not read.
 */
import type { Socket } from 'node:net';

const BIT_BYTES = 1 << 20;

export class SendQueue {
  /** Bytes that the system has not taken yet. */
  unsentBytes = 0;
  private waiting: Buffer[] = [];
  private isSending = false;

  constructor(
    private readonly socket: Socket,
    /** Some of it has gone. */
    private readonly onProgress: () => void,
  ) {}

  push(pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      this.unsentBytes += piece.length;
      for (let at = 0; at < piece.length; at += BIT_BYTES) {
        this.waiting.push(piece.length <= BIT_BYTES ? piece : piece.subarray(at, at + BIT_BYTES));
      }
    }
    if (!this.isSending) this.sendBit();
  }

  private sendBit(): void {
    let count = 0;
    let bytes = 0;
    for (const piece of this.waiting) {
      if (count > 0 && bytes + piece.length > BIT_BYTES) break;
      count += 1;
      bytes += piece.length;
    }
    const bit = this.waiting.splice(0, count);
    const last = bit.pop();
    if (last === undefined) return;
    this.isSending = true;
    this.socket.cork();
    for (const piece of bit) this.socket.write(piece);
    this.socket.write(last, () => {
      this.isSending = false;
      this.unsentBytes -= bytes;
      this.sendBit();
      this.onProgress();
    });
    this.socket.uncork();
  }

  clear(): void {
    this.waiting = [];
  }
}
