/** A reader of the app's client for the tests, and all that it tells, in the order in which it tells it. */
import type { KafkaClient, ReadRange } from '../../../src/main/kafka/kafkaClient';
import { type Located, openReader, type ReaderEvent, type ReaderState } from '../../../src/main/kafka/reader';
import { type ReadRecord, recordsOf } from './recordsOf';

export interface Reading {
  readonly topic: string;
  readonly records: readonly ReadRecord[];
  /** Of the records, in the same order. */
  readonly values: readonly string[];
  /** As `partition:offset`, in the same order. */
  readonly offsets: readonly string[];
  readonly started: ReadonlyMap<number, number>;
  readonly topicId: string | null | undefined;
  readonly next: ReadonlyMap<number, number>;
  readonly highWatermarks: ReadonlyMap<number, number>;
  readonly events: readonly ReaderEvent[];
  readonly states: readonly ReaderState[];
  readonly state: ReaderState | undefined;
  /**
   * States, events and the end in words: `reading`, `partly 0,2 CODE`, `retrying CODE`, `throttled`, `gap 0 3-5`,
   * `truncated 0 3-5`, `partitions-added 2`, `unreadable 0 3-5`, `replaced`, `done`.
   */
  readonly told: readonly string[];
  /** Rejects with all that was told when it does not come true in time. */
  until(condition: () => boolean, withinMs?: number): Promise<void>;
  /** What is fetched from now on waits to be taken in. */
  hold(): void;
  /** How many fetches wait. */
  readonly held: number;
  release(): void;
  close(): void;
}

const WITHIN_MS = 90_000;

export function startReading(
  client: KafkaClient,
  topic: string,
  { start = { kind: 'beginning' }, stop = { kind: 'never' } }: Partial<ReadRange> = {},
): Reading {
  const records: ReadRecord[] = [];
  const values: string[] = [];
  const offsets: string[] = [];
  const started = new Map<number, number>();
  const next = new Map<number, number>();
  const highWatermarks = new Map<number, number>();
  const events: ReaderEvent[] = [];
  const states: ReaderState[] = [];
  const told: string[] = [];
  const waiting = new Set<() => void>();
  let topicId: string | null | undefined;
  let holding: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  let held = 0;
  const changed = () => {
    for (const look of [...waiting]) look();
  };
  const tell = (words: string) => {
    told.push(words);
    changed();
  };
  const release = () => {
    holding?.end();
    holding = undefined;
  };

  const reader = openReader({
    ...client.readOrder(topic, { start, stop }),
    log: () => undefined,
    listener: {
      onStart: (located: Located) => {
        topicId = located.topicId;
        for (const [partition, position] of located.positions) {
          if (started.has(partition)) throw new Error(`partition ${partition} has started twice`);
          started.set(partition, position);
        }
        for (const [partition, offset] of located.highWatermarks) highWatermarks.set(partition, offset);
        changed();
      },
      onFetched: async (fetched) => {
        if (holding) {
          held += 1;
          changed();
          await holding.over;
          held -= 1;
        }
        const { partition, data, abortedTransactions, highWatermark } = fetched;
        const found = await recordsOf(data, partition, fetched, abortedTransactions);
        for (const record of found.records) {
          records.push(record);
          values.push(record.value === null ? 'null' : Buffer.from(record.value).toString());
          offsets.push(`${record.partition}:${record.offset}`);
        }
        next.set(partition, found.next);
        highWatermarks.set(partition, highWatermark);
        for (const { from, to } of found.unreadable) tell(`unreadable ${partition} ${from}-${to}`);
        changed();
        return found;
      },
      onState: (state) => {
        states.push(state);
        tell(stateInWords(state));
      },
      onEvent: (event) => {
        events.push(event);
        tell(eventInWords(event));
      },
      onReplaced: () => tell('replaced'),
      onDone: () => tell('done'),
    },
  });

  return {
    topic,
    records,
    values,
    offsets,
    started,
    get topicId() {
      return topicId;
    },
    next,
    highWatermarks,
    events,
    states,
    get state() {
      return states.at(-1);
    },
    told,
    until: (condition, withinMs = WITHIN_MS) => {
      // The trace of whoever waits, not of the timer.
      const late = new Error(`not within ${withinMs / 1000} s`);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          late.message += `; ${records.length} records; told: ${told.join(', ')}`;
          reject(late);
        }, withinMs);
        const look = () => {
          if (!condition()) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    hold: () => {
      if (holding) return;
      let end: () => void = () => undefined;
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      holding = { over, end };
    },
    get held() {
      return held;
    },
    release,
    close: () => {
      reader.close();
      release();
    },
  };
}

function stateInWords(state: ReaderState): string {
  switch (state.kind) {
    case 'reading':
    case 'throttled':
      return state.kind;
    case 'partly':
      return `partly ${state.partitions.join(',')} ${state.error.code}`;
    case 'retrying':
      return `retrying ${state.error.code}`;
  }
}

function eventInWords(event: ReaderEvent): string {
  if (event.kind === 'partitions-added') return `partitions-added ${event.partitions.join(',')}`;
  return `${event.kind} ${event.partition} ${event.from}-${event.to}`;
}
