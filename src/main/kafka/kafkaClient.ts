/** Everything the app asks of a cluster, in the field's own words. The only folder that knows kafkajs is this one. */
import type { Admin } from 'kafkajs';
import type { Compression, StartPosition, StopPosition } from '../../shared/contract';
import type { RecordsBefore, RetentionChange, TopicStorage } from '../../shared/topicStorage';
import type { ClusterAccess } from './clusterAccess';
import { type ClusterConnections, createClusterConnections } from './clusterConnections';
import { commitOffsets } from './committedOffsets';
import { securityOptions, trackedSockets } from './connectionOptions';
import { KafkaError, toKafkaError } from './kafkaError';
import { type LogSink, loadKafkajs, logCreator } from './kafkajsInternals';
import { readRecord, type WholeRecord } from './oneRecord';
import { createSender } from './producer';
import type { KnownPositions, Positions, ReadOrder } from './reading';
import type { Acknowledgement, RecordToSend, Sending } from './sending';
import { seedBrokers } from './serverAddress';
import { recordsBefore, setRetention, topicStorage } from './topicStorage';
import { createTopic, listTopics, type NewTopic, type TopicInfo, type TopicOffsets, topicOffsets } from './topics';

export type { WholeRecord } from './oneRecord';
export type { Acknowledgement, RecordToSend, Sending, SendOutcome } from './sending';
export type { NewTopic, TopicInfo, TopicOffsets } from './topics';

/** What a person can do who meant to write after all. */
export const ALLOW_WRITING = 'Allow writing in its profile, and start GeoStream without --read-only, if you mean to.';

export interface KafkaClientOptions {
  readonly access: ClusterAccess;
  /** Whatever would change something on the cluster is refused here. */
  readonly readOnly: boolean;
  /** Group that holds "where I left off". */
  readonly groupId: string;
  /** How batches are packed; asked for each. */
  readonly compression: () => Compression;
  /** What waits to be acknowledged, at a calm rate, whenever it changes. */
  readonly onSending: (sending: Sending) => void;
  readonly log: LogSink;
}

/** What to read of a topic: from a rule or from known positions, to a rule. */
export interface ReadRange {
  readonly start: StartPosition | KnownPositions;
  readonly stop: StopPosition;
}

/** Every method throws KafkaError. */
export interface KafkaClient {
  readonly bootstrap: readonly string[];
  readonly readOnly: boolean;
  /** Topics by name, without Kafka's internal ones. */
  listTopics(): Promise<TopicInfo[]>;
  /** Of these topics; one that is gone is absent. */
  topicOffsets(topics: readonly string[]): Promise<TopicOffsets[]>;
  /** What these topics take on disk, and how long they keep their records; one that is gone is absent. */
  topicStorage(topics: readonly string[]): Promise<TopicStorage[]>;
  /** Records that a topic holds, and how many of them came before `at`, epoch ms. */
  recordsBefore(topic: string, at: number): Promise<RecordsBefore>;
  /** Resolves with what holds then; empty when the topic has gone meanwhile. */
  setRetention(topic: string, change: RetentionChange): Promise<TopicStorage[]>;
  createTopic(topic: NewTopic): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** What `openReader` needs, in whichever thread; the connections are the reader's own. */
  readOrder(topic: string, range: ReadRange): ReadOrder;
  readRecord(topic: string, partition: number, offset: string): Promise<WholeRecord | null>;
  /**
   * One acknowledgement for each record, in order, once all are there. Waits while too much is waiting already. Throws
   * SendError when a record was not acknowledged, with the outcome of each.
   */
  send(topic: string, records: readonly RecordToSend[]): Promise<Acknowledgement[]>;
  commit(topic: string, positions: Positions): Promise<void>;
  close(): Promise<void>;
}

/** Connections that do not end by themselves are cut after this, ms. */
const CLOSE_WITHIN_MS = 500;

export function createKafkaClient(options: KafkaClientOptions): KafkaClient {
  const { access, readOnly, groupId, log } = options;
  const { Kafka, logLevel } = loadKafkajs();
  const sockets = trackedSockets(access);
  const kafka = new Kafka({
    brokers: seedBrokers(access.bootstrap),
    clientId: access.clientId,
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000 },
    logLevel: logLevel.WARN,
    logCreator: logCreator((level, message) => {
      if (!closed) log(level, message);
    }),
    socketFactory: sockets.factory,
    ...securityOptions(access),
  });
  const cluster = createClusterConnections({ access, log, createsTopics: false });
  const sender = createSender({ access, log, compression: options.compression, onSending: options.onSending });
  let closed = false;
  let admin: Promise<Admin> | undefined;

  function refuseWhenClosed(): void {
    if (closed) throw new KafkaError('CLOSED', 'The connection to the cluster has been closed.', 'Try again.', true);
  }

  function refuseToWrite(): void {
    refuseWhenClosed();
    if (!readOnly) return;
    throw new KafkaError('READ_ONLY', 'This cluster is used read-only.', ALLOW_WRITING, false);
  }

  async function asked<T>(call: (cluster: ClusterConnections) => Promise<T>): Promise<T> {
    refuseWhenClosed();
    try {
      return await call(cluster);
    } catch (error) {
      throw toKafkaError(error);
    }
  }

  async function connectedAdmin(): Promise<Admin> {
    const made = kafka.admin();
    await made.connect();
    return made;
  }

  async function withAdmin<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    refuseToWrite();
    try {
      admin ??= connectedAdmin();
      const mine = admin;
      mine.catch(() => {
        if (admin === mine) admin = undefined;
      });
      return await call(await mine);
    } catch (error) {
      throw toKafkaError(error);
    }
  }

  return {
    bootstrap: access.bootstrap,
    readOnly,
    listTopics: () => asked(listTopics),
    topicOffsets: (topics) => asked((open) => topicOffsets(open, topics)),
    topicStorage: (topics) => asked((open) => topicStorage(open, topics)),
    recordsBefore: (topic, at) => asked((open) => recordsBefore(open, topic, at)),
    setRetention: async (topic, change) => {
      refuseToWrite();
      return asked((open) => setRetention(open, topic, change));
    },
    createTopic: (topic) => withAdmin((open) => createTopic(open, topic)),
    deleteTopic: (topic) => withAdmin((open) => open.deleteTopics({ topics: [topic] })),

    readOrder: (topic, range) => {
      refuseWhenClosed();
      return { access, topic, ...range, groupId };
    },

    readRecord: (topic, partition, offset) => asked((open) => readRecord(open, topic, partition, offset)),

    send: async (topic, records) => {
      refuseToWrite();
      return sender.send(topic, records);
    },

    commit: async (topic, positions) => {
      refuseToWrite();
      return asked((open) => commitOffsets(open, groupId, topic, positions));
    },

    close: async () => {
      closed = true;
      cluster.close();
      sender.close();
      const ending = [admin?.then((open) => open.disconnect())];
      await Promise.race([Promise.allSettled(ending), new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS))]);
      sockets.destroy();
    },
  };
}
