/**
 * Reads streams, and makes batches of points of what was fetched: the hot path, stream by stream. It knows no thread and
 * no Electron; it is given messages, and answers by `post`. A stream has a few credits: each batch takes one, the map
 * gives it back, and with none left decoding waits, and the reader for it. So memory is bounded, and nothing is dropped.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodePoint, entityName, MAX_ENTITY_LENGTH } from '../../../geo/decodePoint';
import { PointParser } from '../../../geo/pointParser';
import { BATCH_POINTS } from '../../../shared/pointBatch';
import type { ReaderOptions } from '../../kafka/reader';
import type { Fetched, Passed, Reader } from '../../kafka/reading';
import { RecordCursor } from '../../kafka/recordBatches';
import { BatchPace } from './batchPace';
import { EntityBudget, EntityIndex, NO_ROOM } from './entityIndex';
import type { DecodingOptions, FromDecoder, ToDecoder } from './messages';
import { PointBatcher } from './pointBatcher';
import { readerMessages } from './readerMessages';

export type PostFromDecoder = (message: FromDecoder, transfer: readonly ArrayBuffer[]) => void;

export interface Decoder {
  receive(message: ToDecoder): void;
}

/**
 * Behind a full batch so many records wait in a partition when a backlog is read. Whoever follows a million a second finds
 * fewer, also where all of them are in one partition and an answer takes its time.
 */
const BACKLOG_RECORDS = 4 * BATCH_POINTS;

/** Where records come from: Kafka, or a test. */
export type Source = (options: ReaderOptions) => Reader;

export function createDecoder(read: Source, post: PostFromDecoder): Decoder {
  const streams = new Map<number, { readonly decoder: StreamDecoder; readonly reader: Reader }>();
  const budget = new EntityBudget();

  function open({ stream, order, options }: Extract<ToDecoder, { kind: 'open' }>): void {
    const decoder = new StreamDecoder(stream, order.topic, options, budget, post);
    const tell = (message: FromDecoder) => post(message, []);
    const listener = readerMessages(stream, tell, (fetched) => decoder.take(fetched));
    const reader = read({
      ...order,
      listener,
      log: (level, message) => tell({ kind: 'log', level, message }),
    });
    streams.set(stream, { decoder, reader });
  }

  function close(stream: number): void {
    const open = streams.get(stream);
    streams.delete(stream);
    open?.reader.close();
    open?.decoder.close();
  }

  return {
    receive: (message) => {
      switch (message.kind) {
        case 'limit':
          budget.most = message.entities;
          return;
        case 'open':
          return open(message);
        case 'credit':
          return streams.get(message.stream)?.decoder.credit(message.nextIn);
        case 'close':
          return close(message.stream);
        case 'spent':
          // It is garbage here now.
          return;
      }
    },
  };
}

/** What waits for its turn, and whoever waits for it. */
interface Task {
  readonly fetched: Fetched;
  readonly resolve: (passed: Passed) => void;
}

class StreamDecoder {
  readonly #stream: number;
  readonly #topic: string;
  readonly #options: DecodingOptions;
  readonly #post: PostFromDecoder;
  readonly #parser: PointParser;
  readonly #entities: EntityIndex;
  readonly #batcher: PointBatcher;
  readonly #budget: EntityBudget;
  readonly #pace = new BatchPace();
  readonly #tasks: Task[] = [];
  #credits: number;
  #busy = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #onCredit: (() => void) | undefined;

  constructor(stream: number, topic: string, options: DecodingOptions, budget: EntityBudget, post: PostFromDecoder) {
    this.#stream = stream;
    this.#topic = topic;
    this.#options = options;
    this.#post = post;
    this.#parser = new PointParser(options.measure);
    this.#entities = new EntityIndex(budget);
    this.#batcher = new PointBatcher(stream, options.examples);
    this.#budget = budget;
    this.#credits = options.batches;
  }

  /** Resolves once all of it is in batches, or in the next one; never when the stream is closed before. */
  take(fetched: Fetched): Promise<Passed> {
    return new Promise((resolve) => {
      this.#tasks.push({ fetched, resolve });
      if (!this.#busy) void this.#work();
    });
  }

  /** @param nextIn see FromWorker */
  credit(nextIn: number | null): void {
    this.#credits += 1;
    this.#pace.noteTaken(nextIn, performance.now());
    if (this.#onCredit) this.#onCredit();
    else this.#flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#entities.close();
    this.#tasks.length = 0;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#onCredit?.();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let next = this.#tasks.shift(); next; next = this.#tasks.shift()) {
        // Between two, what has come is read, what is to go is sent, and the other streams have their turn.
        await nextTurn();
        if (this.#closed) break;
        const passed = await this.#decode(next.fetched);
        if (passed) next.resolve(passed);
      }
    } catch (error) {
      // Decoding is total: this is a mistake of ours, and must not end the other streams.
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#closed) this.#post({ kind: 'failed', stream: this.#stream, reason }, []);
      this.close();
    }
    this.#busy = false;
  }

  /** Undefined when the stream was closed meanwhile. */
  async #decode({
    partition,
    data,
    abortedTransactions,
    highWatermark,
    ...bounds
  }: Fetched): Promise<Passed | undefined> {
    const batcher = this.#batcher;
    const cursor = await RecordCursor.open(data, bounds, abortedTransactions);
    const end = Math.min(highWatermark, bounds.end);
    let { bytes } = cursor;
    for (;;) {
      while (batcher.full) {
        batcher.reached(partition, cursor.position);
        if (!this.#flush(end - cursor.position > BACKLOG_RECORDS)) await this.#untilCredit();
        if (this.#closed) return undefined;
      }
      if (!cursor.next()) break;
      if (cursor.bytes !== bytes) {
        bytes = cursor.bytes;
        this.#parser.open(bytes);
      }
      if (!this.#addFast(cursor, partition)) this.#addSlowly(cursor, partition);
    }
    for (const { records, from, reason } of cursor.unreadable) {
      batcher.refuse('unreadable', { partition, offset: from, detail: reason, value: null }, records);
    }
    if (cursor.position > bounds.position) batcher.reached(partition, cursor.position);
    this.#flushSoon();
    return { next: cursor.position, late: cursor.late };
  }

  /** False when it has to be looked at slowly. */
  #addFast(cursor: RecordCursor, partition: number): boolean {
    const { bytes, keyAt, keyLength, valueAt, valueLength } = cursor;
    const parser = this.#parser;
    const isNamed = keyLength > 0;
    if (valueLength <= 0 || keyLength > MAX_ENTITY_LENGTH) return false;
    if (!parser.parse(valueAt, valueAt + valueLength, isNamed)) return false;
    let entity: number | undefined;
    if (isNamed) {
      entity = this.#entities.ofBytes(bytes, keyAt, keyAt + keyLength);
      entity ??= this.#entities.of(entityName(bytes.subarray(keyAt, keyAt + keyLength)));
    } else if (parser.name !== null) {
      if (parser.name.length <= MAX_ENTITY_LENGTH) entity = this.#entities.of(parser.name);
    } else if (parser.nameFrom < 0) entity = this.#entities.of(`${this.#topic}/${partition}`);
    else if (parser.nameTo - parser.nameFrom <= MAX_ENTITY_LENGTH) {
      entity = this.#entities.ofBytes(bytes, parser.nameFrom, parser.nameTo);
    }
    if (entity === undefined || entity === NO_ROOM) return false;
    const { lat, lon, time, heading, speed, measure } = parser;
    const at = Number.isNaN(time) ? cursor.timestamp : time;
    this.#batcher.addFix(entity, partition, cursor.offset, lat, lon, at, heading, speed, measure);
    return true;
  }

  /** For what the fast parser leaves alone, and for all that is to be refused. */
  #addSlowly(
    { bytes, keyAt, keyLength, valueAt, valueLength, timestamp, offset }: RecordCursor,
    partition: number,
  ): void {
    const topic = this.#topic;
    const { measure } = this.#options;
    const key = keyLength < 0 ? null : bytes.subarray(keyAt, keyAt + keyLength);
    const value = valueLength < 0 ? null : bytes.subarray(valueAt, valueAt + valueLength);
    const decoded = decodePoint({ key, value, timestamp, topic, partition }, measure);
    const batcher = this.#batcher;
    if (decoded.kind === 'refused') {
      batcher.refuse(decoded.reason, { partition, offset, detail: decoded.detail, value });
      return;
    }
    const entity = this.#entities.of(decoded.entity);
    if (entity === NO_ROOM) {
      batcher.refuse('too-many-entities', { partition, offset, detail: `the map holds ${this.#budget.most}`, value });
    } else if (decoded.kind === 'removed') batcher.addRemoval(entity, partition, offset);
    else {
      const { lat, lon, time, heading, speed } = decoded;
      batcher.addFix(entity, partition, offset, lat, lon, time, heading, speed, decoded.measure);
    }
  }

  /**
   * False when there is nothing to send, or no credit for it.
   * @param isBacklog see PointBatch
   */
  #flush(isBacklog = false): boolean {
    if (this.#closed || this.#batcher.empty || this.#credits === 0) return false;
    this.#credits -= 1;
    this.#pace.noteSent(performance.now());
    const newEntities = this.#entities.takeAdded();
    const { buffer, account } = this.#batcher.take(this.#entities.size - newEntities.length, newEntities, isBacklog);
    this.#post({ kind: 'batch', stream: this.#stream, buffer, account }, [buffer]);
    return true;
  }

  #flushSoon(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const wait = this.#pace.waitMs(performance.now());
    if (wait <= 0) {
      this.#flush();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, wait);
  }

  async #untilCredit(): Promise<void> {
    const tell = (held: boolean) => this.#post({ kind: 'held', stream: this.#stream, held }, []);
    tell(true);
    await new Promise<void>((resolve) => {
      this.#onCredit = resolve;
    });
    this.#onCredit = undefined;
    if (!this.#closed) tell(false);
  }
}
