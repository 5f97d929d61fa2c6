import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameBuffer } from '../../../src/broker/frameBuffer.ts';
import { ProtocolError } from '../../../src/broker/wire/protocolError.ts';

function framed(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + body.length, 0);
  bytes.writeInt32BE(body.length);
  bytes.set(body, 4);
  return bytes;
}

const bodies = fc.array(fc.uint8Array({ minLength: 8, maxLength: 60_000, size: 'max' }), { maxLength: 6 });

describe('a frame buffer', () => {
  it('gives out the same requests however their bytes were cut', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }), (wanted, sizes) => {
        const buffer = new FrameBuffer(60_000);
        const bytes = Buffer.concat(wanted.map(framed));
        const found: Buffer[] = [];
        let at = 0;
        for (let piece = 0; at < bytes.length; piece += 1) {
          const size = sizes[piece % sizes.length] ?? 1;
          buffer.push(bytes.subarray(at, at + size));
          at += size;
          for (let frame = buffer.next(); frame !== undefined; frame = buffer.next()) found.push(frame);
        }
        expect(found.map((frame) => frame.toString('hex'))).toEqual(
          wanted.map((body) => Buffer.from(body).toString('hex')),
        );
        expect(buffer.sizeInBytes).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('holds a request that trickles in byte by byte in few pieces', () => {
    const buffer = new FrameBuffer(1 << 20);
    const bytes = framed(Buffer.alloc(300_000, 7));
    for (const byte of bytes.subarray(0, -1)) buffer.push(Buffer.from([byte]));
    expect(buffer.next()).toBeUndefined();
    expect(buffer.sizeInBytes).toBe(300_003);
    expect(buffer.pieceCount).toBeLessThan(50);
    buffer.push(bytes.subarray(-1));
    expect(buffer.next()?.equals(bytes.subarray(4))).toBe(true);
  });

  it.each([-1, 0, 7, 1001, 0x7fff_ffff, -0x8000_0000])(
    'refuses a request of %i bytes as soon as it claims them',
    (size) => {
      const buffer = new FrameBuffer(1000);
      const claim = Buffer.alloc(4);
      claim.writeInt32BE(size);
      buffer.push(claim);
      expect(() => buffer.next()).toThrow(ProtocolError);
    },
  );
});
