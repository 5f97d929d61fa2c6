/**
 * One client's connection: cuts the stream of bytes into requests, and sends the responses in the order of the
 * requests (the protocol has no other way to tell whose response is whose), however long one of them is held back.
 */
import type { Socket } from 'node:net';
import { API_VERSIONS_KEY, advertisedVersions } from './api/apiVersions.ts';
import { FETCH_KEY } from './api/fetch.ts';
import { type Answer, apis, CLOSE_CONNECTION, NO_RESPONSE } from './api/index.ts';
import type { BrokerState } from './brokerState.ts';
import { ByteReader } from './wire/byteReader.ts';
import { ByteWriter } from './wire/byteWriter.ts';
import { encode, skipTaggedFields } from './wire/codec.ts';
import { ErrorCode } from './wire/errorCode.ts';
import { apiVersionsResponse } from './wire/messages/apiVersions.ts';
import { ProtocolError } from './wire/protocolError.ts';

/** Kafka's socket.request.max.bytes. */
const MAX_REQUEST_BYTES = 104_857_600;
/** The fixed part of a request header: key, version, correlation id. */
const MIN_REQUEST_BYTES = 8;
/** Requests of one client that may be under way; with more, or with more unread output, its bytes are left waiting. */
const MAX_IN_FLIGHT = 64;
const MAX_UNSENT_BYTES = 4 << 20;

interface Slot {
  readonly key: number;
  /** Undefined while the answer is not there yet; empty if none is to be sent. */
  pieces: readonly Buffer[] | undefined;
  release: (() => void) | undefined;
}

export class Connection {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private readonly slots: Slot[] = [];
  private readonly peer: string;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly broker: BrokerState,
    private readonly onClose: (connection: Connection) => void,
  ) {
    this.peer = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.buffered += chunk.length;
      this.takeRequests();
    });
    socket.on('drain', () => this.takeRequests());
    // A client that goes without a word is nothing to report; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.close());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    this.chunks = [];
    for (const slot of this.slots) slot.release?.();
    this.onClose(this);
  }

  private refuse(reason: string): void {
    if (this.closed) return;
    this.broker.logger.warn('a connection was closed', { peer: this.peer, reason });
    this.close();
  }

  private takeRequests(): void {
    try {
      while (!this.closed) {
        if (this.slots.length >= MAX_IN_FLIGHT || this.socket.writableLength > MAX_UNSENT_BYTES) {
          this.socket.pause();
          return;
        }
        const frame = this.takeFrame();
        if (frame === undefined) break;
        this.serve(frame);
      }
      if (!this.closed && this.socket.isPaused()) this.socket.resume();
    } catch (error) {
      if (error instanceof ProtocolError) {
        this.refuse(error.message);
        return;
      }
      this.broker.logger.error('a request failed', { peer: this.peer, error: describeError(error) });
      this.refuse('a request failed');
    }
  }

  /** The next whole request, without its length; bytes are joined only once all of them have come. */
  private takeFrame(): Buffer | undefined {
    if (this.buffered < 4) return undefined;
    let first = this.chunks[0] ?? Buffer.alloc(0);
    if (first.length < 4) {
      first = Buffer.concat(this.chunks);
      this.chunks = [first];
    }
    const length = first.readInt32BE(0);
    if (length < MIN_REQUEST_BYTES || length > MAX_REQUEST_BYTES) {
      throw new ProtocolError(`a request claims ${length} bytes: this is no Kafka client, or it is too large`);
    }
    const end = 4 + length;
    if (this.buffered < end) return undefined;
    if (first.length < end) first = Buffer.concat(this.chunks, this.buffered);
    else if (this.chunks.length > 1) {
      this.chunks.shift();
      if (first.length > end) this.chunks.unshift(first.subarray(end));
      this.buffered -= end;
      return first.subarray(4, end);
    }
    this.chunks = first.length > end ? [first.subarray(end)] : [];
    this.buffered -= end;
    return first.subarray(4, end);
  }

  private serve(frame: Buffer): void {
    const reader = new ByteReader(frame);
    const key = reader.int16();
    const version = reader.int16();
    const correlationId = reader.int32();
    const api = apis.get(key);
    if (api === undefined) throw new ProtocolError(`unknown API key ${key}`);
    const slot: Slot = { key, pieces: undefined, release: undefined };
    if (version < api.minVersion || version > api.maxVersion) {
      if (key !== API_VERSIONS_KEY) throw new ProtocolError(`${api.name} version ${version} is not supported`);
      this.slots.push(slot);
      this.settle(slot, correlationId, false, writeUnsupportedVersion);
      return;
    }
    const clientId = readClientId(reader);
    if (version >= api.request.flexibleFrom) skipTaggedFields(reader);
    this.letGoOfFetches(key);
    this.slots.push(slot);
    const flexibleHeader = key !== API_VERSIONS_KEY && version >= api.response.flexibleFrom;
    const answer = api.answer(reader, {
      broker: this.broker,
      version,
      clientId,
      clientHost: `/${this.socket.remoteAddress ?? ''}`,
      park: (release) => {
        slot.release = release;
        return () => {
          slot.release = undefined;
        };
      },
    });
    if (!(answer instanceof Promise)) {
      this.settle(slot, correlationId, flexibleHeader, answer);
      return;
    }
    answer
      .then((late) => {
        this.settle(slot, correlationId, flexibleHeader, late);
        this.takeRequests();
      })
      .catch((error: unknown) => {
        this.broker.logger.error('a request failed', { peer: this.peer, api: api.name, error: describeError(error) });
        this.refuse('a request failed');
      });
  }

  /**
   * kafkajs sends heartbeats, commits and its leave over the connection on which a fetch may be held back for seconds;
   * they cannot be answered before it, so it is answered now, with what there is. Only another fetch may queue
   * behind it: a client that keeps two under way would otherwise never wait at all.
   */
  private letGoOfFetches(nextKey: number): void {
    if (nextKey === FETCH_KEY) return;
    for (const slot of this.slots) if (slot.key === FETCH_KEY) slot.release?.();
  }

  private settle(slot: Slot, correlationId: number, flexibleHeader: boolean, answer: Answer): void {
    if (this.closed) return;
    if (answer === CLOSE_CONNECTION) {
      this.refuse('a request that wants no answer failed');
      return;
    }
    slot.pieces = answer === NO_RESPONSE ? [] : frameResponse(correlationId, flexibleHeader, answer);
    this.socket.cork();
    while (this.slots[0]?.pieces !== undefined) {
      for (const piece of this.slots.shift()?.pieces ?? []) this.socket.write(piece);
    }
    this.socket.uncork();
  }
}

function readClientId(reader: ByteReader): string {
  // Never compact, in no version: an old broker must be able to read the header of a new ApiVersions request.
  const length = reader.int16();
  if (length < -1) throw new ProtocolError(`the client id has the length ${length}`);
  return length === -1 ? '' : reader.utf8(length);
}

function frameResponse(correlationId: number, flexible: boolean, answer: (writer: ByteWriter) => void): Buffer[] {
  const writer = new ByteWriter();
  writer.int32(0);
  writer.int32(correlationId);
  if (flexible) writer.unsignedVarint(0);
  answer(writer);
  const pieces = writer.pieces();
  pieces[0]?.writeInt32BE(writer.length - 4, 0);
  return pieces;
}

function writeUnsupportedVersion(writer: ByteWriter): void {
  const apiKeys = advertisedVersions();
  encode(apiVersionsResponse, 0, { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys }, writer);
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
