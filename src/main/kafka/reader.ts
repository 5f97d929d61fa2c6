/**
 * Reads one topic without a consumer group: it keeps its own position for each partition, so nothing is left
 * behind on the cluster, nothing is read twice and nothing is skipped, whatever breaks on the way. It stands on
 * kafkajs's connections and codecs (see kafkajsInternals.ts).
 *
 * Back-pressure is the listener's promise: while it is unresolved, nothing more is fetched from that broker.
 */
import type { StartPosition, StopPosition } from '../../shared/contract';
import { type KafkaError, protocolErrorType, toKafkaError } from './kafkaError';
import { type FetchedPartition, type InternalBroker, visibleMessages } from './kafkajsInternals';
import { earliestOffsets, latestOffsets, offsetsAt, topicLayout } from './offsets';
import { openSession, READ_COMMITTED, type Session, type SessionOptions } from './session';
import { startOffsets } from './startOffsets';

/** Offsets by partition: the next one to read. Numbers are exact up to 2^53. */
export type Positions = ReadonlyMap<number, number>;

export interface FetchedRecord {
  readonly partition: number;
  readonly offset: number;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

export interface Fetched {
  readonly partition: number;
  /** In offset order, from the asked-for position on. */
  readonly records: readonly FetchedRecord[];
  /** The position behind these records. */
  readonly next: number;
  /** The offset that the next produced record will get. */
  readonly highWatermark: number;
}

export interface ReaderListener {
  /** Where each partition starts; told once a partition, before its first record. */
  /** `stops`: the offsets before which reading ends, where they are known. */
  onStart(positions: Positions, highWatermarks: Positions, stops: Positions): void;
  onFetched(fetched: Fetched): Promise<void> | void;
  onReading(): void;
  onRetrying(error: KafkaError, delayMs: number): void;
  /** The cluster no longer holds `from` to `to` (exclusive): deleted before it could be read. */
  onGap(partition: number, from: number, to: number): void;
  /** Every partition has been read up to where it was to stop; the reader is closed. */
  onDone(): void;
}

export interface Reader {
  close(): void;
}

export interface ReaderOptions extends SessionOptions {
  readonly topic: string;
  /** A rule, or the positions themselves. */
  readonly start: StartPosition | Positions;
  readonly stop: StopPosition;
  /** The group whose committed offsets `committed` goes on from. */
  readonly groupId: string;
  readonly listener: ReaderListener;
}

/** How long a broker holds a fetch that finds nothing, ms. A produce ends the wait at once. */
const LONG_POLL_MS = 5_000;
const MAX_BYTES = 8 << 20;
const MAX_BYTES_PER_PARTITION = 1 << 20;
const METADATA_AGE_MS = 5_000;
const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

/** Thrown inside the reader to look at the topic's layout again without waiting. */
class LayoutChanged extends Error {}

function recordsFrom(position: number, fetched: FetchedPartition): { records: FetchedRecord[]; next: number } {
  let next = position;
  for (const message of fetched.messages) {
    const batch = message.batchContext;
    // Compaction may have removed a batch's last records; the batch still says how far it reached.
    const behind = batch ? Number(batch.firstOffset) + batch.lastOffsetDelta + 1 : Number(message.offset) + 1;
    if (behind > next) next = behind;
  }
  const records: FetchedRecord[] = [];
  for (const message of visibleMessages(fetched)) {
    const offset = Number(message.offset);
    // A batch is returned whole, with the records before the position too.
    if (offset < position) continue;
    records.push({
      partition: fetched.partition,
      offset,
      timestamp: Number(message.timestamp),
      key: message.key,
      value: message.value,
    });
  }
  return { records, next };
}

export function openReader(options: ReaderOptions): Reader {
  const { topic, listener } = options;
  const positions = new Map<number, number>();
  /** Reading a partition ends before this offset; absent while there is no end. */
  const stops = new Map<number, number>();
  let closed = false;
  let session: Session | undefined;
  let wake: (() => void) | undefined;
  let attempt = 0;
  let startedOnce = false;
  /** True from the first answered fetch until something breaks. */
  let reading = false;
  let endClosing: () => void = () => undefined;
  const closing = new Promise<void>((resolve) => {
    endClosing = resolve;
  });

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Gives a position to every partition that has none. */
  async function locate(open: Session, partitions: readonly number[]): Promise<void> {
    const missing = partitions.filter((partition) => !positions.has(partition));
    if (missing.length === 0) return;
    const [earliest, latest] = await Promise.all([
      earliestOffsets(open, topic, missing),
      latestOffsets(open, topic, missing),
    ]);
    const { start } = options;
    let found: Positions = earliest;
    if (!startedOnce) {
      found =
        'kind' in start
          ? await startOffsets(open, options.groupId, topic, start, { earliest, latest }, Date.now())
          : start;
    }
    const located = new Map<number, number>();
    for (const partition of missing) {
      const low = earliest.get(partition) ?? 0;
      const high = latest.get(partition) ?? low;
      const wanted = found.get(partition) ?? low;
      located.set(partition, wanted);
      if (wanted < low) {
        // Asked for by number, an offset that is gone is only where the person guessed; left off there, it is a loss.
        if (!('kind' in start) || start.kind === 'committed') listener.onGap(partition, wanted, low);
        located.set(partition, low);
      } else if (wanted > high) located.set(partition, low); // the topic was deleted and made anew
    }
    for (const [partition, position] of located) positions.set(partition, position);
    startedOnce = true;
    await locateStops(open, missing, latest);
    listener.onStart(located, latest, stops);
    endWhenDone();
  }

  async function locateStops(open: Session, partitions: readonly number[], latest: Positions): Promise<void> {
    const { stop } = options;
    if (stop.kind === 'never') return;
    const found = stop.kind === 'time' ? await offsetsAt(open, topic, partitions, stop.at) : latest;
    for (const partition of partitions) {
      const end = found.get(partition);
      if (stop.kind === 'offset') stops.set(partition, stop.offset + 1);
      else if (end !== undefined) stops.set(partition, end);
      // No record is that late. What comes before a time that is past would have come by now.
      else if (stop.kind === 'time' && stop.at <= Date.now()) stops.set(partition, latest.get(partition) ?? 0);
    }
  }

  const isAtStop = (partition: number) =>
    (positions.get(partition) ?? 0) >= (stops.get(partition) ?? Number.POSITIVE_INFINITY);

  function endWhenDone(): void {
    if (closed || ![...positions.keys()].every(isAtStop)) return;
    closed = true;
    listener.onDone();
    endClosing();
  }

  /** What lies before the stop. The first record that is later than a time to come sets the stop. */
  function beforeStop(partition: number, found: { records: FetchedRecord[]; next: number }, highWatermark: number) {
    const { stop } = options;
    if (stop.kind === 'time' && !stops.has(partition)) {
      const late = found.records.find(({ timestamp }) => timestamp >= stop.at);
      if (late) stops.set(partition, late.offset);
      else if (found.next >= highWatermark && Date.now() > stop.at) stops.set(partition, found.next);
    }
    const end = stops.get(partition) ?? Number.POSITIVE_INFINITY;
    if (found.next <= end) return found;
    return { records: found.records.filter(({ offset }) => offset < end), next: end };
  }

  /** Kafka no longer has, or does not yet have, the position: go on at its first record, and say what is missing. */
  async function relocate(open: Session, partition: number): Promise<void> {
    const low = (await earliestOffsets(open, topic, [partition])).get(partition) ?? 0;
    const position = positions.get(partition) ?? low;
    if (position < low) listener.onGap(partition, position, low);
    positions.set(partition, low);
  }

  async function fetchLoop(
    broker: InternalBroker,
    partitions: readonly number[],
    live: () => boolean,
    answered: () => void,
  ): Promise<void> {
    let waitMs = 0; // the first fetch answers at once, so that the state is known
    while (live()) {
      const wanted = partitions.filter((partition) => !isAtStop(partition));
      if (wanted.length === 0) return;
      const { responses } = await broker.fetch({
        maxWaitTime: waitMs,
        minBytes: 1,
        maxBytes: MAX_BYTES,
        isolationLevel: READ_COMMITTED,
        topics: [
          {
            topic,
            partitions: wanted.map((partition) => ({
              partition,
              fetchOffset: String(positions.get(partition) ?? 0),
              maxBytes: MAX_BYTES_PER_PARTITION,
            })),
          },
        ],
      });
      if (!live()) return;
      waitMs = LONG_POLL_MS;
      answered();
      for (const response of responses) {
        for (const fetched of response.partitions) {
          const { partition } = fetched;
          const highWatermark = Number(fetched.highWatermark);
          const found = recordsFrom(positions.get(partition) ?? 0, fetched);
          const { records, next } = beforeStop(partition, found, highWatermark);
          await listener.onFetched({ partition, records, next, highWatermark });
          positions.set(partition, next);
          endWhenDone();
          if (!live()) return;
        }
      }
    }
  }

  /** Reads until something breaks or the layout changes; then throws, with no fetch loop left running. */
  async function readFrom(open: Session): Promise<void> {
    const layout = await topicLayout(open, topic);
    await locate(open, [...layout.keys()]);
    let live = true;
    let stopWatching: () => void = () => undefined;
    const watch = async () => {
      while (live && !closed) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, METADATA_AGE_MS);
          stopWatching = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        if (!live || closed) return;
        const now = await topicLayout(open, topic);
        const same =
          now.size === layout.size && [...now].every(([partition, leader]) => layout.get(partition) === leader);
        if (!same) throw new LayoutChanged();
      }
    };
    const leaders = groupByLeader(layout);
    const silent = new Set(leaders.keys());
    /** All is well only once every leader has answered; one that is away must not be hidden by the others. */
    const answered = (leader: number) => {
      silent.delete(leader);
      if (silent.size > 0 || reading) return;
      attempt = 0;
      reading = true;
      listener.onReading();
    };
    const loops = [...leaders].map(async ([leader, partitions]) => {
      const broker = await open.cluster.findBroker({ nodeId: leader });
      await fetchLoop(
        broker,
        partitions,
        () => live && !closed,
        () => answered(leader),
      );
    });
    const all = [...loops, watch()];
    try {
      await Promise.race(all.map((loop) => loop.then(() => new Promise(() => undefined))).concat(closing));
    } finally {
      live = false;
      stopWatching();
      open.close();
      await Promise.allSettled(all);
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      try {
        session = await openSession(options);
        if (closed) break;
        await readFrom(session);
      } catch (error) {
        if (closed) break;
        if (error instanceof LayoutChanged) continue;
        if (protocolErrorType(error) === 'OFFSET_OUT_OF_RANGE') {
          const { partition } = error as { partition?: unknown };
          if (await recoverPosition(typeof partition === 'number' ? [partition] : [...positions.keys()])) continue;
        }
        const known = toKafkaError(error);
        const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt, 10), MAX_RETRY_MS);
        attempt += 1;
        reading = false;
        listener.onRetrying(known, delay);
        await sleep(delay);
      } finally {
        session?.close();
        session = undefined;
      }
    }
    session?.close();
  }

  async function recoverPosition(partitions: readonly number[]): Promise<boolean> {
    let fresh: Session | undefined;
    try {
      fresh = await openSession(options);
      await topicLayout(fresh, topic);
      for (const partition of partitions) {
        const low = (await earliestOffsets(fresh, topic, [partition])).get(partition) ?? 0;
        const high = (await latestOffsets(fresh, topic, [partition])).get(partition) ?? low;
        const position = positions.get(partition) ?? low;
        if (position < low || position > high) await relocate(fresh, partition);
      }
      return true;
    } catch {
      return false; // the next turn of the loop meets the same fault and reports it
    } finally {
      fresh?.close();
    }
  }

  void run();
  return {
    close: () => {
      closed = true;
      endClosing();
      wake?.();
      session?.close();
    },
  };
}

function groupByLeader(layout: ReadonlyMap<number, number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [partition, leader] of layout) {
    const group = groups.get(leader);
    if (group) group.push(partition);
    else groups.set(leader, [partition]);
  }
  return groups;
}
