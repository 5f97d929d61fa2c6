/** An in-memory twin of KafkaClient: what is sent is kept, and a test decides what is read and what fails. */
import type { KafkaClient, RecordToSend } from '../../../src/main/kafka/kafkaClient';
import type { ReaderListener } from '../../../src/main/kafka/reader';

export interface FakeKafkaClient extends KafkaClient {
  readonly sent: { readonly topic: string; readonly record: RecordToSend }[];
  readonly listeners: ReaderListener[];
  readonly committed: Map<string, ReadonlyMap<number, number>>;
  /** Set to make sends fail; returns the error for the records, or undefined to accept them. */
  refuse: (records: readonly RecordToSend[]) => Error | undefined;
}

export function fakeKafkaClient(): FakeKafkaClient {
  const client: FakeKafkaClient = {
    bootstrap: ['fake:1'],
    sent: [],
    listeners: [],
    committed: new Map(),
    refuse: () => undefined,
    listTopics: async () => [],
    createTopic: async () => undefined,
    deleteTopic: async () => undefined,
    read: (_topic, _start, listener) => {
      client.listeners.push(listener);
      return { close: () => undefined };
    },
    readRecord: async () => null,
    send: async (topic, records) => {
      await Promise.resolve();
      const error = client.refuse(records);
      if (error) throw error;
      const baseOffset = String(client.sent.length);
      for (const record of records) client.sent.push({ topic, record });
      return [{ partition: 0, baseOffset }];
    },
    commit: async (topic, positions) => {
      client.committed.set(topic, positions);
    },
    close: async () => undefined,
  };
  return client;
}
