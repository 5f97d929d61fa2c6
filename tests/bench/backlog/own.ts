/**
 * The app's side of the backlog row: `own.mjs read|points ADDRESS TOPIC RECORDS` reads the topic from its beginning and
 * tells its parent how many records a second, counted from the first that were handed over.
 */
import { join } from 'node:path';
import { createKafkaClient } from '../../../src/main/kafka/kafkaClient';
import { openReader } from '../../../src/main/kafka/reader';
import { RecordCursor } from '../../../src/main/kafka/recordBatches';
import { decodeInThread } from '../../../src/main/streams/decoding/decoding';
import { openStream } from '../../../src/main/streams/stream';
import { defaultLimits } from '../../../src/shared/limitRanges';
import { decodePointBatch } from '../../../src/shared/pointBatch';

const [job, address = '', topic = '', recordsText = '0'] = process.argv.slice(2);
const records = Number(recordsText);
const range = { start: { kind: 'beginning' }, stop: { kind: 'never' } } as const;

const log = (level: string, message: string) => console.error(level, message);
const client = createKafkaClient({
  access: { bootstrap: [address], clientId: 'geostream-bench', tls: null, sasl: null },
  readOnly: true,
  groupId: 'geostream-bench',
  compression: () => 'none',
  onSending: () => undefined,
  log,
});

let read = 0;
let beforeClock = 0;
let start = 0;
function count(more: number): void {
  read += more;
  if (start === 0 && read > 0) {
    start = performance.now();
    beforeClock = read;
  }
  if (read >= records) process.send?.((read - beforeClock) / ((performance.now() - start) / 1_000));
}

function fail(message: string): never {
  throw new Error(message);
}

/** Each record stepped over, and no more. */
function readOnly(): void {
  openReader({
    ...client.readOrder(topic, range),
    log,
    listener: {
      onDone: () => undefined,
      onStart: () => undefined,
      onFetched: async ({ data, abortedTransactions, ...bounds }) => {
        const cursor = await RecordCursor.open(data, bounds, abortedTransactions);
        let more = 0;
        while (cursor.next()) more += 1;
        count(more);
        return { next: cursor.position, late: cursor.late };
      },
      onState: (state) => state.kind === 'retrying' && fail(state.error.message),
      onEvent: ({ kind }) => fail(kind),
      onReplaced: () => fail('the topic is another one'),
    },
  });
}

/** All that the main process does for a layer, with a map that takes every batch at once. */
function readPoints(): void {
  const decoding = decodeInThread(join(import.meta.dirname, 'decoder.mjs'), (_level, message) => fail(message));
  decoding.post({ kind: 'limit', entities: defaultLimits.entities });
  const stream = openStream({
    number: 1,
    topic,
    range,
    client,
    decoding,
    limits: defaultLimits,
    measure: null,
    post: (message) => {
      if (message.kind !== 'batch') return;
      const { sequence, count: shown } = decodePointBatch(message.buffer);
      const none = { late: 0, removed: 0, entities: 0, hidden: 0, nextIn: null };
      setImmediate(() => stream.fromWorker({ kind: 'ack', stream: 1, sequence, shown, ...none }));
    },
    onRead: count,
    listener: {
      onStatus: (status) => status.kind === 'failed' && fail(status.reason),
      onCounts: () => undefined,
      onCaughtUp: () => undefined,
      onEvent: ({ kind }) => fail(kind),
      onReplaced: () => fail('the topic is another one'),
      onBroken: fail,
    },
  });
}

process.once('disconnect', () => process.exit());
if (job === 'points') readPoints();
else readOnly();
