/**
 * The way of a batch to the leader of its partition: what goes to the same broker in the same moment shares a request,
 * and every partition gets an answer of its own, sorted by whether the broker may have taken the batch.
 */
import type { Compression } from '../../shared/contract';
import { type BrokerConnection, protocolError } from './brokerConnection';
import { type ClusterConnections, createClusterConnections } from './clusterConnections';
import { KafkaError, toKafkaError } from './kafkaError';
import type { LogSink } from './kafkajsInternals';
import { createPartitioner } from './partitioner';
import { askProducerId, askToWrite } from './produce';

import { createSequences, type ProducerId, type Sequence } from './sequences';
import type { SessionOptions } from './session';
import { AttemptFailure, type Batch, type Transport } from './transport';

export interface ProduceTransportOptions extends SessionOptions {
  readonly compression: () => Compression;
}

interface Attempt {
  readonly batch: Batch;
  readonly sequence: Sequence;
  readonly withinMs: number;
  readonly resolve: (baseOffset: number) => void;
  readonly reject: (failure: AttemptFailure) => void;
}

/** Several batches in one request; a single one may be larger. */
const REQUEST_BYTES = 4 << 20;
const ASK_WITHIN_MS = 5_000;

/** The broker does not follow the sequence numbers: its record of the producer was lost, with the topic or by its age. */
const LOST_SEQUENCE = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
]);
/** One record can be the reason. */
const ABOUT_A_RECORD = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
/** Said before anything is appended. */
const NOT_APPENDED = new Set([
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
]);
/** A leader that loses its office while it waits for the replicas says so too, with the batch in its log. */
const LEADER_MOVED = new Set(['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);

const leaderAway = ({ topic, partition }: Batch, cause?: unknown) =>
  new KafkaError(
    'LEADER_AWAY',
    `The leader of ${topic}-${partition} is away.`,
    'Wait until its broker is back, or the cluster has chosen another one.',
    true,
    { cause },
  );

const neverSent = (error: KafkaError) =>
  new AttemptFailure(error, {
    mayBeWritten: false,
    next: error.retriable || error.code === 'CLUSTER' ? 'retry' : 'give-up',
  });

/** What a broker's error for a batch means. */
function refused(batch: Batch, code: number): AttemptFailure {
  const error = protocolError(code);
  const { type } = error;
  const known = LEADER_MOVED.has(type) ? leaderAway(batch, error) : toKafkaError(error);
  if (LOST_SEQUENCE.has(type)) return new AttemptFailure(known, { mayBeWritten: false, next: 'restart' });
  if (ABOUT_A_RECORD.has(type)) {
    const words =
      type === 'INVALID_RECORD'
        ? new KafkaError(
            type,
            'The cluster does not accept the record.',
            'Give it a key if the topic is compacted.',
            false,
          )
        : known;
    return new AttemptFailure(words, { mayBeWritten: false, next: 'split' });
  }
  if (NOT_APPENDED.has(type)) return new AttemptFailure(known, { mayBeWritten: false, next: 'retry' });
  if (error.retriable || type === 'UNKNOWN') return new AttemptFailure(known, { mayBeWritten: true, next: 'retry' });
  return new AttemptFailure(known, { mayBeWritten: type === 'KAFKAJS_UNKNOWN_ERROR_CODE', next: 'give-up' });
}

export function createProduceTransport(options: ProduceTransportOptions): Transport & { close(): void } {
  const { compression, log } = options;
  const cluster = createClusterConnections({ ...options, createsTopics: true });
  const partitionOf = createPartitioner();
  const sequences = createSequences(() => askForId(cluster, log));
  /** By broker, then by producer id, which is one for a whole request. */
  const gathering = new Map<BrokerConnection, Map<string, Attempt[]>>();

  /** A connection to the batch's leader. Whatever goes wrong here, nothing has been sent. */
  async function leaderOf(batch: Batch): Promise<BrokerConnection> {
    const { topic, partition } = batch;
    const found = (await cluster.partitionsOf(topic)).find(({ partitionId }) => partitionId === partition);
    if (!found || found.leader < 0) {
      cluster.forget(topic);
      throw leaderAway(batch);
    }
    try {
      return await cluster.connection(found.leader);
    } catch (thrown) {
      cluster.forget(topic);
      const error = toKafkaError(thrown);
      throw error.retriable ? leaderAway(batch, error) : error;
    }
  }

  function gather(broker: BrokerConnection, attempt: Attempt): void {
    let byProducer = gathering.get(broker);
    if (!byProducer) {
      const mine = new Map<string, Attempt[]>();
      byProducer = mine;
      gathering.set(broker, mine);
      setImmediate(() => {
        gathering.delete(broker);
        for (const attempts of mine.values()) for (const request of inRequests(attempts)) void post(broker, request);
      });
    }
    const { id, epoch } = attempt.sequence.producer;
    const key = `${id}/${epoch}`;
    const waiting = byProducer.get(key);
    if (waiting) waiting.push(attempt);
    else byProducer.set(key, [attempt]);
  }

  async function post(broker: BrokerConnection, attempts: readonly Attempt[]): Promise<void> {
    const [first] = attempts;
    if (!first) return;
    try {
      const { topics } = await askToWrite(
        broker,
        {
          producerId: first.sequence.producer.id,
          producerEpoch: first.sequence.producer.epoch,
          compression: compression(),
          topicData: [...groupByTopic(attempts)].map(([topic, inTopic]) => ({
            topic,
            partitions: inTopic.map(({ batch, sequence }) => ({
              partition: batch.partition,
              firstSequence: sequence.first,
              messages: batch.records,
            })),
          })),
        },
        Math.min(...attempts.map(({ withinMs }) => withinMs)),
      );
      for (const { batch, resolve, reject } of attempts) {
        const answer = topics
          .find(({ topicName }) => topicName === batch.topic)
          ?.partitions.find(({ partition }) => partition === batch.partition);
        if (answer?.errorCode === 0) resolve(Number(answer.baseOffset));
        else reject(refused(batch, answer?.errorCode ?? -1));
      }
    } catch (thrown) {
      // The request may have arrived, whatever became of the answer; only what cannot be packed was never sent.
      const error = toKafkaError(thrown);
      const isOurs = error.code === 'UNSUPPORTED_CODEC';
      if (!isOurs) cluster.drop(broker);
      for (const { batch, reject } of attempts) {
        reject(
          isOurs
            ? new AttemptFailure(error, { mayBeWritten: false, next: 'give-up' })
            : new AttemptFailure(error.code === 'TIMEOUT' ? error : leaderAway(batch, error), {
                mayBeWritten: true,
                next: 'retry',
              }),
        );
      }
    }
  }

  return {
    place: async (topic, records) => {
      try {
        const partitionMetadata = await cluster.partitionsOf(topic);
        return records.map((message) => partitionOf({ topic, partitionMetadata, message }));
      } catch (thrown) {
        const error = toKafkaError(thrown);
        if (error.retriable || error.code !== 'CLUSTER') throw error;
        throw new KafkaError(error.code, error.message, error.action, true, { cause: error });
      }
    },

    write: async (batch, withinMs) => {
      let broker: BrokerConnection;
      let sequence: Sequence;
      try {
        broker = await leaderOf(batch);
        sequence = await sequences.next(batch.topic, batch.partition);
      } catch (thrown) {
        throw neverSent(toKafkaError(thrown));
      }
      try {
        const base = await new Promise<number>((resolve, reject) => {
          gather(broker, { batch, sequence, withinMs, resolve, reject });
        });
        sequences.advance(batch.topic, batch.partition, batch.records.length);
        return base;
      } catch (thrown) {
        if (thrown instanceof AttemptFailure && thrown.details.next === 'retry') cluster.forget(batch.topic);
        throw thrown;
      }
    },

    abandon: sequences.abandon,
    close: cluster.close,
  };
}

/** Null, and a word in the log, from a cluster that does not let this user write idempotently. */
async function askForId(cluster: ClusterConnections, log: LogSink): Promise<ProducerId | null> {
  const refusal = (why: string) => {
    log('warn', `Sending without idempotence, so that a record sent again may be there twice: ${why}`);
    return null;
  };
  try {
    const { errorCode, producerId, producerEpoch } = await cluster.ask((broker) =>
      askProducerId(broker, ASK_WITHIN_MS),
    );
    if (errorCode === 0) return { id: producerId, epoch: producerEpoch };
    throw protocolError(errorCode);
  } catch (thrown) {
    const error = toKafkaError(thrown);
    if (error.code === 'CLUSTER_AUTHORIZATION_FAILED') return refusal('the cluster does not allow it to this user.');
    const isUnknownThere = thrown instanceof Error && thrown.name === 'KafkaJSServerDoesNotSupportApiKey';
    if (isUnknownThere) return refusal('the cluster is too old to know it.');
    throw error;
  }
}

function inRequests(attempts: readonly Attempt[]): Attempt[][] {
  const requests: Attempt[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const attempt of attempts) {
    if (bytes + attempt.batch.bytes > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(attempt);
    bytes += attempt.batch.bytes;
  }
  return requests;
}

function groupByTopic(attempts: readonly Attempt[]): Map<string, Attempt[]> {
  const topics = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const group = topics.get(attempt.batch.topic);
    if (group) group.push(attempt);
    else topics.set(attempt.batch.topic, [attempt]);
  }
  return topics;
}
