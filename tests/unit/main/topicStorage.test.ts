import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ByteReader } from '../../../src/broker/wire/byteReader.ts';
import { ByteWriter } from '../../../src/broker/wire/byteWriter.ts';
import { decode, encode } from '../../../src/broker/wire/codec.ts';
import { describeLogDirsRequest, describeLogDirsResponse } from '../../../src/broker/wire/messages/describeLogDirs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../src/broker/wire/messages/incrementalAlterConfigs.ts';
import type { Decoder, Encoder, Message } from '../../../src/main/kafka/brokerConnection';
import { alterMessage } from '../../../src/main/kafka/configChange';
import { diskUseOf, logDirsMessage } from '../../../src/main/kafka/logDirs';
import type { TopicMetadata } from '../../../src/main/kafka/metadata';
import { readDefaultAge, readRetention } from '../../../src/main/kafka/topicConfigs';
import { watchTopicStorage } from '../../../src/main/topicStorage';
import type { TopicStorage } from '../../../src/shared/topicStorage';

const requireHere = createRequire(import.meta.url);
const EncoderClass = requireHere('kafkajs/src/protocol/encoder') as new () => Encoder;
const DecoderClass = requireHere('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;

const topicOf = (topic: string, replicas: number[][]): TopicMetadata => ({
  topicErrorCode: 0,
  topic,
  topicId: null,
  isInternal: false,
  partitionMetadata: replicas.map((nodes, partitionId) => ({ partitionId, leader: nodes[0] ?? -1, replicas: nodes })),
});

function written(message: Message<unknown>): Buffer {
  const body = new EncoderClass();
  message.write(body);
  return body.buffer;
}

type Shaped = Parameters<typeof encode>[0];
function answerBytes(shape: Shaped, version: number, body: Parameters<typeof encode>[2]): Decoder {
  const writer = new ByteWriter();
  encode(shape, version, body, writer);
  return new DecoderClass(Buffer.concat(writer.pieces()));
}

describe('the requests that kafkajs does not have', () => {
  it.each([1, 3])(
    'ask in version %i of DescribeLogDirs for the partitions of topics, and read the answer',
    (version) => {
      const message = logDirsMessage(version, [topicOf('a', [[1], [1]]), topicOf('b', [[1]])]);
      expect(decode(describeLogDirsRequest, version, new ByteReader(written(message)))).toEqual({
        topics: [
          { topic: 'a', partitions: [0, 1] },
          { topic: 'b', partitions: [0] },
        ],
      });
      const partition = (partitionIndex: number, partitionSize: number, isFutureKey = false) => ({
        partitionIndex,
        partitionSize,
        offsetLag: 0,
        isFutureKey,
      });
      const answer = message.read(
        answerBytes(describeLogDirsResponse, version, {
          results: [
            {
              errorCode: 0,
              logDir: '/one',
              topics: [{ name: 'a', partitions: [partition(0, 5e12), partition(1, 7)] }],
            },
            { errorCode: 56, logDir: '/broken', topics: [] },
            { errorCode: 0, logDir: '/two', topics: [{ name: 'a', partitions: [partition(0, 3, true)] }] },
          ],
        }),
      );
      expect(answer).toEqual({
        errorCode: 0,
        folders: [
          {
            errorCode: 0,
            replicas: [
              { topic: 'a', bytes: 5e12, isFuture: false },
              { topic: 'a', bytes: 7, isFuture: false },
            ],
          },
          { errorCode: 56, replicas: [] },
          { errorCode: 0, replicas: [{ topic: 'a', bytes: 3, isFuture: true }] },
        ],
      });
    },
  );

  it.each([0, 1])('change in version %i of IncrementalAlterConfigs what is named, and read each refusal', (version) => {
    const message = alterMessage(version, 'a', {
      'retention.ms': { kind: 'own', value: 3_600_000 },
      'retention.bytes': { kind: 'own', value: null },
      'segment.ms': { kind: 'default' },
    });
    expect(decode(incrementalAlterConfigsRequest, version, new ByteReader(written(message)))).toEqual({
      resources: [
        {
          resourceType: 2,
          resourceName: 'a',
          configs: [
            { name: 'retention.ms', configOperation: 0, value: '3600000' },
            { name: 'retention.bytes', configOperation: 0, value: '-1' },
            { name: 'segment.ms', configOperation: 1, value: null },
          ],
        },
      ],
      validateOnly: false,
    });
    const responses = [{ errorCode: 44, errorMessage: 'at most a day', resourceType: 2, resourceName: 'a' }];
    expect(message.read(answerBytes(incrementalAlterConfigsResponse, version, { responses }))).toEqual([
      { errorCode: 44, errorMessage: 'at most a day' },
    ]);
  });
});

describe('what a topic takes on disk', () => {
  const topic = topicOf('a', [
    [1, 2],
    [2, 1],
  ]);
  const told = (...sizes: number[]) => ({
    kind: 'told' as const,
    replicas: [
      ...sizes.map((bytes) => ({ topic: 'a', bytes, isFuture: false })),
      { topic: 'another', bytes: 1_000, isFuture: false },
    ],
  });

  it('is the sum over all replicas of all brokers', () => {
    expect(diskUseOf(topic, [told(10, 30), told(11, 29)])).toEqual({
      kind: 'known',
      bytes: 80,
      largest: 30,
      replicas: 4,
      missing: 0,
    });
  });

  it('misses the replicas of brokers that are away, or do not tell', () => {
    expect(diskUseOf(topic, [told(10, 30)])).toMatchObject({ bytes: 40, replicas: 2, missing: 2 });
    expect(diskUseOf(topic, [told(10, 30), { kind: 'denied' }])).toMatchObject({ replicas: 2, missing: 2 });
  });

  it('counts a replica that moves to another disk twice in bytes, and once as a replica', () => {
    const moving = {
      kind: 'told' as const,
      replicas: [...told(11, 29).replicas, { topic: 'a', bytes: 5, isFuture: true }],
    };
    expect(diskUseOf(topic, [told(10, 30), moving])).toMatchObject({ bytes: 85, replicas: 4, missing: 0 });
  });

  it('is not known when nobody tells, with the reason that lasts', () => {
    expect(diskUseOf(topic, [{ kind: 'away' }, { kind: 'denied' }])).toEqual({ kind: 'denied' });
    expect(diskUseOf(topic, [{ kind: 'unsupported' }])).toEqual({ kind: 'unsupported' });
    expect(diskUseOf(topic, [])).toEqual({ kind: 'away' });
  });
});

describe('the settings of a topic', () => {
  const entry = (configName: string, configValue: string | null, configSource = 5, synonyms?: [string, string][]) => ({
    configName,
    configValue,
    configSource,
    ...(synonyms && {
      configSynonyms: synonyms.map(([name, value], i) => ({
        configName: name,
        configValue: value,
        configSource: i === 0 && configSource === 1 ? 1 : 5,
      })),
    }),
  });
  const others = [entry('retention.bytes', '-1'), entry('cleanup.policy', 'delete'), entry('segment.ms', '604800000')];

  it('are read with what would hold without them', () => {
    const ms = entry('retention.ms', '1000', 1, [
      ['retention.ms', '1000'],
      ['log.retention.ms', '-1'],
    ]);
    expect(readRetention([ms, ...others], 5, true)).toEqual({
      kind: 'known',
      ms: { value: 1_000, own: true, fallback: null },
      bytes: { value: null, own: false, fallback: null },
      deletes: true,
      compacts: false,
      segmentMs: 604_800_000,
      segmentBytes: null,
      changeable: true,
    });
    // Apache Kafka leaves log.retention.hours out: the broker's own settings tell.
    const untold = entry('retention.ms', '1000', 1, [['retention.ms', '1000']]);
    expect(readRetention([untold, ...others], 5, true)).toMatchObject({ ms: { fallback: 5 } });
    expect(readRetention([untold, ...others], undefined, true)).toMatchObject({ ms: { value: 1_000, own: true } });
  });

  it('are no limit where they are below zero, or beyond all time', () => {
    for (const value of ['-1', '9223372036854775807']) {
      expect(readRetention([entry('retention.ms', value), ...others], undefined, true)).toMatchObject({
        ms: { value: null },
      });
    }
  });

  it('are not told when the answer is none', () => {
    for (const value of [null, '', 'soon', '1e9']) {
      expect(readRetention([entry('retention.ms', value), ...others], undefined, true)).toEqual({
        kind: 'unsupported',
      });
    }
    expect(readRetention([], undefined, true)).toEqual({ kind: 'unsupported' });
  });

  it('have a default age in one of three units, the finest first', () => {
    const hours = entry('log.retention.hours', '168');
    expect(readDefaultAge([hours])).toBe(604_800_000);
    expect(readDefaultAge([hours, entry('log.retention.minutes', '90')])).toBe(5_400_000);
    expect(readDefaultAge([hours, entry('log.retention.ms', '-1')])).toBeNull();
    expect(readDefaultAge([hours, entry('log.retention.ms', null)])).toBe(604_800_000);
    expect(readDefaultAge([])).toBeUndefined();
  });
});

describe('the storage of the topics in view', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked for at a calmer pace at rest, and said to be unknown while the cluster is away', async () => {
    let away = false;
    let asked = 0;
    const told: TopicStorage[][] = [];
    const watch = watchTopicStorage(
      {
        topicStorage: async (names) => {
          asked += 1;
          if (away) throw new Error('away');
          return names.map((name) => ({ name, disk: { kind: 'denied' }, retention: { kind: 'denied' } }));
        },
      },
      (found) => told.push(found),
    );
    watch.inView(['a']);
    await vi.advanceTimersByTimeAsync(300_000);
    const before = asked;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked - before).toBe(10);
    expect(told).toEqual([[{ name: 'a', disk: { kind: 'denied' }, retention: { kind: 'denied' } }]]);
    away = true;
    watch.look();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toEqual([{ name: 'a', disk: { kind: 'away' }, retention: { kind: 'away' } }]);
    watch.close();
  });
});
