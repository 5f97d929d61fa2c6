/**
 * One topic on its way to the map, as the main process sees it: what the thread reads and decodes goes to the points
 * port, and the counts come back.
 * Counts change only when the map acknowledges a batch, so read = shown + late + removed + refused always holds.
 */
import { type RefusalReason, refusalReasons } from '../../geo/decodePoint';
import type { LayerCounts, LayerStatus, Limits } from '../../shared/contract';
import type { FromWorker, ToWorker } from '../../shared/pointsPort';
import type { KafkaClient, ReadRange } from '../kafka/kafkaClient';
import type { KnownPositions, Located, Positions, ReaderEvent } from '../kafka/reading';
import type { Decoding } from './decoding/decoding';
import type { OfStream } from './decoding/messages';
import { type BatchAccount, lastOf, type Refusals } from './decoding/pointBatcher';
import { createRateMeter } from './rateMeter';

const EXAMPLE_CHARACTERS = 400;

export interface StreamListener {
  onStatus(status: LayerStatus): void;
  onCounts(): void;
  /** All that there was to read when reading began is on the map. Told once. */
  onCaughtUp(): void;
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
  readonly decoding: Decoding;
  readonly limits: Pick<Limits, 'batches' | 'examples'>;
  /** See DecodingOptions. */
  readonly measure: string | null;
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

export function openStream(options: StreamOptions): Stream {
  const { number, topic, client, decoding, limits, measure, post, listener } = options;
  const rate = createRateMeter();
  const inFlight: BatchAccount[] = [];
  const origin = new Map<number, number>();
  let topicId: string | null = null;
  const applied = new Map<number, number>();
  const highWatermarks = new Map<number, number>();
  /** Before these offsets reading ends; and what there was to read when it began, up to there. */
  const stops = new Map<number, number>();
  const targets = new Map<number, number>();
  const refusals = new Map<RefusalReason, Refusals>();
  const totals = { read: 0, shown: 0, late: 0, removed: 0, refused: 0, entities: 0, hidden: 0 };
  let caughtUp = false;
  let closed = false;
  let held = false;
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

  function tellCaughtUp(): void {
    if (caughtUp) return;
    for (const [partition, target] of targets) if ((applied.get(partition) ?? 0) < target) return;
    caughtUp = true;
    listener.onCaughtUp();
  }

  const tellStatus = () => {
    const status: LayerStatus = held && readerStatus.kind === 'reading' ? { kind: 'held-back' } : readerStatus;
    const text = JSON.stringify(status);
    if (text === told) return;
    told = text;
    listener.onStatus(status);
  };

  function start(located: Located): void {
    topicId = located.topicId;
    for (const [partition, stop] of located.stops) stops.set(partition, stop);
    for (const [partition, position] of located.positions) {
      const latest = located.highWatermarks.get(partition) ?? position;
      origin.set(partition, position);
      applied.set(partition, position);
      highWatermarks.set(partition, Math.max(position, latest));
      targets.set(partition, Math.max(position, upToStop(partition, latest)));
    }
    listener.onCounts();
  }

  function fromThread(message: OfStream): void {
    switch (message.kind) {
      case 'batch':
        inFlight.push(message.account);
        post({ kind: 'batch', buffer: message.buffer });
        decoding.post({ kind: 'spent', buffer: message.buffer }, [message.buffer]);
        break;
      case 'located':
        start(message.located);
        break;
      case 'high-watermark':
        highWatermarks.set(message.partition, message.highWatermark);
        listener.onCounts();
        break;
      case 'held':
        held = message.held;
        tellStatus();
        break;
      case 'reader':
        readerStatus = message.status;
        tellStatus();
        if (readerStatus.kind === 'done') listener.onCounts();
        break;
      case 'event':
        // What was read there is on the map; what comes next has these offsets again.
        if (message.event.kind === 'truncated') applied.set(message.event.partition, message.event.from);
        listener.onEvent(message.event);
        break;
      case 'replaced':
        listener.onReplaced();
        break;
      case 'failed':
        listener.onBroken(message.reason);
        break;
    }
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
    for (const [reason, { count, examples }] of account.refused) {
      const before = refusals.get(reason);
      refusals.set(reason, {
        count: count + (before?.count ?? 0),
        examples: lastOf(before?.examples ?? [], examples, limits.examples),
      });
    }
    rate.add(account.read, performance.now());
    options.onRead(account.read);
    decoding.post({ kind: 'credit', stream: number, nextIn: message.nextIn });
    listener.onCounts();
    tellCaughtUp();
  }

  const order = client.readOrder(topic, options.range);
  post({ kind: 'open', stream: number, topic });
  decoding.listen(number, (message) => {
    if (!closed) fromThread(message);
  });
  decoding.post({ kind: 'open', stream: number, order, options: { ...limits, measure } });
  tellStatus();

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
        refusals: [...refusals].map(([reason, { count, examples }]) => ({
          reason: refusalReasons[reason],
          count,
          examples: examples.map(({ partition, offset, value, detail }) => ({
            partition,
            offset: String(offset),
            text: exampleText(value),
            detail,
          })),
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
      decoding.post({ kind: 'close', stream: number });
      post({ kind: 'close', stream: number });
    },
  };
}
