/**
 * One client's connection: cuts the stream of bytes into requests, and sends the responses in the order of the
 * requests (the protocol has no other way to tell whose response is whose), however long one of them is held back.
 */
import type { Socket } from 'node:net';
import { API_VERSIONS_KEY, advertisedVersions } from './api/apiVersions.ts';
import { FETCH_KEY } from './api/fetch.ts';
import { type Answer, apis, CLOSE_CONNECTION, NO_RESPONSE } from './api/index.ts';
import type { BrokerState } from './brokerState.ts';
import { FrameBuffer } from './frameBuffer.ts';
import type { Share } from './memoryBudget.ts';
import { SendQueue } from './sendQueue.ts';
import { type Steps, soonOrLater, Turns } from './turns.ts';
import { ByteReader } from './wire/byteReader.ts';
import { ByteWriter } from './wire/byteWriter.ts';
import { encode, skipTaggedFields } from './wire/codec.ts';
import { ErrorCode } from './wire/errorCode.ts';
import { apiVersionsResponse } from './wire/messages/apiVersions.ts';
import { ProtocolError } from './wire/protocolError.ts';

/** Requests of one connection that are served before the others get their turn. */
const MAX_PER_TURN = 32;
/** What a request that waits costs beside its bytes: its slot, promises, timer and listeners. */
const PARKED_OVERHEAD_BYTES = 1024;

/** What was worked on in turns when its connection closed. */
class ConnectionClosed extends Error {}

interface Slot {
  readonly key: number;
  /** What it holds of the memory for requests that wait. */
  parkedBytes: number;
  /** Undefined while the answer is not there yet; empty if none is to be sent. */
  pieces: readonly Buffer[] | undefined;
  release: (() => void) | undefined;
}

export class Connection {
  private readonly frames: FrameBuffer;
  private readonly slots: Slot[] = [];
  /** Bytes of answers that wait for one before them. */
  private queuedBytes = 0;
  private readonly unfinished: Share;
  private readonly parked: Share;
  private readonly unsent: Share;
  private readonly peer: string;
  private readonly sendQueue: SendQueue;
  /** Runs while it has too much to read; each bit that it reads starts it anew. */
  private stallTimer: NodeJS.Timeout | undefined;
  private givesWay = false;
  private toldOfWaiting = false;
  /** Requests that are being worked on in turns. */
  private working = 0;
  private closed = false;

  constructor(
    private readonly socket: Socket,
    private readonly broker: BrokerState,
    private readonly onClose: (connection: Connection) => void,
  ) {
    const { limits, memory } = broker;
    this.peer = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.frames = new FrameBuffer(limits.maxRequestBytes);
    this.unfinished = memory.unfinished.share(() => {
      this.refuse(`requests in part fill the memory for them (--max-unfinished-bytes ${limits.maxUnfinishedBytes})`);
    });
    this.parked = memory.parked.share(() => this.giveUpParked());
    this.unsent = memory.unsent.share();
    this.sendQueue = new SendQueue(socket, () => {
      clearTimeout(this.stallTimer);
      this.stallTimer = undefined;
      this.takeRequests();
    });
    socket.setNoDelay(true);
    socket.setTimeout(limits.maxIdleMs);
    socket.on('timeout', () => this.endIdle());
    socket.on('data', (chunk) => {
      this.frames.push(chunk);
      this.takeRequests();
    });
    // A client that goes without a word is nothing to report; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.close());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.socket.destroy();
    this.frames.clear();
    this.sendQueue.clear();
    clearTimeout(this.stallTimer);
    for (const slot of this.slots) slot.release?.();
    const { memory } = this.broker;
    memory.unfinished.end(this.unfinished);
    memory.parked.end(this.parked);
    memory.unsent.end(this.unsent);
    this.onClose(this);
  }

  private refuse(reason: string): void {
    if (this.closed) return;
    this.broker.logger.warn('a connection was closed', { peer: this.peer, reason });
    this.close();
  }

  private endIdle(): void {
    const { maxIdleMs } = this.broker.limits;
    if (this.slots.length > 0) {
      // Its requests are parked here: it is the broker that is silent.
      this.socket.setTimeout(maxIdleMs);
    } else if (!this.closed) {
      const reason = `nothing came for ${maxIdleMs} ms (--max-idle-ms)`;
      this.broker.logger.info('an idle connection was closed', { peer: this.peer, reason });
      this.close();
    }
  }

  private endStalled(): void {
    const { maxStalledMs } = this.broker.limits;
    const unread = this.sendQueue.unsentBytes;
    this.refuse(`${unread} bytes wait to be read, and none was for ${maxStalledMs} ms (--max-stalled-ms)`);
  }

  /** Answers its fetches with what there is; with none, the connection has to go. */
  private giveUpParked(): void {
    let given = 0;
    for (const slot of this.slots) {
      if (slot.release === undefined) continue;
      given += slot.parkedBytes;
      slot.parkedBytes = 0;
      slot.release();
    }
    if (given > 0) this.parked.set(this.parked.bytes - given);
    else this.refuse('its requests fill the memory for those that wait (--max-parked-bytes)');
  }

  /** Whether its next requests have to wait until answers are ready, or were read. */
  private mustWait(): boolean {
    const { limits, memory } = this.broker;
    const unsent = this.noteUnsent();
    const mustRead = unsent > limits.maxUnsentBytes || (unsent > 0 && memory.unsent.isOver);
    if (mustRead && this.sendQueue.unsentBytes > 0) {
      this.stallTimer ??= setTimeout(() => this.endStalled(), limits.maxStalledMs).unref();
    }
    return mustRead || this.working > 0 || this.slots.length >= limits.maxInFlight;
  }

  private noteUnsent(): number {
    const unsent = this.sendQueue.unsentBytes + this.queuedBytes;
    this.unsent.set(unsent);
    return unsent;
  }

  private takeRequests(): void {
    if (this.closed || this.givesWay) return;
    try {
      for (let taken = 0; !this.closed; taken += 1) {
        if (this.mustWait()) {
          this.tellOfWaiting();
          this.socket.pause();
          break;
        }
        if (taken === MAX_PER_TURN) {
          this.giveWay();
          break;
        }
        const frame = this.frames.next();
        if (frame === undefined) {
          if (this.socket.isPaused()) this.socket.resume();
          break;
        }
        this.serve(frame);
      }
      if (!this.closed) this.unfinished.set(this.frames.sizeInBytes);
    } catch (error) {
      if (error instanceof ProtocolError) {
        this.refuse(error.message);
        return;
      }
      this.broker.logger.error('a request failed', { peer: this.peer, error: describeError(error) });
      this.refuse('a request failed');
    }
  }

  private tellOfWaiting(): void {
    const { maxInFlight } = this.broker.limits;
    if (this.toldOfWaiting || this.slots.length < maxInFlight) return;
    this.toldOfWaiting = true;
    const reason = `${maxInFlight} of its requests wait for their answers (--max-in-flight)`;
    this.broker.logger.info('a client has to wait', { peer: this.peer, reason });
  }

  /** One client with thousands of small requests must not keep the others waiting for all of them. */
  private giveWay(): void {
    this.socket.pause();
    this.givesWay = true;
    setImmediate(() => {
      this.givesWay = false;
      this.takeRequests();
    });
  }

  private serve(frame: Buffer): void {
    const reader = new ByteReader(frame);
    const key = reader.int16();
    const version = reader.int16();
    const correlationId = reader.int32();
    const api = apis.get(key);
    if (api === undefined) throw new ProtocolError(`unknown API key ${key}`);
    const slot: Slot = { key, parkedBytes: 0, pieces: undefined, release: undefined };
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
      isGone: () => this.closed,
      park: (release) => {
        slot.release = release;
        return () => {
          slot.release = undefined;
        };
      },
      work: (steps) => this.work(steps),
    });
    if (!(answer instanceof Promise)) {
      this.settle(slot, correlationId, flexibleHeader, answer);
      return;
    }
    slot.parkedBytes = frame.length + PARKED_OVERHEAD_BYTES;
    this.parked.set(this.parked.bytes + slot.parkedBytes);
    answer
      .then((late) => {
        this.settle(slot, correlationId, flexibleHeader, late);
        this.takeRequests();
      })
      .catch((error: unknown) => {
        if (error instanceof ConnectionClosed) return;
        this.broker.logger.error('a request failed', { peer: this.peer, api: api.name, error: describeError(error) });
        this.refuse('a request failed');
      });
  }

  private work<T>(steps: Steps<T>): T | Promise<T> {
    const { pause } = new Turns();
    const result = soonOrLater(this.untilClosed(steps), pause);
    if (!(result instanceof Promise)) return result;
    this.working += 1;
    const goOn = () => {
      this.working -= 1;
      // Behind whatever the result leads to: a fetch that is parked then is among those that a next request lets go of.
      setImmediate(() => this.takeRequests());
    };
    void result.then(goOn, goOn);
    return result;
  }

  /** Ends with the connection, like a throw: nobody will see what else would come of it. */
  private *untilClosed<T>(steps: Steps<T>): Steps<T> {
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        yield;
        if (this.closed) throw new ConnectionClosed();
      }
    } finally {
      steps.return(undefined as never);
    }
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
    this.parked.set(this.parked.bytes - slot.parkedBytes);
    slot.parkedBytes = 0;
    slot.pieces = answer === NO_RESPONSE ? [] : frameResponse(correlationId, flexibleHeader, answer);
    this.queuedBytes += sizeOf(slot.pieces);
    const due: Buffer[] = [];
    while (this.slots[0]?.pieces !== undefined) due.push(...(this.slots.shift()?.pieces ?? []));
    this.queuedBytes -= sizeOf(due);
    this.sendQueue.push(due);
    this.noteUnsent();
  }
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
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
