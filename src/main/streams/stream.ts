/**
 * One topic on its way to the map: reader → decode → batches → points port, and the counts that come back.
 * Counts change only when the map acknowledges a batch, so read = shown + late + removed + refused always holds.
 */
import { decodePoint, type RefusalReason, refusalReasons } from '../../geo/decodePoint';
import type { LayerCounts, LayerStatus } from '../../shared/contract';
import { CREDITS, type FromWorker, type ToWorker } from '../../shared/pointsPort';
import type { KafkaClient, ReadRange } from '../kafka/kafkaClient';
import type { Fetched, KnownPositions, Positions, Reader, ReaderEvent, ReaderState } from '../kafka/reader';
import { type BatchAccount, createPointBatcher, type RefusedRecord } from './pointBatcher';
import { createRateMeter } from './rateMeter';

/** At most one batch a frame for a slow stream, ms. */
const FRAME_MS = 16;
const EXAMPLE_CHARACTERS = 400;

export interface StreamListener {
  onStatus(status: LayerStatus): void;
  onCounts(): void;
  /** What the person should know of: records that are gone, partitions that have come. */
  onEvent(event: ReaderEvent): void;
  /** The topic was deleted and made anew: the stream has ended, and another one has to read the new topic. */
  onReplaced(): void;
  /** The map said something impossible; the stream must be started anew. */
  onBroken(message: string): void;
}

export interface Stream {
  readonly number: number;
  readonly topic: string;
  counts(now: number): LayerCounts;
  /** Where reading started; undefined until it is known. */
  origin(): KnownPositions | undefined;
  /** Positions whose records are on the map. */
  applied(): Positions;
  fromWorker(message: FromWorker): void;
  close(): void;
}

export interface StreamOptions {
  readonly number: number;
  readonly topic: string;
  readonly range: ReadRange;
  readonly client: KafkaClient;
  readonly post: (message: ToWorker) => void;
  readonly listener: StreamListener;
  readonly onRead: (records: number) => void;
}

const lenient = new TextDecoder('utf-8');

function exampleText(value: Uint8Array | null): string {
  if (value === null) return '';
  const text = lenient.decode(value);
  return text.length > EXAMPLE_CHARACTERS ? `${text.slice(0, EXAMPLE_CHARACTERS)}…` : text;
}

function statusOf(state: ReaderState): LayerStatus {
  switch (state.kind) {
    case 'reading':
    case 'throttled':
      return state;
    case 'partly':
      return { kind: 'partly', partitions: [...state.partitions], reason: state.error.message };
    case 'retrying': {
      const { message, action, retriable } = state.error;
      return retriable ? { kind: 'retrying', reason: message } : { kind: 'failed', reason: message, action };
    }
  }
}

export function openStream(options: StreamOptions): Stream {
  const { number, topic, client, post, listener } = options;
  const batcher = createPointBatcher(number);
  const rate = createRateMeter();
  const inFlight: BatchAccount[] = [];
  const origin = new Map<number, number>();
  let topicId: string | null = null;
  const applied = new Map<number, number>();
  const highWatermarks = new Map<number, number>();
  /** Position behind the last fetch of each partition, whether or not its records are on the map yet. */
  const handedOver = new Map<number, number>();
  /** Before these offsets reading ends; and what there was to read when it began, up to there. */
  const stops = new Map<number, number>();
  const targets = new Map<number, number>();
  const refusals = new Map<RefusalReason, { count: number; example: RefusedRecord }>();
  const totals = { read: 0, shown: 0, late: 0, removed: 0, refused: 0, entities: 0, hidden: 0 };
  let closed = false;
  let lastFlush = 0;
  let timer: NodeJS.Timeout | undefined;
  let creditWaiters: (() => void)[] = [];
  let readerStatus: LayerStatus = { kind: 'starting' };
  let told = '';

  const upToStop = (partition: number, offset: number) =>
    Math.min(offset, stops.get(partition) ?? Number.POSITIVE_INFINITY);

  function backlog(): LayerCounts['backlog'] {
    let total = 0;
    let done = 0;
    for (const [partition, target] of targets) {
      const from = origin.get(partition) ?? target;
      total += target - from;
      done += Math.max(0, Math.min(applied.get(partition) ?? from, target) - from);
    }
    if (total === 0 || (done >= total && options.range.stop.kind === 'never')) return null;
    return { done, total };
  }

  const tellStatus = () => {
    const heldBack = creditWaiters.length > 0 && readerStatus.kind === 'reading';
    const status: LayerStatus = heldBack ? { kind: 'held-back' } : readerStatus;
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
    listener.onStatus(status);
  };

  const flush = () => {
    if (closed || batcher.empty || inFlight.length >= CREDITS) return;
    const { buffer, account } = batcher.take();
    inFlight.push(account);
    lastFlush = performance.now();
    post({ kind: 'batch', buffer });
  };

  const flushSoon = () => {
    if (timer !== undefined || closed) return;
    const wait = lastFlush + FRAME_MS - performance.now();
    if (wait <= 0) {
      flush();
      return;
    }
    timer = setTimeout(() => {
      timer = undefined;
      flush();
    }, wait);
  };

  const credit = () =>
    new Promise<void>((resolve) => {
      creditWaiters.push(resolve);
      tellStatus();
    });

  async function onFetched({ partition, records, unreadable, next, highWatermark }: Fetched): Promise<void> {
    highWatermarks.set(partition, highWatermark);
    for (const batch of unreadable) batcher.refuseUnreadable(batch.records, partition, batch.from, batch.reason);
    for (const record of records) {
      while (batcher.full && !closed) {
        flush();
        if (batcher.full) await credit();
      }
      if (closed) return;
      const { key, value, timestamp } = record;
      batcher.add(record, decodePoint({ key, value, timestamp, topic, partition }));
    }
    // Offsets behind the last record may hold none: transaction markers, or what compaction took away.
    if (next > (handedOver.get(partition) ?? next - 1)) {
      const last = records.at(-1);
      if (last === undefined || last.offset + 1 < next) batcher.reached(partition, next);
    }
    handedOver.set(partition, next);
    flushSoon();
    listener.onCounts();
  }

  function acknowledge(message: Extract<FromWorker, { kind: 'ack' }>): void {
    const account = inFlight.shift();
    if (
      account === undefined ||
      account.sequence !== message.sequence ||
      message.shown + message.late + message.removed !== account.points
    ) {
      listener.onBroken(`the map acknowledged batch ${message.sequence} of ${topic} wrongly`);
      return;
    }
    totals.read += account.read;
    totals.shown += message.shown;
    totals.late += message.late;
    totals.removed += message.removed;
    totals.refused += account.read - account.points;
    totals.entities = message.entities;
    totals.hidden = message.hidden;
    for (const [partition, position] of account.positions) applied.set(partition, position);
    for (const [reason, { count, example }] of account.refused) {
      refusals.set(reason, { count: count + (refusals.get(reason)?.count ?? 0), example });
    }
    rate.add(account.read, performance.now());
    options.onRead(account.read);
    const waiters = creditWaiters;
    creditWaiters = [];
    for (const resolve of waiters) resolve();
    if (waiters.length === 0) flush();
    else tellStatus();
    listener.onCounts();
  }

  post({ kind: 'open', stream: number, topic });
  tellStatus();
  const reader: Reader = client.read(topic, options.range, {
    onStart: (located) => {
      topicId = located.topicId;
      for (const [partition, stop] of located.stops) stops.set(partition, stop);
      for (const [partition, position] of located.positions) {
        const latest = located.highWatermarks.get(partition) ?? position;
        origin.set(partition, position);
        applied.set(partition, position);
        handedOver.set(partition, position);
        highWatermarks.set(partition, Math.max(position, latest));
        targets.set(partition, Math.max(position, upToStop(partition, latest)));
      }
      listener.onCounts();
    },
    onFetched,
    onState: (state) => {
      readerStatus = statusOf(state);
      tellStatus();
    },
    onEvent: (event) => {
      if (event.kind === 'truncated') {
        // What was read there is on the map; what comes next has these offsets again.
        applied.set(event.partition, event.from);
        handedOver.set(event.partition, event.from);
      }
      listener.onEvent(event);
    },
    onReplaced: listener.onReplaced,
    onDone: () => {
      readerStatus = { kind: 'done' };
      tellStatus();
      listener.onCounts();
    },
  });

  return {
    number,
    topic,
    counts: (now) => {
      let waiting = 0;
      for (const [partition, mark] of highWatermarks) {
        const end = upToStop(partition, mark);
        waiting += Math.max(0, end - (applied.get(partition) ?? end));
      }
      return {
        topic,
        ...totals,
        waiting,
        backlog: backlog(),
        rate: rate.perSecond(now),
        refusals: [...refusals].map(([reason, { count, example }]) => ({
          reason: refusalReasons[reason],
          count,
          example: {
            partition: example.partition,
            offset: String(example.offset),
            text: exampleText(example.value),
            detail: example.detail,
          },
        })),
      };
    },
    origin: () => (origin.size === 0 ? undefined : { kind: 'positions', topicId, positions: new Map(origin) }),
    applied: () => applied,
    fromWorker: (message) => {
      if (closed) return;
      if (message.kind === 'ack') acknowledge(message);
      else if (message.kind === 'failed')
        listener.onBroken(`the map could not apply a batch of ${topic}: ${message.message}`);
      else {
        totals.entities = message.entities;
        totals.hidden = message.hidden;
        listener.onCounts();
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
      reader.close();
      for (const resolve of creditWaiters) resolve();
      creditWaiters = [];
      post({ kind: 'close', stream: number });
    },
  };
}
