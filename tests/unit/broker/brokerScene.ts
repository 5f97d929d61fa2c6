/** A broker that is asked without sockets, on a disk in memory. */
import { apis } from '../../../src/broker/api/index.ts';
import type { BrokerState } from '../../../src/broker/brokerState.ts';
import { GroupCoordinator } from '../../../src/broker/groups/groupCoordinator.ts';
import { STANDARD_LIMITS } from '../../../src/broker/limits.ts';
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import { TopicStore } from '../../../src/broker/log/topicStore.ts';
import { silentLogger } from '../../../src/broker/logger.ts';
import { BrokerMemory } from '../../../src/broker/memoryBudget.ts';
import { TransactionCoordinator } from '../../../src/broker/transactions/transactionCoordinator.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { ByteReader } from '../../../src/broker/wire/byteReader.ts';
import { ByteWriter } from '../../../src/broker/wire/byteWriter.ts';
import { decode, encode } from '../../../src/broker/wire/codec.ts';
import type { Decoded, Encodable, Message, Shape } from '../../../src/broker/wire/schema.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

const FOLDER = '/data';

export class BrokerScene {
  readonly broker: BrokerState;

  constructor() {
    const fileSystem = new MemoryFileSystem();
    const openMetadata = (onDirty: () => void) => MetadataStore.opening(fileSystem, FOLDER, onDirty);
    const topics = atOnce(TopicStore.opening(fileSystem, FOLDER, openMetadata, false, silentLogger));
    const { metadata } = topics;
    this.broker = {
      host: '127.0.0.1',
      port: 9092,
      topics,
      metadata,
      groups: new GroupCoordinator(metadata, silentLogger),
      transactions: new TransactionCoordinator(metadata, topics, silentLogger),
      logger: silentLogger,
      limits: STANDARD_LIMITS,
      memory: new BrokerMemory(STANDARD_LIMITS),
      defaultPartitions: 1,
    };
  }

  /** What the API answers to a request that went through the codec, in that version. */
  async ask<Q extends Shape, R extends Shape>(
    key: number,
    version: number,
    [request, response]: readonly [Message<Q>, Message<R>],
    body: Encodable<Q>,
  ): Promise<Decoded<R>> {
    const sent = new ByteWriter();
    encode(request, version, body, sent);
    const api = apis.get(key);
    if (api === undefined) throw new Error(`no API has the key ${key}`);
    const answer = await api.answer(new ByteReader(Buffer.concat(sent.pieces())), {
      broker: this.broker,
      version,
      clientId: 'test',
      clientHost: '/127.0.0.1',
      isGone: () => false,
      park: () => () => {},
      work: atOnce,
    });
    if (typeof answer === 'symbol') throw new Error(`${api.name} is not answered`);
    const given = new ByteWriter();
    answer(given);
    return decode(response, version, new ByteReader(Buffer.concat(given.pieces())));
  }

  close(): void {
    this.broker.groups.close();
    this.broker.transactions.close();
    void this.broker.topics.close().catch(() => {});
  }
}
