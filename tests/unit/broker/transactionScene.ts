/** A broker's logs, journal and transactions on a disk in memory, with its own clock; no sockets. */
import { MetadataStore } from '../../../src/broker/log/metadataStore.ts';
import type { AppendResult, PartitionLog } from '../../../src/broker/log/partitionLog.ts';
import { TopicStore } from '../../../src/broker/log/topicStore.ts';
import { silentLogger } from '../../../src/broker/logger.ts';
import type { ProducerInstance } from '../../../src/broker/transactions/transaction.ts';
import { TransactionCoordinator } from '../../../src/broker/transactions/transactionCoordinator.ts';
import { atOnce } from '../../../src/broker/turns.ts';
import { ByteReader } from '../../../src/broker/wire/byteReader.ts';
import { readEndMarker } from '../../../src/broker/wire/controlBatch.ts';
import { BATCH_HEADER_BYTES, readBatchHeader } from '../../../src/broker/wire/recordBatch.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { sampleBatch } from './sampleBatch.ts';

const FOLDER = '/data';
const TRANSACTIONAL = 0x10;

export interface SceneProducer extends ProducerInstance {
  add(partition: number): number;
  append(partition: number, values: readonly string[], sequence?: number): AppendResult;
  /** Adds the partition and appends; fails if either is refused. */
  send(partition: number, values: readonly string[]): void;
  commitOffset(group: string, offset: number): number;
  end(committed: boolean): number;
}

export class TransactionScene {
  now = 1_000_000;
  topics!: TopicStore;
  metadata!: MetadataStore;
  coordinator!: TransactionCoordinator;

  constructor(public fileSystem = new MemoryFileSystem()) {
    this.open();
    if (this.topics.get('topic') === undefined) atOnce(this.topics.creating('topic', 3, {}));
  }

  open(): void {
    const openMetadata = (onDirty: () => void) => MetadataStore.opening(this.fileSystem, FOLDER, onDirty);
    this.topics = atOnce(TopicStore.opening(this.fileSystem, FOLDER, openMetadata, false, silentLogger));
    this.metadata = this.topics.metadata;
    this.coordinator = new TransactionCoordinator(this.metadata, this.topics, silentLogger, () => this.now);
  }

  close(): void {
    this.coordinator.close();
    void this.topics.close().catch(() => {});
  }

  /** As after a kill: nothing is closed in order. */
  restart(): void {
    const disk = this.fileSystem.copy();
    const { onWrite } = this.fileSystem;
    this.fileSystem.onWrite = undefined;
    this.close();
    this.fileSystem = disk;
    this.fileSystem.onWrite = onWrite;
    this.open();
  }

  /** What would be left of it now, on a disk of its own, not yet opened. */
  killed(): TransactionScene {
    const scene: TransactionScene = Object.create(TransactionScene.prototype);
    scene.fileSystem = this.fileSystem.copy();
    scene.now = this.now;
    return scene;
  }

  /** Restarts on logs that are newer than the journal. */
  loseTransactions(): void {
    for (const transactionalId of [...this.metadata.transactions.keys()]) {
      this.metadata.expireTransaction(transactionalId);
    }
    this.restart();
  }

  pass(ms: number): void {
    this.now += ms;
    this.coordinator.expire();
  }

  log(partition: number): PartitionLog {
    return this.topics.get('topic')!.logs[partition]!;
  }

  sendPlain(partition: number, values: readonly string[]): void {
    const result = this.log(partition).append(sampleBatch(recordsOf(values)), this.now);
    if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
  }

  /** Under a producer's id, and yet outside of its transaction. */
  sendAs({ producerId, producerEpoch }: ProducerInstance, partition: number, values: readonly string[]): AppendResult {
    const batch = sampleBatch(recordsOf(values), { producerId, producerEpoch, baseSequence: 1 });
    return this.log(partition).append(batch, this.now);
  }

  commitPlain(group: string, offset: number): void {
    this.metadata.commitOffsets(group, [this.offset(offset)]);
  }

  private offset(offset: number) {
    return { topic: 'topic', partition: 0, offset, leaderEpoch: -1, metadata: '', committedAt: this.now };
  }

  producer(transactionalId: string, timeoutMs = 60_000): SceneProducer {
    const given = this.coordinator.initProducer({ transactionalId, timeoutMs, expected: undefined });
    if (given.errorCode !== 0) throw new Error(`InitProducerId: ${given.errorCode}`);
    const { producerId, producerEpoch } = given;
    const sequences = new Map<number, number>();
    const add = (partition: number) => {
      const topicId = this.topics.get('topic')!.id;
      return this.coordinator.addPartitions(transactionalId, given, [{ topicId, partition }]);
    };
    const append = (partition: number, values: readonly string[], sequence?: number): AppendResult => {
      const baseSequence = sequence ?? sequences.get(partition) ?? 0;
      const options = { producerId, producerEpoch, baseSequence, attributes: TRANSACTIONAL };
      const topic = this.topics.get('topic')!;
      const result = this.log(partition).append(sampleBatch(recordsOf(values), options), this.now, (batch) => {
        const errorCode = this.coordinator.checkBatch(transactionalId, batch, topic.id, partition);
        return errorCode === 0 ? undefined : { errorCode, message: 'not in the transaction' };
      });
      if (result.kind === 'appended') sequences.set(partition, baseSequence + values.length);
      return result;
    };
    return {
      producerId,
      producerEpoch,
      add,
      append,
      send(partition, values) {
        const errorCode = add(partition);
        const result = errorCode === 0 ? append(partition, values) : { errorCode };
        if (!('kind' in result) || result.kind !== 'appended') throw new Error(JSON.stringify(result));
      },
      commitOffset: (group, offset) => {
        const errorCode = this.coordinator.addGroup(transactionalId, given, group);
        if (errorCode === 0) this.coordinator.commitOffsets(producerId, group, [this.offset(offset)]);
        return errorCode;
      },
      end: (committed) => this.coordinator.end(transactionalId, given, committed).errorCode,
    };
  }

  /** All values of a partition, as a consumer that reads what is committed gets them, in fetches of one batch each. */
  committed(partition: number): string[] {
    return this.read(partition, this.log(partition).lastStableOffset, true);
  }

  uncommitted(partition: number): string[] {
    return this.read(partition, this.log(partition).nextOffset, false);
  }

  private read(partition: number, end: number, onlyCommitted: boolean): string[] {
    const log = this.log(partition);
    const values: string[] = [];
    for (let offset = log.startOffset; offset < end; ) {
      const batch = log.read(offset, 1, true, end);
      const header = readBatchHeader(batch);
      const aborted = log.abortedTransactions(offset, header.lastOffset + 1);
      const isAborted = aborted.some(
        ({ producerId, firstOffset }) => producerId === header.producerId && firstOffset <= header.baseOffset,
      );
      if (header.control) expectMarker(batch);
      else if (!onlyCommitted || !header.transactional || !isAborted) values.push(...valuesOf(batch));
      offset = header.lastOffset + 1;
    }
    return values;
  }
}

function recordsOf(values: readonly string[]) {
  return values.map((value) => ({ value, timestamp: 1000 }));
}

function expectMarker(batch: Buffer): void {
  if (readEndMarker(batch) === undefined) throw new Error('a control batch that ends nothing');
}

function valuesOf(batch: Buffer): string[] {
  const reader = new ByteReader(batch);
  reader.skip(BATCH_HEADER_BYTES);
  return Array.from({ length: readBatchHeader(batch).recordCount }, () => {
    const length = reader.varint();
    const end = reader.position + length;
    reader.int8();
    reader.varlong();
    reader.varint();
    reader.varint();
    const value = reader.utf8(reader.varint());
    reader.skip(end - reader.position);
    return value;
  });
}
