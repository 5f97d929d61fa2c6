/**
 * Everything the app asks of a cluster, in the field's own words. The only folder that knows kafkajs is this one.
 */
import type { Admin, Producer } from 'kafkajs';
import type { StartPosition } from '../../shared/contract';
import { commitOffsets } from './committedOffsets';
import { KafkaError, protocolErrorType, toKafkaError } from './kafkaError';
import { type LogSink, loadKafkajs, logCreator } from './kafkajsInternals';
import { recordCounts } from './offsets';
import { createPartitioner } from './partitioner';
import { openReader, type Positions, type Reader, type ReaderListener } from './reader';
import { openSession, READ_COMMITTED, type Session, trackedSockets } from './session';

export interface TopicInfo {
  readonly name: string;
  readonly partitions: number;
  /** Records held; null while unknown. */
  readonly records: number | null;
}

export interface RecordToSend {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Acknowledgement {
  readonly partition: number;
  /** Offset of the first record of this send in the partition. */
  readonly baseOffset: string;
}

export interface WholeRecord {
  readonly partition: number;
  readonly offset: string;
  /** Kafka's timestamp, epoch ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer }[];
}

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** null: for ever. */
  readonly retentionMs: number | null;
}

export interface KafkaClientOptions {
  /** host:port of each bootstrap server. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  /** Group that holds "where I left off". */
  readonly groupId: string;
  readonly log: LogSink;
}

/** Every method throws KafkaError. */
export interface KafkaClient {
  readonly bootstrap: readonly string[];
  /** Topics by name, without Kafka's internal ones. */
  listTopics(): Promise<TopicInfo[]>;
  createTopic(topic: NewTopic): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  read(topic: string, start: StartPosition | Positions, listener: ReaderListener): Reader;
  readRecord(topic: string, partition: number, offset: string): Promise<WholeRecord | null>;
  /** Resolves when the cluster has acknowledged all records; one entry for each partition written to. */
  send(topic: string, records: readonly RecordToSend[]): Promise<Acknowledgement[]>;
  commit(topic: string, positions: Positions): Promise<void>;
  close(): Promise<void>;
}

/** Topics above this number are listed without their record counts, which cost a request a broker and topic. */
const COUNTED_TOPICS = 1_000;

/** Kafka's own topics, such as __consumer_offsets. */
const isInternal = (name: string) => name.startsWith('__');

export function createKafkaClient({ bootstrap, clientId, groupId, log }: KafkaClientOptions): KafkaClient {
  const { Kafka, logLevel } = loadKafkajs();
  const sockets = trackedSockets();
  const kafka = new Kafka({
    brokers: [...bootstrap],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: logCreator((level, message) => {
      if (!closed) log(level, message);
    }),
    socketFactory: sockets.factory,
  });
  const readers = new Set<Reader>();
  let closed = false;
  let control: Promise<Session> | undefined;
  let producer: Promise<Producer> | undefined;
  let admin: Promise<Admin> | undefined;

  const refuseWhenClosed = () => {
    if (closed) throw new KafkaError('CLOSED', 'The connection to the cluster has been closed.', 'Try again.', true);
  };

  let previous: Promise<unknown> = Promise.resolve();

  /** One call after the other: each loads the metadata that it needs into the one place that kafkajs keeps them in. */
  function withSession<T>(call: (session: Session) => Promise<T>): Promise<T> {
    const mine = previous.then(() => runWithSession(call));
    previous = mine.catch(() => undefined);
    return mine;
  }

  /** Over the shared session, which is thrown away after a failure that may be the connection's. */
  async function runWithSession<T>(call: (session: Session) => Promise<T>): Promise<T> {
    refuseWhenClosed();
    control ??= openSession({ bootstrap, clientId, log });
    const used = control;
    try {
      return await call(await used);
    } catch (error) {
      // An answer of the cluster, even a refusal, shows that the connection is sound.
      if (protocolErrorType(error) === undefined) {
        if (control === used) control = undefined;
        used.then((session) => session.close()).catch(() => undefined);
      }
      throw toKafkaError(error);
    }
  }

  /** A connected client, opened at the first use; thrown away when it could not connect. */
  async function connected<T extends { connect(): Promise<void> }>(
    make: () => T,
    set: (p: Promise<T> | undefined) => void,
  ) {
    const client = make();
    const promise = client.connect().then(() => client);
    set(promise);
    promise.catch(() => set(undefined));
    return promise;
  }

  const theProducer = () =>
    producer ??
    connected(
      () => kafka.producer({ createPartitioner, allowAutoTopicCreation: true }),
      (promise) => {
        producer = promise;
      },
    );

  const theAdmin = () =>
    admin ??
    connected(
      () => kafka.admin(),
      (promise) => {
        admin = promise;
      },
    );

  return {
    bootstrap,
    listTopics: () =>
      withSession(async (session) => {
        await session.cluster.brokerPool.refreshMetadata([]);
        const topics = (session.cluster.brokerPool.metadata?.topicMetadata ?? [])
          .filter(({ topic, isInternal: internal }) => internal !== true && !isInternal(topic))
          .sort((a, b) => (a.topic < b.topic ? -1 : 1));
        const counted = topics.slice(0, COUNTED_TOPICS);
        const wanted = new Map(
          counted.map(({ topic, partitionMetadata }) => [topic, partitionMetadata.map((p) => p.partitionId)] as const),
        );
        const counts = await recordCounts(session, wanted);
        return topics.map(({ topic, partitionMetadata }) => ({
          name: topic,
          partitions: partitionMetadata.length,
          records: counts.get(topic) ?? null,
        }));
      }),

    createTopic: async ({ topic, partitions, retentionMs }) => {
      refuseWhenClosed();
      try {
        const client = await theAdmin();
        const created = await client.createTopics({
          waitForLeaders: true,
          topics: [
            {
              topic,
              numPartitions: partitions,
              replicationFactor: -1, // the cluster's own default
              configEntries: [{ name: 'retention.ms', value: String(retentionMs ?? -1) }],
            },
          ],
        });
        if (!created) {
          throw new KafkaError(
            'TOPIC_ALREADY_EXISTS',
            'A topic of that name exists already.',
            'Choose another name, or use the topic that is there.',
            false,
          );
        }
      } catch (error) {
        throw toKafkaError(error);
      }
    },

    deleteTopic: async (topic) => {
      refuseWhenClosed();
      try {
        await (await theAdmin()).deleteTopics({ topics: [topic] });
      } catch (error) {
        throw toKafkaError(error);
      }
    },

    read: (topic, start, listener) => {
      refuseWhenClosed();
      const reader = openReader({ bootstrap, clientId, log, topic, start, groupId, listener });
      const tracked: Reader = {
        close: () => {
          readers.delete(tracked);
          reader.close();
        },
      };
      readers.add(tracked);
      return tracked;
    },

    readRecord: (topic, partition, offset) =>
      withSession(async (session) => {
        await session.cluster.brokerPool.refreshMetadata([topic]);
        const leader = session.cluster.brokerPool.metadata?.topicMetadata
          .find((entry) => entry.topic === topic)
          ?.partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader;
        if (leader === undefined) return null;
        const broker = await session.cluster.findBroker({ nodeId: leader });
        const { responses } = await broker.fetch({
          maxWaitTime: 0,
          minBytes: 1,
          maxBytes: 1 << 20,
          isolationLevel: READ_COMMITTED,
          topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: 1 << 20 }] }],
        });
        const message = responses
          .flatMap((response) => response.partitions)
          .flatMap((fetched) => fetched.messages)
          .find((candidate) => candidate.offset === offset);
        if (!message) return null;
        const headers = Object.entries(message.headers ?? {}).flatMap(([key, value]) =>
          (Array.isArray(value) ? value : [value]).map((one) => ({ key, value: Buffer.from(one ?? '') })),
        );
        return {
          partition,
          offset,
          timestamp: Number(message.timestamp),
          key: message.key,
          value: message.value,
          headers,
        };
      }),

    send: async (topic, records) => {
      refuseWhenClosed();
      try {
        const client = await theProducer();
        const written = await client.send({
          topic,
          acks: -1,
          messages: records.map(({ key, value, headers }) => ({
            key,
            value,
            ...(headers ? { headers: { ...headers } } : {}),
          })),
        });
        return written.map(({ partition, baseOffset }) => ({ partition, baseOffset: baseOffset ?? '-1' }));
      } catch (error) {
        throw toKafkaError(error);
      }
    },

    commit: (topic, positions) => withSession((session) => commitOffsets(session, groupId, topic, positions)),

    close: async () => {
      closed = true;
      for (const reader of [...readers]) reader.close();
      const ending: Promise<unknown>[] = [];
      if (control) ending.push(control.then((session) => session.close()));
      if (producer) ending.push(producer.then((client) => client.disconnect()));
      if (admin) ending.push(admin.then((client) => client.disconnect()));
      control = undefined;
      await Promise.race([Promise.allSettled(ending), new Promise((resolve) => setTimeout(resolve, 500))]);
      sockets.destroy();
    },
  };
}
