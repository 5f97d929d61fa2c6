import type { Fields } from '../allowedDifferences.ts';
import { batch, changed, compressed, spoilt, withBody } from '../batches.ts';
import { T0 } from '../library.ts';
import { FRESH, newTopic } from '../prepared.ts';
import { CONTROL, end, idempotent, producerId, records, TRANSACTIONAL } from '../producing.ts';
import { about } from '../scenario.ts';

const HOUR = 3_600_000;

const good = batch([T0, T0 + 1]);

export const produceScenarios = about('Produce', {
  'two batches, one request after another': async (t) => {
    await t.ask(records(t, good));
    await t.ask(records(t, batch([T0 + 5]), { acks: 1 }));
    await end(t);
  },
  'acks 0 is not answered': async (t) => {
    await t.tell(records(t, good, { acks: 0 }));
    await end(t);
  },
  'acks 0 to a topic that is not there closes the connection': async (t) => {
    await t.tell(records(t, good, { acks: 0, name: t.name('nobody') }));
    await end(t);
  },
  'acks that do not exist': async (t) => {
    for (const acks of [2, -2, 100]) await t.ask(records(t, good, { acks }));
  },
  'an unknown topic': (t) => t.ask(records(t, good, { name: t.name('nobody') })),
  'an unknown partition': (t) => t.ask(records(t, good, { index: 5000 })),
  'a partition below 0': (t) => t.ask(records(t, good, { index: -1 })),
  'a name that no topic can have': (t) => t.ask(records(t, good, { name: 'a/b' })),
  'nothing at all': (t) => t.ask({ acks: -1, timeoutMs: 1000, topics: [] }),
  'a topic without partitions': (t) => t.ask({ acks: -1, timeoutMs: 1000, topics: [{ name: FRESH, partitions: [] }] }),
  'no bytes in the place of records': (t) => t.ask(records(t, Buffer.alloc(0))),
  'null in the place of records': {
    from: 11,
    differs: [{ at: /./, because: 'Kafka fails inside and never answers' }],
    run: (t) => t.ask(records(t, null)),
  },
  'a checksum that does not hold': (t) =>
    t.ask(
      records(
        t,
        spoilt(good, (bytes) => bytes.writeUInt8(bytes.readUInt8(17) ^ 1, 17)),
      ),
    ),
  'a bit turned over in a record': (t) =>
    t.ask(
      records(
        t,
        spoilt(good, (bytes) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3)),
      ),
    ),
  'magic 0, 1, 3 and -1': async (t) => {
    for (const magic of [0, 1, 3, -1])
      await t.ask(
        records(
          t,
          spoilt(good, (bytes) => bytes.writeInt8(magic, 16)),
        ),
      );
  },
  'a batch that claims to be longer than it is': (t) =>
    t.ask(
      records(
        t,
        spoilt(good, (bytes) => bytes.writeInt32BE(bytes.length, 8)),
      ),
    ),
  'a batch that claims to be shorter than it is': {
    differs: [{ at: /errorCode/, because: 'bytes behind the batch are seen before its checksum is' }],
    run: (t) =>
      t.ask(
        records(
          t,
          spoilt(good, (bytes) => bytes.writeInt32BE(bytes.length - 20, 8)),
        ),
      ),
  },
  'a batch that claims no or negative length': async (t) => {
    for (const length of [0, -1, 13]) {
      await t.ask(
        records(
          t,
          spoilt(good, (bytes) => bytes.writeInt32BE(length, 8)),
        ),
      );
    }
  },
  'a batch that is cut off': async (t) => {
    for (const length of [5, 12, 20, 60, 61, good.length - 1]) await t.ask(records(t, good.subarray(0, length)));
  },
  'two batches at once': (t) => t.ask(records(t, Buffer.concat([good, good]))),
  'a batch and rubbish': {
    differs: [
      {
        at: /errorCode|baseOffset|errorMessage|logStartOffset|recordErrors/,
        because: 'nothing that was sent is dropped in silence',
      },
    ],
    run: (t) => t.ask(records(t, Buffer.concat([good, Buffer.from('rubbish')]))),
  },
  'more records than it counts': (t) =>
    t.ask(
      records(
        t,
        changed(good, (bytes) => bytes.writeInt32BE(1, 57)),
      ),
    ),
  'a record count of 0 and below': async (t) => {
    for (const count of [0, -1])
      await t.ask(
        records(
          t,
          changed(good, (bytes) => bytes.writeInt32BE(count, 57)),
        ),
      );
  },
  'a last offset delta that does not fit': async (t) => {
    for (const delta of [0, 5, -1])
      await t.ask(
        records(
          t,
          changed(good, (bytes) => bytes.writeInt32BE(delta, 23)),
        ),
      );
  },
  'a base offset other than 0': (t) =>
    t.ask(
      records(
        t,
        spoilt(good, (bytes) => bytes.writeBigInt64BE(77n, 0)),
      ),
    ),
  'a control batch': (t) => t.ask(records(t, batch([T0], { attributes: CONTROL }))),
  'a transactional batch of no producer': (t) => t.ask(records(t, batch([T0], { attributes: TRANSACTIONAL }))),
  'a transactional batch with a producer, without a transaction': async (t) => {
    await t.ask(records(t, idempotent(await producerId(t), 0, 0, TRANSACTIONAL)));
  },
  'larger than max.message.bytes': async (t) => {
    const name = t.name('small');
    await newTopic(t, name, 1, { 'max.message.bytes': '300', 'retention.ms': '-1' });
    await t.ask(records(t, batch([T0], { valueBytes: 200 }), { name, index: 0 }));
    await t.ask(records(t, batch([T0], { valueBytes: 400 }), { name, index: 0 }));
  },
  'exactly as large as max.message.bytes, and one byte more': async (t) => {
    const name = t.name('exact');
    await newTopic(t, name, 1, { 'max.message.bytes': String(good.length), 'retention.ms': '-1' });
    await t.ask(records(t, good, { name, index: 0 }));
    await t.ask(records(t, batch([T0, T0 + 1], { valueBytes: 6 }), { name, index: 0 }));
  },
  'times long ago and negative': async (t) => {
    for (const time of [0, 1, -1]) await t.ask(records(t, batch([time])));
  },
  'times in the future': async (t) => {
    const now = Date.now();
    await t.ask(records(t, batch([now + HOUR / 2])), { only: ({ responses }: Fields) => ({ responses }) });
    await t.ask(records(t, batch([now + 2 * HOUR])));
    await t.ask(records(t, batch([now, now + 2 * HOUR])));
  },
  'times too old for the topic': {
    differs: [{ at: /./, because: 'the built-in broker looks at the first and the largest timestamp alone' }],
    run: async (t) => {
      const name = t.name('young');
      await newTopic(t, name, 1, { 'message.timestamp.before.max.ms': String(HOUR), 'retention.ms': '-1' });
      const now = Date.now();
      await t.ask(records(t, batch([now - 2 * HOUR]), { name, index: 0 }));
      await t.ask(records(t, batch([now, now - 2 * HOUR]), { name, index: 0 }));
      await t.ask(records(t, batch([now]), { name, index: 0 }));
    },
  },
  "the broker's time": async (t) => {
    const name = t.name('clock');
    await newTopic(t, name, 1, { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' });
    await t.ask(records(t, batch([T0, T0 + 5]), { name, index: 0 }));
    await t.ask(records(t, compressed([0, 5]), { name, index: 0 }));
  },
  'the largest timestamp is not what the header says': async (t) => {
    await t.ask(
      records(
        t,
        changed(good, (bytes) => bytes.writeBigInt64BE(BigInt(T0 + 9), 35)),
      ),
    );
  },
  'a compressed batch': async (t) => {
    await t.ask(records(t, compressed([T0, T0 + 1, T0 + 2])));
    await end(t);
  },
  'a batch that says it is compressed and is not': {
    differs: [
      {
        at: /errorCode|baseOffset|errorMessage|logStartOffset|recordErrors/,
        because: 'the built-in broker never decompresses',
      },
    ],
    run: (t) => t.ask(records(t, withBody(compressed([T0]), Buffer.from('this is no gzip')))),
  },
  'a codec that does not exist': (t) => t.ask(records(t, batch([T0], { attributes: 7 }))),
  'a part of a request fails': (t) => {
    const partitions = [
      { index: t.place.partition, records: Buffer.from(good) },
      { index: 5000, records: Buffer.from(good) },
    ];
    const topics = [
      { name: FRESH, partitions },
      { name: t.name('nobody'), partitions: [{ index: 0, records: Buffer.from(good) }] },
    ];
    return t.ask({ acks: -1, timeoutMs: 30_000, topics });
  },
  'the same partition twice': {
    differs: [{ at: /partitions/, because: 'nothing that was sent is dropped in silence: Kafka takes the last alone' }],
    run: (t) => {
      const partition = () => ({ index: t.place.partition, records: Buffer.from(good) });
      return t.ask({ acks: -1, timeoutMs: 30_000, topics: [{ name: FRESH, partitions: [partition(), partition()] }] });
    },
  },
  'a transactional id, and a batch that is not': async (t) =>
    t.ask({ ...records(t, good), transactionalId: t.name('tx') }),
  'a compacted topic wants keys': async (t) => {
    const name = t.name('compact');
    await newTopic(t, name, 1, { 'cleanup.policy': 'compact' });
    await t.ask(records(t, good, { name, index: 0 }));
  },
});
