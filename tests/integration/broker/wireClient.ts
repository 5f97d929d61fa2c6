/** A client that says exactly what a test wants said: any request, in any version, through the broker's own codec. */
import { connect, type Socket } from 'node:net';
import { ByteReader } from '../../../src/broker/wire/byteReader.ts';
import { ByteWriter } from '../../../src/broker/wire/byteWriter.ts';
import { decode, encode, skipTaggedFields } from '../../../src/broker/wire/codec.ts';
import type { Decoded, Encodable, Message, Shape } from '../../../src/broker/wire/schema.ts';

export class WireClient {
  private pieces: Buffer[] = [];
  private buffered = 0;
  private readonly waiting = new Map<number, (body: Buffer) => void>();
  private nextId = 1;
  /** Correlation ids of the responses, as they came. */
  readonly order: number[] = [];
  readonly closed: Promise<void>;

  private constructor(
    private readonly socket: Socket,
    private readonly clientId: string | undefined,
  ) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.pieces.push(chunk);
      this.buffered += chunk.length;
      for (let answer = this.nextAnswer(); answer !== undefined; answer = this.nextAnswer()) {
        const id = answer.readInt32BE(4);
        this.order.push(id);
        this.waiting.get(id)?.(answer.subarray(8));
      }
    });
  }

  private nextAnswer(): Buffer | undefined {
    if (this.buffered < 4) return undefined;
    if ((this.pieces[0]?.length ?? 0) < 4) this.pieces = [Buffer.concat(this.pieces)];
    const end = 4 + (this.pieces[0]?.readInt32BE(0) ?? 0);
    if (this.buffered < end) return undefined;
    const received = Buffer.concat(this.pieces);
    this.pieces = [received.subarray(end)];
    this.buffered -= end;
    return received.subarray(0, end);
  }

  static open(address: { host: string; port: number }, clientId?: string): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(address.port, address.host, () => resolve(new WireClient(socket, clientId)));
      socket.once('error', reject);
    });
  }

  /** Resolves with the decoded response. */
  async ask<Q extends Shape, R extends Shape>(
    key: number,
    version: number,
    [request, response]: readonly [Message<Q>, Message<R>],
    body: Encodable<Q>,
  ): Promise<Decoded<R>> {
    const bytes = await this.answerTo(this.send(key, version, request, body));
    const reader = new ByteReader(bytes);
    if (version >= response.flexibleFrom) skipTaggedFields(reader);
    return decode(response, version, reader);
  }

  /** The response's bytes behind its correlation id. */
  answerTo(id: number): Promise<Buffer> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  /** Sends without waiting for anything. */
  send<Q extends Shape>(key: number, version: number, request: Message<Q>, body: Encodable<Q>): number {
    const id = this.nextId;
    this.write(this.bytesOf(key, version, request, body));
    return id;
  }

  /** The next request, framed, without sending it. */
  bytesOf<Q extends Shape>(key: number, version: number, request: Message<Q>, body: Encodable<Q>): Buffer {
    const id = this.nextId;
    this.nextId += 1;
    const writer = new ByteWriter();
    writer.int32(0);
    writer.int16(key);
    writer.int16(version);
    writer.int32(id);
    if (this.clientId === undefined) writer.int16(-1);
    else {
      writer.int16(Buffer.byteLength(this.clientId));
      writer.utf8(this.clientId, Buffer.byteLength(this.clientId));
    }
    if (version >= request.flexibleFrom) writer.unsignedVarint(0);
    encode(request, version, body, writer);
    const bytes = Buffer.concat(writer.pieces());
    bytes.writeInt32BE(bytes.length - 4);
    return bytes;
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }
}
