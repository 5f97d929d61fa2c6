/** An in-memory twin of KafkaClient: what is sent is kept, and a test decides what is read and what fails. */
import type { KafkaClient, RecordToSend } from '../../../src/main/kafka/kafkaClient';
import { toKafkaError } from '../../../src/main/kafka/kafkaError';
import { SendError, type SendOutcome } from '../../../src/main/kafka/sending';

export interface FakeKafkaClient extends KafkaClient {
  readonly sent: { readonly topic: string; readonly record: RecordToSend }[];
  readonly committed: Map<string, ReadonlyMap<number, number>>;
  /** Set to make sends fail; asked for each record, returns its error, or undefined to accept it. */
  refuse: (records: readonly RecordToSend[]) => Error | undefined;
}

export function fakeKafkaClient(): FakeKafkaClient {
  const client: FakeKafkaClient = {
    bootstrap: ['fake:1'],
    readOnly: false,
    sent: [],
    committed: new Map(),
    refuse: () => undefined,
    listTopics: async () => [],
    topicOffsets: async () => [],
    topicStorage: async () => [],
    recordsBefore: async () => ({ records: 0, before: 0 }),
    setRetention: async () => [],
    createTopic: async () => undefined,
    deleteTopic: async () => undefined,
    readOrder: (topic, range) => ({
      access: { bootstrap: ['fake:1'], clientId: 'fake', tls: null, sasl: null },
      topic,
      ...range,
      groupId: 'fake',
    }),
    readRecord: async () => null,
    send: async (topic, records) => {
      await Promise.resolve();
      const outcomes = records.map((record): SendOutcome => {
        const error = client.refuse([record]);
        if (error) return { kind: 'failed', error: toKafkaError(error), written: 'no' };
        client.sent.push({ topic, record });
        return { kind: 'acknowledged', partition: 0, offset: String(client.sent.length - 1) };
      });
      const written = outcomes.filter((outcome) => outcome.kind === 'acknowledged');
      if (written.length < records.length) throw new SendError(outcomes);
      return written;
    },
    commit: async (topic, positions) => {
      client.committed.set(topic, positions);
    },
    close: async () => undefined,
  };
  return client;
}
